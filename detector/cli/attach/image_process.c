/* SPDX-License-Identifier: MIT */
/*
 * image_process.c - one look at a process that runs, or hangs
 *
 * 1. /proc shows each thread's state, its system call with arguments, sp and pc, and nobody notices.
 *    For a thread that sleeps that is often enough to follow its stack: then it is not stopped.
 * 2. Who runs, or sleeps in a call that bears it (calls.c), is stopped for a moment for the rest of
 *    its registers (capture.c). Of who sleeps in another call, or belongs to a debugger, rbp must be
 *    guessed (unwind.c).
 * 3. Once those that were stopped are back where they were, their switches are read: whoever still
 *    has as many at the second look has not run since.
 * 4. Then, with the process long on its way, their stacks are unwound.
 */
#include "detector/cli/attach/image.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "detector/cli/attach/capture.h"
#include "detector/cli/attach/image_files.h"
#include "detector/cli/attach/image_modules.h"
#include "detector/cli/attach/image_source.h"
#include "detector/cli/attach/proc.h"
#include "detector/cli/attach/refusal.h"
#include "detector/cli/attach/unwind.h"
#include "detector/cli/base/status.h"

enum {
    /* In struct pthread of glibc 2.4 and later on x86-64, robust_head lies here: set_robust_list(2)
     * has told the kernel its address, and the kernel tells us. */
    ROBUST_HEAD = 0x2e0,
    SETTLE_MS = 500, /* all together; on an idle machine it takes none of it */
};

static bool read_process(const struct image *image, uint64_t address, void *to, size_t size)
{
    struct iovec local = {to, size}, remote = {(void *)address, size};

    return process_vm_readv(image->alive, &local, 1, &remote, 1, 0) == (ssize_t)size;
}

/* ---------------------------------------------------------------- without a stop */

static uint64_t find_thread_pointer(const struct image *image, int tid)
{
    uint64_t head = 0, words[3];
    size_t length = 0;

    if (syscall(SYS_get_robust_list, tid, &head, &length) != 0 || head < ROBUST_HEAD ||
        !image_read(image, head - ROBUST_HEAD, words, sizeof(words)))
        return 0;
    head -= ROBUST_HEAD;
    return words[0] == head && words[2] == head ? head : 0; /* tcb and self */
}

static int inner_tid(struct pool *pool, int pid, int tid)
{
    char name[64];
    long number;

    snprintf(name, sizeof(name), "task/%d/status", tid);
    number = proc_number(proc_text(pool, pid, name), "NSpid");
    return number > 0 ? (int)number : tid;
}

static const char *thread_name(struct pool *pool, int pid, int tid)
{
    char name[64], *text;

    snprintf(name, sizeof(name), "task/%d/comm", tid);
    text = proc_text(pool, pid, name);
    if (text == NULL)
        return "?";
    text[strcspn(text, "\n")] = '\0';
    return text;
}

/* What a thread does, as far as it can be seen without a stop. False if it is gone. */
static bool look(struct image *image, struct image_thread *t, bool *asleep)
{
    struct proc_call call;

    t->call = -1;
    t->state = proc_state(image->pid, t->tid);
    *asleep = false;
    if (t->state == 0 || t->state == 'X')
        return false;
    if (t->state == 'Z' || !proc_call(image->pid, t->tid, &call))
        return true;
    *asleep = call.asleep;
    t->call = image_call(image, call.call, call.pc);
    memcpy(t->arguments, call.arguments, sizeof(t->arguments));
    t->sp = call.sp;
    t->pc = call.pc;
    return true;
}

/* ---------------------------------------------------------------- with a stop */

static uint64_t main_stack_end(const struct image *image)
{
    const struct image_source *s = image->source;

    for (size_t i = 0; i < s->mapping_count; i++)
        if (strcmp(s->mappings[i].path, "[stack]") == 0)
            return s->mappings[i].end;
    return 0;
}

static uint64_t stack_end(const struct image *image, const struct image_thread *t)
{
    const struct mapping *m = image_mapping_at(image, t->sp);

    if (m == NULL && t->tid == image->pid)
        return main_stack_end(image);
    if (m == NULL)
        m = image_mapping_at(image, t->thread_pointer);
    if (m == NULL)
        return 0;
    return t->thread_pointer >= m->start && t->thread_pointer < m->end ? t->thread_pointer : m->end;
}

