/* SPDX-License-Identifier: MIT */
/*
 * decode.c - from a thread's frames and the words in memory to what it waits for
 *
 * The frames say which operation it is in; the futex's address leads to the object, and the object's
 * words must fit the operation. Then:
 *
 *   mutex       its owner's thread id stands in it
 *   rwlock      a writer's id stands in it; of readers only how many they are
 *   join        the futex is the joined thread's id in its descriptor
 *   once        whoever has the same once on its stack in pthread_once(), and is further in
 *   a stream    the owner's thread pointer stands in its lock
 *   condition, semaphore, barrier, a plain futex: anybody may end the wait
 *
 * A thread that was signalled and takes its mutex again is inside pthread_cond_wait(), but waits for
 * the mutex: then the futex is no word of the condition.
 */
#include "detector/cli/attach/decode.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "detector/cli/attach/glibc.h"
#include "detector/cli/attach/image_source.h"

static const struct image_thread *thread_of(const struct asleep *a)
{
    return &a->look->image->threads[a->thread];
}

static void wait_for_anybody(struct waiting *w, const char *operation, const char *kind,
                             uint64_t object)
{
    w->operation = operation;
    w->kind = kind;
    w->object = object;
    w->end = ENDS_BY_ANYBODY;
}

static size_t thread_with_tid(const struct image *image, int tid)
{
    for (size_t i = 0; i < image->thread_count; i++)
        if (image->threads[i].inner_tid == tid)
            return i;
    return NO_THREAD;
}

static bool has_ended(const struct image *image, size_t thread)
{
    return thread == NO_THREAD || strchr("ZX", image->threads[thread].state) != NULL;
}

/* A thread of the parent process. It held the lock when this process was forked. */
static bool is_of_parent(const struct look *look, int tid)
{
    char path[64];

    if (look->parent == 0)
        return false;
    snprintf(path, sizeof(path), "/proc/%d/task/%d", look->parent, tid);
    return look->parent == tid || access(path, F_OK) == 0;
}

static void wait_for_tid(const struct asleep *a, struct waiting *w, int tid)
{
    w->owner_tid = tid;
    w->owner = thread_with_tid(a->look->image, tid);
    if (!has_ended(a->look->image, w->owner)) {
        w->owner_state = OWNER_KNOWN;
        w->end = ENDS_BY_OWNER;
        return;
    }
    w->owner_state = w->owner == NO_THREAD && is_of_parent(a->look, tid) ? OWNER_FORKED
                                                                         : OWNER_ENDED;
    w->owner = NO_THREAD;
    w->end = ENDS_NEVER;
}

/* Memory of a file that is no program: other processes may have it too, and threads that lock in it. */
static bool in_file(const struct image *image, uint64_t address)
{
    const struct mapping *mapping = image_mapping_at(image, address);

    if (mapping == NULL || mapping->path[0] != '/')
        return false;
    for (size_t i = 0; i < image->module_count; i++)
        if (strcmp(image->modules[i].path, mapping->path) == 0)
            return false;
    return true;
}

/* Not every futex that is not called private lies where another process could reach it. */
static bool may_be_woken_from_outside(const struct asleep *a)
{
    const struct image *image = a->look->image;

    return a->futex.shared &&
           (image_mapping_at(image, a->futex.address) == NULL || in_file(image, a->futex.address));
}

/* The owner may be a thread of another process, or its end wakes the next one. */
static void release_outsiders(const struct asleep *a, struct waiting *w, bool shared, bool robust)
{
    shared = shared || in_file(a->look->image, w->object);
    if (w->end != ENDS_NEVER || (!shared && !robust))
        return;
    w->end = ENDS_BY_ITSELF;
    w->owner_state = OWNER_NONE;
    w->detail = robust ? "nobody: its owner has ended, the next one is told"
                       : "a thread of another process";
}

/* The kernel refuses to close a ring of inheriting mutexes; glibc, for which that is no error that a
 * lock could have, then sleeps for ever. */
static bool decode_refused(const struct asleep *a, struct waiting *w)
{
    struct mutex_words words;
    uint64_t mutex;

    if (!refused_mutex(a->look->image, thread_of(a), a->site.caller, &a->futex, &mutex))
        return false;
    /* Where the mutex is not known, the word stands for it: the source line has its name. */
    wait_for_anybody(w, "lock", "mutex", mutex != 0 ? mutex : a->futex.address);
    w->end = ENDS_NEVER;
    w->detail = "the kernel refused it";
    if (mutex_words(a->look->image, mutex, &words))
        wait_for_tid(a, w, words.owner);
    return true;
}

