/* SPDX-License-Identifier: MIT */
/*
 * elf_check.h - does this ELF file use a loader that lets the library in?
 *
 * Layer:    detector/cli/base
 * Memory:   none
 * Locking:  none
 * Errors:   ELF_BROKEN for what cannot be read
 */
#ifndef CLI_ELF_CHECK_H
#define CLI_ELF_CHECK_H

enum elf_kind {
    ELF_WATCHABLE,
    ELF_STATIC,  /* names no loader */
    ELF_MUSL,    /* names musl's, whose pthreads are others */
    ELF_FOREIGN, /* another class or machine than ours */
    ELF_BROKEN,
};

enum elf_kind elf_check(const char *path);

#endif
