/* SPDX-License-Identifier: MIT */
/*
 * Which process of the program is this, and where does it come from?
 *
 * 1. The first process leaves its id in the area; any other one leaves the mark that there are several.
 * 2. Who started a process is asked while the parent is still there: the parent of a daemon is gone
 *    when its finding is written.
 * 3. A fork copies this memory, so what the parent knew of itself is what the child knows of it.
 */
#include "detector/report/process.h"

#include "detector/core/sys.h"
#include "detector/report/area.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

enum { INIT = 1, NAME_BYTES = 17, COMMAND_BYTES = 256 };

static struct {
    int id, parent; /* parent 0: it is the first one, or an orphan */
    bool forked;    /* by the parent; else the parent started another program */
    bool others;    /* seen from here; what others saw is in the area */
    char name[NAME_BYTES], parent_name[NAME_BYTES];
} own;

static int own_id(void)
{
    return (int)sys_call(SYS_getpid, 0, 0, 0, 0, 0, 0);
}

/* A file's first bytes as a string; what separates arguments becomes a blank. */
static void read_text(const char *path, char *text, size_t size)
{
    long file = sys_call(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
    long length = sys_call(SYS_read, file, (long)text, (long)size - 1, 0, 0, 0);

    sys_call(SYS_close, file, 0, 0, 0, 0, 0);
    length = length > 0 ? length : 0;
    for (long i = 0; i < length; i++)
        if (!text[i])
            text[i] = ' ';
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\n'))
        length--;
    text[length] = 0;
}

static void read_name(int id, char *name)
{
    char path[32];

    snprintf(path, sizeof path, "/proc/%d/comm", id);
    read_text(path, name, NAME_BYTES);
}

void process_started(const char *given)
{
    bool first;

    own.id = own_id();
    first = area_join(own.id);
    if (given && area_is_own()) /* the command has ended, and with it the first process */
        first = false;
    read_name(own.id, own.name);
    if (first)
        return;
    own.others = true;
    own.parent = (int)sys_call(SYS_getppid, 0, 0, 0, 0, 0, 0);
    if (own.parent == INIT) /* who takes in orphans has not started it */
        own.parent = 0;
    else
        read_name(own.parent, own.parent_name);
}

/* A thread other than the first has a name of its own; then what was known at the start must do. */
void process_before_fork(void)
{
    own.id = own_id();
    if (sys_gettid() == own.id)
        sys_call(SYS_prctl, PR_GET_NAME, (long)own.name, 0, 0, 0, 0);
}

void process_after_fork(bool child)
{
    own.others = true;
    if (!child)
        return;
    own.parent = own.id;
    own.forked = true;
    own.id = own_id();
    memcpy(own.parent_name, own.name, NAME_BYTES);
    area_join(own.id);
}

void process_write(struct json *json)
{
    char command[COMMAND_BYTES], name[NAME_BYTES];

    /* The name of the first thread: the caller may be the watcher. */
    read_text("/proc/self/comm", name, sizeof name);
    read_text("/proc/self/cmdline", command, sizeof command);
    json_number(json, "pid", own_id());
    json_string(json, "process", name[0] ? name : own.name);
    if (command[0])
        json_string(json, "command", command);
    if (!own.others && !area_has_several())
        return;
    json_bool(json, "one_of_several", true);
    if (!own.parent)
        return;
    json_number(json, "parent_pid", own.parent);
    json_bool(json, "forked", own.forked);
    if (own.parent_name[0])
        json_string(json, "parent", own.parent_name);
}
