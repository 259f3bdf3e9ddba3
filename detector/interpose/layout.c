/* SPDX-License-Identifier: MIT */
/*
 * What does an object's memory say of its state? All knowledge of glibc's insides is here and in
 * layout.h.
 */
#include "detector/interpose/layout.h"

#include "detector/core/probe.h"
#include "detector/core/sys.h"
#include "detector/interpose/real.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

bool mutex_layout_known;
bool rwlock_layout_known;

static int spin_free_value; /* differs between machines */
static bool spin_value_known;

static bool check_rwlock(void)
{
    pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
    bool good = rwlock.__data.__readers == 0 && rwlock.__data.__cur_writer == 0;

    real.pthread_rwlock_rdlock(&rwlock);
    good = good && rwlock.__data.__readers == RWLOCK_READER;
    real.pthread_rwlock_unlock(&rwlock);
    good = good && rwlock.__data.__readers == 0;
    real.pthread_rwlock_wrlock(&rwlock);
    good = good && (rwlock.__data.__readers & RWLOCK_FLAGS) &&
           rwlock.__data.__cur_writer == sys_gettid();
    real.pthread_rwlock_unlock(&rwlock);
    return good;
}

/* Locks and unlocks objects of our own the real way, and looks at them in between. */
void layout_check(void)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    bool good;

    if (!real.pthread_mutex_lock || !real.pthread_mutex_unlock || !real.pthread_rwlock_wrlock)
        return;
    rwlock_layout_known = check_rwlock();
    good = mutex_kind(&mutex) == PTHREAD_MUTEX_NORMAL && mutex.__data.__lock == 0;
    real.pthread_mutex_lock(&mutex);
    good = good && mutex.__data.__lock == 1 && mutex_owner(&mutex) == sys_gettid() &&
           mutex.__data.__nusers == 1 && mutex_kind(&mutex) == PTHREAD_MUTEX_NORMAL;
    real.pthread_mutex_unlock(&mutex);
    good = good && mutex.__data.__lock == 0 && mutex_owner(&mutex) == 0 &&
           mutex.__data.__nusers == 0;
    mutex_layout_known = good;
    if (real.pthread_spin_init) {
        pthread_spinlock_t spin;

        real.pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
        spin_free_value = spin;
        spin_value_known = true;
    }
}

bool probe_spin_free(const void *spin)
{
    return spin_value_known && *(const volatile int *)spin == spin_free_value;
}

struct probe_mutex probe_mutex(const void *address)
{
    const pthread_mutex_t *mutex = address;
    int kind = mutex_kind(mutex);
    int lock = __atomic_load_n(&mutex->__data.__lock, __ATOMIC_RELAXED);
    struct probe_mutex state = {.known = mutex_layout_known,
                                .shared = kind & MUTEX_SHARED,
                                .locked = lock != 0,
                                .owner = mutex_owner(mutex)};

    /* Robust and inheriting mutexes keep the owner in the lock word itself. */
    if (kind & (MUTEX_ROBUST | MUTEX_INHERIT))
        state.owner = lock & FUTEX_TID_MASK;
    return state;
}

/* __readers counts readers in units of 8; its low bits are phases and flags. */
struct probe_rwlock probe_rwlock(const void *address)
{
    const pthread_rwlock_t *rwlock = address;

    return (struct probe_rwlock){
        .known = mutex_layout_known,
        .shared = rwlock->__data.__shared,
        .prefers_writers = rwlock->__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP,
        .writer = __atomic_load_n(&rwlock->__data.__cur_writer, __ATOMIC_RELAXED),
        .readers = __atomic_load_n(&rwlock->__data.__readers, __ATOMIC_RELAXED) >> 3};
}

/* On 64-bit machines the value is the low half of the first word; `private` follows (0: private). */
struct probe_semaphore probe_semaphore(const void *address)
{
    const uint64_t *data = address;
    const int *shared = (const int *)(data + 1);

