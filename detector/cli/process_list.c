/* SPDX-License-Identifier: MIT */
/*
 * process_list.c - the processes that `gridlock attach` could look at, for completions
 *
 * One's own, or all for root; no threads of the kernel, which have no program. Not this one.
 */
#include "detector/cli/process_list.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detector/cli/attach/proc.h"
#include "detector/cli/base/status.h"

static void print_process(struct pool *pool, int pid)
{
    const char *status = proc_text(pool, pid, "status");
    const char *name = status == NULL ? NULL : strchr(status, '\t');
    long threads, user;

    if (name == NULL || proc_number(status, "VmSize") < 0)
        return;
    threads = proc_number(status, "Threads");
    user = proc_number(status, "Uid");
    if (geteuid() == 0 || user == (long)geteuid())
        printf("%d\t%.*s, %ld thread%s\n", pid, (int)strcspn(name + 1, "\n"), name + 1, threads,
               threads == 1 ? "" : "s");
}

int process_list(void)
{
    DIR *processes = opendir("/proc");
    struct dirent *entry;

    if (processes == NULL)
        return STATUS_COMMAND_FAILED;
    while ((entry = readdir(processes)) != NULL) {
        struct pool pool = {NULL};
        int pid = atoi(entry->d_name); /* 0: no process */

        if (pid > 0 && pid != getpid())
            print_process(&pool, pid);
        pool_free(&pool);
    }
    closedir(processes);
    return STATUS_OK;
}
