/* SPDX-License-Identifier: MIT */
/*
 * doctor_look.h - what the doctor looks at, and what it answers
 *
 * Layer:    detector/cli/doctor
 * Memory:   answers belong to the doctor's pool
 * Locking:  none
 * Errors:   are answers
 *
 * Each look is one function. It tries the thing itself where it can (it starts a program, attaches to
 * a process, compiles) and reads settings only to say why that failed.
 */
#ifndef CLI_DOCTOR_LOOK_H
#define CLI_DOCTOR_LOOK_H

#include "detector/cli/base/pool.h"
#include "detector/report/findings_area.h"

enum health {
    HEALTH_OK,
    HEALTH_NOTE,    /* works, but not as well as it could, or is not needed by all */
    HEALTH_PROBLEM, /* does not work */
};

struct answer {
    enum health health;
    const char *text;   /* what was seen */
    const char *remedy; /* what to type or to do; NULL: nothing */
};

struct doctor {
    struct pool *pool;
    const char *root;    /* before the paths of the kernel's settings; "" but in tests */
    const char *command; /* the whole path of the `gridlock` that asks */
    const char *folder;  /* private; a look may leave files there */
    const char *program; /* the user's; NULL if none was given */

    struct findings_header signature; /* what the library wrote; filled by look_at_library() */
};

/* --- what `gridlock run` needs --- */
struct answer look_at_command(struct doctor *d);
struct answer look_at_library(struct doctor *d);
struct answer look_at_glibc(struct doctor *d);
struct answer look_at_system(struct doctor *d);
struct answer look_at_watching(struct doctor *d);
struct answer look_at_options(struct doctor *d);
struct answer look_at_preload(struct doctor *d);
struct answer look_at_temporary(struct doctor *d);

/* --- what makes a report readable --- */
struct answer look_at_terminal(struct doctor *d);
struct answer look_at_lines(struct doctor *d);
struct answer look_at_program(struct doctor *d);
struct answer look_at_program_lines(struct doctor *d);

/* --- processes that hang already --- */
struct answer look_at_attach(struct doctor *d);
struct answer look_at_cores(struct doctor *d);
struct answer look_at_gdb(struct doctor *d);

/* --- lessons and ThreadSanitizer --- */
struct answer look_at_compiler(struct doctor *d);
struct answer look_at_tsan(struct doctor *d);
struct answer look_at_symbolizer(struct doctor *d);
struct answer look_at_addresses(struct doctor *d);

/* --- what they are made of --- */
struct answer healthy(const char *text);
struct answer note(const char *text, const char *remedy);
struct answer problem(const char *text, const char *remedy);

/* The first line of a file that is not empty; NULL if there is none. */
const char *first_line(struct doctor *d, const char *path);

/* A number in a file of the kernel's settings; `missing` if it cannot be read. */
long setting(struct doctor *d, const char *path, long missing);

/* A file in the doctor's own folder. */
const char *own_file(struct doctor *d, const char *name);

/* Runs a tool to its end, its output in the own files "out" and "err". Its status. */
int try_tool(struct doctor *d, int seconds, const char *const *argv);

/* Two threads that wait for each other, for ten minutes. */
int hang(void);

#endif
