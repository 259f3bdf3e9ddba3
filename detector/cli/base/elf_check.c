/* SPDX-License-Identifier: MIT */
/*
 * elf_check.c - does this ELF file use a loader that lets the library in?
 *
 * The program header PT_INTERP names the loader. What the file must match is read from the command's
 * own file: the library was built for the same machine.
 */
#include "detector/cli/base/elf_check.h"

#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

struct machine {
    int class, machine;
};

static Elf *open_elf(const char *path, int *fd, struct machine *m)
{
    GElf_Ehdr header;
    Elf *elf;

    elf_version(EV_CURRENT);
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    if (*fd < 0)
        return NULL;
    elf = elf_begin(*fd, ELF_C_READ, NULL);
    if (elf == NULL || gelf_getehdr(elf, &header) == NULL) {
        elf_end(elf);
        close(*fd);
        return NULL;
    }
    m->class = gelf_getclass(elf);
    m->machine = header.e_machine;
    return elf;
}

static struct machine own_machine(void)
{
    struct machine m = {ELFCLASSNONE, EM_NONE};
    int fd;
    Elf *elf = open_elf("/proc/self/exe", &fd, &m);

    if (elf != NULL) {
        elf_end(elf);
        close(fd);
    }
    return m;
}

static enum elf_kind kind_of_loader(int fd, const GElf_Phdr *segment)
{
    char loader[PATH_MAX];
    size_t length = segment->p_filesz < sizeof(loader) ? segment->p_filesz : sizeof(loader) - 1;

    if (pread(fd, loader, length, (off_t)segment->p_offset) != (ssize_t)length)
        return ELF_BROKEN;
    loader[length] = '\0';
    return strstr(loader, "ld-musl") != NULL ? ELF_MUSL : ELF_WATCHABLE;
}

static enum elf_kind kind_of(Elf *elf, int fd)
{
    size_t count;

    if (elf_getphdrnum(elf, &count) != 0 || count == 0)
        return ELF_BROKEN;
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr segment;

        if (gelf_getphdr(elf, (int)i, &segment) == NULL)
            return ELF_BROKEN;
        if (segment.p_type == PT_INTERP)
            return kind_of_loader(fd, &segment);
    }
    return ELF_STATIC;
}

enum elf_kind elf_check(const char *path)
{
    struct machine own = own_machine(), m;
    enum elf_kind kind;
    int fd;
    Elf *elf = open_elf(path, &fd, &m);

    if (elf == NULL)
        return ELF_BROKEN;
    if (own.machine != EM_NONE && (m.class != own.class || m.machine != own.machine))
        kind = ELF_FOREIGN;
    else
        kind = kind_of(elf, fd);
    elf_end(elf);
    close(fd);
    return kind;
}
