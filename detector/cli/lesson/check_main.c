/* SPDX-License-Identifier: MIT */
/*
 * check_main.c - `gridlock check`: which files are judged, as which lessons?
 *
 * 1. A second word that is no C file and no folder is the lesson's name. Otherwise each word is a file,
 *    or a folder, in which and below which every C file is taken.
 * 2. Each is judged by itself (check.c); a file in a folder that is called after no lesson is passed
 *    over, and said.
 * 3. With --junit each is a test case: what is refused failed, what could not be judged is an error.
 * The status is that of the worst: 2, 125, 1, 0.
 */
#include <dirent.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "detector/cli/base/path.h"
#include "detector/cli/base/status.h"
#include "detector/cli/lesson/check.h"
#include "detector/cli/lesson/junit.h"

enum { RUNS = 10 };

struct class
{
    struct pool *pool;
    struct check plain; /* what every check begins with */
    struct lessons lessons;
    struct junit junit;
    const char *junit_file; /* NULL: not asked for */
    const char *lesson;     /* NULL: each file is called after its own */
    bool several;
    int status;
};

/* ---------------------------------------------------------------- verdicts */

static int badness(int status)
{
    return status == STATUS_USAGE            ? 3
           : status == STATUS_COMMAND_FAILED ? 2
           : status == STATUS_OK             ? 0
                                             : 1;
}

static void note_verdict(struct class *class, const char *file, const char *name, int status,
                         const char *text, double seconds)
{
    static const enum outcome outcomes[] = {OUTCOME_PASSED, OUTCOME_FAILED, OUTCOME_ERROR,
                                            OUTCOME_ERROR};

    junit_add(&class->junit, &(struct junit_case){.group = file,
                                                  .name = name,
                                                  .outcome = outcomes[badness(status)],
                                                  .text = text,
                                                  .seconds = seconds});
    if (badness(status) > badness(class->status))
        class->status = status;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void judge(struct class *class, const char *file, const struct lesson *lesson)
{
    struct check check = class->plain;
    double start = now();
    int status;

    check.lesson = lesson;
    if (class->several)
        out_printf(&check.out, BOLD, "%s\n", file);
    status = check_file(&check, file);
    fflush(stdout);
    note_verdict(class, file, lesson->name, status,
                 check.reason == NULL ? "it could not be judged" : check.reason, now() - start);
}

/* ---------------------------------------------------------------- files */

static bool is_c_file(const char *name)
{
    size_t length = strlen(name);

    return length > 2 && strcmp(name + length - 2, ".c") == 0;
}

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void take_file(struct class *class, const char *file)
{
    const struct lesson *lesson = lesson_named(&class->lessons,
                                               class->lesson != NULL ? class->lesson : file);

    if (lesson != NULL)
        judge(class, file, lesson);
    else
        note_verdict(class, file, path_base(file), STATUS_USAGE, "no lesson is called so", 0);
}

/* A folder may hold more than lessons. */
static void take_file_of_folder(struct class *class, const char *file)
{
    const struct lesson *lesson = lesson_named(&class->lessons, file);

    if (lesson != NULL)
        judge(class, file, lesson);
    else
        junit_add(&class->junit, &(struct junit_case){.group = file,
                                                      .name = path_base(file),
                                                      .outcome = OUTCOME_SKIPPED,
                                                      .text = "no lesson is called so"});
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void take_folder(struct class *class, const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_shown, alphasort);

    if (count < 0) {
        fprintf(stderr, "gridlock: cannot read %s\n", folder);
        note_verdict(class, folder, path_base(folder), STATUS_USAGE, "cannot be read", 0);
        return;
    }
    for (int i = 0; i < count; i++) {
        const char *path = pool_printf(class->pool, "%s/%s", folder, entries[i]->d_name);

        if (is_folder(path))
            take_folder(class, path);
        else if (is_c_file(path))
            take_file_of_folder(class, path);
        free(entries[i]);
    }
    free(entries);
}

static void take_words(struct class *class, int count, char **words)
{
    if (count == 2 && !is_c_file(words[1]) && !is_folder(words[1])) {
        class->lesson = words[1];
        count = 1;
    }
    class->several = count > 1 || is_folder(words[0]);
    for (int i = 0; i < count; i++)
        if (is_folder(words[i]))
            take_folder(class, words[i]);
        else
            take_file(class, words[i]);
}

static void print_sum(const struct class *class)
{
    const size_t *counts = class->junit.counts;

    if (!class->several)
        return;
    printf("%zu accepted, %zu refused", counts[OUTCOME_PASSED], counts[OUTCOME_FAILED]);
    if (counts[OUTCOME_ERROR] > 0)
        printf(", %zu not judged", counts[OUTCOME_ERROR]);
    if (counts[OUTCOME_SKIPPED] > 0)
        printf(", %zu of no lesson", counts[OUTCOME_SKIPPED]);
    printf("\n");
}

/* ---------------------------------------------------------------- the command line */

static bool read_runs(struct class *class, const char *value)
{
    char *end;
    long runs = strtol(value, &end, 10);

    class->plain.runs = (int)runs;
    if (end != value && *end == '\0' && runs >= 1 && runs <= 1000)
        return true;
    fprintf(stderr, "gridlock: --runs=%s: must be --runs=N with a number from 1 to 1000\n", value);
    return false;
}

static bool read_options(struct class *class, int argc, char **argv)
{
    static const struct option table[] = {{"runs", required_argument, NULL, 'r'},
                                          {"junit", required_argument, NULL, 'j'},
                                          {NULL, 0, NULL, 0}};
    int letter;

    opterr = 0;
    while ((letter = getopt_long(argc, argv, "+", table, NULL)) != -1)
        if (letter == 'j') {
            class->junit_file = optarg;
        } else if (letter != 'r') {
            fprintf(stderr, "gridlock: option `%s`: check knows --runs=N and --junit=FILE\n",
                    argv[optind - 1]);
            return false;
        } else if (!read_runs(class, optarg)) {
            return false;
        }
    if (optind < argc)
        return true;
    fprintf(stderr, "gridlock: check needs a FILE, and the lesson's NAME if the file is not called "
                    "after it\n");
    return false;
}

int check_main(int argc, char **argv)
{
    struct pool pool = {NULL};
    struct class class = {.pool = &pool, .status = STATUS_USAGE};

    class.junit.pool = &pool;
    class.plain = (struct check){.pool = &pool, .out = out_open(stdout, COLOR_AUTO), .runs = RUNS};
    if (read_options(&class, argc, argv)) {
        class.status = STATUS_COMMAND_FAILED;
        if (lessons_find(&pool, &class.lessons)) {
            class.plain.lessons = class.lessons;
            class.status = STATUS_OK;
            take_words(&class, argc - optind, argv + optind);
            print_sum(&class);
            if (class.junit_file != NULL &&
                !junit_write(&class.junit, "gridlock check", class.junit_file))
                class.status = STATUS_COMMAND_FAILED;
        }
    }
    pool_free(&pool);
    return class.status;
}