static bool same_place(const struct image_thread *a, const struct image_thread *b)
{
    return a->state == b->state && a->call == b->call && a->sp == b->sp && a->pc == b->pc &&
           memcmp(a->arguments, b->arguments, sizeof(a->arguments)) == 0;
}

/* Waits until a thread that slept sleeps again, if nothing has happened to it at its old place. On its
 * way back it is no sleeper: where all processors are busy it only gets one after a while. */
static void settle(struct image *image, const struct image_thread *t, int *patience_ms)
{
    const struct timespec while_it_goes_back = {0, 1000 * 1000};
    struct image_thread now = {.tid = t->tid};
    bool asleep;

    while (look(image, &now, &asleep) && !asleep && (*patience_ms)-- > 0)
        nanosleep(&while_it_goes_back, NULL);
}

static void unwind_captured(struct image *image, struct image_thread *t, const struct capture *c)
{
    const struct registers *r = &c->registers;

    if (!registers_in_call(r))
        memcpy(t->arguments, r->arguments, sizeof(t->arguments));
    if (t->state == 'T' && !registers_in_call(r))
        t->call = -1; /* its call was over when the signal stopped it */
    t->sp = registers_sp(r);
    t->pc = registers_pc(r);
    t->thread_pointer = r->thread_pointer;
    t->exact = unwind(image, t, r, &c->stack, false);
    t->stopped = true;
    image->stopped++;
    if (c->stopped_ns > image->longest_stop_ns)
        image->longest_stop_ns = c->stopped_ns;
}

static void unwind_as_seen(struct image *image, struct image_thread *t, bool guess)
{
    struct registers r;

    registers_from_call(&r, t->sp, t->pc);
    t->exact = unwind(image, t, &r, NULL, guess);
}

/* Follows the stack of a thread that sleeps. False if that takes registers which only a stop shows, or
 * if it has run meanwhile. */
static bool unwind_asleep(struct image *image, struct image_thread *t)
{
    unwind_as_seen(image, t, false);
    return t->exact && t->switches == proc_switches(image->pid, t->tid);
}

/* ---------------------------------------------------------------- the image */

/* One look at all threads: what each does, and of whom more must be known. */
struct survey {
    struct capture *captures; /* of those that should be stopped, if they may */
    size_t capture_count;
    struct capture **of_thread; /* by the thread's index; NULL: enough is known */
};

static const struct image_thread *find_thread(const struct image *image, int tid)
{
    for (size_t i = 0; i < image->thread_count; i++)
        if (image->threads[i].tid == tid)
            return &image->threads[i];
    return NULL;
}

/* Do the return addresses still lie where the first look found them? */
static bool same_frames(const struct image *image, const struct image_thread *before)
{
    uint64_t address;

    for (size_t i = 0; i + 1 < before->frame_count; i++)
        if (before->frames[i].cfa == 0 ||
            !image_read(image, before->frames[i].cfa - sizeof(address), &address,
                        sizeof(address)) ||
            address != before->frames[i + 1].pc)
            return false;
    return before->frame_count > 0;
}

/* It is where it was at the first look: it has not run since, or it is back. Nobody needs to be stopped
 * again for that. */
static bool keep(const struct image *image, struct image_thread *t,
                 const struct image_thread *before)
{
    bool idle = before != NULL && before->switches != 0 && before->switches == t->switches;

    if (before == NULL || !same_place(before, t) || !(idle || same_frames(image, before)))
        return false;
    t->thread_pointer = before->thread_pointer;
    t->exact = before->exact;
    t->frames = before->frames;
    t->frame_count = before->frame_count;
    return true;
}

static void survey_thread(struct image *image, const struct image *first, struct survey *s,
                          struct image_thread *t)
{
    size_t index = (size_t)(t - image->threads);
    bool asleep;

    if (!look(image, t, &asleep))
        return;
    t->name = thread_name(&image->pool, image->pid, t->tid);
    t->inner_tid = inner_tid(&image->pool, image->pid, t->tid);
    t->switches = proc_switches(image->pid, t->tid);
    if (asleep && first != NULL && keep(image, t, find_thread(first, t->tid)))
        return;
    t->thread_pointer = find_thread_pointer(image, t->tid);
    if (t->state == 'Z' || (asleep && t->state != 'T' && unwind_asleep(image, t)))
        return;
    s->of_thread[index] = &s->captures[s->capture_count++];
    *s->of_thread[index] = (struct capture){.tid = t->tid, .stack_end = stack_end(image, t)};
}

