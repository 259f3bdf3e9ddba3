// SPDX-License-Identifier: MIT
// Workers, the thread pool (files, zlib, crypto, names) and a child process.
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');
const fs = require('fs');
const zlib = require('zlib');
const crypto = require('crypto');
const dns = require('dns');
const { promisify } = require('util');
const { execFile } = require('child_process');

function work(n) {
    return new Promise((resolve, reject) => {
        const worker = new Worker(__filename, { workerData: n });
        worker.once('message', resolve);
        worker.once('error', reject);
    });
}

async function main() {
    console.log(await Promise.all([1, 2, 3, 4].map(work)));
    const text = Buffer.alloc(1000000, 'gridlock ');
    await Promise.all([...Array(20).keys()].map((i) => fs.promises.writeFile(`file${i}`, text)));
    const read = await Promise.all([...Array(20).keys()].map((i) => fs.promises.readFile(`file${i}`)));
    console.log(read.reduce((sum, b) => sum + b.length, 0));
    const packed = await Promise.all(read.map((b) => promisify(zlib.gzip)(b)));
    console.log(packed.map((b) => b.length).join(' '));
    const keys = await Promise.all([...Array(8).keys()].map((i) =>
        promisify(crypto.pbkdf2)('secret', `salt${i}`, 2000, 16, 'sha256')));
    console.log(keys.map((k) => k.toString('hex')).join(' '));
    console.log(typeof (await dns.promises.lookup('localhost')).address);
    console.log((await promisify(execFile)('echo', ['child'])).stdout.trim());
}

if (isMainThread) {
    main();
} else {
    const shared = new Int32Array(new SharedArrayBuffer(4));
    for (let i = 0; i < 100000; i++) {
        Atomics.add(shared, 0, workerData);
    }
    parentPort.postMessage(shared[0]);
}
