/* SPDX-License-Identifier: MIT */
/*
 * destructors.cc - C++ objects that lock and join when the program or a thread is already ending
 */
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

#include "tests/matrix/scenario.h"

namespace
{

std::mutex mutex;

/* Its thread is stopped and joined by the destructor of a static: after main has returned. */
class service
{
  public:
    void begin()
    {
        worker = std::thread([this] {
            std::unique_lock<std::mutex> guard(lock);
            changed.wait(guard, [this] { return stopped; });
        });
    }

    ~service()
    {
        if (!worker.joinable())
            return;
        {
            std::lock_guard<std::mutex> guard(lock);
            stopped = true;
        }
        changed.notify_all();
        worker.join();
        std::puts("service ended");
    }

  private:
    std::mutex lock;
    std::condition_variable changed;
    bool stopped = false;
    std::thread worker;
};

service the_service;

void static_destructors()
{
    the_service.begin();
}

struct in_every_thread {
    int used = 0;

    ~in_every_thread()
    {
        std::lock_guard<std::mutex> guard(mutex);
        std::puts("thread ended");
    }
};

thread_local in_every_thread mine;

void thread_local_destructors()
{
    for (int i = 0; i < 3; i++)
        std::thread([] { mine.used = 1; }).join();
}

} // namespace

extern "C" const struct scenario scenarios[] = {
    {"static-destructors", static_destructors},
    {"thread-local-destructors", thread_local_destructors},
    {nullptr, nullptr},
};
