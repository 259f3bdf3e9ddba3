/* SPDX-License-Identifier: MIT */
/*
 * core_program.c - are the files that a core names still the same?
 *
 * A core has the first page of each ELF file that was mapped, and in it the build-id. A file that has
 * another one now would give wrong names and wrong stacks, which is worse than none.
 */
#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detector/cli/attach/core_file.h"
#include "detector/cli/base/path.h"
#include "detector/cli/base/status.h"

enum { MOST_ID = 64, HEAD = 4096 };

struct build_id {
    unsigned char bytes[MOST_ID];
    size_t size; /* 0: none, or unknown */
};

static struct build_id id_of(Elf *elf)
{
    struct build_id id = {.size = 0};
    const void *bytes;
    ssize_t size = elf == NULL ? -1 : dwelf_elf_gnu_build_id(elf, &bytes);

    if (size > 0 && size <= MOST_ID) {
        memcpy(id.bytes, bytes, (size_t)size);
        id.size = (size_t)size;
    }
    return id;
}

static struct build_id id_of_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    Elf *elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
    struct build_id id = id_of(elf);

    elf_end(elf);
    if (fd >= 0)
        close(fd);
    return id;
}

/* Of the ELF file that was mapped at `start`. Its section headers are not in memory: only the program
 * headers are asked. */
static struct build_id id_in_memory(const struct image *image, uint64_t start)
{
    struct build_id id = {.size = 0};
    char head[HEAD];
    GElf_Ehdr *header = (GElf_Ehdr *)head;
    Elf *elf;

    if (!image_read(image, start, head, sizeof(head)) || memcmp(head, ELFMAG, SELFMAG) != 0)
        return id;
    header->e_shoff = 0;
    header->e_shnum = header->e_shstrndx = 0;
    elf = elf_memory(head, sizeof(head));
    id = id_of(elf);
    elf_end(elf);
    return id;
}

static bool differ(const struct build_id *a, const struct build_id *b)
{
    return a->size != b->size || memcmp(a->bytes, b->bytes, a->size) != 0;
}

/* Looks at the file of a mapping at offset 0. NULL if it can be used, else why not. */
static const char *objection(struct image *image, const struct mapping *m, const char *file)
{
    struct build_id then = id_in_memory(image, m->start), now;

    if (access(file, R_OK) != 0)
        return pool_printf(&image->pool, "%s cannot be read: frames in it have no names", file);
    now = id_of_file(file);
    if (then.size != 0 && now.size != 0 && differ(&then, &now))
        return pool_printf(&image->pool,
                           "%s has changed since this core was made (another build-id): frames in "
                           "it have no names",
                           file);
    return NULL;
}

/* The first mapping of this path. */
static struct mapping *first_of(struct image_source *s, const char *path)
{
    for (size_t i = 0; i < s->mapping_count; i++)
        if (strcmp(s->mappings[i].path, path) == 0)
            return &s->mappings[i];
    return NULL;
}

static void use_file(struct image_source *s, const char *path, const char *file)
{
    for (size_t i = 0; i < s->mapping_count; i++)
        if (strcmp(s->mappings[i].path, path) == 0)
            s->mappings[i].file = file;
}

static bool is_code(const struct image_source *s, const char *path)
{
    for (size_t i = 0; i < s->mapping_count; i++)
        if (s->mappings[i].executable && strcmp(s->mappings[i].path, path) == 0)
            return true;
    return false;
}

static int use_given(struct image *image, const struct mapping *program, const char *given)
{
    const char *wrong;

    if (access(given, R_OK) != 0) {
        image->error = pool_printf(&image->pool, "%s cannot be read", given);
        return STATUS_USAGE;
    }
    wrong = objection(image, program, given);
    if (wrong == NULL) {
        char *absolute = realpath(given, NULL);

        use_file(image->source, program->path,
                 pool_copy(&image->pool, absolute != NULL ? absolute : given));
        free(absolute);
        return STATUS_OK;
    }
    image->error = pool_printf(&image->pool,
                               "%s is not the program of this core, which is %s (their build-ids "
                               "differ)",
                               given, program->path);
    return STATUS_USAGE;
}

static void use_named(struct image *image, const struct mapping *m, bool program)
{
    const char *wrong = objection(image, m, m->path);

    if (wrong == NULL)
        use_file(image->source, m->path, m->path);
    else if (is_code(image->source, m->path))
        image_warn(image, program ? pool_printf(&image->pool,
                                                "%s. Give the right program: gridlock core FILE "
                                                "PROGRAM",
                                                wrong)
                                  : wrong);
}

int core_find_files(struct image *image, uint64_t program, const char *given)
{
    struct image_source *s = image->source;
    const struct mapping *main_file = image_mapping_at(image, program);
    int status = STATUS_OK;

    if (main_file != NULL && main_file->path[0] == '/')
        image->executable = main_file->path;
    for (size_t i = 0; i < s->mapping_count && status == STATUS_OK; i++) {
        struct mapping *m = &s->mappings[i];
        bool is_program = image->executable != NULL && strcmp(m->path, image->executable) == 0;

        if (m->path[0] != '/' || m != first_of(s, m->path))
            continue;
        if (is_program && given != NULL)
            status = use_given(image, m, given);
        else
            use_named(image, m, is_program);
    }
    return status;
}
