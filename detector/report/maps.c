/* SPDX-License-Identifier: MIT */
/*
 * Which mapped files do the addresses of a finding lie in?
 *
 * A file's mappings stand one after another; the anonymous one that follows without a gap is its
 * .bss. So lines are joined while they go on with the same file, and one such run is a module.
 */
#include "detector/report/maps.h"

#include "detector/core/sys.h"

#include <fcntl.h>
#include <string.h>

enum { PATH_ROOM = 512, REMEMBERED_PATH = 160, MOST_REMEMBERED = 24 };

struct module {
    uintptr_t start, end;
    uint64_t offset;
    char path[PATH_ROOM];
};

/* What start-up saw, for when /proc is out of reach: chroot, no more descriptors. */
struct remembered {
    uintptr_t start, end;
    uint64_t offset;
    char path[REMEMBERED_PATH];
};

static struct remembered remembered[MOST_REMEMBERED];
static unsigned remembered_count;

struct reader {
    long fd;
    size_t length, next;
    char buffer[1024];
};

static bool read_char(struct reader *reader, char *c)
{
    if (reader->next == reader->length) {
        long got = sys_call(SYS_read, reader->fd, (long)reader->buffer, sizeof reader->buffer, 0, 0,
                            0);

        if (got <= 0)
            return false;
        reader->length = (size_t)got;
        reader->next = 0;
    }
    *c = reader->buffer[reader->next++];
    return true;
}

static bool read_line(struct reader *reader, char *line, size_t size)
{
    size_t length = 0;
    char c;

    while (read_char(reader, &c)) {
        if (c == '\n') {
            line[length] = 0;
            return true;
        }
        if (length + 1 < size)
            line[length++] = c;
    }
    return false;
}

static uint64_t hex(const char **text)
{
    uint64_t value = 0;

    for (;; (*text)++) {
        char c = **text;

        if (c >= '0' && c <= '9')
            value = value << 4 | (uint64_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (uint64_t)(c - 'a' + 10);
        else
            return value;
    }
}

/* "55d0-55e0 r-xp 00001000 fe:00 1234    /usr/bin/prog" */
static void parse(const char *line, struct module *module)
{
    const char *path;

    module->start = hex(&line);
    line++;
    module->end = hex(&line);
    line = strchr(line + 1, ' ');
    line = line ? line + 1 : "";
    module->offset = hex(&line);
    path = strchr(line, '/');
    module->path[0] = 0;
    if (path)
        strncat(module->path, path, PATH_ROOM - 1);
}

static void write_module(struct json *json, const struct module *module,
                         const uintptr_t *addresses, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (addresses[i] >= module->start && addresses[i] < module->end) {
            json_open(json, NULL, '{');
            json_string(json, "path", module->path);
            json_address(json, "start", module->start);
            json_address(json, "end", module->end);
            json_number(json, "offset", (int64_t)module->offset);
            json_close(json, '}');
            return;
        }
}

/* --- the modules of the program, one by one --- */

static struct reader reader;
static char line[PATH_ROOM + 128];
static struct module pending; /* the next run's first mapping */

static bool open_maps(void)
{
    reader.fd = sys_call(SYS_openat, AT_FDCWD, (long)"/proc/thread-self/maps", O_RDONLY | O_CLOEXEC, 0, 0,
                         0);
    reader.length = reader.next = 0;
    pending.path[0] = 0;
    return reader.fd >= 0;
}

/* The next run of mappings that belong to one file. */
static bool next_module(struct module *run)
{
    static struct module mapping;

    *run = pending;
    pending.path[0] = 0;
    while (read_line(&reader, line, sizeof line)) {
        bool same_file, own_bss;

        parse(line, &mapping);
        same_file = run->path[0] && !strcmp(run->path, mapping.path);
        own_bss = run->path[0] && !strchr(line, '[') && !mapping.path[0] &&
                  mapping.start == run->end;
        if (same_file || own_bss) {
            run->end = mapping.end;
        } else if (run->path[0]) {
            pending = mapping;
            return true;
        } else {
            *run = mapping;
        }
    }
    return run->path[0];
}

void maps_remember(void)
{
    struct module run;

    remembered_count = 0;
    if (!open_maps())
        return;
    while (remembered_count < MOST_REMEMBERED && next_module(&run))
        if (strlen(run.path) < sizeof remembered[0].path) {
            struct remembered *kept = &remembered[remembered_count++];

            kept->start = run.start;
            kept->end = run.end;
            kept->offset = run.offset;
            strcpy(kept->path, run.path);
        }
    sys_call(SYS_close, reader.fd, 0, 0, 0, 0, 0);
}

static void write_remembered(struct json *json, const uintptr_t *addresses, unsigned count)
{
    static struct module module;

    for (unsigned i = 0; i < remembered_count; i++) {
        module.start = remembered[i].start;
        module.end = remembered[i].end;
        module.offset = remembered[i].offset;
        strcpy(module.path, remembered[i].path);
        write_module(json, &module, addresses, count);
    }
}

void maps_write_modules(struct json *json, const uintptr_t *addresses, unsigned count)
{
    static struct module run;

    json_open(json, "modules", '[');
    if (open_maps()) {
        while (next_module(&run))
            write_module(json, &run, addresses, count);
        sys_call(SYS_close, reader.fd, 0, 0, 0, 0, 0);
    } else {
        write_remembered(json, addresses, count);
    }
    json_close(json, ']');
}
