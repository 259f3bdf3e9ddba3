/* SPDX-License-Identifier: MIT */
/*
 * area.c - which whole lines are there in a findings area?
 *
 * 1. The writers reserve room by raising header.used, then copy a line with its '\n' last. Bytes that
 *    are reserved and not yet written are NUL.
 * 2. While the program lives, a NUL means "not yet": stop and come back.
 * 3. When it has ended, a NUL means "never": the line was torn by a kill. Count it, and go on at the
 *    next '{'.
 * The file is read, not mapped: a program that truncates it must not take the command down.
 *
 * Invariant: at <= length <= capacity; text[0..at) has been given out.
 */
#include "detector/cli/base/area.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "detector/report/findings_area.h"

static const size_t most_bytes = (size_t)1024 * 1024 * 1024;

bool area_create(const char *path)
{
    struct findings_header header = {.magic = FINDINGS_MAGIC, .size = FINDINGS_AREA_BYTES};
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), error;

    if (fd < 0)
        return false;
    /* fchmod: whatever the umask is, a program that changes its user must still be able to write. */
    error = posix_fallocate(fd, 0, FINDINGS_AREA_BYTES);
    if (error == 0 && (fchmod(fd, 0666) != 0 || pwrite(fd, &header, sizeof(header), 0) < 0))
        error = errno;
    close(fd);
    errno = error;
    return error == 0;
}

static bool make_room(struct area *area, size_t bytes)
{
    size_t capacity = area->capacity == 0 ? 64 * 1024 : area->capacity;
    char *bigger;

    while (capacity < bytes)
        capacity *= 2;
    if (capacity == area->capacity)
        return true;
    if (bytes > most_bytes || (bigger = realloc(area->text, capacity)) == NULL)
        return false;
    area->text = bigger;
    area->capacity = capacity;
    return true;
}

/* Everything from the current place of the file to its end. */
static const char *read_rest(struct area *area)
{
    ssize_t got;

    do {
        if (!make_room(area, area->length + 64 * 1024))
            return "too long";
        got = read(area->fd, area->text + area->length, area->capacity - area->length);
        if (got > 0)
            area->length += (size_t)got;
    } while (got > 0 || (got < 0 && errno == EINTR));
    return got < 0 ? strerror(errno) : NULL;
}

void area_refresh(struct area *area)
{
    struct findings_header header;
    struct stat st;
    size_t used, most;
    ssize_t got;

    if (pread(area->fd, &header, sizeof(header), 0) != (ssize_t)sizeof(header) ||
        fstat(area->fd, &st) != 0)
        return;
    /* The header lies in the program's memory: believe the file's size, not what it says. */
    most = st.st_size > (off_t)sizeof(header) ? (size_t)st.st_size - sizeof(header) : 0;
    used = header.used < most ? header.used : most;
    area->dropped = header.dropped;
    if (used <= area->at || !make_room(area, used))
        return;
    got = pread(area->fd, area->text + area->at, used - area->at,
                (off_t)(sizeof(header) + area->at));
    area->length = area->at + (got > 0 ? (size_t)got : 0);
}

void area_leave(const struct area *area, const char *path)
{
    const uint32_t words[2] = {1, (uint32_t)area->at}; /* reader_left, taken */
    const size_t from = offsetof(struct findings_header, reader_left);
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return; /* then a daemon's findings stay unread: nothing else is lost */
    if (pwrite(fd, words, sizeof words, (off_t)from) < 0)
        perror("gridlock: cannot leave the findings area");
    close(fd);
}

const char *area_watch(struct area *area, const char *path)
{
    *area = (struct area){.raw = true, .fd = open(path, O_RDONLY | O_CLOEXEC)};
    return area->fd < 0 ? strerror(errno) : NULL;
}

/* Cuts the header off, if there is one. */
static const char *take_header(struct area *area)
{
    struct findings_header header;
    size_t text;

    if (area->length < sizeof(header.magic) ||
        memcmp(area->text, FINDINGS_MAGIC, sizeof(header.magic)) != 0)
        return NULL;
    if (area->length < sizeof(header))
        return "it ends within its header";
    area->raw = true;
    memcpy(&header, area->text, sizeof(header));
    area->dropped = header.dropped;
    text = area->length - sizeof(header);
    memmove(area->text, area->text + sizeof(header), text);
    area->length = header.used < text ? header.used : text;
    area->torn += header.used > text && header.dropped == 0;
    return NULL;
}

const char *area_load(struct area *area, const char *path)
{
    struct stat st;
    const char *error;

    *area = (struct area){.fd = -1};
    area->fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (area->fd < 0)
        return strerror(errno);
    if (fstat(area->fd, &st) == 0 && S_ISDIR(st.st_mode))
        return strerror(EISDIR);
    error = read_rest(area);
    return error != NULL ? error : take_header(area);
}

/* Steps over what a killed writer left. */
static void skip_hole(struct area *area, size_t hole)
{
    size_t at = hole;

    if (hole > area->at)
        area->torn++;
    while (at < area->length && area->text[at] == '\0')
        at++;
    /* A line that starts in the middle: its beginning was overwritten by nothing. */
    if (at < area->length && area->text[at] != '{') {
        const char *next = memchr(area->text + at, '\n', area->length - at);

        area->torn++;
        at = next == NULL ? area->length : (size_t)(next - area->text) + 1;
    }
    area->at = at;
}

bool area_next(struct area *area, bool finished, const char **line, size_t *length)
{
    while (area->at < area->length) {
        char *start = area->text + area->at;
        size_t left = area->length - area->at;
        char *end = memchr(start, '\n', left), *hole;

        hole = memchr(start, '\0', end == NULL ? left : (size_t)(end - start));
        if (end != NULL && hole == NULL) {
            area->at += (size_t)(end - start) + 1;
        } else if (!finished) {
            return false;
        } else if (hole == NULL && !area->raw) {
            end = start + left; /* the last line of a file may lack its end */
            area->at = area->length;
        } else {
            skip_hole(area, hole == NULL ? area->length : (size_t)(hole - area->text));
            continue;
        }
        area->line++;
        *line = start;
        *length = (size_t)(end - start);
        return true;
    }
    return false;
}

void area_close(struct area *area)
{
    if (area->fd >= 0)
        close(area->fd);
    free(area->text);
    *area = (struct area){.fd = -1};
}
