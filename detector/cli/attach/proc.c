/* SPDX-License-Identifier: MIT */
/*
 * proc.c - what /proc tells of a process and its threads; nobody is stopped for it
 *
 * See proc(5). These files are made when they are read, and have no size that could be asked for.
 */
#include "detector/cli/attach/proc.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads up to size - 1 bytes and ends them. -1 with errno. */
static ssize_t read_small(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC), saved;
    ssize_t length;

    if (fd < 0)
        return -1;
    length = read(fd, text, size - 1);
    saved = errno;
    close(fd);
    errno = saved;
    if (length >= 0)
        text[length] = '\0';
    return length;
}

static ssize_t read_of_thread(int pid, int tid, const char *name, char *text, size_t size)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", pid, tid, name);
    return read_small(path, text, size);
}

char *proc_text(struct pool *pool, int pid, const char *name)
{
    char path[64], *text = NULL, *copy = NULL;
    size_t capacity = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
    file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    if (getdelim(&text, &capacity, '\0', file) >= 0)
        copy = pool_copy(pool, text);
    free(text);
    fclose(file);
    return copy;
}

char *proc_link(struct pool *pool, int pid, const char *name)
{
    char path[64], target[PATH_MAX];
    ssize_t length;

    snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
    length = readlink(path, target, sizeof(target));
    return length < 0 ? NULL : pool_copy_n(pool, target, (size_t)length);
}

long proc_number(const char *status, const char *key)
{
    size_t length = strlen(key);
    long number = -1;

    for (const char *line = status; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, length) != 0 || line[length] != ':')
            continue;
        for (const char *p = line + length + 1; *p != '\n' && *p != '\0'; p++)
            if (isdigit((unsigned char)*p) && isspace((unsigned char)p[-1]))
                number = strtol(p, NULL, 10);
        return number;
    }
    return -1;
}

static int compare(const void *a, const void *b)
{
    const int *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

int *proc_threads(struct pool *pool, int pid, size_t *count)
{
    size_t capacity = 64;
    int *tids = pool_array(pool, capacity, sizeof(*tids)), tid;
    struct dirent *entry;
    char path[32];
    DIR *folder;

    *count = 0;
    snprintf(path, sizeof(path), "/proc/%d/task", pid);
    folder = opendir(path);
    if (folder == NULL)
        return NULL;
    while ((entry = readdir(folder)) != NULL) {
        tid = atoi(entry->d_name);
        if (tid <= 0)
            continue;
        if (*count == capacity) {
            int *bigger = pool_array(pool, capacity *= 2, sizeof(*bigger));

            tids = memcpy(bigger, tids, *count * sizeof(*tids));
        }
        tids[(*count)++] = tid;
    }
    closedir(folder);
    qsort(tids, *count, sizeof(*tids), compare);
    return tids;
}

bool proc_call(int pid, int tid, struct proc_call *call)
{
    char text[256];
    uint64_t *a = call->arguments;
    ssize_t length = read_of_thread(pid, tid, "syscall", text, sizeof(text));

    *call = (struct proc_call){.call = -1};
    if (length < 0)
        return false;
    if (sscanf(text, "%ld %lx %lx %lx %lx %lx %lx %lx %lx", &call->call, &a[0], &a[1], &a[2], &a[3],
               &a[4], &a[5], &call->sp, &call->pc) == 9)
        call->asleep = true;
    else if (sscanf(text, "-1 %lx %lx", &call->sp, &call->pc) == 2) {
        call->asleep = true;
        call->call = -1;
    }
    return true;
}

char proc_state(int pid, int tid)
{
    char text[512];
    const char *bracket;

    if (read_of_thread(pid, tid, "stat", text, sizeof(text)) < 0)
        return 0;
    bracket = strrchr(text, ')'); /* its name may hold anything */
    return bracket == NULL || bracket[1] == '\0' ? 0 : bracket[2];
}

uint64_t proc_switches(int pid, int tid)
{
    char text[4096];
    long own, forced;

    if (read_of_thread(pid, tid, "status", text, sizeof(text)) < 0)
        return 0;
    own = proc_number(text, "voluntary_ctxt_switches");
    forced = proc_number(text, "nonvoluntary_ctxt_switches");
    return own < 0 || forced < 0 ? 0 : (uint64_t)own + (uint64_t)forced;
}

int proc_alive(struct pool *pool, int pid)
{
    size_t count;
    int *tids = proc_threads(pool, pid, &count);

    for (size_t i = 0; tids != NULL && i < count; i++) {
        char state = proc_state(pid, tids[i]);

        if (state != 0 && state != 'Z' && state != 'X')
            return tids[i];
    }
    return 0;
}

static bool parse_mapping(struct pool *pool, const char *line, struct mapping *m)
{
    char rights[5];
    int path = 0;

    *m = (struct mapping){0};
    if (sscanf(line, "%lx-%lx %4s %lx %*s %*s %n", &m->start, &m->end, rights, &m->offset, &path) <
            4 ||
        path == 0)
        return false;
    m->executable = rights[2] == 'x';
    m->path = pool_copy_n(pool, line + path, strcspn(line + path, "\n"));
    return true;
}

struct mapping *proc_mappings(struct pool *pool, int pid, size_t *count)
{
    const char *text = proc_text(pool, pid, "maps"), *line;
    struct mapping *mappings;
    size_t lines = 1;

    *count = 0;
    if (text == NULL)
        return NULL;
    for (line = text; (line = strchr(line, '\n')) != NULL; line++)
        lines++;
    mappings = pool_array(pool, lines, sizeof(*mappings));
    for (line = text; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (parse_mapping(pool, line, &mappings[*count]))
            (*count)++;
    }
    return mappings;
}
