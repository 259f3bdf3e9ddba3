/* SPDX-License-Identifier: MIT */
/*
 * attach.c - `gridlock attach` and `gridlock core`: what hangs, although it was started without us
 *
 * 1. Take an image of the process, and read from it what each thread waits for.
 * 2. Of a live process: the same a quarter of a second later. What was the same both times, and did
 *    not run in between, stands still; what a thread does for a moment is no hang. On a busy machine
 *    a thread that was stopped may come back late: then once more.
 * 3. Make findings of it, and render them like all others.
 * A core is one moment, and nothing in it moves any more.
 */
#include "detector/cli/attach.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "detector/cli/attach/findings.h"
#include "detector/cli/attach/image.h"
#include "detector/cli/attach/look.h"
#include "detector/cli/base/area.h"
#include "detector/cli/base/busy.h"
#include "detector/cli/base/status.h"
#include "detector/cli/options.h"
#include "detector/cli/session.h"

enum { PAUSE_MS = 250, MOST_LOOKS = 12 };

/* ---------------------------------------------------------------- what both have in common */

static void print_warnings(const struct image *image)
{
    for (const char *line = image->warning; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        fprintf(stderr, "gridlock: warning: %.*s\n", (int)strcspn(line, "\n"), line);
    }
}

static int refuse(const struct image *image, int status)
{
    busy_end();
    fprintf(stderr, "gridlock: %s\n", image->error);
    return status;
}

/* "No deadlock was found" would be a promise that cannot be kept. */
static int cannot_judge(void)
{
    fprintf(stderr,
            "gridlock: who holds a lock can be read where it is glibc's, which this program "
            "does not use: whether it hangs for ever is not known\n");
    return STATUS_COMMAND_FAILED;
}

static int report(struct options *o, const struct look *first, const struct look *second)
{
    struct finding **findings;
    struct session session;
    struct area no_area = {.fd = -1};
    size_t count;

    busy_end();
    print_warnings(first->image);
    if (!session_begin(&session, o, stdout))
        return STATUS_COMMAND_FAILED;
    findings = attach_findings(first, second, &count);
    for (size_t i = 0; i < count; i++)
        session_add(&session, findings[i]);
    free(findings);
    session_end(&session, &no_area, "findings");
    if (session_found(&session))
        return o->exitcode;
    return first->image->libc == IMAGE_GLIBC ? STATUS_OK : cannot_judge();
}

/* libdw would ask a server for debug information: a tool that looks at a hang must not hang itself,
 * nor tell others what runs here. */
static void stay_offline(void)
{
    unsetenv("DEBUGINFOD_URLS");
}

/* ---------------------------------------------------------------- a process */

struct sight {
    struct image image;
    struct look look;
};

/* `before` is NULL for the first look. */
static int take_look(struct sight *s, int pid, const struct sight *before)
{
    int status = before == NULL ? image_of_process(&s->image, pid)
                                : image_again(&s->image, &before->image);

    if (status != STATUS_OK) {
        refuse(&s->image, status);
        image_close(&s->image);
        return status;
    }
    look_at(&s->look, &s->image);
    return STATUS_OK;
}

/* How the process was treated, for who wants to know. */
static void print_stops(const struct sight *sights, int count)
{
    size_t stopped = 0;
    uint64_t longest = 0;

    for (int i = 0; i < count; i++) {
        stopped += sights[i].image.stopped;
        if (longest < sights[i].image.longest_stop_ns)
            longest = sights[i].image.longest_stop_ns;
    }
    fprintf(stderr,
            "gridlock: %d looks at %zu threads; %zu times one was stopped, for at most "
            "%.2f ms\n",
            count, sights[0].image.thread_count, stopped, (double)longest / 1e6);
}

static int attach(struct options *o, int pid)
{
    const struct timespec pause = {0, PAUSE_MS * 1000 * 1000};
    struct sight sights[MOST_LOOKS];
    int status, count;
    bool at_rest;

    busy("looking at the process %d ...", pid);
    status = take_look(&sights[0], pid, NULL);
    busy_end(); /* its timer would cut the pauses short */
    count = status == STATUS_OK;
    at_rest = status != STATUS_OK;

    while (!at_rest && count < MOST_LOOKS) {
        nanosleep(&pause, NULL);
        status = take_look(&sights[count], pid, &sights[count - 1]);
        if (status != STATUS_OK)
            break;
        at_rest = image_at_rest(&sights[count].image, &sights[count - 1].image);
        count++;
    }
    if (status == STATUS_OK && o->verbose)
        print_stops(sights, count);
    if (status == STATUS_OK)
        status = report(o, &sights[count - 2].look, &sights[count - 1].look);
    while (count-- > 0) {
        look_free(&sights[count].look);
        image_close(&sights[count].image);
    }
    return status;
}

/* 0 if the text is no number of a process. */
static int read_pid(const char *text)
{
    char *end;
    long number = strtol(text, &end, 10);

    return text[0] < '0' || text[0] > '9' || *end != '\0' || number > INT_MAX ? 0 : (int)number;
}

int attach_main(int argc, char **argv)
{
    struct options o;
    int status = STATUS_USAGE, pid;

    if (!options_read(&o, argc, argv))
        ; /* said */
    else if (o.rest + 1 != argc)
        fprintf(stderr, "gridlock: attach needs one PID; see gridlock help attach\n");
    else if ((pid = read_pid(argv[o.rest])) == 0)
        fprintf(stderr, "gridlock: `%s` is no process number; pidof NAME tells it\n", argv[o.rest]);
    else {
        stay_offline();
        status = attach(&o, pid);
    }
    options_free(&o);
    return status;
}

/* ---------------------------------------------------------------- a core */

static int read_core(struct options *o, const char *core, const char *program)
{
    struct image image;
    struct look look;
    int status;

    busy("reading %s ...", core);
    status = image_of_core(&image, core, program);

    if (status != STATUS_OK)
        status = refuse(&image, status);
    else {
        look_at(&look, &image);
        status = report(o, &look, NULL);
        look_free(&look);
    }
    image_close(&image);
    return status;
}

int core_main(int argc, char **argv)
{
    struct options o;
    int status = STATUS_USAGE;

    if (!options_read(&o, argc, argv))
        ; /* said */
    else if (o.rest >= argc || argc - o.rest > 2)
        fprintf(stderr, "gridlock: core needs a FILE, and may have its PROGRAM; see gridlock help "
                        "core\n");
    else {
        stay_offline();
        status = read_core(&o, argv[o.rest], o.rest + 1 < argc ? argv[o.rest + 1] : NULL);
    }
    options_free(&o);
    return status;
}
