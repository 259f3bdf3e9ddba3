/* SPDX-License-Identifier: MIT */
/*
 * findings_area.h - the file in memory through which findings leave the program
 *
 * Layer:    detector/report; shared with detector/cli
 * Memory:   one mapped file, made by the command (or by the library itself without it)
 * Locking:  writers reserve with one atomic addition; nobody waits
 * Errors:   a line that does not fit is counted in `dropped`
 *
 * Behind the header stand JSON Lines. A writer reserves its line's bytes in `used`, then copies
 * the line, its newline last; bytes not written yet are NUL. A mapping outlives closed file
 * descriptors, chroot and a changed user, and what was written outlives a killed process.
 */
#ifndef GRIDLOCK_REPORT_FINDINGS_AREA_H
#define GRIDLOCK_REPORT_FINDINGS_AREA_H

#include <stdint.h>

#define FINDINGS_MAGIC "GRIDLK1\n"

enum { FINDINGS_AREA_BYTES = 1024 * 1024 };

struct findings_header {
    char magic[8];
    uint32_t size;            /* bytes of the file, header included */
    _Atomic uint32_t used;    /* bytes reserved behind the header; may exceed what fits */
    _Atomic uint32_t dropped; /* lines that did not fit */
    uint32_t reader_left;     /* the command has ended: a process that lives on shows its own */
    uint32_t taken;           /* bytes of text that were shown by then */
    char version[16];         /* of the library that writes; it is its command's */
    uint32_t layout;          /* what it made out of glibc's locks: findings_layout */
    _Atomic uint32_t first_process; /* its id; 0: none has begun yet */
    _Atomic uint32_t several;       /* not 0: other processes have begun too */
    uint32_t reserved[2];
};

/* Set when the library has looked; the others when its own locks looked as it knows them. */
enum findings_layout { LAYOUT_TRIED = 1, LAYOUT_MUTEX = 2, LAYOUT_RWLOCK = 4 };

#endif