static void survey(struct image *image, const struct image *first, struct survey *s, int *tids,
                   size_t count)
{
    struct pool *pool = &image->pool;

    s->captures = pool_array(pool, count, sizeof(*s->captures));
    s->of_thread = pool_array(pool, count, sizeof(*s->of_thread));
    image->threads = pool_array(pool, count, sizeof(*image->threads));
    for (size_t i = 0; i < count; i++)
        if (tids[i] == image->pid) { /* main comes first, whatever its number */
            tids[i] = tids[0];
            tids[0] = image->pid;
        }
    for (size_t i = 0; i < count; i++) {
        image->threads[image->thread_count] = (struct image_thread){.tid = tids[i]};
        survey_thread(image, first, s, &image->threads[image->thread_count]);
        image->thread_count += image->threads[image->thread_count].name != NULL;
    }
}

static void settle_all(struct image *image, const struct survey *s)
{
    int patience_ms = SETTLE_MS;

    for (size_t i = 0; i < image->thread_count; i++)
        if (s->of_thread[i] != NULL && image->threads[i].sp != 0)
            settle(image, &image->threads[i], &patience_ms);
    for (size_t i = 0; i < image->thread_count; i++)
        if (s->of_thread[i] != NULL)
            image->threads[i].switches = proc_switches(image->pid, image->threads[i].tid);
}

static void unwind_all(struct image *image, const struct survey *s)
{
    bool asleep;

    for (size_t i = 0; i < image->thread_count; i++) {
        const struct capture *c = s->of_thread[i];

        if (c != NULL && c->done)
            unwind_captured(image, &image->threads[i], c);
        else if (c != NULL && look(image, &image->threads[i], &asleep))
            unwind_as_seen(image, &image->threads[i], true);
    }
}

static void name_process(struct image *image, const char *status)
{
    static const char name[] = "Name:\t";

    image->process = "?";
    if (strncmp(status, name, strlen(name)) == 0)
        image->process = pool_copy_n(&image->pool, status + strlen(name),
                                     strcspn(status + strlen(name), "\n"));
    image->executable = proc_link(&image->pool, image->alive, "exe");
    image->traced_by = (int)proc_number(status, "TracerPid");
}

/* Only one may trace a process; the others can still read it. */
static void tell_tracer(struct image *image)
{
    char *name = image->traced_by > 0 ? proc_text(&image->pool, image->traced_by, "comm") : NULL;

    if (image->traced_by <= 0)
        return;
    image_warn(image,
               pool_printf(&image->pool,
                           "process %d is traced by %d (%.*s): no thread was stopped, and "
                           "some stacks may be short",
                           image->pid, image->traced_by,
                           name == NULL ? 1 : (int)strcspn(name, "\n"), name == NULL ? "?" : name));
}

static int take_image(struct image *image, const struct image *first, int pid)
{
    const char *status;
    struct survey s = {.captures = NULL};
    int refused = refuse_process(image, pid), *tids;
    size_t count;

    if (refused != STATUS_OK)
        return refused;
    status = proc_text(&image->pool, image->pid, "status");
    tids = proc_threads(&image->pool, image->pid, &count);
    if (status == NULL || tids == NULL || count == 0)
        return refuse_ended(image);
    image->source = pool_array(&image->pool, 1, sizeof(*image->source));
    image->source->read = read_process;
    name_process(image, status);
    tell_tracer(image);
    image->source->mappings = proc_mappings(&image->pool, image->alive,
                                            &image->source->mapping_count);
    image_find_files(image);
    image_find_modules(image);
    survey(image, first, &s, tids, count);
    capture_threads(&image->pool, image->pid, s.captures, s.capture_count);
    settle_all(image, &s);
    unwind_all(image, &s);
    image->libc = image_libc_of(image);
    return STATUS_OK;
}

int image_of_process(struct image *image, int pid)
{
    *image = (struct image){.pid = pid, .live = true};
    return take_image(image, NULL, pid);
}

int image_again(struct image *second, const struct image *first)
{
    int status;

    *second = (struct image){.pid = first->pid, .live = true};
    status = take_image(second, first, first->pid);
    if (status != STATUS_OK && proc_alive(&second->pool, first->pid) == 0)
        return refuse_ended(second);
    return status;
}

bool image_at_rest(const struct image *second, const struct image *first)
{
    for (size_t i = 0; i < second->thread_count; i++) {
        const struct image_thread *t = &second->threads[i], *before = find_thread(first, t->tid);

        if (before != NULL && before->stopped && same_place(before, t) &&
            before->switches != t->switches)
            return false;
    }
    return true;
}
