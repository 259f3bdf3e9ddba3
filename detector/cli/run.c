/* SPDX-License-Identifier: MIT */
/*
 * run.c - `gridlock run`: a program with the detector in it
 *
 * 1. Find and check the program and the library; refuse what cannot be watched.
 * 2. Make a findings area and start the program with the library preloaded.
 * 3. Until it ends, render what arrives in the area; then what is left.
 * 4. Exit with the program's own status, or with --exitcode if something was found.
 */
#include "detector/cli/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "detector/cli/base/area.h"
#include "detector/cli/base/busy.h"
#include "detector/cli/base/child.h"
#include "detector/cli/base/library.h"
#include "detector/cli/base/program.h"
#include "detector/cli/base/status.h"
#include "detector/cli/base/workspace.h"
#include "detector/cli/options.h"
#include "detector/cli/session.h"

struct launch {
    struct options *options;
    const char *program, *library;
    struct workspace workspace;
};

/* Whose children they are, the program's processes know by the first one's id. */
static bool set_root(const struct options *o)
{
    char id[32];

    if (o->follow != FOLLOW_NONE)
        return unsetenv("GRIDLOCK_ROOT") == 0;
    snprintf(id, sizeof(id), "%d", (int)getpid());
    return setenv("GRIDLOCK_ROOT", id, 1) == 0;
}

/* In the child: what the library needs to know. The program's own preloads stay, behind ours. */
static void set_environment(void *data)
{
    const struct launch *launch = data;
    const char *before = getenv("LD_PRELOAD");
    char *preload = NULL;

    if (asprintf(&preload, "%s%s%s", launch->library, before != NULL && *before ? ":" : "",
                 before != NULL ? before : "") < 0 ||
        setenv("LD_PRELOAD", preload, 1) != 0 ||
        setenv("GRIDLOCK_OPTIONS", options_for_library(launch->options), 1) != 0 ||
        setenv("GRIDLOCK_HELPER", options_for_helper(launch->options), 1) != 0 ||
        setenv("GRIDLOCK_FINDINGS", launch->workspace.area, 1) != 0 || !set_root(launch->options))
        _Exit(STATUS_COMMAND_FAILED);
    free(preload);
}

static void watch(struct child *child, struct session *session, struct area *area)
{
    bool ended;

    do {
        ended = child_wait(child);
        area_refresh(area);
        busy_allow(ended); /* until then the terminal is the program's */
        session_take(session, area, ended);
    } while (!ended);
}

static int run_in_workspace(struct launch *launch, struct options *o, char **argv)
{
    struct child child;
    struct session session;
    struct area area;
    const char *error = area_watch(&area, launch->workspace.area);
    bool ended_stuck = false;
    int status;

    if (error != NULL) {
        fprintf(stderr, "gridlock: cannot read %s: %s\n", launch->workspace.area, error);
        return STATUS_COMMAND_FAILED;
    }
    if (!session_begin(&session, o, stderr)) {
        area_close(&area);
        return STATUS_COMMAND_FAILED;
    }
    status = child_start(&child, launch->program, argv, set_environment, launch);
    if (status == STATUS_OK) {
        watch(&child, &session, &area);
        area_leave(&area, launch->workspace.area);
        status = child.status;
        ended_stuck = session_hid_deadlock(&session, child.pid) && status == o->exitcode;
    }
    if (session_found(&session) && o->exitcode != 0)
        status = o->exitcode;
    session.rendering.exit_status = status;
    session_end(&session, &area, "findings");
    area_close(&area);
    if (ended_stuck && !session_found(&session))
        fprintf(stderr,
                "gridlock: status %d: the program was ended, since it was stuck; "
                "--on-deadlock=wait leaves it alone\n",
                status);
    return status;
}

static int run_program(struct pool *pool, struct options *o, char **argv)
{
    struct launch launch = {.options = o};
    int status = program_find(pool, argv[0], &launch.program);

    if (status == STATUS_OK)
        status = program_check(pool, launch.program);
    if (status != STATUS_OK)
        return status;
    launch.library = library_find(pool);
    if (launch.library == NULL || !workspace_make(pool, &launch.workspace))
        return STATUS_COMMAND_FAILED;
    status = run_in_workspace(&launch, o, argv);
    workspace_remove(&launch.workspace);
    return status;
}

int run_main(int argc, char **argv)
{
    struct options o;
    struct pool pool = {NULL};
    int status = STATUS_USAGE;

    if (!options_read(&o, argc, argv))
        ; /* said */
    else if (o.rest >= argc)
        fprintf(stderr, "gridlock: run needs a PROGRAM; see gridlock --help\n");
    else {
        o.command = (const char *const *)argv + o.rest;
        status = run_program(&pool, &o, argv + o.rest);
    }
    options_free(&o);
    pool_free(&pool);
    return status;
}
