/* SPDX-License-Identifier: MIT */
#include "tests/unit/fake_image.h"

#include <linux/futex.h>
#include <sys/syscall.h>

#include "detector/cli/attach/image_source.h"

enum { MOST_THREADS = 16, MOST_FRAMES = 16, MOST_PIECES = 16, NAME = 48 };

static struct image_source source;
static struct image image;
static struct module_range code = {
    .path = "/bin/fake", .start = FAKE_CODE, .end = FAKE_CODE + 0x100};
static struct image_thread threads[MOST_THREADS];
static struct image_frame frames_of[MOST_THREADS][MOST_FRAMES];
static char names[MOST_THREADS][MOST_FRAMES][NAME];

static struct {
    const char *start;
    size_t size;
} pieces[MOST_PIECES];
static size_t piece_count;

static bool read_memory(const struct image *of, uint64_t address, void *to, size_t size)
{
    (void)of;
    for (size_t i = 0; i < piece_count; i++) {
        uint64_t start = (uint64_t)(uintptr_t)pieces[i].start;

        if (address >= start && address + size <= start + pieces[i].size) {
            memcpy(to, pieces[i].start + (address - start), size);
            return true;
        }
    }
    return false;
}

struct image *fake_image(void)
{
    source = (struct image_source){.read = read_memory};
    image = (struct image){.pid = 1,
                           .process = "fake",
                           .libc = IMAGE_GLIBC,
                           .threads = threads,
                           .modules = &code,
                           .module_count = 1,
                           .source = &source};
    piece_count = 0;
    return &image;
}

void fake_memory(const void *memory, size_t size)
{
    assert_true(piece_count < MOST_PIECES);
    pieces[piece_count].start = memory;
    pieces[piece_count++].size = size;
}

static void add_frames(struct image_thread *thread, size_t number, const char *text)
{
    const char *module = "/lib/libc.so.6";

    thread->frames = frames_of[number];
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        struct image_frame *frame = &thread->frames[thread->frame_count];

        if (*text == '|') {
            module = "/bin/fake";
        } else {
            assert_true(thread->frame_count < MOST_FRAMES && length < NAME);
            memcpy(names[number][thread->frame_count], text, length);
            names[number][thread->frame_count][length] = '\0';
            *frame = (struct image_frame){.pc = FAKE_CODE + thread->frame_count,
                                          .function = names[number][thread->frame_count],
                                          .module = module};
            if (strcmp(frame->function, "?") == 0)
                frame->function = NULL;
            thread->frame_count++;
        }
        text += length + strspn(text + length, " ");
    }
}

struct image_thread *fake_thread(struct image *of, int tid, const char *frames)
{
    struct image_thread *thread = &of->threads[of->thread_count];

    assert_true(of->thread_count < MOST_THREADS);
    *thread = (struct image_thread){.tid = tid,
                                    .inner_tid = tid,
                                    .name = "fake",
                                    .state = 'S',
                                    .call = -1,
                                    .switches = 1,
                                    .exact = true};
    add_frames(thread, of->thread_count++, frames);
    return thread;
}

void fake_futex(struct image_thread *thread, const void *word, int operation, uint32_t expected,
                bool timed)
{
    thread->call = SYS_futex;
    thread->arguments[0] = (uint64_t)(uintptr_t)word;
    thread->arguments[1] = (uint64_t)operation;
    thread->arguments[2] = expected;
    thread->arguments[3] = timed ? 0x7000 : 0;
}
