/* SPDX-License-Identifier: MIT */
/*
 * catalogue_waiting.c - findings about conditions, threads, once, WaitGroups used wrongly
 */
#include "detector/cli/catalogue.h"

static const struct entry entries[] = {
    {
        .name = "cond-wait-unlocked",
        .summary = "a thread waits on a condition without holding its mutex",
        .idea = "pthread_cond_wait() releases the mutex and goes to sleep in one step; that is "
                "what keeps a signal from slipping in between. Without the mutex held there is "
                "nothing to release, the call is undefined, and the check of the state before it "
                "was not protected.",
        .example = "while (!ready)\n"
                   "    pthread_cond_wait(&c, &m);     /* m was never locked */",
        .help = "lock the mutex before checking the state, and keep it until after the wait",
        .fix = "lock; while (!state) wait; use the state; unlock. The same mutex protects every "
               "change of the state.",
        .refs = "CERT CON38-C, CWE-667",
        .lesson = "waiting/cond-wrong-mutex",
    },
    {
        .name = "cond-two-mutexes",
        .summary = "threads wait on one condition with different mutexes",
        .idea = "While threads wait on a condition it is bound to one mutex. With two, neither "
                "protects the state from the other's users, and POSIX leaves the result undefined.",
        .example = "pthread_cond_wait(&c, &m1);         /* in one thread */\n"
                   "pthread_cond_wait(&c, &m2);         /* in another */",
        .help = "use one mutex for one condition, the one that protects the state",
        .fix = "Ask which variable the waiters check; the mutex of that variable is the one for "
               "the condition. Two states with two mutexes need two conditions.",
        .refs = "CERT POS53-C",
        .lesson = "waiting/cond-wrong-mutex",
    },
    {
        .name = "destroy-in-use",
        .summary = "a condition, barrier or semaphore is destroyed while threads wait on it",
        .idea = "The waiting threads sleep on memory that is about to be something else. They may "
                "never wake up, or wake into an object that is gone.",
        .example =
            "pthread_cond_broadcast(&q->more);\n"
            "pthread_cond_destroy(&q->more);     /* the waiters are still on their way out */",
        .help = "wait until every thread has left before destroying",
        .fix = "Join the threads that may wait, or count them out under the mutex, and destroy "
               "last. For a barrier: the thread that gets PTHREAD_BARRIER_SERIAL_THREAD must not "
               "destroy it at once; the others may still be inside.",
        .refs = "CWE-416, CERT CON31-C",
        .lesson = "locks/destroy-in-use",
    },
    {
        .name = "double-join",
        .summary = "a thread is joined or detached that was joined or detached before",
        .idea = "After the first join or detach the thread's id is no longer valid and may already "
                "belong to a new thread: the second join then waits for somebody else, or crashes.",
        .example = "pthread_join(worker, NULL);\n"
                   "...\n"
                   "pthread_join(worker, NULL);         /* whose id is that now? */",
        .help = "join or detach each thread exactly once",
        .fix = "Let one place own the thread: it makes it and it joins it. Forget the id "
               "afterwards (a flag `running` beside it), so that no second path can use it.",
        .refs = "CERT CON39-C",
        .lesson = "lifetime/join-detach-misuse",
    },
    {
        .name = "thread-not-joined",
        .summary = "a thread has finished and was neither joined nor detached",
        .idea = "A finished thread keeps its stack and its result until somebody joins it. A "
                "program that makes threads all the time runs out of memory, or of threads.",
        .example = "pthread_create(&t, NULL, handle, client);\n"
                   "/* t is never joined, never detached */",
        .help = "join the thread, or detach it if nobody wants to know how it ended",
        .fix = "Join what you start, so that you know it is done before what it uses goes away. "
               "Detach only threads that use nothing but what belongs to them.",
        .refs = "CERT CON04-C, CWE-772",
        .lesson = "lifetime/join-detach-misuse",
    },
    {
        .name = "once-reentry",
        .summary = "the function of a pthread_once() calls the same pthread_once() again",
        .idea = "pthread_once() lets a second caller wait until the first one has finished. If the "
                "second call comes from inside the function itself, it waits for its own end.",
        .example = "static void init(void) { get_instance(); }\n"
                   "struct x *get_instance(void) { pthread_once(&once, init); return instance; }",
        .help = "do not call, from the function, anything that goes through the same once",
        .fix = "Let the function build the object directly and use only what it has built itself. "
               "If two singletons need each other, initialise both in one function.",
        .refs = "CWE-833",
        .lesson = "waiting/once-reentry",
    },
    {
        .name = "waitgroup-negative",
        .summary = "a WaitGroup was told of more ends than beginnings",
        .idea = "The counter went below zero: waitgroup_done() was called more often than "
                "waitgroup_add() had announced. Somewhere a wait has then ended too early, before "
                "all the work was done.",
        .example = "waitgroup_add(&wg, 1);\n"
                   "waitgroup_done(&wg);\n"
                   "waitgroup_done(&wg);                /* panic: negative counter */",
        .help = "call waitgroup_done() exactly once for each task that was added",
        .fix = "Add before the task starts, and let the task's only exit call done; "
               "waitgroup_go() does both.",
        .refs = NULL,
        .lesson = "waiting/wg-negative",
    },
    {
        .name = "waitgroup-reused",
        .summary = "waitgroup_add() runs at the same time as waitgroup_wait()",
        .idea = "If the counter is zero when wait looks, it returns at once, although a task is "
                "just about to be added: the work is not waited for. Typically the new thread "
                "itself calls add.",
        .example = "go(task, &wg);          /* task() begins with waitgroup_add(&wg, 1) */\n"
                   "waitgroup_wait(&wg);    /* may come first */",
        .help = "add before starting the task, in the thread that waits",
        .fix = "Call waitgroup_add() before go(), or use waitgroup_go(). Use a WaitGroup again "
               "only after all waits of the previous round have returned.",
        .refs = NULL,
        .lesson = "waiting/wg-add-in-goroutine",
    },
};

const struct chapter catalogue_waiting = {"Conditions, threads and WaitGroups used wrongly",
                                          entries, sizeof(entries) / sizeof(*entries)};
