/* SPDX-License-Identifier: MIT */
/*
 * call_target.c - which function was called here?
 *
 * Most of libc's blocking functions end by jumping to an inner one (sem_wait() to __new_sem_wait_slow64(),
 * pthread_join() to __pthread_clockjoin_ex()), so they have no frame, and the inner one has a name only
 * where libc's debug symbols are installed. But the call instruction still says whom the caller wanted:
 *
 * 1. `call rel32`: the function itself, or its entry in the procedure linkage table.
 * 2. Such an entry jumps to where a slot of the global offset table points; the loader has filled it, since
 *    the call was made. Code built with -fno-plt calls through the slot.
 *
 * Encodings: Intel 64 manual, volume 2, CALL and JMP; the entries: System V ABI for x86-64, 5.2.
 */
#include "detector/cli/attach/call_target.h"

#include <string.h>

#ifdef __x86_64__

/* The 32-bit displacement at the end of an instruction counts from behind it. */
static uint64_t relative(const unsigned char *end, uint64_t behind)
{
    int32_t distance;

    memcpy(&distance, end - sizeof(distance), sizeof(distance));
    return behind + (uint64_t)(int64_t)distance;
}

static uint64_t word_at(const struct image *image, uint64_t address)
{
    uint64_t word;

    return image_read(image, address, &word, sizeof(word)) ? word : 0;
}

/* Where the linkage table's entry at `address` leads; `address` itself if it is none. */
static uint64_t behind_linkage(const struct image *image, uint64_t address)
{
    static const unsigned char landing[] = {0xf3, 0x0f, 0x1e, 0xfa}; /* endbr64 */
    unsigned char code[16];
    size_t at = 0;

    if (!image_read(image, address, code, sizeof(code)))
        return address;
    if (memcmp(code, landing, sizeof(landing)) == 0)
        at = sizeof(landing);
    at += code[at] == 0xf2; /* bnd */
    if (code[at] != 0xff || code[at + 1] != 0x25)
        return address;
    return word_at(image, relative(code + at + 6, address + at + 6));
}

uint64_t call_target(const struct image *image, uint64_t return_address)
{
    unsigned char code[6];

    if (return_address < sizeof(code) ||
        !image_read(image, return_address - sizeof(code), code, sizeof(code)))
        return 0;
    if (code[1] == 0xe8)
        return behind_linkage(image, relative(code + 6, return_address));
    if (code[0] == 0xff && code[1] == 0x15)
        return word_at(image, relative(code + 6, return_address));
    return 0;
}

#else

uint64_t call_target(const struct image *image, uint64_t return_address)
{
    (void)image, (void)return_address;
    return 0;
}

#endif