    return (struct probe_semaphore){.known = mutex_layout_known && sizeof(long) == 8,
                                    .value = (unsigned)__atomic_load_n(data, __ATOMIC_RELAXED),
                                    .shared = *shared != 0};
}

/* glibc links only robust mutexes into a list; a rwlock's padding was meant for the future. */
uintptr_t *probe_mark(const void *lock, bool is_rwlock)
{
#if defined(__x86_64__)
    pthread_rwlock_t *rwlock = (pthread_rwlock_t *)lock;
    pthread_mutex_t *mutex = (pthread_mutex_t *)lock;

    if (!mutex_layout_known)
        return NULL;
    if (is_rwlock)
        return rwlock->__data.__shared ? NULL : &rwlock->__data.__pad2;
    if (mutex_kind(mutex) & (MUTEX_ROBUST | MUTEX_SHARED))
        return NULL;
    return (uintptr_t *)&mutex->__data.__list.__prev;
#else
    (void)lock;
    (void)is_rwlock;
    return NULL;
#endif
}

/* The kernel reads the set before it refuses the nonsensical `how`: EFAULT or EINVAL. */
bool probe_readable(const void *address)
{
    return sys_call(SYS_rt_sigprocmask, -1, (long)address, 0, 8, 0, 0) != -EFAULT;
}

/* Reads /proc/self/task/TID/NAME into text; false: there is nothing to read. */
static bool read_task(int tid, const char *name, char *text, size_t size)
{
    char path[64];
    long fd, got;

    snprintf(path, sizeof path, "/proc/self/task/%d/%s", tid, name);
    fd = sys_call(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (fd < 0)
        return false;
    got = sys_call(SYS_read, fd, (long)text, (long)size - 1, 0, 0, 0);
    sys_call(SYS_close, fd, 0, 0, 0, 0, 0);
    text[got > 0 ? got : 0] = 0;
    return got > 0;
}

int probe_asleep(int tid)
{
    char text[256];
    const char *after_name;

    if (!read_task(tid, "stat", text, sizeof text))
        return -1;
    after_name = strrchr(text, ')'); /* "1234 (name) S ..." */
    return after_name && after_name[1] == ' ' && after_name[2] != 'R';
}

/* "230 0x1 0x0 ... SP PC": the first and the last two; "running" has none. */
static bool read_place(const char *text, struct probe_nap *nap)
{
    const char *pc = strrchr(text, ' '), *sp = pc;

    while (sp && sp > text && *--sp != ' ')
        ;
    return sp && sp > text && sscanf(sp, " 0x%lx 0x%lx", &nap->sp, &nap->pc) == 2 &&
           sscanf(text, "%ld", &nap->call) == 1;
}

bool probe_nap(int tid, struct probe_nap *nap)
{
    static const char key[] = "\nvoluntary_ctxt_switches:";
    char text[4096];
    const char *sleeps;

    if (!read_task(tid, "syscall", text, sizeof text) || !read_place(text, nap) ||
        !read_task(tid, "status", text, sizeof text))
        return false;
    sleeps = strstr(text, key);
    return sleeps && sscanf(sleeps + sizeof key - 1, " %lu", &nap->sleeps) == 1;
}

struct entry { /* struct linux_dirent64 */
    uint64_t inode, offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

unsigned probe_thread_count(void)
{
    char buffer[2048];
    unsigned count = 0;
    long fd = sys_call(SYS_openat, AT_FDCWD, (long)"/proc/self/task",
                       O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0, 0, 0);
    long got;

    if (fd < 0)
        return 0;
    while ((got = sys_call(SYS_getdents64, fd, (long)buffer, sizeof buffer, 0, 0, 0)) > 0)
        for (long at = 0; at < got;) {
            const struct entry *entry = (const struct entry *)(buffer + at);

            count += entry->name[0] != '.';
            at += entry->length;
        }
    sys_call(SYS_close, fd, 0, 0, 0, 0, 0);
    return count;
}
