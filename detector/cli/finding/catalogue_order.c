/* SPDX-License-Identifier: MIT */
/*
 * catalogue_order.c - findings about what hangs in another order of events
 */
#include "detector/cli/finding/catalogue.h"

static const struct entry entries[] = {
    {
        .name = "lock-order-cycle",
        .summary = "locks are taken in contradicting orders; another timing hangs",
        .idea = "One thread takes lock A and then B, another takes B and then A. Mostly one is "
                "done before the other begins, and nothing happens. When both have taken their "
                "first lock at the same time, each waits for the other's for ever. With three "
                "locks and more the cycle is longer, but the same. It was seen in the orders of "
                "this run; it did not have to hang for that. Orders that cannot meet (one thread "
                "only, a common outer lock, one ends before the other is created) are not "
                "reported.",
        .example = "void *left(void *x)  { pthread_mutex_lock(&a); pthread_mutex_lock(&b); ... }\n"
                   "void *right(void *x) { pthread_mutex_lock(&b); pthread_mutex_lock(&a); ... }",
        .help = "take these locks in one order everywhere",
        .fix = "Choose one order for all locks and keep to it: write it down, or derive it from "
               "something the objects have (an id, the address). Where the second lock cannot be "
               "known in advance, use pthread_mutex_trylock() for it, and give the first one back "
               "if that fails; or hold only one lock at a time.",
        .refs = "CWE-833, CERT CON35-C, CERT POS51-C",
        .lesson = "deadlocks/abba-lock-order",
    },
    {
        .name = "wait-under-lock",
        .summary = "a thread waits with a lock held that its waker takes first",
        .idea = "A lock stays held while its owner sleeps in a channel operation, a WaitGroup, a "
                "join, a semaphore or a condition (pthread_cond_wait() gives back one mutex, the "
                "one it is given, and no other). If the thread that would receive, send, end, post "
                "or signal has to take that lock on its way, it never gets there. In this run the "
                "waker came first; another will hang.",
        .example = "CHAN_TYPE(int_chan, int);\n"
                   "\n"
                   "static pthread_mutex_t state = PTHREAD_MUTEX_INITIALIZER;\n"
                   "\n"
                   "static void report(void *arg)\n"
                   "{\n"
                   "    int_chan *results = arg;\n"
                   "\n"
                   "    pthread_mutex_lock(&state);\n"
                   "    chan_send(*results, 1);     /* state stays locked until main receives */\n"
                   "    pthread_mutex_unlock(&state);\n"
                   "}\n"
                   "\n"
                   "int main(void)\n"
                   "{\n"
                   "    int_chan results = chan_make(int_chan, 0);\n"
                   "    int result;\n"
                   "\n"
                   "    go(report, &results);\n"
                   "    pthread_mutex_lock(&state); /* but main wants state first */\n"
                   "    pthread_mutex_unlock(&state);\n"
                   "    chan_recv(results, &result);\n"
                   "}",
        .help = "release the other lock before waiting, or let the waker do without it",
        .fix = "Decide under the lock what to send, copy it, unlock, and then send. Wait with "
               "nothing held but the mutex of the condition. If the lock protects something that "
               "is needed after the wait, release it before, take it again afterwards in the usual "
               "order, and check again what it protects.",
        .refs = "CWE-833, CERT CON05-C, CERT POS52-C",
        .lesson = "deadlocks/chan-op-under-lock",
    },
    {
        .name = "recursive-read-lock",
        .summary =
            "a thread read-locks again what it has read-locked; a writer in between hangs both",
        .idea = "Two read locks do not exclude each other, so taking one twice seems harmless. But "
                "a lock that prefers writers makes new readers queue behind a waiting writer. If a "
                "writer comes between the two, the second read lock waits for the writer, and the "
                "writer for the first read lock, which is in the same thread.",
        .example = "pthread_rwlock_rdlock(&table);\n"
                   "lookup(key);             /* calls pthread_rwlock_rdlock(&table) again */",
        .help = "take the read lock once, outside, and let the inner function require it",
        .fix = "As for self-deadlock: split the inner function into one that locks and one that "
               "requires the lock. Do not rely on the lock's kind: glibc's default lets readers "
               "pass a waiting writer, the writer-preferring kind and other systems do not.",
        .refs = "CWE-764, CWE-833",
        .lesson = "deadlocks/recursive-read-lock",
    },
    {
        .name = "lost-wakeup",
        .summary = "the signal came when nobody was waiting, and it will not come again",
        .idea = "A condition variable remembers nothing: a signal that finds no waiter is gone. A "
                "thread that begins to wait afterwards sleeps for ever, if what it waits for is "
                "not written down in a variable that it checks first, with the mutex held, in one "
                "step with going to sleep.",
        .example = "/* waiter */   pthread_mutex_lock(&m);\n"
                   "               pthread_cond_wait(&c, &m);     /* does not look at `ready` */\n"
                   "/* waker */    ready = true; pthread_cond_signal(&c);   /* may come first */",
        .help = "keep the state in a variable, change it under the mutex, and wait in a loop: "
                "while (!ready) pthread_cond_wait(...)",
        .fix = "Three rules together make it safe: the state is a variable of its own; it is "
               "changed only with the mutex held; and the waiter checks it with the mutex held, in "
               "a while loop around pthread_cond_wait(). Then a signal that comes early has left "
               "its trace in the variable.",
        .refs = "CERT CON36-C, CERT CON38-C",
        .lesson = "waiting/lost-wakeup",
    },
};

const struct chapter catalogue_order = {"It can hang in another order", entries,
                                        sizeof(entries) / sizeof(*entries)};
