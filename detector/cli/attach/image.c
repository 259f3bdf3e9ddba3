/* SPDX-License-Identifier: MIT */
/*
 * image.c - what an image of a process and one of a core have in common
 */
#include "detector/cli/attach/image.h"

#include <string.h>

#include "detector/cli/attach/calls.h"
#include "detector/cli/attach/image_source.h"
#include "detector/cli/attach/unwind.h"
#include "detector/cli/base/path.h"

bool image_read(const struct image *image, uint64_t address, void *to, size_t size)
{
    return address != 0 && address + size >= address && image->source != NULL &&
           image->source->read(image, address, to, size);
}

const struct mapping *image_mapping_at(const struct image *image, uint64_t address)
{
    const struct image_source *source = image->source;
    size_t low = 0, high = source->mapping_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct mapping *m = &source->mappings[middle];

        if (address < m->start)
            high = middle;
        else if (address >= m->end)
            low = middle + 1;
        else
            return m;
    }
    return NULL;
}

long image_call(const struct image *image, long call, uint64_t pc)
{
    unsigned char code[CALL_CODE];

    return image_read(image, pc - sizeof(code), code, sizeof(code))
               ? call_number(call, code, sizeof(code))
               : call;
}

void image_warn(struct image *image, const char *text)
{
    image->warning = image->warning == NULL
                         ? text
                         : pool_printf(&image->pool, "%s\n%s", image->warning, text);
}

static bool has_module(const struct image *image, const char *start)
{
    for (size_t i = 0; i < image->module_count; i++)
        if (strncmp(path_base(image->modules[i].path), start, strlen(start)) == 0)
            return true;
    return false;
}

/*
 * A static program names no library. Then its first thread's control block tells: on x86-64 word 0 is
 * its own address in both, and glibc has it a second time, in word 2.
 */
enum image_libc image_libc_of(const struct image *image)
{
    uint64_t block, words[3];

    if (has_module(image, "ld-musl") || has_module(image, "libc.musl"))
        return IMAGE_MUSL;
    if (has_module(image, "libc.so.6") || has_module(image, "libc-2."))
        return IMAGE_GLIBC;
    for (size_t i = 0; i < image->thread_count; i++) {
        block = image->threads[i].thread_pointer;
        if (!image_read(image, block, words, sizeof(words)) || words[0] != block)
            continue;
        return words[2] == block ? IMAGE_GLIBC : IMAGE_MUSL;
    }
    return IMAGE_OTHER_LIBC;
}

void image_close(struct image *image)
{
    if (image->source != NULL) {
        unwinder_close(image->source->unwinder);
        if (image->source->close != NULL)
            image->source->close(image);
    }
    image->source = NULL;
    pool_free(&image->pool);
}
