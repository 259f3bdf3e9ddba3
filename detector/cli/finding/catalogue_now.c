/* SPDX-License-Identifier: MIT */
/*
 * catalogue_now.c - findings about threads that are stuck now
 */
#include "detector/cli/finding/catalogue.h"

static const struct entry entries[] = {
    {
        .name = "deadlock",
        .summary = "threads wait for each other, and none of them can ever go on",
        .idea = "Each of the threads in the report waits for something that only another one of "
                "them, or nobody any more, could give: a lock it holds, its own end (join), a "
                "value on a channel or room in it, a close, a signal, a post, a done. None of them "
                "can move, so none will ever give it. The rest of the program may well go on, "
                "which makes a partial deadlock hard to notice. How sure it is: a wait that names "
                "its owner (a lock, a join), and a program in which nobody at all can run, are "
                "certain. A wait that anybody could end (a channel, a condition, a semaphore) is "
                "likely once everybody who was ever seen to do so is stuck or gone.",
        .example = "CHAN_TYPE(int_chan, int);\n"
                   "\n"
                   "struct player {\n"
                   "    int_chan_receiver in;\n"
                   "    int_chan_sender out;\n"
                   "};\n"
                   "\n"
                   "static void play(void *arg)\n"
                   "{\n"
                   "    struct player *p = arg;\n"
                   "    int ball;\n"
                   "\n"
                   "    chan_send(p->out, 1);       /* both send first: nobody receives */\n"
                   "    chan_recv(p->in, &ball);\n"
                   "}\n"
                   "\n"
                   "int main(void)\n"
                   "{\n"
                   "    int_chan east = chan_make(int_chan, 0), west = chan_make(int_chan, 0);\n"
                   "    struct player left = {east.receiver, west.sender};\n"
                   "    struct player right = {west.receiver, east.sender};\n"
                   "\n"
                   "    go(play, &left);\n"
                   "    play(&right);\n"
                   "}",
        .help = "break one of the waits: take the locks in one order everywhere, or release what "
                "the other side needs before waiting",
        .fix =
            "Read the table from one thread to the next: it holds this, it waits for that, which "
            "the next one holds or should serve. Break the ring at its weakest place. Locks: "
            "take them in one order everywhere (lock-order-cycle tells more). Channels: let "
            "one side receive before it sends, or do both in one select; a buffer only "
            "helps if it has room for all that can ever be under way. Do not join, wait, send or "
            "receive while you hold a lock the other side needs. Or give the counterpart that "
            "is missing: the close, the done, the unlock, the signal, the last party of the "
            "barrier.",
        .refs = "CWE-833, CERT CON35-C, CERT POS51-C",
        .lesson = "deadlocks/circular-channel-wait",
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
        .idea = "The goroutine waits for a partner that has left: the receiver of its value took "
                "another answer and went on, the sender returned early and never closed, nobody "
                "will cancel. When main returns the program ends all the same, so nobody notices. "
                "In a server, where nothing ends, each such goroutine keeps its stack and all it "
                "refers to for ever.",
        .example = "CHAN_TYPE(int_chan, int);\n"
                   "\n"
                   "static void ask(void *arg)\n"
                   "{\n"
                   "    int_chan *answers = arg;\n"
                   "\n"
                   "    chan_send(*answers, 42);    /* nobody takes the second and the third */\n"
                   "}\n"
                   "\n"
                   "int main(void)\n"
                   "{\n"
                   "    int_chan answers = chan_make(int_chan, 0);\n"
                   "    int first;\n"
                   "\n"
                   "    for (int i = 0; i < 3; i++)\n"
                   "        go(ask, &answers);\n"
                   "    chan_recv(answers, &first); /* the first answer is enough */\n"
                   "    time_sleep(10 * MILLISECOND);\n"
                   "}",
        .help = "make sure that every blocked thread has a way out: a partner, a close, a "
                "cancellation or a timeout",
        .fix = "Give each goroutine a way to end that does not depend on its partner: a channel "
               "with room for every value that may be sent (here: capacity 3), a close by the "
               "sender on every path so that receivers stop, or a select with a second case that "
               "sees the cancellation of a context. Whoever starts a goroutine should know how it "
               "ends before it starts.",
        .refs = "CWE-772",
        .lesson = "lifetime/leak-blocked-send",
    },
    {
        .name = "snapshot",
        .summary = "what every thread of a process does: the answer of attach and core, no defect",
        .idea = "A process that was started without Gridlock is looked at from outside, or in its "
                "core file: which threads there are, what each waits for, and who holds it. "
                "glibc writes the owner into a mutex, and the writer into a read-write lock; a "
                "join waits for one thread. What nobody owns (a condition, a semaphore, a "
                "barrier, a lock held for reading) only shows who waits for it. If the waits "
                "close a ring, or nobody at all can go on, there is a deadlock besides. Else the "
                "process may be busy, idle or slow, but it is not proved to be stuck.",
        .example = "$ gridlock attach $(pidof server)\n"
                   "$ gridlock core core.4711",
        .help = "no defect by itself: see who waits for whom, and where",
        .fix = "Read the table: whose wait should long have ended, and who was to end it? If that "
               "thread runs, or is in a system call, look at its stack. What a look cannot tell "
               "(where a lock was taken, when the last signal was sent, whether the order of locks "
               "is wrong), gridlock run tells of the same program.",
    },
};

const struct chapter catalogue_now = {"It hangs now", entries, sizeof(entries) / sizeof(*entries)};
