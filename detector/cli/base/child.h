/* SPDX-License-Identifier: MIT */
/*
 * child.h - start a program, pass signals on to it, wait for its end
 *
 * Layer:    detector/cli/base
 * Memory:   caller owns struct child
 * Locking:  none
 * Errors:   child_start() says on stderr what failed and gives the exit status
 */
#ifndef CLI_CHILD_H
#define CLI_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct child {
    pid_t pid;
    int status; /* as exit statuses go: 0..255, or 128+n for signal n */
    sigset_t old_mask;
    struct sigaction old_child, old_pipe;
};

/* STATUS_OK, or what to exit with. prepare() runs in the child before exec. */
int child_start(struct child *c, const char *path, char **argv, void (*prepare)(void *),
                void *data);

/* Waits up to 100 ms. True when the child has ended; then c->status is set. */
bool child_wait(struct child *c);

/* After its end, for whoever lives on: signals are as they were before child_start(). */
void child_forget(const struct child *c);

#endif
