/* SPDX-License-Identifier: MIT */
/*
 * cplusplus.cc - what C++ programs do with threads, seen through the pthread calls below
 *
 * The scenarios use the standard library only. Its mutexes never call init or destroy; its locks
 * of several mutexes take the first and try the others, which cannot hang.
 */
#include "scenario.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <queue>
#include <shared_mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace
{

std::mutex a, b;
std::shared_mutex table;
std::condition_variable changed;
bool ready; // protected by a
std::once_flag once_one, once_two;

void pause_ms(int ms)
{
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

// ---------------------------------------------------------------- orders

// Must be found: guards in both orders, by two threads that live together.
void guards_abba()
{
    std::thread first([] {
        {
            std::lock_guard<std::mutex> one(a);
            std::lock_guard<std::mutex> two(b);
        }
        reach(1);
        await(2);
    });
    std::thread second([] {
        await(1);
        {
            std::lock_guard<std::mutex> one(b);
            std::lock_guard<std::mutex> two(a);
        }
        reach(2);
    });
    first.join();
    second.join();
}

template <class Lock> void both_orders(Lock lock)
{
    std::thread first([&] {
        for (int i = 0; i < 500; i++)
            lock(a, b);
    });
    std::thread second([&] {
        for (int i = 0; i < 500; i++)
            lock(b, a);
    });
    first.join();
    second.join();
}

// Silent: scoped_lock backs off instead of waiting with a lock in hand.
void scoped_lock_both_orders()
{
    both_orders([](std::mutex &x, std::mutex &y) { std::scoped_lock lock(x, y); });
}

// Silent: so does std::lock, here with locks that are adopted and that are deferred.
void std_lock_both_orders()
{
    both_orders([](std::mutex &x, std::mutex &y) {
        std::lock(x, y);
        std::lock_guard<std::mutex> one(x, std::adopt_lock), two(y, std::adopt_lock);
    });
    both_orders([](std::mutex &x, std::mutex &y) {
        std::unique_lock<std::mutex> one(x, std::defer_lock), two(y, std::defer_lock);
        std::lock(one, two);
    });
}

struct account {
    std::mutex lock;
    long money = 100;
};

void transfer(account &from, account &to)
{
    std::lock_guard<std::mutex> one(&from < &to ? from.lock : to.lock);
    std::lock_guard<std::mutex> two(&from < &to ? to.lock : from.lock);
    from.money--;
    to.money++;
}

// Silent: by address, through a vector of objects that each have a mutex.
void accounts_by_address()
{
    std::vector<account> accounts(8);
    std::vector<std::thread> tellers;

    for (int n = 0; n < 4; n++)
        tellers.emplace_back([&accounts, n] {
            for (int i = 0; i < 1000; i++)
                if (i % 8 != (i * 3 + n) % 8)
                    transfer(accounts[i % 8], accounts[(i * 3 + n) % 8]);
        });
    for (auto &teller : tellers)
        teller.join();
}

struct tree_node {
    std::mutex lock;
    std::unique_ptr<tree_node> child;
};

// Silent: parent before child; the nodes' addresses come back in other roles, without a call.
void recycled_objects()
{
    auto work = [] {
        for (int i = 0; i < 2000; i++) {
            auto parent = std::make_unique<tree_node>();
            parent->child = std::make_unique<tree_node>();
            std::lock_guard<std::mutex> one(parent->lock), two(parent->child->lock);
            // the guards are gone before the nodes: they were made later
        }
    };
    std::thread first(work), second(work);
    first.join();
    second.join();
}

// Silent: readers side by side in both orders of a shared mutex and another shared mutex.
void shared_readers()
{
    static std::shared_mutex other;
    std::thread first([] {
        std::shared_lock<std::shared_mutex> one(table), two(other);
        reach(1);
        await(2);
    });
    std::thread second([] {
        await(1);
        std::shared_lock<std::shared_mutex> one(other), two(table);
        reach(2);
    });
    first.join();
    second.join();
}

// ---------------------------------------------------------------- hangs

// Must be found: each thread holds one guard and wants the other.
void guards_hang()
{
    std::thread first([] {
        std::lock_guard<std::mutex> one(a);
        reach(1);
        await(2);
        std::lock_guard<std::mutex> two(b);
    });
    std::thread second([] {
        await(1);
        std::lock_guard<std::mutex> one(b);
        reach(2);
        std::lock_guard<std::mutex> two(a);
    });
    first.join();
    second.join();
}

// Must be found: join under a guard that the thread needs.
void join_under_guard()
{
    std::unique_lock<std::mutex> guard(a);
    std::thread worker([] { std::lock_guard<std::mutex> mine(a); });

    worker.join();
}

// Must be found: a method that locks calls another that locks.
void method_calls_method()
{
    struct counter {
        std::mutex lock;
        int value = 0;
        int get()
        {
            std::lock_guard<std::mutex> guard(lock);
            return value;
        }
        void add(int n)
        {
            std::lock_guard<std::mutex> guard(lock);
            value = get() + n;
        }
    } c;

    c.add(1);
}

// Silent: with a recursive mutex that is fine.
void method_calls_method_recursive()
{
    struct counter {
        std::recursive_mutex lock;
        int value = 0;
        int get()
        {
            std::lock_guard<std::recursive_mutex> guard(lock);
            return value;
        }
        void add(int n)
        {
            std::lock_guard<std::recursive_mutex> guard(lock);
            value = get() + n;
        }
    } c;

    std::thread other([&c] { c.add(1); });
    c.add(1);
    other.join();
}

// Must be found: notified before anybody waited, and there is no predicate.
void notify_too_early()
{
    changed.notify_one();
    std::thread waiter([] {
        std::unique_lock<std::mutex> guard(a);
        changed.wait(guard);
    });
    waiter.join();
}

// Silent: with a predicate the early notification is not missed.
void notify_with_predicate()
{
    {
        std::lock_guard<std::mutex> guard(a);
        ready = true;
    }
    changed.notify_one();
    std::thread waiter([] {
        std::unique_lock<std::mutex> guard(a);
        changed.wait(guard, [] { return ready; });
    });
    waiter.join();
}

// Must be found: call_once inside its own callable.
void call_once_inside_itself()
{
    std::call_once(once_one, [] { std::call_once(once_one, [] {}); });
}

// Must be found: two call_once, each inside the other, by two threads.
void call_once_crossing()
{
    std::thread first([] {
        std::call_once(once_one, [] {
            reach(1);
            await(2);
            std::call_once(once_two, [] {});
        });
    });

    await(1);
    std::call_once(once_two, [] {
        reach(2);
        std::call_once(once_one, [] {});
    });
    first.join();
}

// Silent: one inside the other, always the same way, from several threads.
void call_once_nested()
{
    auto work = [] { std::call_once(once_one, [] { std::call_once(once_two, [] {}); }); };
    std::thread first(work), second(work);

    work();
    first.join();
    second.join();
}

// Must be found: the task needs the lock that is held while its result is awaited.
void async_under_guard()
{
    std::lock_guard<std::mutex> guard(a);
    auto result = std::async(std::launch::async, [] {
        std::lock_guard<std::mutex> mine(a);
        return 1;
    });

    result.get();
}

// Silent: the result is awaited without it.
void async_results()
{
    std::vector<std::future<int>> results;

    for (int n = 0; n < 8; n++)
        results.push_back(std::async(std::launch::async, [n] {
            std::lock_guard<std::mutex> guard(a);
            return n;
        }));
    for (auto &result : results)
        result.get();
}

// Must be found: the promise is kept by a thread that needs the lock of who waits for it. (The
// wait for a future is a bare futex call, which no pthread function sees.)
void promise_under_guard()
{
    std::promise<int> promise;
    std::lock_guard<std::mutex> guard(a);
    std::thread worker([&promise] {
        std::lock_guard<std::mutex> mine(a);
        promise.set_value(1);
    });

    promise.get_future().get();
    worker.join();
}

// Silent: a promise that is kept after two seconds, while everybody waits.
void promise_kept_late()
{
    std::promise<int> promise;
    auto future = promise.get_future();
    std::thread worker([&promise] {
        pause_ms(2200);
        promise.set_value(1);
    });

    std::lock_guard<std::mutex> guard(a);
    future.get();
    worker.join();
}

// ---------------------------------------------------------------- idioms

class pool
{
  public:
    explicit pool(int size)
    {
        for (int n = 0; n < size; n++)
            workers.emplace_back([this] { work(); });
    }

    void add(std::function<void()> task)
    {
        {
            std::lock_guard<std::mutex> guard(lock);
            tasks.push(std::move(task));
        }
        changed.notify_one();
    }

    ~pool()
    {
        {
            std::lock_guard<std::mutex> guard(lock);
            stopped = true;
        }
        changed.notify_all();
        for (auto &worker : workers)
            worker.join();
    }

  private:
    void work()
    {
        for (;;) {
            std::unique_lock<std::mutex> guard(lock);
            changed.wait(guard, [this] { return stopped || !tasks.empty(); });
            if (tasks.empty())
                return;
            auto task = std::move(tasks.front());
            tasks.pop();
            guard.unlock();
            task();
        }
    }

    std::mutex lock;
    std::condition_variable changed;
    std::queue<std::function<void()>> tasks;
    bool stopped = false;
    std::vector<std::thread> workers;
};

// Silent: a pool that works, idles for two seconds, and is stopped by its destructor.
void pool_of_tasks()
{
    std::atomic<int> count{0};

    {
        pool p(4);
        for (int i = 0; i < 200; i++)
            p.add([&count] { count++; });
        pause_ms(2200);
    }
    if (count != 200)
        fail("tasks were lost");
}

// Silent: condition_variable_any brings a mutex of its own below the user's lock.
void condition_any()
{
    static std::condition_variable_any any;
    std::thread waiter([] {
        std::shared_lock<std::shared_mutex> guard(table);
        any.wait(guard, [] { return ready; });
    });

    pause_ms(50);
    {
        std::unique_lock<std::shared_mutex> guard(table);
        ready = true;
    }
    any.notify_all();
    waiter.join();
}

// Silent: nobody notifies, but wait_for has a limit.
void wait_for_limit()
{
    std::unique_lock<std::mutex> guard(a);

    changed.wait_for(guard, std::chrono::milliseconds(1500), [] { return false; });
}

// Silent: a detached thread that has ended, and one that still sleeps at the end of main.
void detached_threads()
{
    std::thread([] { std::lock_guard<std::mutex> guard(a); }).detach();
    std::thread([] { pause_ms(60000); }).detach();
    pause_ms(100);
}

// Must be found: unlock by hand, and then the guard unlocks once more.
void unlock_below_guard()
{
    std::lock_guard<std::mutex> guard(a);

    a.unlock();
}

// Silent: unique_lock knows that it has been unlocked.
void unlock_unique()
{
    std::unique_lock<std::mutex> guard(a);

    guard.unlock();
}

// Silent: an exception leaves the scope, and the guard unlocks.
void exception_unlocks()
{
    for (int i = 0; i < 3; i++) {
        try {
            std::lock_guard<std::mutex> guard(a);
            throw std::runtime_error("out");
        } catch (const std::runtime_error &) {
        }
    }
    std::thread([] { std::lock_guard<std::mutex> guard(a); }).join();
}

// Silent: an initialiser that throws leaves the once undone; the next caller does it.
void once_throws()
{
    int tries = 0;

    while (tries < 3) {
        try {
            std::call_once(once_one, [&tries] {
                if (++tries < 3)
                    throw std::runtime_error("again");
            });
        } catch (const std::runtime_error &) {
        }
    }
}

} // namespace

extern "C" const struct scenario scenarios[] = {
    {"guards-abba", guards_abba},
    {"scoped-lock-both-orders", scoped_lock_both_orders},
    {"std-lock-both-orders", std_lock_both_orders},
    {"accounts-by-address", accounts_by_address},
    {"recycled-objects", recycled_objects},
    {"shared-readers", shared_readers},
    {"guards-hang", guards_hang},
    {"join-under-guard", join_under_guard},
    {"method-calls-method", method_calls_method},
    {"method-calls-method-recursive", method_calls_method_recursive},
    {"notify-too-early", notify_too_early},
    {"notify-with-predicate", notify_with_predicate},
    {"call-once-inside-itself", call_once_inside_itself},
    {"call-once-crossing", call_once_crossing},
    {"call-once-nested", call_once_nested},
    {"async-under-guard", async_under_guard},
    {"async-results", async_results},
    {"promise-under-guard", promise_under_guard},
    {"promise-kept-late", promise_kept_late},
    {"pool-of-tasks", pool_of_tasks},
    {"condition-any", condition_any},
    {"wait-for-limit", wait_for_limit},
    {"detached-threads", detached_threads},
    {"unlock-below-guard", unlock_below_guard},
    {"unlock-unique", unlock_unique},
    {"exception-unlocks", exception_unlocks},
    {"once-throws", once_throws},
    {nullptr, nullptr},
};
