/* SPDX-License-Identifier: MIT */
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.*;
import java.util.stream.*;

/** Monitors, locks, pools, futures, parallel streams and the collector, in a second or two. */
public class Threads {
    static int total;

    public static void main(String[] args) throws Exception {
        Object monitor = new Object();
        Thread[] threads = new Thread[8];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                for (int n = 0; n < 10000; n++) {
                    synchronized (monitor) {
                        total++;
                    }
                }
            });
            threads[i].start();
        }
        for (Thread t : threads) {
            t.join();
        }
        System.out.println(total);

        ReentrantLock lock = new ReentrantLock();
        Condition turned = lock.newCondition();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        CompletableFuture<Integer> future = CompletableFuture.completedFuture(1);
        for (int i = 0; i < 100; i++) {
            future = future.thenApplyAsync(x -> x * 3 % 1000003, pool);
        }
        System.out.println(future.get());
        pool.shutdown();
        System.out.println(pool.awaitTermination(10, TimeUnit.SECONDS));

        AtomicInteger turn = new AtomicInteger();
        Thread other = new Thread(() -> play(lock, turned, turn, 1));
        other.start();
        play(lock, turned, turn, 0);
        other.join();
        System.out.println(turn.get());
        System.out.println(IntStream.range(0, 1000000).parallel().mapToLong(x -> x).sum());
        byte[][] garbage = new byte[100][];
        for (int i = 0; i < 20000; i++) {
            garbage[i % 100] = new byte[20000];
        }
        System.gc();
        System.out.println(garbage.length);
    }

    static void play(ReentrantLock lock, Condition turned, AtomicInteger turn, int mine) {
        lock.lock();
        try {
            for (int i = 0; i < 500; i++) {
                while (turn.get() % 2 != mine) {
                    turned.awaitUninterruptibly();
                }
                turn.incrementAndGet();
                turned.signal();
            }
        } finally {
            lock.unlock();
        }
    }
}
