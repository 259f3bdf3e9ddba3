/* SPDX-License-Identifier: MIT */
/*
 * core_notes.c - what a core's notes tell: threads, files, the process
 *
 * The kernel (fs/binfmt_elf.c) and gdb's gcore write the same: NT_PRPSINFO, NT_AUXV and NT_FILE once,
 * NT_PRSTATUS for each thread. None has names of threads; a core that `gridlock why` writes in gdb
 * (detector/gdb/sparse_core.py) has them in notes of our own, behind the thread's.
 */
#include "detector/cli/attach/core_notes.h"

#include <string.h>
#include <sys/procfs.h>

enum { NT_THREAD_NAME = 1 }; /* of the owner "Gridlock" */

static void add_thread(struct core_notes *n, const unsigned char *text, size_t size)
{
    struct elf_prstatus status;
    struct core_thread t;

    if (size < sizeof(status))
        return;
    memcpy(&status, text, sizeof(status));
    t = (struct core_thread){.tid = status.pr_pid};
    if (!registers_from_kernel(&t.registers, &status.pr_reg, sizeof(status.pr_reg)))
        return;
    if (n->thread_count == n->thread_capacity) {
        struct core_thread *old = n->threads;

        n->thread_capacity = n->thread_capacity * 2 + 16;
        n->threads = pool_array(n->pool, n->thread_capacity, sizeof(t));
        memcpy(n->threads, old == NULL ? &t : old, n->thread_count * sizeof(t));
    }
    n->threads[n->thread_count++] = t;
}

/* The thread's number, then its name. */
static void take_thread_name(struct core_notes *n, const unsigned char *text, size_t size)
{
    int tid;

    if (size <= sizeof(tid))
        return;
    memcpy(&tid, text, sizeof(tid));
    if (n->thread_count > 0 && n->threads[n->thread_count - 1].tid == tid)
        n->threads[n->thread_count - 1].name = pool_copy_n(
            n->pool, (const char *)text + sizeof(tid),
            strnlen((const char *)text + sizeof(tid), size - sizeof(tid)));
}

static void take_process(struct core_notes *n, const unsigned char *text, size_t size)
{
    struct elf_prpsinfo info;

    if (size < sizeof(info))
        return;
    memcpy(&info, text, sizeof(info));
    n->pid = info.pr_pid;
    n->process = pool_copy_n(n->pool, info.pr_fname, strnlen(info.pr_fname, sizeof(info.pr_fname)));
}

static void take_auxiliary(struct core_notes *n, const unsigned char *text, size_t size)
{
    uint64_t pair[2];

    for (; size >= sizeof(pair); text += sizeof(pair), size -= sizeof(pair)) {
        memcpy(pair, text, sizeof(pair));
        if (pair[0] == AT_PHDR)
            n->program = pair[1];
        if (pair[0] == AT_SYSINFO_EHDR)
            n->vdso = pair[1];
    }
}

/* count, page size; count times start, end, offset in pages; then the names, each with its NUL. */
static void take_files(struct core_notes *n, const unsigned char *text, size_t size)
{
    uint64_t head[2], entry[3];
    const char *name, *end = (const char *)text + size;

    if (size < sizeof(head))
        return;
    memcpy(head, text, sizeof(head));
    if (head[0] > (size - sizeof(head)) / sizeof(entry))
        return;
    n->files = pool_array(n->pool, head[0] + 1, sizeof(*n->files));
    name = (const char *)text + sizeof(head) + head[0] * sizeof(entry);
    for (n->file_count = 0; n->file_count < head[0] && name < end; n->file_count++) {
        size_t length = strnlen(name, (size_t)(end - name));

        memcpy(entry, text + sizeof(head) + n->file_count * sizeof(entry), sizeof(entry));
        n->files[n->file_count] = (struct mapping){.start = entry[0],
                                                   .end = entry[1],
                                                   .offset = entry[2] * head[1],
                                                   .path = pool_copy_n(n->pool, name, length)};
        name += length + 1;
    }
}

static void take(struct core_notes *n, const GElf_Nhdr *head, const char *name,
                 const unsigned char *text)
{
    if (head->n_type == NT_THREAD_NAME && strncmp(name, "Gridlock", head->n_namesz) == 0)
        take_thread_name(n, text, head->n_descsz);
    if (strncmp(name, "CORE", head->n_namesz) != 0)
        return;
    switch (head->n_type) {
    case NT_PRSTATUS:
        add_thread(n, text, head->n_descsz);
        break;
    case NT_PRPSINFO:
        take_process(n, text, head->n_descsz);
        break;
    case NT_AUXV:
        take_auxiliary(n, text, head->n_descsz);
        break;
    case NT_FILE:
        take_files(n, text, head->n_descsz);
        break;
    default:
        break;
    }
}

void core_notes_read(struct core_notes *notes, Elf_Data *data)
{
    const char *bytes = data->d_buf;
    size_t at = 0, next, name, text;
    GElf_Nhdr head;

    while ((next = gelf_getnote(data, at, &head, &name, &text)) > 0) {
        take(notes, &head, bytes + name, (const unsigned char *)bytes + text);
        at = next;
    }
}
