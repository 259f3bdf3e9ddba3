/* SPDX-License-Identifier: MIT */
/*
 * Is there another copy of the library in the program?
 *
 * The kernel says where the program's headers are. A note among them is the mark of a copy; a
 * segment that this very function lies in says that the copy is this one.
 */
#include "detector/interpose/embedded.h"

#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <string.h>
#include <sys/auxv.h>

static uintptr_t round_up(uintptr_t bytes)
{
    return (bytes + 3) & ~(uintptr_t)3;
}

static bool has_mark(uintptr_t at, uintptr_t end)
{
    while (end - at >= sizeof(ElfW(Nhdr))) {
        const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
        uintptr_t bytes = sizeof *note + round_up(note->n_namesz) + round_up(note->n_descsz);

        if (bytes > end - at)
            return false;
        if (note->n_namesz == sizeof EMBEDDED_NAME &&
            !memcmp(note + 1, EMBEDDED_NAME, sizeof EMBEDDED_NAME))
            return true;
        at += bytes;
    }
    return false;
}

bool embedded_elsewhere(void)
{
    const ElfW(Phdr) *headers = (const ElfW(Phdr) *)getauxval(AT_PHDR);
    unsigned long count = headers ? getauxval(AT_PHNUM) : 0;
    uintptr_t here = (uintptr_t)embedded_elsewhere, base = 0;
    bool marked = false, inside = false;

    for (unsigned long i = 0; i < count; i++)
        if (headers[i].p_type == PT_PHDR)
            base = (uintptr_t)headers - headers[i].p_vaddr;
    for (unsigned long i = 0; i < count; i++) {
        uintptr_t start = base + headers[i].p_vaddr;

        if (headers[i].p_type == PT_NOTE)
            marked |= has_mark(start, start + headers[i].p_memsz);
        if (headers[i].p_type == PT_LOAD)
            inside |= here - start < headers[i].p_memsz;
    }
    return marked && !inside;
}
