/* SPDX-License-Identifier: MIT */
/*
 * show.c - prints an image, for tests: show PID | show FILE [PROGRAM]
 *
 * A line a thread, a line a frame. `show PID again` looks twice and says who has not run in between.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "detector/cli/attach/image.h"
#include "detector/cli/base/path.h"

static void show_thread(const struct image *image, const struct image_thread *t)
{
    printf("thread %d inner %d %s state %c call %ld exact %d frames %zu pointer %s\n", t->tid,
           t->inner_tid, t->name, t->state, t->call, t->exact, t->frame_count,
           t->thread_pointer != 0 ? "known" : "unknown");
    for (size_t i = 0; i < t->frame_count; i++) {
        const struct image_frame *f = &t->frames[i];
        unsigned char byte;

        printf("    #%zu %lx %s %s %s%s\n", i, f->pc, f->function == NULL ? "?" : f->function,
               f->module == NULL ? "?" : path_base(f->module), f->cfa != 0 ? "cfa" : "-",
               image_read(image, f->cfa, &byte, 1) ? "" : " unreadable");
    }
}

static void show(const struct image *image)
{
    static const char *const libcs[] = {"glibc", "musl", "other"};

    printf("process %d %s threads %zu modules %zu libc %s traced %d stopped %zu longest %.3f ms\n",
           image->pid, image->process, image->thread_count, image->module_count, libcs[image->libc],
           image->traced_by, image->stopped, (double)image->longest_stop_ns / 1e6);
    if (image->warning != NULL)
        printf("warning %s\n", image->warning);
    for (size_t i = 0; i < image->thread_count; i++)
        show_thread(image, &image->threads[i]);
}

static void show_again(const struct image *first)
{
    const struct timespec pause = {0, 250 * 1000 * 1000};
    struct image second;

    nanosleep(&pause, NULL);
    if (image_again(&second, first) != 0)
        printf("gone: %s\n", second.error);
    for (size_t i = 0; i < second.thread_count && i < first->thread_count; i++)
        printf("again %d %s\n", second.threads[i].tid,
               second.threads[i].switches == first->threads[i].switches ? "stood" : "ran");
    printf("again stopped %zu\n", second.stopped);
    image_close(&second);
}

int main(int argc, char **argv)
{
    struct image image;
    int status = argc < 2 ? 2
                 : isdigit((unsigned char)argv[1][0])
                     ? image_of_process(&image, atoi(argv[1]))
                     : image_of_core(&image, argv[1], argc > 2 ? argv[2] : NULL);

    if (argc < 2)
        return status;
    if (status != 0)
        printf("refused %d: %s\n", status, image.error);
    else
        show(&image);
    if (status == 0 && argc > 2 && strcmp(argv[2], "again") == 0)
        show_again(&image);
    image_close(&image);
    return status;
}
