// SPDX-License-Identifier: MIT
//
// names.cc - one lock for every way in which a lock can get its name
//
// Usage: names FILE. Each block is one object; the expected names are in tests/cli/run.

#include <pthread.h>
#include <semaphore.h>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>

#include "tests/cli/samples/record.h"

struct account {
    long balance;
    pthread_mutex_t lock;
};

struct queue {
    int length;
    pthread_mutex_t mutex;
    pthread_cond_t more;
};

struct pool {
    long pad[3];
    struct queue queue;
    struct {
        pthread_mutex_t unnamed_inside;
    };
};

static account accounts[3];
static pool workers;
static pthread_mutex_t grid[2][3];
pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
std::mutex g_mutex;
static sem_t slots;

namespace bank
{
std::mutex vault;
std::shared_mutex rates;

class Branch
{
  public:
    static std::mutex counter_lock;
    void open()
    {
        std::lock_guard<std::mutex> g(door);
    }

  private:
    long pad = 0;
    std::mutex door;
};

std::mutex Branch::counter_lock;
Branch main_street;
} // namespace bank

static __attribute__((noinline)) void counter()
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

    pthread_mutex_lock(&lock);
}

struct wrapper {
    pthread_mutex_t m;
};

static __attribute__((noinline)) void wrapper_lock(struct wrapper *self)
{
    pthread_mutex_lock(&self->m);
    asm volatile("");
}

/* A wrapper of a wrapper: only the outermost line says which lock it is. */
static __attribute__((noinline)) void outer_lock(pthread_mutex_t *any)
{
    pthread_mutex_lock(any);
    asm volatile("");
}

static __attribute__((noinline)) void two_of_them(account *one, account *other)
{
    outer_lock(&one->lock), outer_lock(&other->lock);
    asm volatile("");
}

static __attribute__((noinline)) void guarded(std::mutex &m)
{
    std::lock_guard<std::mutex> g(m);
    asm volatile("");
}

static __attribute__((noinline)) void on_heap()
{
    auto *ledger = new account;
    auto *page = new wrapper;
    std::mutex local;

    pthread_mutex_lock(&ledger->lock);
    wrapper_lock(page);
    guarded(local);
    std::unique_lock<std::mutex> lk(local);
    two_of_them(new account, new account);
}

int main(int argc, char **argv)
{
    pthread_mutex_lock(&accounts[1].lock);
    pthread_mutex_lock(&workers.queue.mutex);
    pthread_cond_wait(&workers.queue.more, &workers.queue.mutex);
    pthread_mutex_lock(&workers.unnamed_inside);
    pthread_mutex_lock(&grid[1][2]);
    pthread_rwlock_wrlock(&table);
    g_mutex.lock();
    sem_wait(&slots);
    bank::vault.lock();
    bank::rates.lock();
    bank::Branch::counter_lock.lock();
    bank::main_street.open();
    counter();
    on_heap();
    record_misuse("destroy-locked", "warning", "many names");
    if (argc > 1)
        record_write(argv[1]);
    return 0;
}
