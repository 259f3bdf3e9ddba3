/* SPDX-License-Identifier: MIT */
/*
 * image_files.c - where can the files that a process has mapped be read now?
 *
 * - Its name is good here if the process sees the same files as we do.
 * - In a container of its own the file is below /proc/PID/root.
 * - A file that was deleted or replaced since (an upgrade) is still there for who has mapped it:
 *   /proc/PID/exe for the program itself, /proc/PID/map_files for all; the latter is root's.
 */
#include "detector/cli/attach/image_files.h"

#include <string.h>
#include <unistd.h>

#include "detector/cli/attach/proc.h"

static const char deleted[] = " (deleted)";

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), wanted = strlen(end);

    return length > wanted && strcmp(text + length - wanted, end) == 0;
}

static bool is_same_link(struct pool *pool, int pid, const char *name)
{
    const char *theirs = proc_link(pool, pid, name), *ours = proc_link(pool, getpid(), name);

    return theirs != NULL && ours != NULL && strcmp(theirs, ours) == 0;
}

static bool sees_our_files(struct image *image)
{
    return is_same_link(&image->pool, image->alive, "ns/mnt") &&
           is_same_link(&image->pool, image->alive, "root");
}

static const char *readable(const char *path)
{
    return access(path, R_OK) == 0 ? path : NULL;
}

/* The name without what the kernel puts behind it; what it means is known then. */
static const char *deleted_file(struct image *image, struct mapping *m)
{
    const char *file = NULL;

    if (image->executable != NULL && strcmp(m->path, image->executable) == 0)
        file = readable(pool_printf(&image->pool, "/proc/%d/exe", image->alive));
    if (file == NULL)
        file = readable(pool_printf(&image->pool, "/proc/%d/map_files/%lx-%lx", image->alive,
                                    m->start, m->end));
    m->path = pool_copy_n(&image->pool, m->path, strlen(m->path) - strlen(deleted));
    return file;
}

void image_find_files(struct image *image)
{
    struct image_source *s = image->source;
    bool ours = sees_our_files(image);

    for (size_t i = 0; i < s->mapping_count; i++) {
        struct mapping *m = &s->mappings[i];

        if (m->path[0] != '/')
            continue;
        if (ends_in(m->path, deleted))
            m->file = deleted_file(image, m);
        else if (ours)
            m->file = m->path;
        else
            m->file = readable(pool_printf(&image->pool, "/proc/%d/root%s", image->alive, m->path));
    }
}
