/* SPDX-License-Identifier: MIT */
/*
 * area.h - the lines of a findings area, or of a file of JSON Lines
 *
 * Layer:    detector/cli/base
 * Memory:   lines stay valid until the next call for the same area
 * Locking:  none; a watched program may append at the same time
 * Errors:   texts for what cannot be opened; damage behind the header is counted
 */
#ifndef CLI_AREA_H
#define CLI_AREA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct area {
    int fd;
    bool raw;         /* a findings area, not plain lines */
    char *text;       /* what has been read behind the header */
    size_t length;    /* bytes of it */
    size_t at;        /* where the next line starts */
    size_t capacity;  /* of text */
    int line;         /* number of the last line given out, from 1 */
    size_t torn;      /* lines that were never finished */
    uint32_t dropped; /* lines that did not fit, as the writers counted */
};

/* Makes a new empty findings area that any user may write. False: errno tells. */
bool area_create(const char *path);

/* Opens an area that a program is writing to. NULL if it is open, else what is wrong. */
const char *area_watch(struct area *area, const char *path);

/* Takes in what was written to a watched area since the last look. */
void area_refresh(struct area *area);

/* Tells the programs that write to a watched area that nobody reads it any more. */
void area_leave(const struct area *area, const char *path);

/* Takes in a whole file, area or lines; "-" is the standard input. NULL, or what is wrong. */
const char *area_load(struct area *area, const char *path);

/* The next whole line, without its end. `finished`: no writer is left, so that holes are skipped. */
bool area_next(struct area *area, bool finished, const char **line, size_t *length);

void area_close(struct area *area);

#endif
