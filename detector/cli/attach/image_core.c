/* SPDX-License-Identifier: MIT */
/*
 * image_core.c - one look at a process that is no more: its core
 *
 * 1. The notes tell the threads with their registers, and which file lay where (core_notes.c).
 * 2. The segments tell the address space. What is in the core is read from there; code and other
 *    pages that the process never changed are usually left out, and read from their files.
 * 3. A file that has changed since would be worse than none: build-ids are compared (core_program.c).
 *
 * Of a thread in a core it is known that it was in a system call if the call's result is one that
 * only a call that was broken off has.
 */
#include "detector/cli/attach/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "detector/cli/attach/calls.h"
#include "detector/cli/attach/core_file.h"
#include "detector/cli/attach/core_notes.h"
#include "detector/cli/attach/image_modules.h"
#include "detector/cli/attach/image_source.h"
#include "detector/cli/attach/unwind.h"
#include "detector/cli/base/path.h"
#include "detector/cli/base/status.h"

struct core {
    int fd;
};

/* ---------------------------------------------------------------- memory */

static bool read_file(const struct mapping *m, uint64_t address, void *to, size_t size)
{
    int fd = m->file == NULL ? -1 : open(m->file, O_RDONLY | O_CLOEXEC);
    bool whole;

    if (fd < 0)
        return false;
    whole = pread(fd, to, size, (off_t)(m->offset + (address - m->start))) == (ssize_t)size;
    close(fd);
    return whole;
}

/* How much of [address, address + size) one place holds; 0: it is nowhere. */
static size_t read_part(const struct image *image, uint64_t address, void *to, size_t size)
{
    const struct mapping *m = image_mapping_at(image, address);
    const struct core *core = image->source->own;
    uint64_t inside;

    if (m == NULL)
        return 0;
    inside = address - m->start;
    if (size > m->end - address)
        size = m->end - address;
    if (inside >= m->stored)
        return read_file(m, address, to, size) ? size : 0;
    if (size > m->stored - inside)
        size = m->stored - inside;
    return pread(core->fd, to, size, (off_t)(m->stored_at + inside)) == (ssize_t)size ? size : 0;
}

static bool read_core(const struct image *image, uint64_t address, void *to, size_t size)
{
    unsigned char *at = to;

    while (size > 0) {
        size_t part = read_part(image, address, at, size);

        if (part == 0)
            return false;
        address += part;
        at += part;
        size -= part;
    }
    return true;
}

static void close_core(struct image *image)
{
    close(((struct core *)image->source->own)->fd);
}

/* ---------------------------------------------------------------- the address space */

static const struct mapping *file_at(const struct core_notes *notes, uint64_t address)
{
    for (size_t i = 0; i < notes->file_count; i++)
        if (address >= notes->files[i].start && address < notes->files[i].end)
            return &notes->files[i];
    return NULL;
}

static struct mapping mapping_of(const struct core_notes *notes, const GElf_Phdr *p)
{
    const struct mapping *file = file_at(notes, p->p_vaddr);
    struct mapping m = {.start = p->p_vaddr,
                        .end = p->p_vaddr + p->p_memsz,
                        .path = notes->vdso == p->p_vaddr ? "[vdso]" : "",
                        .executable = (p->p_flags & PF_X) != 0,
                        .stored_at = p->p_offset,
                        .stored = p->p_filesz < p->p_memsz ? p->p_filesz : p->p_memsz};

    if (file != NULL) {
        m.path = file->path;
        m.offset = file->offset + (m.start - file->start);
    }
    return m;
}

static int compare(const void *a, const void *b)
{
    const struct mapping *left = a, *right = b;

    return (left->start > right->start) - (left->start < right->start);
}

/* In the order of addresses; what overlaps is damage, and left out. */
static void sort_mappings(struct image_source *s)
{
    size_t count = 0;

    qsort(s->mappings, s->mapping_count, sizeof(*s->mappings), compare);
    for (size_t i = 0; i < s->mapping_count; i++)
        if (count == 0 || s->mappings[i].start >= s->mappings[count - 1].end)
            s->mappings[count++] = s->mappings[i];
    s->mapping_count = count;
}

