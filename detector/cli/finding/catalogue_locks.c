/* SPDX-License-Identifier: MIT */
/*
 * catalogue_locks.c - findings about mutexes, read-write locks and spin locks used wrongly
 */
#include "detector/cli/finding/catalogue.h"

static const struct entry entries[] = {
    {
        .name = "unlock-not-locked",
        .summary = "a lock is released that nobody holds",
        .idea = "Releasing a lock that is not held is undefined for a normal mutex. In practice it "
                "often corrupts the lock's count, and later lets two threads in at once, or none. "
                "Usually one path releases twice, or jumps to a common exit that releases "
                "although this path never took the lock.",
        .example = "if (error) { pthread_mutex_unlock(&m); goto out; }\n"
                   "...\n"
                   "out: pthread_mutex_unlock(&m);      /* a second time */",
        .help = "pair every unlock with exactly one lock on every path",
        .fix = "Lock and unlock in the same function, at the same level, with one exit. Where "
               "there are many exits, let the compiler release (a cleanup attribute in C, "
               "std::lock_guard in C++). A mutex of the kind PTHREAD_MUTEX_ERRORCHECK reports the "
               "mistake instead of being damaged, if the result is checked.",
        .refs = "CWE-832, CWE-765, CERT CON01-C",
        .lesson = "locks/unlock-not-locked",
    },
    {
        .name = "unlock-not-owner",
        .summary = "a thread releases a lock that another thread holds",
        .idea = "A mutex belongs to the thread that took it. If another one releases it, the owner "
                "goes on in the belief that it is alone, while a third thread comes in. For a "
                "pthread mutex this is undefined.",
        .example = "void *producer(void *x) { pthread_mutex_lock(&m); produce(); }\n"
                   "void *consumer(void *x) { consume(); pthread_mutex_unlock(&m); }",
        .help = "let the thread that took the lock release it; to hand a turn over, use a "
                "semaphore or a condition",
        .fix = "If the intent is mutual exclusion, release in the thread that acquired. If the "
               "intent is \"now it is your turn\", a mutex is the wrong tool: a semaphore may be "
               "posted by anybody, and a condition with a variable says whose turn it is.",
        .refs = "CERT POS48-C, CWE-667",
        .lesson = "locks/unlock-by-other-thread",
    },
    {
        .name = "destroy-locked",
        .summary = "a lock is destroyed while a thread holds it",
        .idea = "Destroying a locked mutex is undefined: its owner will later release something "
                "that is no lock any more, and who waits for it may never wake up. It shows that "
                "the life of the object is not settled: somebody still uses it.",
        .example = "pthread_mutex_lock(&q->lock);\n"
                   "pthread_mutex_destroy(&q->lock);   /* still locked */\n"
                   "free(q);",
        .help = "release the lock, and make sure that nobody can take it again, before destroying "
                "it",
        .fix = "Take the object out of everybody's reach first (out of the list, under the lock of "
               "the list), wait for those who still use it (join them, or count references), then "
               "release, destroy and free.",
        .refs = "CERT CON31-C, CERT POS48-C, CWE-667",
        .lesson = "locks/destroy-in-use",
    },
    {
        .name = "reinit-locked",
        .summary = "a lock is initialised again while it is in use",
        .idea = "pthread_mutex_init() on a lock that is held makes it look free: the next thread "
                "walks in beside the owner, and the waiting ones are forgotten. The usual cause is "
                "a set-up function that is called twice, or lazily by several threads.",
        .example =
            "void setup(void) { pthread_mutex_init(&m, NULL); }   /* called by every thread */",
        .help = "initialise a lock once, before any thread can use it",
        .fix = "Initialise statically (PTHREAD_MUTEX_INITIALIZER), or in one place before the "
               "threads are made, or through pthread_once().",
        .refs = "CWE-667",
        .lesson = "locks/destroy-in-use",
    },
    {
        .name = "free-locked",
        .summary = "memory is freed, or a stack frame ends, with a held lock in it",
        .idea = "The lock is gone, but its owner and those who wait for it still have its address. "
                "The memory will be given to somebody else, and the unlock then writes into their "
                "data.",
        .example = "pthread_mutex_lock(&node->lock);\n"
                   "free(node);                        /* the lock goes with it */",
        .help = "release and destroy the lock before its memory goes",
        .fix = "Unlock, destroy, then free; and only when no other thread can reach the object any "
               "more. For an object that several threads share, count the references and let the "
               "last one free it.",
        .refs = "CWE-416, CERT CON31-C",
        .lesson = "locks/destroy-in-use",
    },
    {
        .name = "exit-holding-lock",
        .summary = "a thread has ended and still holds a lock",
        .idea = "The lock stays locked, and nobody is left who could release it: the next thread "
                "that wants it waits for ever. Mostly an early return, or an error path, left the "
                "unlock out.",
        .example = "pthread_mutex_lock(&m);\n"
                   "if (read(fd, buf, n) < 0)\n"
                   "    return NULL;                   /* m stays locked */\n"
                   "pthread_mutex_unlock(&m);",
        .help = "release the lock on every path out of the function",
        .fix = "Give the function one exit that releases, or let the compiler do it: "
               "__attribute__((cleanup)) in C, std::lock_guard in C++. Only where a process may "
               "die with the lock in shared memory is a robust mutex the answer.",
        .refs = "CWE-667, CERT CON01-C",
        .lesson = "locks/missing-unlock-early-return",
    },
    {
        .name = "cancel-holding-lock",
        .summary = "a thread was cancelled while it held a lock",
        .idea = "Cancellation ends a thread at its next cancellation point (read, sleep, "
                "pthread_cond_wait, ...) as if it returned there. Nothing releases its locks, "
                "unless a cleanup handler does.",
        .example = "pthread_mutex_lock(&m);\n"
                   "read(fd, buf, n);                  /* cancelled here: m stays locked */\n"
                   "pthread_mutex_unlock(&m);",
        .help = "push a cleanup handler that unlocks, or ask the thread to end instead of "
                "cancelling it",
        .fix = "Better than cancelling: a flag or a message that asks the thread to end, which it "
               "sees at a place of its own choice. Where cancellation must stay, bracket the "
               "section with pthread_cleanup_push() and pthread_cleanup_pop(), or disable "
               "cancellation while a lock is held.",
        .refs = "CERT POS47-C, CWE-667",
        .lesson = "context/async-cancel-or-kill",
    },
    {
        .name = "fork-holding-lock",
        .summary = "the process forks while another thread holds a lock",
        .idea = "The child gets a copy of all memory, locks included, but only of the one thread "
                "that called fork(). A lock that another thread held at that moment is locked in "
                "the child for ever: its owner does not exist there.",
        .example =
            "/* thread 1 */ pthread_mutex_lock(&log_lock); ...\n"
            "/* thread 2 */ if (fork() == 0) write_log();   /* waits for log_lock for ever */",
        .help = "in the child call only async-signal-safe functions until exec(), or take the "
                "locks around fork() with pthread_atfork()",
        .fix = "Fork before the threads are made; or use posix_spawn(); or exec at once in the "
               "child. A library that must survive fork() takes its locks in the prepare handler "
               "of pthread_atfork() and releases them in parent and child.",
        .refs = "CWE-667",
        .lesson = NULL,
    },
    {
        .name = "lock-in-signal-handler",
        .summary = "a lock is taken in a signal handler and also outside of it",
        .idea = "A signal handler runs in the middle of whatever its thread was doing. If that was "
                "between lock and unlock of the same mutex, the handler waits for the very thread "
                "that it has interrupted. No lock function is async-signal-safe.",
        .example =
            "void on_term(int n) { pthread_mutex_lock(&m); stop = 1; pthread_mutex_unlock(&m); }",
        .help = "in the handler only set a volatile sig_atomic_t, or post a semaphore; do the work "
                "in a thread that uses sigwait()",
        .fix = "Block the signal in all threads and let one thread take it with sigwait(): that is "
               "no handler, and may lock what it likes. Else let the handler set a flag, write to "
               "a pipe or call sem_post(), which is the one synchronising call that is allowed.",
        .refs = "CERT SIG30-C, CWE-828",
        .lesson = "context/signal-handler-unsafe",
    },
    {
        .name = "rwlock-upgrade",
        .summary = "a thread that holds a read lock asks for the write lock",
        .idea = "A writer waits until all readers have left. The thread itself is one of them, so "
                "it waits for itself. There is no upgrade of a pthread read-write lock; two "
                "threads that try it would also wait for each other.",
        .example = "pthread_rwlock_rdlock(&table);\n"
                   "if (!present(key))\n"
                   "    pthread_rwlock_wrlock(&table);  /* waits for its own read lock */",
        .help = "release the read lock first, take the write lock, and check again what was read",
        .fix = "Unlock, write-lock, and repeat the check: between the two another thread may have "
               "changed the table. Or take the write lock from the start where a change is likely.",
        .refs = "CWE-764, CWE-833",
        .lesson = "locks/double-lock-self",
    },
    {
        .name = "copied-lock",
        .summary = "a lock or a WaitGroup was copied together with the object around it",
        .idea = "A copy of a lock is another lock, in whatever state the original was in at that "
                "moment: perhaps locked, and then for ever. And whoever locks the copy does not "
                "exclude those who lock the original. A copied WaitGroup counts apart from the "
                "original: a wait on one knows nothing of a done on the other. Passing or "
                "assigning a struct that has one in it does that.",
        .example = "struct account copy = *account;     /* copies account->lock too */\n"
                   "pthread_mutex_lock(&copy.lock);",
        .help = "pass a pointer; copy the fields, not the lock",
        .fix = "Pass objects with locks by pointer. Where a copy of the data is wanted, copy the "
               "fields with the lock held, or put the data in a struct of its own within the one "
               "that has the lock.",
        .refs = "CWE-667",
        .lesson = "locks/copied-lock",
    },
};

const struct chapter catalogue_locks = {"Locks used wrongly", entries,
                                        sizeof(entries) / sizeof(*entries)};
