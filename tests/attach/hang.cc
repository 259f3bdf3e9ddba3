/* SPDX-License-Identifier: MIT */
/*
 * hang.cc - hang.c's sister: what the C++ library makes of pthreads, and what it does by itself
 *
 * Usage: hang NAME      prints "ready" before its last step
 */
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <future>
#include <mutex>
#include <shared_mutex>
#include <thread>

using namespace std::chrono_literals;

struct account {
    std::mutex lock;
};

static account from, to;
static std::shared_mutex table;
static std::condition_variable more;
static std::once_flag flag;
static std::atomic<int> met{0};

static void ready()
{
    (void)!write(1, "ready\n", 6);
}

static void transfer(account &a, account &b)
{
    std::lock_guard<std::mutex> first(a.lock);

    met++;
    while (met < 2)
        std::this_thread::yield();
    std::lock_guard<std::mutex> second(b.lock); /* AT transfer */
}

static void debit()
{
    transfer(from, to);
}

static void credit()
{
    transfer(to, from);
}

static void abba()
{
    std::thread left(debit), right(credit);

    ready();
    left.join();
    right.join();
}

static void take()
{
    std::unique_lock<std::mutex> lock(from.lock);

    more.wait(lock, [] { return false; }); /* AT take */
}

static void condition()
{
    std::thread taker(take);

    ready();
    taker.join();
}

static void take_in_time()
{
    std::unique_lock<std::mutex> lock(from.lock);

    more.wait_for(lock, 1h, [] { return false; });
}

static void condition_timed()
{
    std::thread taker(take_in_time);

    ready();
    taker.join();
}

static void change()
{
    std::unique_lock<std::shared_mutex> lock(table); /* AT change */
}

static void shared()
{
    std::shared_lock<std::shared_mutex> lock(table);
    std::thread changer(change);

    ready();
    changer.join();
}

static void once_more()
{
    std::call_once(flag, [] {}); /* AT once */
}

static void once()
{
    std::call_once(flag, [] {
        std::thread other(once_more);

        ready();
        other.join();
    });
}

static void future()
{
    std::promise<int> promise;

    ready();
    promise.get_future().wait(); /* AT future */
}

static const struct {
    const char *name;
    void (*function)();
} ways[] = {
    {"abba", abba},     {"condition", condition}, {"condition-timed", condition_timed},
    {"shared", shared}, {"once", once},           {"future", future},
};

int main(int argc, char **argv)
{
    for (const auto &way : ways)
        if (argc > 1 && strcmp(way.name, argv[1]) == 0)
            way.function();
    return 1;
}
