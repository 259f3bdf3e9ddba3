/* SPDX-License-Identifier: MIT */
/*
 * primitive.c - which operation of pthreads, C11 or our runtime is a thread in?
 *
 * 1. Go outwards from the innermost frame, through the C library's own frames, to the first whose
 *    function is known. With the full symbol table that is an inner function (`__pthread_clockjoin_ex`),
 *    with the dynamic one alone the public one: both are in the table.
 * 2. In a static program libc's frames lie in the program itself. There only names that are reserved
 *    for libc are gone through, so that a program's own futex is not taken for its caller's mutex.
 * 3. The caller is the next frame that is neither libc's nor such an operation (mtx_lock() calls
 *    pthread_mutex_lock(), and so does our own interposer).
 */
#include "detector/cli/attach/primitive.h"

#include <string.h>

enum { MOST_FRAMES = 12 };

static const struct {
    const char *name;
    enum primitive what;
} names[] = {
    {"pthread_mutex_lock", MUTEX_LOCK},
    {"pthread_mutex_cond_lock", MUTEX_LOCK},
    {"pthread_mutex_timedlock", MUTEX_LOCK},
    {"pthread_mutex_clocklock", MUTEX_LOCK},
    {"mtx_lock", MUTEX_LOCK},
    {"mtx_timedlock", MUTEX_LOCK},
    {"pthread_cond_wait", COND_WAIT},
    {"pthread_cond_timedwait", COND_WAIT},
    {"pthread_cond_clockwait", COND_WAIT},
    {"cnd_wait", COND_WAIT},
    {"cnd_timedwait", COND_WAIT},
    {"pthread_rwlock_rdlock", READ_LOCK},
    {"pthread_rwlock_timedrdlock", READ_LOCK},
    {"pthread_rwlock_clockrdlock", READ_LOCK},
    {"pthread_rwlock_wrlock", WRITE_LOCK},
    {"pthread_rwlock_timedwrlock", WRITE_LOCK},
    {"pthread_rwlock_clockwrlock", WRITE_LOCK},
    {"sem_wait", SEMAPHORE_WAIT},
    {"sem_timedwait", SEMAPHORE_WAIT},
    {"sem_clockwait", SEMAPHORE_WAIT},
    {"pthread_barrier_wait", BARRIER_WAIT},
    {"pthread_once", ONCE},
    {"call_once", ONCE},
    {"pthread_join", JOIN},
    {"pthread_clockjoin_ex", JOIN},
    {"pthread_clockjoin_np", JOIN},
    {"pthread_timedjoin_ex", JOIN},
    {"pthread_timedjoin_np", JOIN},
    {"thrd_join", JOIN},
    {"pthread_spin_lock", SPIN_LOCK},
    {"lll_lock_wait_private", LIBC_LOCK},
    {"chan_send_from", CHANNEL_SEND},
    {"chan_recv_into", CHANNEL_RECEIVE},
    {"chan_select_cases", CHANNEL_SELECT},
    {"waitgroup_wait", WAITGROUP_WAIT},
    {"time_sleep", RUNTIME_SLEEP},
};

/* Functions of our runtime that do the work of those above, which end by jumping there. Names too short
 * to mean anything anywhere else. */
static const struct {
    const char *name;
    enum primitive what;
} runtime_names[] = {
    {"send", CHANNEL_SEND},
    {"receive", CHANNEL_RECEIVE},
    {"wait_for_one", CHANNEL_SELECT},
    {"wait_for_zero", WAITGROUP_WAIT},
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* `pthread_cond_wait_common` and `sem_wait_slow64` are parts of the function without the ending. */
static bool is_ending(const char *rest)
{
    static const char *const endings[] = {"64", "_full", "_slow", "_common"};
    bool changed = true;

    while (changed) {
        changed = false;
        for (size_t i = 0; i < COUNT(endings); i++)
            if (strncmp(rest, endings[i], strlen(endings[i])) == 0) {
                rest += strlen(endings[i]);
                changed = true;
            }
    }
    return *rest == '\0' || *rest == '@' || *rest == '.';
}

/* `__GI___lll_lock_wait_private` -> `lll_lock_wait_private`, `__new_sem_wait` -> `sem_wait` */
static const char *bare(const char *name)
{
    name += strspn(name, "_");
    if (strncmp(name, "GI_", 3) == 0)
        return bare(name + 3);
    if (strncmp(name, "new_sem_", 8) == 0 || strncmp(name, "old_sem_", 8) == 0)
        return name + 4;
    return name;
}

enum primitive primitive_named(const char *function)
{
    const char *name = function == NULL ? "" : bare(function);

    for (size_t i = 0; i < COUNT(names); i++)
        if (strncmp(name, names[i].name, strlen(names[i].name)) == 0 &&
            is_ending(name + strlen(names[i].name)))
            return names[i].what;
    return PRIMITIVE_NONE;
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static const char *file_of(const struct image_frame *frame)
{
    const char *slash = frame->module == NULL ? NULL : strrchr(frame->module, '/');

    return slash == NULL ? frame->module : slash + 1;
}

bool is_runtime_frame(const struct image_frame *frame)
{
    const char *file = file_of(frame);

    return file != NULL && starts_with(file, "libgridlock.so");
}

static enum primitive primitive_at(const struct image_frame *frame)
{
    const char *name = frame->function;

    for (size_t i = 0; name != NULL && i < COUNT(runtime_names); i++)
        if (is_runtime_frame(frame) && strcmp(name, runtime_names[i].name) == 0)
            return runtime_names[i].what;
    return primitive_named(name);
}

bool is_library_frame(const struct image_frame *frame)
{
    static const char *const libraries[] = {"libc.so", "libc-", "libpthread", "ld-",
                                            "libgridlock.so"};
    const char *file = file_of(frame);

    for (size_t i = 0; file != NULL && i < COUNT(libraries); i++)
        if (starts_with(file, libraries[i]))
            return true;
    return false;
}

/* Below the operation: in the library, or, in a static program, by a name that only libc may have. */
static bool is_inside(const struct image_frame *frame)
{
    static const char *const own[] = {"__", "futex_", "lll_", "do_futex_wait"};

    if (is_library_frame(frame))
        return true;
    for (size_t i = 0; frame->function != NULL && i < COUNT(own); i++)
        if (starts_with(frame->function, own[i]))
            return true;
    return false;
}

/* Names that no program has by chance: what lies below them need not be known. */
static bool is_runtime(enum primitive what)
{
    return what == CHANNEL_SEND || what == CHANNEL_RECEIVE || what == CHANNEL_SELECT ||
           what == WAITGROUP_WAIT;
}

static size_t caller_of(const struct image_thread *thread, size_t at)
{
    while (at < thread->frame_count &&
           (is_library_frame(&thread->frames[at]) || primitive_named(thread->frames[at].function)))
        at++;
    return at;
}

struct primitive_site primitive_of(const struct image_thread *thread)
{
    bool inside = true;

    for (size_t i = 0; i < thread->frame_count && i < MOST_FRAMES; i++) {
        enum primitive what = primitive_at(&thread->frames[i]);

        if (what != PRIMITIVE_NONE && (inside || is_runtime(what)))
            return (struct primitive_site){what, i, caller_of(thread, i)};
        inside = inside && is_inside(&thread->frames[i]);
    }
    return (struct primitive_site){PRIMITIVE_NONE, 0, caller_of(thread, 0)};
}
