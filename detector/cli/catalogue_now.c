/* SPDX-License-Identifier: MIT */
/*
 * catalogue_now.c - findings about threads that are stuck now
 */
#include "detector/cli/catalogue.h"

static const struct entry entries[] = {
    {
        .name = "deadlock",
        .summary = "threads wait for each other, and none of them can ever go on",
        .idea = "Each of the threads in the report waits for something that only another one of "
                "them could give: a lock it holds, its own end (join), a signal, a post, its "
                "arrival at a barrier. None of them can move, so none will ever give it. The rest "
                "of the program may well go on, which makes a partial deadlock hard to notice. A "
                "wait that names its owner (a lock, a join) is certain; a wait that anybody could "
                "end (a condition, a semaphore) counts only when everybody who could is stuck or "
                "gone.",
        .example = "void *left(void *x)  { pthread_mutex_lock(&a); pthread_mutex_lock(&b); ... }\n"
                   "void *right(void *x) { pthread_mutex_lock(&b); pthread_mutex_lock(&a); ... }",
        .help = "break one of the waits: take the locks in one order everywhere, or release what "
                "the other side needs before waiting",
        .fix = "Read the table from one thread to the next: it holds this, it waits for that, held "
               "by the next. Break the ring at its weakest place: take locks in one global order; "
               "do not join, or wait on a condition or semaphore, while holding a lock the other "
               "side needs; give the counterpart that is missing (the unlock, the signal, the "
               "post, the last party of the barrier).",
        .refs = "CWE-833, CERT CON35-C, CERT POS51-C",
        .lesson = "deadlocks/abba-lock-order",
    },
    {
        .name = "self-deadlock",
        .summary = "a thread waits for something that it holds itself",
        .idea = "A normal mutex does not know its owner: locking it a second time waits until it "
                "is released, and the only thread that could release it is the one that waits. It "
                "usually happens across functions: a public function takes the lock and calls "
                "another public function that takes it too, or a callback comes back in. The same "
                "goes for a read-write lock, and for a thread that joins itself.",
        .example =
            "void deposit(void)  { pthread_mutex_lock(&m); audit(); pthread_mutex_unlock(&m); }\n"
            "void audit(void)    { pthread_mutex_lock(&m); /* waits for itself */ }",
        .help = "do not take the lock again: split off a function that expects it to be held",
        .fix = "Split the function in two: an outer one that takes the lock, and an inner one that "
               "requires it to be held and is called by all who hold it already (say so in its "
               "name or comment: audit_locked). Do not call callbacks with the lock held. A "
               "recursive mutex makes the symptom go away, but also lets code run in the middle of "
               "a half-done change.",
        .refs = "CWE-764, CWE-833",
        .lesson = "locks/double-lock-self",
    },
    {
        .name = "leaked-thread",
        .summary = "a thread is still blocked when the program ends, and nobody could free it",
        .idea = "The thread waits for a partner that has left: the receiver of its message took "
                "another answer, the sender returned early, the one who should have signalled is "
                "done. In a program that ends soon nobody notices; in a server every such thread "
                "keeps its stack and whatever it holds for ever.",
        .example = "chan_send(results, fetch(url));   /* the only receiver took the first result\n"
                   "                                     of three and went on */",
        .help = "make sure that every blocked thread has a way out: a partner, a close, a "
                "cancellation or a timeout",
        .fix = "Give each thread a way to end that does not depend on its partner: room in the "
               "channel for every message that may be sent, a close by the sender when it is done, "
               "a second case in the select that sees the cancellation. Whoever starts a thread "
               "should know how it ends before it starts.",
        .refs = "CWE-772",
        .lesson = "lifetime/leak-blocked-send",
    },
};

const struct chapter catalogue_now = {"It hangs now", entries, sizeof(entries) / sizeof(*entries)};