static bool decode_mutex(const struct asleep *a, struct waiting *w)
{
    struct mutex_words words;

    if (decode_refused(a, w))
        return true;
    if (!mutex_words(a->look->image, a->futex.address, &words) || !words.locked)
        return false;
    wait_for_anybody(w, "lock", "mutex", a->futex.address);
    if (words.owner_died || words.owner == 0) {
        w->end = ENDS_BY_ITSELF; /* somebody is about to have it */
        w->detail = words.owner_died ? "nobody: its owner has ended, the next one is told" : NULL;
        return true;
    }
    wait_for_tid(a, w, words.owner);
    release_outsiders(a, w, words.shared, words.robust);
    return true;
}

static bool is_mutex_again(const struct asleep *a)
{
    return a->futex.how == FUTEX_INHERIT || (a->futex.how == FUTEX_PLAIN && a->futex.expected != 0);
}

static bool decode_cond(const struct asleep *a, struct waiting *w)
{
    uint64_t cond = 0, mutex = 0;

    if (is_mutex_again(a))
        return decode_mutex(a, w);
    cond_words(a->look->image, thread_of(a), a->site.caller, &a->futex, &cond, &mutex);
    wait_for_anybody(w, "cond-wait", "cond", cond);
    w->mutex = mutex;
    if (a->futex.shared)
        w->end = ENDS_BY_ITSELF;
    return true;
}

static bool decode_rwlock(const struct asleep *a, struct waiting *w)
{
    bool reads = a->site.what == READ_LOCK;
    struct rwlock_words words;
    uint64_t rwlock;

    if (!rwlock_words(a->look->image, &a->futex, &rwlock, &words))
        return false;
    wait_for_anybody(w, reads ? "read-lock" : "write-lock", "rwlock", rwlock);
    if (words.writer != 0) {
        wait_for_tid(a, w, words.writer);
        release_outsiders(a, w, words.shared, false);
        return true;
    }
    if (words.shared)
        w->end = ENDS_BY_ITSELF;
    if (words.readers > 0)
        w->detail = pool_printf(&a->look->pool, "%u reader%s; glibc does not record who",
                                words.readers, words.readers == 1 ? "" : "s");
    return true;
}

static bool decode_semaphore(const struct asleep *a, struct waiting *w)
{
    bool shared;

    if (!semaphore_words(a->look->image, &a->futex, &shared))
        return false;
    wait_for_anybody(w, "sem-wait", "semaphore", a->futex.address);
    if (shared)
        w->end = ENDS_BY_ITSELF;
    return true;
}

static bool decode_barrier(const struct asleep *a, struct waiting *w)
{
    struct barrier_words words;
    uint64_t barrier;

    if (!barrier_words(a->look->image, &a->futex, &barrier, &words))
        return false;
    wait_for_anybody(w, "barrier-wait", "barrier", barrier);
    if (words.shared)
        w->end = ENDS_BY_ITSELF;
    w->detail = pool_printf(&a->look->pool, "%u of %u have come", words.here, words.parties);
    return true;
}

/* One of its frames is pthread_once(), and runs this once. Who only sleeps on it runs nothing yet. */
static bool runs_once(const struct asleep *a, size_t thread)
{
    const struct image_thread *t = &a->look->image->threads[thread];

    for (size_t i = 1; i < t->frame_count; i++) {
        size_t inner = i - 1;

        if (primitive_named(t->frames[i].function) != ONCE)
            continue;
        while (inner > 0 && is_library_frame(&t->frames[inner]))
            inner--;
        if (once_runs(a->look->image, t, inner, i, a->futex.address))
            return true;
    }
    return false;
}

static bool decode_once(const struct asleep *a, struct waiting *w)
{
    if ((a->futex.word & 3) != 1) /* __PTHREAD_ONCE_INPROGRESS, and not done; a count above them */
        return false;
    wait_for_anybody(w, "once", "once", a->futex.address);
    for (size_t i = 0; i < a->look->image->thread_count; i++)
        if (runs_once(a, i)) {
            w->owner = i;
            w->owner_state = OWNER_KNOWN;
            w->end = ENDS_BY_OWNER;
        }
    return true;
}

/* The word is the joined thread's id. Only the kernel clears it, when the thread has ended. */
static bool decode_join(const struct asleep *a, struct waiting *w)
{
    const struct image *image = a->look->image;
    size_t thread = thread_with_tid(image, (int)a->futex.word);

    if (a->futex.word == 0 || thread == NO_THREAD || image->threads[thread].state == 'Z')
        return false;
    w->operation = "join";
    w->kind = NULL;
    w->object = 0;
    w->owner = thread;
    w->owner_tid = (int)a->futex.word;
    w->owner_state = OWNER_KNOWN;
    w->end = ENDS_BY_OWNER;
    return true;
}

