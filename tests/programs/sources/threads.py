# SPDX-License-Identifier: MIT
"""Threads of every kind that Python has: locks, conditions, queues, pools, processes."""
import concurrent.futures
import multiprocessing
import queue
import subprocess
import threading


def locks():
    lock, inner, total = threading.Lock(), threading.RLock(), [0]

    def add():
        for _ in range(2000):
            with lock, inner, inner:
                total[0] += 1

    workers = [threading.Thread(target=add) for _ in range(8)]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    return total[0]


def waits():
    condition, event, barrier = threading.Condition(), threading.Event(), threading.Barrier(4)
    semaphore, done = threading.Semaphore(2), []

    def wait():
        barrier.wait()
        with semaphore:
            event.wait(10)
        with condition:
            done.append(1)
            condition.notify_all()

    for _ in range(4):
        threading.Thread(target=wait, daemon=True).start()
    event.set()
    with condition:
        condition.wait_for(lambda: len(done) == 4)
    return len(done)


def queues():
    first, second = queue.Queue(3), queue.Queue()

    def work():
        while (n := first.get()) is not None:
            second.put(n * n)
        second.put(None)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for w in workers:
        w.start()
    for n in range(1000):
        first.put(n)
    for _ in workers:
        first.put(None)
    ended, total = 0, 0
    while ended < 4:
        n = second.get()
        ended, total = (ended + 1, total) if n is None else (ended, total + n)
    for w in workers:
        w.join()
    return total


def pools():
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        a = sum(pool.map(lambda n: n * 3, range(500)))
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        b = sum(pool.map(abs, range(-50, 0)))
    return a + b


def children():
    def run(n):
        out.append(int(subprocess.run(["echo", str(n)], capture_output=True, check=True).stdout))

    out = []
    workers = [threading.Thread(target=run, args=(n,)) for n in range(8)]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    return sorted(out)


def shared():
    value = multiprocessing.Value("i", 0)
    lock = multiprocessing.Lock()

    def add(v, l):
        for _ in range(100):
            with l:
                v.value += 1

    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=add, args=(value, lock)) for _ in range(3)]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    return value.value


if __name__ == "__main__":
    print(locks(), waits(), queues(), pools(), children(), shared())
