/* SPDX-License-Identifier: MIT */
/*
 * embedded.h - does the program have another copy of the library in itself?
 *
 * Layer:    detector/interpose
 * Memory:   none
 * Locking:  none
 * Errors:   none
 *
 * A program that was linked with libgridlock.a and is run by `gridlock run` has the library twice.
 * The one in the program knows its channels, so the other one steps aside.
 */
#ifndef GRIDLOCK_INTERPOSE_EMBEDDED_H
#define GRIDLOCK_INTERPOSE_EMBEDDED_H

#include <stdbool.h>
#include <stdint.h>

/* The mark of such a program, as the ELF format lays out a note. */
#define EMBEDDED_SECTION ".note.gridlock"
#define EMBEDDED_NAME    "Gridlock"

struct embedded_mark {
    uint32_t name_bytes, description_bytes, type;
    char name[12]; /* padded to a multiple of four */
};

/* True: the program has a copy, and this is not it. */
bool embedded_elsewhere(void);

#endif