static const char *stream_name(struct look *look, uint64_t lock)
{
    static const char *const standard[] = {"stdin", "stdout", "stderr"};
    int number = stream_of_lock(look->image, lock);

    if (number < 0)
        return "a lock of libc's own";
    return number <= 2 ? standard[number] : pool_printf(&look->pool, "stream of fd %d", number);
}

static bool decode_libc_lock(const struct asleep *a, struct waiting *w)
{
    const struct image *image = a->look->image;
    uint64_t owner = libc_lock_owner(image, a->futex.address);

    wait_for_anybody(w, "lock", "object", a->futex.address);
    w->name = "a lock of libc's own";
    for (size_t i = 0; owner != 0 && i < image->thread_count; i++)
        if (image->threads[i].thread_pointer == owner) {
            w->name = stream_name(a->look, a->futex.address);
            w->owner = i;
            w->owner_tid = image->threads[i].inner_tid;
            w->owner_state = OWNER_KNOWN;
            w->end = ENDS_BY_OWNER;
        }
    return true;
}

/*
 * What the function's name tells, and no more. Of a channel no word in memory tells which it is; of
 * musl's objects, whose layout differs, not even who owns them: a normal mutex there has no owner.
 */
static bool decode_by_name(const struct asleep *a, struct waiting *w)
{
    static const struct {
        enum primitive what;
        const char *operation, *kind;
    } operations[] = {
        {MUTEX_LOCK, "lock", "mutex"},
        {COND_WAIT, "cond-wait", "cond"},
        {READ_LOCK, "read-lock", "rwlock"},
        {WRITE_LOCK, "write-lock", "rwlock"},
        {SEMAPHORE_WAIT, "sem-wait", "semaphore"},
        {BARRIER_WAIT, "barrier-wait", "barrier"},
        {ONCE, "once", "once"},
        {JOIN, "join", NULL},
        {CHANNEL_SEND, "send", "channel"},
        {CHANNEL_RECEIVE, "receive", "channel"},
        {CHANNEL_SELECT, "select-wait", NULL},
        {WAITGROUP_WAIT, "waitgroup-wait", "waitgroup"},
        {RUNTIME_SLEEP, "sleep", NULL},
    };

    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
        if (operations[i].what == a->site.what) {
            wait_for_anybody(w, operations[i].operation, operations[i].kind, 0);
            return true;
        }
    if (thread_of(a)->frame_count == 0 || !is_runtime_frame(thread_of(a)->frames))
        return false;
    wait_for_anybody(w, "futex-wait", "futex", 0); /* its functions have no names */
    w->detail = "in Gridlock's runtime, at a channel, a WaitGroup or a context";
    return true;
}

static bool decode(const struct asleep *a, struct waiting *w)
{
    switch (a->site.what) {
    case MUTEX_LOCK:
        return decode_mutex(a, w);
    case COND_WAIT:
        return decode_cond(a, w);
    case READ_LOCK:
    case WRITE_LOCK:
        return decode_rwlock(a, w);
    case SEMAPHORE_WAIT:
        return decode_semaphore(a, w);
    case BARRIER_WAIT:
        return decode_barrier(a, w);
    case ONCE:
        return decode_once(a, w);
    case JOIN:
        return decode_join(a, w);
    case LIBC_LOCK:
        return decode_libc_lock(a, w);
    case CHANNEL_SEND:
    case CHANNEL_RECEIVE:
    case CHANNEL_SELECT:
    case WAITGROUP_WAIT:
    case RUNTIME_SLEEP:
        return decode_by_name(a, w);
    case SPIN_LOCK:
    case PRIMITIVE_NONE:
        return decode_by_name(a, w);
    }
    return false;
}

void decode_futex(const struct asleep *a, struct waiting *w)
{
    bool glibc = a->look->image->libc == IMAGE_GLIBC;

    if (glibc ? !decode(a, w) : !decode_by_name(a, w)) {
        wait_for_anybody(w, "futex-wait", "futex", a->futex.address);
        if (may_be_woken_from_outside(a))
            w->end = ENDS_BY_ITSELF;
    }
    if (a->futex.timed || a->futex.over)
        w->end = ENDS_BY_ITSELF;
    if (a->futex.over && !a->futex.timed)
        w->detail = "(just woken)";
}
