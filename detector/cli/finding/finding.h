/* SPDX-License-Identifier: MIT */
/*
 * finding.h - one finding, as the renderers see it
 *
 * Layer:    detector/cli/finding
 * Memory:   everything hangs on finding.pool; finding_free() gives it back
 * Locking:  none, the command has one thread
 * Errors:   finding_parse() says what is wrong with a line that is no finding
 *
 * A raw finding comes with addresses; symbolise(), name_threads() and name_objects() turn them into
 * frames and names. A finished finding comes with both. Strings are never NULL unless it says so.
 */
#ifndef CLI_FINDING_H
#define CLI_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detector/cli/base/pool.h"

struct frame {
    uint64_t address;     /* a return address; 0 in a finished finding */
    const char *function; /* NULL if unknown */
    const char *file;     /* absolute where the debug information knows; NULL if unknown */
    int line, column;     /* 0 if unknown */
    const char *module;   /* path of the ELF file; NULL if unknown */
    uint64_t offset;      /* of the call in the module's own addresses */
    bool hidden;          /* the tool's own, libc's start code, the C++ library's insides */
};

struct stack {
    struct frame *frames; /* innermost first */
    size_t count;
};

struct hold {
    int object;
    const char *mode; /* exclusive, shared */
    struct stack stack;
};

/* One of the operations that a select chooses from. */
struct wait_case {
    const char *operation; /* send, receive */
    int object;            /* 0: a nil channel */
    const char *nil_name;  /* what the source calls the nil channel; NULL if unknown */
};

struct wait {
    const char *operation; /* lock, read-lock, join, cond-wait, send, select, ... */
    int object;            /* 0 if it is no object */
    bool nil;              /* a send on or a receive from a nil channel */
    const char *nil_name;  /* as above */
    struct wait_case *cases;
    size_t case_count;
    const char *detail; /* more about it, or what system call it is; NULL */
    bool timed;
    int64_t since_ms;
    int *for_threads;
    size_t for_count;
    struct stack stack;
};

struct thread {
    int id;           /* from 1 (main); 0 is "none" everywhere */
    int tid;          /* the kernel's number; 0 if the finding does not tell */
    const char *name; /* NULL until name_threads() */
    const char *state;
    bool part;   /* of the stuck set */
    bool doomed; /* can never run again; set by find_doomed() */
    bool goroutine;
    int created_by;
    struct stack created_at, stack;
    struct frame function; /* where it started */
    struct hold *holds;
    size_t hold_count;
    struct wait *waits; /* NULL unless blocked */
};

struct object {
    int id;
    const char *kind;
    const char *name; /* NULL until name_objects() */
    const char *memory;
    uint64_t address;
    int stack_of;
    struct stack seen_at;
    /* of a channel; -1 where the finding does not tell */
    int64_t capacity, sent, received;
    bool closed;
    int64_t tasks; /* of a WaitGroup: how many are not done; -1: not told */
};

struct edge {
    int thread, holds, wants;
};

struct step {
    int turn, thread, object, waits_for;
    const char *operation;
    struct stack stack;
};

struct place {
    int thread;
    const char *text;
    bool primary;
    struct stack stack;
};

struct module_range {
    const char *path;
    uint64_t start, end, offset;
    const char *file; /* where to read it, if that is not its path; NULL: it is */
};

struct finding {
    struct pool pool;
    bool raw;        /* addresses and placeholders, not yet names and lines */
    bool lines_only; /* word_place() leaves the file away: it is the same everywhere */
    int64_t pid, after_ms;
    bool one_of_several; /* the program had other processes too: then it matters which this was */
    int64_t parent_pid;  /* 0: it was the first process */
    bool forked;         /* by its parent; else the parent started another program */
    const char *parent, *command; /* the parent's name, the arguments; NULL if unknown */
    const char *process, *name, *severity, *confidence, *message;
    const char *heading;                /* a line that comes before all others; NULL if none */
    const char *reason, *help, *lesson; /* NULL if none */
    const char *fingerprint;            /* NULL until fingerprint() */
    const char *loose_fingerprint;      /* the same without line numbers; NULL until then */
    const char *baseline;               /* with --baseline: "new" or "known"; else NULL */
    struct thread *threads;
    size_t thread_count;
    struct object *objects;
    size_t object_count;
    struct edge *cycle;
    size_t cycle_count;
    struct step *steps;
    size_t step_count;
    struct place *places;
    size_t place_count;
    struct module_range *modules;
    size_t module_count;
};

/* Reads one line of JSON. Returns NULL, with the reason in *error (static text), if it is none. */
struct finding *finding_parse(const char *line, size_t length, const char **error);
void finding_free(struct finding *f);

struct thread *finding_thread(const struct finding *f, int id); /* NULL if unknown */
struct object *finding_object(const struct finding *f, int id); /* NULL if unknown */
const char *finding_thread_name(const struct finding *f, int id);
const char *finding_object_name(const struct finding *f, int id);

bool finding_is(const struct finding *f, const char *severity);

/* What all threads of a process do: asked for, so always told, though no defect. */
bool finding_is_snapshot(const struct finding *f);

/* Channels, WaitGroups and contexts: what the runtime has, and pthreads have not. */
bool object_is_handle(const struct object *o);

/* A send, a receive or a select: every thread that could end it is known by name. */
bool wait_is_at_channel(const struct wait *w);

bool thread_is_gone(const struct thread *t);

/* Calls visit for every stack that tells where something of this finding happened. */
void finding_each_stack(const struct finding *f, void (*visit)(struct stack *, void *), void *data);

/* The one source file in which all visible places lie; NULL if there are several. */
const char *finding_only_file(const struct finding *f);

/* The line a reader should look at first: the innermost visible frame whose source is at hand, or the
 * next best. NULL only for an empty stack. */
const struct frame *stack_own_frame(const struct stack *s);

/* The first frame at or after `at` that is not hidden; s->count if there is none. */
size_t stack_next_visible(const struct stack *s, size_t at);

/* The bare name of the function that frame `at` was calling; NULL if the next frame in is no
 * function of its own (the pthread function itself is not in the stack). */
const char *stack_callee(struct pool *pool, const struct stack *s, size_t at);

/* The frame of the finding's main place; NULL if nothing is known, and for a snapshot: no thread of it
 * is at fault. */
const struct frame *finding_primary(const struct finding *f);

/* The stack that this very frame is a part of; NULL if it is in none. */
const struct stack *finding_stack_with(const struct finding *f, const struct frame *frame);

#endif
