/* SPDX-License-Identifier: MIT */
/*
 * catalogue_waiting.c - findings about conditions, threads, once, WaitGroups used wrongly
 */
#include "detector/cli/finding/catalogue.h"

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
        .summary = "something is destroyed or freed that threads wait on or go on using",
        .idea = "A condition, a barrier or a semaphore is destroyed while threads wait on it, or a "
                "channel is freed while somebody waits on it or uses it afterwards. Whoever waits "
                "sleeps on memory that is about to be something else: it may never wake up, or "
                "wake into an object that is gone.",
        .example = "CHAN_TYPE(int_chan, int);\n"
                   "\n"
                   "static void work(void *arg)\n"
                   "{\n"
                   "    int_chan *jobs = arg;\n"
                   "    int job;\n"
                   "\n"
                   "    while (chan_recv(*jobs, &job))\n"
                   "        ;\n"
                   "}\n"
                   "\n"
                   "int main(void)\n"
                   "{\n"
                   "    int_chan jobs = chan_make(int_chan, 4);\n"
                   "\n"
                   "    go(work, &jobs);\n"
                   "    time_sleep(10 * MILLISECOND);\n"
                   "    chan_free(jobs);            /* work() still waits on it */\n"
                   "}",
        .help = "wait until every thread has left before destroying",
        .fix =
            "End the users first, then the object. For a channel: close it, wait for the "
            "goroutines that use it (a WaitGroup), then free it. For a condition: join the "
            "threads that may wait, or count them out under the mutex. For a barrier: the thread "
            "that gets PTHREAD_BARRIER_SERIAL_THREAD must not destroy it at once; the others "
            "may still be inside.",
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
        .idea = "The counter of a WaitGroup says how many tasks are not done. It went below zero: "
                "waitgroup_done() was called more often than waitgroup_add() had announced. That "
                "panics, as in Go, because some wait may have ended too early before, with work "
                "still going on. Mostly one path calls done twice, or a task that "
                "waitgroup_go() started calls it as well.",
        .example = "static void work(struct waitgroup *wg, bool failed)\n"
                   "{\n"
                   "    if (failed)\n"
                   "        waitgroup_done(wg);     /* the way out for errors */\n"
                   "    waitgroup_done(wg);         /* the way out for all: once too often */\n"
                   "}\n"
                   "\n"
                   "int main(void)\n"
                   "{\n"
                   "    struct waitgroup wg = WAITGROUP_INIT;\n"
                   "\n"
                   "    waitgroup_add(&wg, 1);\n"
                   "    work(&wg, true);\n"
                   "    waitgroup_wait(&wg);\n"
                   "}",
        .help = "call waitgroup_done() exactly once for each task that was added",
        .fix = "Start tasks with waitgroup_go(): it adds one before the task starts and marks it "
               "done when its function returns, on every path. Where you count yourself, write "
               "DEFER(waitgroup_done, wg) as the first line of the task, and nowhere else a done.",
        .refs = "the documentation of Go's package sync, WaitGroup.Add",
        .lesson = "waiting/wg-negative",
    },
    {
        .name = "waitgroup-reused",
        .summary = "waitgroup_add() runs at the same time as waitgroup_wait()",
        .idea =
            "A wait that finds the counter at zero returns at once. So a task must be announced "
            "before the wait begins. If the goroutine itself calls waitgroup_add(), it may "
            "come too late: the wait has passed, and nobody waits for the task. The same "
            "happens when a WaitGroup is used for a second round while threads are still on "
            "their way out of the first wait.",
        .example = "static void task(void *arg)\n"
                   "{\n"
                   "    struct waitgroup *wg = arg;\n"
                   "\n"
                   "    waitgroup_add(wg, 1);       /* too late: main may be past its wait */\n"
                   "    time_sleep(10 * MILLISECOND);\n"
                   "    waitgroup_done(wg);\n"
                   "}\n"
                   "\n"
                   "int main(void)\n"
                   "{\n"
                   "    static struct waitgroup wg = WAITGROUP_INIT;\n"
                   "\n"
                   "    go(task, &wg);\n"
                   "    waitgroup_wait(&wg);        /* returns at once if it comes first */\n"
                   "}",
        .help = "add before starting the task, in the thread that waits",
        .fix = "Call waitgroup_add() before go(), in the thread that will wait; waitgroup_go() "
               "does it in the right order. A task may add further tasks as long as it is not done "
               "itself: then the counter is not zero. Begin a new round only after all waits of "
               "the last one have returned.",
        .refs = "100 Go Mistakes, number 71; Tu et al., ASPLOS 2019",
        .lesson = "waiting/wg-add-in-goroutine",
    },
};

const struct chapter catalogue_waiting = {"Conditions, threads and WaitGroups used wrongly",
                                          entries, sizeof(entries) / sizeof(*entries)};
