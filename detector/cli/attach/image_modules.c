/* SPDX-License-Identifier: MIT */
/*
 * image_modules.c - which ELF files lie where in the address space?
 *
 * 1. Pieces of one file that follow each other are one module, from its start (file offset 0) on.
 *    A library that was loaded twice begins again at offset 0.
 * 2. Something of it must be executable: a font that is mapped is no module, nor is an ELF file that
 *    somebody reads.
 * 3. Its end is what its program headers say, so that .bss is in, which is no file.
 */
#include "detector/cli/attach/image_modules.h"

#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "detector/cli/attach/image_source.h"

/* How many bytes of the address space the file takes, counted from its first page; 0: no ELF file. */
static uint64_t extent_of(Elf *elf)
{
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), low = UINT64_MAX, high = 0;
    size_t count;

    if (elf_getphdrnum(elf, &count) != 0)
        return 0;
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr segment;

        if (gelf_getphdr(elf, (int)i, &segment) == NULL || segment.p_type != PT_LOAD)
            continue;
        if (low > (segment.p_vaddr & ~(page - 1)))
            low = segment.p_vaddr & ~(page - 1);
        if (high < segment.p_vaddr + segment.p_memsz)
            high = segment.p_vaddr + segment.p_memsz;
    }
    return high > low ? (high - low + page - 1) & ~(page - 1) : 0;
}

static uint64_t file_extent(const char *file)
{
    int fd = file == NULL ? -1 : open(file, O_RDONLY | O_CLOEXEC);
    uint64_t extent;
    Elf *elf;

    if (fd < 0)
        return 0;
    elf_version(EV_CURRENT);
    elf = elf_begin(fd, ELF_C_READ, NULL);
    extent = extent_of(elf);
    elf_end(elf);
    close(fd);
    return extent;
}

static bool same_file(const struct mapping *a, const struct mapping *b)
{
    return strcmp(a->path, b->path) == 0;
}

/* The pieces [from, *behind) belong together. Returns whether one of them is executable. */
static bool group(const struct image_source *s, size_t from, size_t *behind)
{
    const struct mapping *first = &s->mappings[from], *last = first;
    bool executable = first->executable;
    size_t i;

    *behind = from + 1;
    for (i = from + 1; i < s->mapping_count; i++) {
        const struct mapping *m = &s->mappings[i];

        if (m->path[0] != '/')
            continue;
        if (!same_file(first, m) || m->offset <= last->offset)
            break;
        executable |= m->executable;
        last = m;
        *behind = i + 1;
    }
    return executable;
}

static void add_module(struct image *image, const struct mapping *first, const struct mapping *last)
{
    uint64_t extent = file_extent(first->file), end = first->start + extent;

    if (extent == 0)
        return;
    image->modules[image->module_count++] = (struct module_range){
        .path = first->path,
        .file = strcmp(first->file, first->path) == 0 ? NULL : first->file,
        .start = first->start,
        .end = end > last->end ? end : last->end,
    };
}

void image_find_modules(struct image *image)
{
    const struct image_source *s = image->source;
    size_t behind;

    image->modules = pool_array(&image->pool, s->mapping_count + 1, sizeof(*image->modules));
    for (size_t i = 0; i < s->mapping_count; i = behind) {
        behind = i + 1;
        if (s->mappings[i].path[0] == '/' && s->mappings[i].offset == 0 && group(s, i, &behind))
            add_module(image, &s->mappings[i], &s->mappings[behind - 1]);
    }
}

const struct module_range *image_module_at(const struct image *image, uint64_t address)
{
    for (size_t i = 0; i < image->module_count; i++)
        if (address >= image->modules[i].start && address < image->modules[i].end)
            return &image->modules[i];
    return NULL;
}
