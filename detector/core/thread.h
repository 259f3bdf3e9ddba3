/* SPDX-License-Identifier: MIT */
/*
 * thread.h - what is known of each thread: what it holds, what it waits for, where it came from
 *
 * Layer:    detector/core
 * Memory:   records are never unmapped, so that any thread may look at any record; a record is
 *           used again once its thread is gone for good
 * Locking:  see the groups of struct thread; the table has its own raw_lock
 * Errors:   no memory: thread_new() returns NULL and the thread is not watched
 */
#ifndef GRIDLOCK_CORE_THREAD_H
#define GRIDLOCK_CORE_THREAD_H

#include "detector/core/channel_case.h"
#include "detector/core/held.h"
#include "detector/core/need.h"
#include "detector/core/order.h"
#include "detector/core/stack.h"

/* The upper bits of a chain are the well mixed ones. */
#define SEEN_SLOT(chain) ((chain) >> 56)

enum thread_state { THREAD_FREE, THREAD_STARTING, THREAD_ALIVE, THREAD_EXITED, THREAD_LOST };

/* What a thread can be blocked in. */
enum wait_kind {
    WAIT_NONE,
    WAIT_MUTEX,
    WAIT_SPIN,
    WAIT_READ_LOCK,
    WAIT_WRITE_LOCK,
    WAIT_JOIN,
    WAIT_COND,
    WAIT_SEMAPHORE,
    WAIT_BARRIER,
    WAIT_ONCE,
    WAIT_DESTROY, /* of a condition or barrier: for its waiters */
    WAIT_SEND,
    WAIT_RECEIVE,
    WAIT_SELECT, /* what for is in thread->cases, as for the two above */
    WAIT_WAITGROUP,
    WAIT_SLEEP,
};

struct wait {
    enum wait_kind kind;
    bool timed;         /* it ends by itself */
    const void *object; /* what it waits for; NULL for a join, a select, a nil channel */
    const void *mutex;  /* a condition's mutex, given back while waiting */
    uint32_t target;    /* a join's thread, by id; a barrier's round */
    int64_t since;      /* CLOCK_MONOTONIC, ns */
    const void *pc;
    const struct stack *stack;
};

enum { SLEEP_ASLEEP = -1, SLEEP_TOKEN = 1 }; /* what the runtime writes into sleep_word */
enum { THREAD_RELEASE_SEEN = 1 }; /* in last_released: noted in `need` */
enum { SEEN_SLOTS = 256, ONCE_DEPTH = 8, THREAD_NAME = 32, THREAD_GATES = 4, SETTLED_SLOTS = 16, PARTNER_SLOTS = 16 };

struct channel_end;

struct thread {
    uint32_t index; /* of this record in the table; constant for ever */

    /* owner thread only */
    int hidden; /* how often thread_hide() was called and not yet undone */
    struct held held;
    const void *last_released; /* the mutex or rwlock it gave back last, and a flag (below) */
    struct need need;   /* what it needed last before it came to a channel or a WaitGroup */
    const void *noted;  /* a lock that was noted while it was held: its release says nothing new */
    uint32_t need_done; /* its serial at the last done of a WaitGroup */
    uint32_t tells; /* how often it did something that another may learn of: sent, closed, posted, ... */
    uint32_t segment; /* counts the threads it created: what it does after is another event */
    const void *onces[ONCE_DEPTH]; /* pthread_once controls that it runs, outermost first */
    uint32_t once_count;
    struct {
        const void *key; /* of a hand-over, as knowledge.c makes it */
        uint32_t epoch;     /* order_epoch after it */
    } settled[SETTLED_SLOTS];
    struct {
        const struct channel_end *end;
        uint32_t place; /* among its partners */
    } partner[PARTNER_SLOTS]; /* where to find itself at the ends it came to */

    /* written by the owner thread, read by the watcher: odd = blocked in `wait` */
    volatile uint32_t wait_sequence;
    struct wait wait;
    struct event_case *cases; /* of a channel operation or select; arrays are never freed */
    uint32_t case_count, case_capacity;
    volatile int sleep_word; /* the runtime sleeps on it, and only then it is SLEEP_ASLEEP */
    const void *serves; /* the WaitGroup whose counter it lowers when its function returns */
    uint32_t reported; /* wait_sequence of the wait that was reported; watcher only */
    bool reported_sure; /* as certain */

