/* SPDX-License-Identifier: MIT */
/*
 * core_file.c - is this file a core?
 *
 * Cores come compressed, cut off by a limit or a full disk, from other machines; and what is given may
 * be something else altogether. Each of these has a sentence.
 */
#include "detector/cli/attach/core_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct packing {
    const char *magic;
    size_t length;
    const char *unpack;
} packings[] = {
    {"\x28\xb5\x2f\xfd", 4, "zstd -d"},
    {"\x04\x22\x4d\x18", 4, "lz4 -d"},
    {"\xfd"
     "7zXZ",
     5, "xz -dk"},
    {"\x1f\x8b", 2, "gzip -dk"},
};

static const char *what_it_is(struct pool *pool, int fd, const char *path)
{
    char start[8] = "";

    if (pread(fd, start, sizeof(start), 0) < 4)
        return pool_printf(pool, "%s: not a core: it is too short", path);
    for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++)
        if (memcmp(start, packings[i].magic, packings[i].length) == 0)
            return pool_printf(pool,
                               "%s is compressed. Unpack it first: %s %s (or coredumpctl dump PID "
                               "--output=core)",
                               path, packings[i].unpack, path);
    return pool_printf(pool, "%s: not a core: it is no ELF file", path);
}

static bool is_of_this_machine(const GElf_Ehdr *header)
{
    GElf_Ehdr own;
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    Elf *elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
    bool same = elf == NULL || gelf_getehdr(elf, &own) == NULL ||
                (own.e_machine == header->e_machine &&
                 own.e_ident[EI_CLASS] == header->e_ident[EI_CLASS]);

    elf_end(elf);
    if (fd >= 0)
        close(fd);
    return same;
}

static const char *check_header(struct core_file *file, struct pool *pool)
{
    GElf_Ehdr header;

    if (elf_kind(file->elf) != ELF_K_ELF || gelf_getehdr(file->elf, &header) == NULL)
        return what_it_is(pool, file->fd, file->path);
    if (header.e_type != ET_CORE)
        return pool_printf(pool, "%s: not a core: it is a program or a library", file->path);
    if (!is_of_this_machine(&header))
        return pool_printf(pool, "%s: this core is of another kind of processor", file->path);
    if (elf_getphdrnum(file->elf, &file->segment_count) != 0)
        file->segment_count = 0;
    return NULL;
}

/* Leaves out what cannot be read. */
static void read_segments(struct core_file *file, struct pool *pool)
{
    size_t count = 0;

    file->segments = pool_array(pool, file->segment_count, sizeof(*file->segments));
    for (size_t i = 0; i < file->segment_count; i++) {
        GElf_Phdr *p = &file->segments[count];

        if (gelf_getphdr(file->elf, (int)i, p) == NULL)
            break;
        if (p->p_filesz > UINT64_MAX / 2 || p->p_offset > UINT64_MAX / 2)
            continue;
        if (p->p_offset + p->p_filesz > file->wanted)
            file->wanted = p->p_offset + p->p_filesz;
        count++;
    }
    file->cut_off = count < file->segment_count || file->wanted > file->size;
    file->segment_count = count;
}

const char *core_file_open(struct core_file *file, struct pool *pool, const char *path)
{
    const char *error;
    struct stat st;

    elf_version(EV_CURRENT);
    *file = (struct core_file){.path = path, .fd = open(path, O_RDONLY | O_CLOEXEC)};
    if (file->fd < 0 || fstat(file->fd, &st) != 0)
        return pool_printf(pool, "%s: %s", path, strerror(errno));
    file->size = (uint64_t)st.st_size;
    file->elf = elf_begin(file->fd, ELF_C_READ, NULL);
    error = !S_ISREG(st.st_mode) ? pool_printf(pool, "%s: not a core: it is no file", path)
            : file->elf == NULL  ? what_it_is(pool, file->fd, path)
                                 : check_header(file, pool);
    if (error == NULL) {
        read_segments(file, pool);
        return NULL;
    }
    elf_end(file->elf);
    close(file->fd);
    return error;
}

Elf_Data *core_file_notes(const struct core_file *file, size_t segment)
{
    const GElf_Phdr *p = &file->segments[segment];
    uint64_t size = p->p_filesz;

    if (p->p_type != PT_NOTE || p->p_offset >= file->size)
        return NULL;
    if (size > file->size - p->p_offset)
        size = file->size - p->p_offset;
    return elf_getdata_rawchunk(file->elf, (int64_t)p->p_offset, size,
                                p->p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
}
