// SPDX-License-Identifier: MIT
//! Mutexes, conditions, channels, barriers and scoped threads.
use std::sync::{mpsc, Arc, Barrier, Condvar, Mutex, Once, RwLock};
use std::thread;

fn main() {
    let total = Arc::new((Mutex::new(0u64), Condvar::new(), RwLock::new(3u64), Barrier::new(8)));
    static ONCE: Once = Once::new();
    let workers: Vec<_> = (0..8)
        .map(|i| {
            let total = Arc::clone(&total);
            thread::Builder::new().name(format!("worker-{}", i)).spawn(move || {
                ONCE.call_once(|| ());
                total.3.wait();
                for _ in 0..10000 {
                    let factor = *total.2.read().unwrap();
                    *total.0.lock().unwrap() += factor;
                }
                total.1.notify_all();
            }).unwrap()
        })
        .collect();
    let mut sum = total.0.lock().unwrap();
    while *sum < 240000 {
        sum = total.1.wait(sum).unwrap();
    }
    println!("{}", *sum);
    drop(sum);
    for w in workers {
        w.join().unwrap();
    }
    let (sender, receiver) = mpsc::sync_channel(2);
    for i in 0..4u64 {
        let sender = sender.clone();
        thread::spawn(move || (0..1000).for_each(|n| sender.send(n * i).unwrap()));
    }
    drop(sender);
    println!("{}", receiver.iter().sum::<u64>());
}