    /* constant while the thread is alive */
    uint32_t id;     /* 1 is main; counts up in order of creation; never used twice */
    int tid;         /* the kernel's */
    int forked_from; /* the tid it had before fork, in the child; else 0 */
    uintptr_t handle;   /* pthread_t */
    uintptr_t stack_low, stack_high;
    const void *function;
    uint32_t created_by;
    const struct stack *created_at;
    bool goroutine; /* started by go() */
    uint32_t gate_count; /* locks that its creator held when it created this thread */
    struct {
        const void *object;
        const struct stack *stack;
    } gates[THREAD_GATES];

    /* the thread table's lock must be held when using these */
    enum thread_state state;
    char name[THREAD_NAME]; /* empty: none given */
    bool detached, joined;
    struct {
        uint32_t by; /* who called pthread_cancel() for it; 0: nobody */
        const void *pc;
        const struct stack *stack;
    } cancelled;
    bool returned;  /* from its function */
    uint32_t joining; /* id of the thread that is in pthread_join() for it; 0: none */
    bool remembered; /* findings may name it after its end */

    /* happens-before; the detector's lock must be held */
    struct order_clock clock;

    /* owner thread only; last, so that a thread that takes few locks touches few pages */
    uint64_t seen[SEEN_SLOTS]; /* nested acquisitions that need no second look */
    struct stack_cache sites;
};

/* What is left of a thread that findings may still name. */
struct obituary {
    uint32_t id;
    uint32_t created_by;
    const void *function;
    const struct stack *created_at;
    uint32_t tells;
    char name[THREAD_NAME];
};

/* The calling thread's record; NULL before the first use, after the end, and inside the detector:
 * wrappers that are called there, by a signal handler say, pass straight through. */
extern __thread struct thread *thread_current __attribute__((tls_model("initial-exec")));
/* The same, also inside the detector. */
extern __thread struct thread *thread_own __attribute__((tls_model("initial-exec")));

/* The calling thread is nobody's and will be no one: the library's own, or at its very end. */
extern __thread bool thread_never __attribute__((tls_model("initial-exec")));

/* Brackets the detector's own work in the calling thread. They nest. */
static inline void thread_hide(struct thread *thread)
{
    thread->hidden++;
    thread_current = NULL;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static inline void thread_show(struct thread *thread)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (--thread->hidden == 0 && thread == thread_own)
        thread_current = thread;
}

/* A fresh record with the next id. */
struct thread *thread_new(void);
/* Makes `thread` known under its kernel id and its pthread_t, or unknown again. No lock. */
void thread_bind(struct thread *thread, int tid, uintptr_t handle);
/* The same pthread_t from the creator, who may know it earlier, if the record is still `id`'s. */
void thread_set_handle(struct thread *thread, uint32_t id, uintptr_t handle);
void thread_unbind(struct thread *thread);
/* The thread has run its last instruction that matters. */
void thread_ended(struct thread *thread);
/* Gives the record back if nothing names it any more. */
void thread_release(struct thread *thread);

/* The thread that has or had the kernel's id, or NULL. Lock-free. */
struct thread *thread_by_tid(int tid);
/* A thread whose record is gone, by its id; NULL: unknown, or too long ago. */
const struct obituary *thread_obituary(uint32_t id);
/* Alive or exited thread by its id, or by its pthread_t (the newest such); NULL if unknown. */
struct thread *thread_by_id(uint32_t id);
struct thread *thread_by_handle(uintptr_t handle);
/* Was the thread with this pthread_t joined, and no other has it now? Its id, or 0. */
uint32_t thread_joined_before(uintptr_t handle);
/* The i-th record of the table, i < thread_table_size(); its state may be THREAD_FREE. */
struct thread *thread_at(uint32_t i);
uint32_t thread_table_size(void);
uint32_t thread_alive_count(void);
uint32_t thread_last_id(void);

void thread_table_lock(void);
void thread_table_unlock(void);

/* In the child of a fork: the caller is the only thread; all others are lost. */
void thread_after_fork(struct thread *self, int tid);

#endif