/* gcore leaves code out altogether: of it the notes alone tell. */
static void add_mappings(struct image *image, const struct core_file *file,
                         const struct core_notes *notes)
{
    struct image_source *s = image->source;

    s->mappings = pool_array(&image->pool, file->segment_count + notes->file_count + 1,
                             sizeof(*s->mappings));
    for (size_t i = 0; i < file->segment_count; i++) {
        const GElf_Phdr *p = &file->segments[i];

        if (p->p_type == PT_LOAD && p->p_memsz > 0 && p->p_memsz < UINT64_MAX - p->p_vaddr)
            s->mappings[s->mapping_count++] = mapping_of(notes, p);
    }
    sort_mappings(s);
    for (size_t i = 0, loaded = s->mapping_count; i < notes->file_count; i++) {
        struct image_source segments = {.mappings = s->mappings, .mapping_count = loaded};
        struct mapping *m = &s->mappings[s->mapping_count];

        *m = notes->files[i];
        m->executable = true;
        if (image_mapping_at(&(struct image){.source = &segments}, m->start) == NULL &&
            m->end > m->start)
            s->mapping_count++;
    }
    sort_mappings(s);
}

/* ---------------------------------------------------------------- threads */

static void take_thread(struct image *image, struct image_thread *t, const struct core_thread *from)
{
    const struct registers *r = &from->registers;
    bool in_call = registers_in_call(r);

    *t = (struct image_thread){.tid = from->tid,
                               .name = from->name,
                               .inner_tid = from->tid,
                               .state = '?',
                               .sp = registers_sp(r),
                               .pc = registers_pc(r),
                               .thread_pointer = r->thread_pointer};
    t->call = in_call ? image_call(image, r->call, t->pc) : -1;
    memcpy(t->arguments, r->arguments, sizeof(t->arguments));
    t->exact = unwind(image, t, r, NULL, false);
}

/* Main first, then in the order in which they were made, as far as numbers tell. */
static void sort_threads(struct core_notes *notes)
{
    for (size_t i = 1; i < notes->thread_count; i++) {
        struct core_thread t = notes->threads[i];
        size_t k = i;

        for (; k > 0 && notes->threads[k - 1].tid != notes->pid &&
               (notes->threads[k - 1].tid > t.tid || t.tid == notes->pid);
             k--)
            notes->threads[k] = notes->threads[k - 1];
        notes->threads[k] = t;
    }
}

static void take_threads(struct image *image, struct core_notes *notes)
{
    sort_threads(notes);
    image->threads = pool_array(&image->pool, notes->thread_count, sizeof(*image->threads));
    for (size_t i = 0; i < notes->thread_count; i++)
        take_thread(image, &image->threads[image->thread_count++], &notes->threads[i]);
}

/* ---------------------------------------------------------------- the image */

static void read_notes(struct core_notes *notes, const struct core_file *file)
{
    for (size_t i = 0; i < file->segment_count; i++) {
        Elf_Data *data = core_file_notes(file, i);

        if (data != NULL)
            core_notes_read(notes, data);
    }
}

static int take_image(struct image *image, const struct core_file *file, const char *executable)
{
    struct core_notes notes = {.pool = &image->pool};
    int status;

    read_notes(&notes, file);
    if (notes.thread_count == 0) {
        image->error = pool_printf(&image->pool, "%s: no thread is in this core%s", file->path,
                                   file->cut_off ? ": it is cut off" : "");
        return STATUS_USAGE;
    }
    image->pid = notes.pid != 0 ? notes.pid : notes.threads[0].tid;
    image->process = notes.process != NULL ? notes.process : path_base(file->path);
    add_mappings(image, file, &notes);
    status = core_find_files(image, notes.program, executable);
    if (status != STATUS_OK)
        return status;
    image_find_modules(image);
    take_threads(image, &notes);
    image->libc = image_libc_of(image);
    return STATUS_OK;
}

int image_of_core(struct image *image, const char *path, const char *executable)
{
    struct core_file file;
    struct core *core;
    int status;

    *image = (struct image){.live = false};
    image->error = core_file_open(&file, &image->pool, path);
    if (image->error != NULL)
        return STATUS_USAGE;
    core = pool_array(&image->pool, 1, sizeof(*core));
    core->fd = file.fd;
    image->source = pool_array(&image->pool, 1, sizeof(*image->source));
    *image->source = (struct image_source){.read = read_core, .close = close_core, .own = core};
    if (file.cut_off)
        image_warn(image, pool_printf(&image->pool, "%s is cut off: %lu of %lu bytes are there",
                                      path, file.size, file.wanted));
    status = take_image(image, &file, executable);
    elf_end(file.elf);
    return status;
}
