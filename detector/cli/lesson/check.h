/* SPDX-License-Identifier: MIT */
/*
 * check.h - the `check` command, and what its parts share
 *
 * Layer:    detector/cli/lesson
 * Memory:   the pool's
 * Locking:  none
 * Errors:   a refusal is one line on stdout, said by check_refuse(); false goes up
 */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "detector/cli/base/out.h"
#include "detector/cli/base/workspace.h"
#include "detector/cli/lesson/lesson.h"

/* What a program did in one run, or the least of several. */
struct work {
    long threads; /* started; -1: it did not live to say so */
    struct called {
        const char *function;
        long times;
    } * called; /* NULL without gcov */
    size_t count;
    long lines; /* executed, all added up */
};

struct check {
    struct pool *pool;
    struct out out;
    struct lessons lessons;
    const struct lesson *lesson;
    const char *file;                   /* the learner's, an absolute path */
    const char *yours, *broken, *fixed; /* the three texts */
    const char *gcc, *clang, *gcov;     /* clang and gcov: NULL if there is none */
    const char *library;                /* the folder of libgridlock.so */
    const char *output;                 /* what the Expect line demands */
    struct workspace workspace;
    int runs;
    const char *reason; /* why it is not accepted; NULL while it may be */
    bool broke_off;     /* not the learner's fault: no verdict */
};

/* check_main.c: all files that are asked about. */
int check_main(int argc, char **argv);

/* Judges one file, says the verdict, and returns its status.
 * Requires: pool, out, lessons, lesson and runs are set, the rest is zero. */
int check_file(struct check *c, const char *file);

/* Says why not; always false. */
bool check_refuse(struct check *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Something is missing or does not work, and no fix is to blame; always false. */
bool check_break_off(struct check *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* check_source.c: sleeps that were added, tools that were switched off. */
bool check_source(struct check *c);

/* check_build.c: the program of `source`, in a folder below the workspace. */
enum build { BUILD_GCC, BUILD_CLANG, BUILD_TSAN, BUILDS };
extern const char *const check_build_names[BUILDS];
bool check_build(struct check *c, enum build build, const char *source, const char *folder);
const char *check_program(struct check *c, enum build build, const char *folder);

/* check_run.c: under gridlock once, with a verdict; `work` may be NULL. */
bool check_gridlock(struct check *c, enum build build, const char *folder, int run,
                    struct work *work);
/* And under ThreadSanitizer. */
bool check_tsan(struct check *c, int run);

/* check_work.c: adds to `work` what gcov counted in the last run of BUILD_GCC in that folder. */
void check_count_work(struct check *c, const char *folder, const char *source, struct work *work);
/* The smaller of two, number by number. */
void check_least_work(struct work *least, const struct work *other);
bool check_same_work(struct check *c, const struct work *yours, const struct work *solution);

#endif
