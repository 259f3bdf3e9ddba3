/* SPDX-License-Identifier: MIT */
/*
 * look.h - one look at a process: what does each of its threads wait for?
 *
 * Layer:    detector/cli/attach
 * Memory:   look_free() gives back the texts and waits; the image must live as long
 * Locking:  none
 * Errors:   none: what cannot be told is told as a futex, a system call, or as running
 */
#ifndef CLI_ATTACH_LOOK_H
#define CLI_ATTACH_LOOK_H

#include "detector/cli/attach/image.h"
#include "detector/cli/attach/reduce.h"

enum { NO_THREAD = (size_t)-1 };

enum owner_state {
    OWNER_NONE,   /* nobody, or it is not recorded */
    OWNER_KNOWN,  /* a thread of the process */
    OWNER_ENDED,  /* no thread any more */
    OWNER_FORKED, /* a thread of the parent process: this one was made while it held the lock */
};

struct waiting {
    enum wait_end end;
    const char *operation; /* as in struct wait; NULL: it runs */
    const char *kind;      /* of the object, as in struct object */
    uint64_t object;       /* 0: none, or unknown */
    uint64_t mutex;        /* that a waiter on a condition came with; 0: none */
    const char *name;      /* of the object, where the program has none for it; NULL */
    enum owner_state owner_state;
    size_t owner;  /* of OWNER_KNOWN: an index; else NO_THREAD */
    int owner_tid; /* as the object has it */
    size_t caller; /* its own stack begins at this frame */
    bool timed;
    bool ours;          /* Gridlock's own thread: it wakes nobody */
    const char *detail; /* more words; NULL */
    uint32_t word;      /* what it sleeps on, for comparing two looks */
};

struct look {
    const struct image *image;
    struct pool pool;
    struct waiting *waits; /* one a thread */
    int parent;            /* process id; 0: unknown */
    bool outside;          /* a signal handler, say, may end a wait that no thread ends */
    const char *outsider;  /* who, in words; NULL */
};

/* Reads the waits. Requires: nothing has closed the image, and no time is lost after it was made. */
void look_at(struct look *look, const struct image *image);
void look_free(struct look *look);

/* Thread i did not run between the looks, and waits in the second for what it waited in the first. */
bool look_agrees(const struct look *first, const struct look *second, size_t i);

#endif
