/* SPDX-License-Identifier: MIT */
/*
 * tool.c - run a compiler or a small program to its end, with its output in files
 *
 * Whoever does not end in time is asked to (SIGTERM: `gridlock run` passes it on to its program),
 * and a second later made to.
 */
#include "detector/cli/base/tool.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "detector/cli/base/busy.h"
#include "detector/cli/base/child.h"
#include "detector/cli/base/status.h"

static void redirect(int to, const char *path, int flags)
{
    int fd = open(path == NULL ? "/dev/null" : path, flags, 0644);

    if (fd < 0 || dup2(fd, to) < 0)
        _exit(STATUS_COMMAND_FAILED);
    close(fd);
}

/* In the child. */
static void prepare(void *data)
{
    const struct tool *tool = data;

    if (tool->folder != NULL && chdir(tool->folder) != 0)
        _exit(STATUS_COMMAND_FAILED);
    if (tool->fixed_addresses)
        personality(ADDR_NO_RANDOMIZE);
    if (tool->variable != NULL)
        putenv((char *)tool->variable);
    if (tool->shown)
        return;
    redirect(STDIN_FILENO, NULL, O_RDONLY);
    redirect(STDOUT_FILENO, tool->out, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
    redirect(STDERR_FILENO, tool->err, O_WRONLY | O_CREAT | O_APPEND);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int tool_run(const struct tool *tool)
{
    struct child child;
    double end = now() + tool->seconds;
    bool late = false;
    int status;

    if (tool->err != NULL)
        unlink(tool->err);
    fflush(stdout);
    status = child_start(&child, tool->argv[0], (char **)tool->argv, prepare, (void *)tool);
    if (status == STATUS_OK) {
        while (!child_wait(&child))
            if (tool->seconds > 0 && now() > end) {
                kill(child.pid, late ? SIGKILL : SIGTERM);
                late = true;
                end = now() + 1;
            }
        status = late ? TOOL_TIMEOUT : child.status;
    }
    child_forget(&child);
    if (status == STATUS_SIGNAL_BASE + SIGINT) { /* Ctrl-C was meant for us too */
        busy_end();
        exit(status);
    }
    return status;
}

bool tool_exists(struct pool *pool, const char *name)
{
    const char *path = getenv("PATH");

    if (strchr(name, '/') != NULL)
        return access(name, X_OK) == 0;
    while (path != NULL && *path != '\0') {
        size_t length = strcspn(path, ":");

        if (access(pool_printf(pool, "%.*s/%s", (int)length, path, name), X_OK) == 0)
            return true;
        path += length + (path[length] == ':');
    }
    return false;
}

char *file_text(struct pool *pool, const char *path)
{
    FILE *file = fopen(path, "re");
    struct stat about;
    char *text = NULL;

    if (file != NULL && fstat(fileno(file), &about) == 0 && S_ISREG(about.st_mode)) {
        text = pool_array(pool, (size_t)about.st_size + 1, 1);
        text[fread(text, 1, (size_t)about.st_size, file)] = '\0';
    }
    if (file != NULL)
        fclose(file);
    return text;
}
