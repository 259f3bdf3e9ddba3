/* SPDX-License-Identifier: MIT */
/*
 * kinds.c - which locks does C have?
 *
 * Mutexes differ by type, protocol, robustness and by how they were made: a static initialiser
 * never calls pthread_mutex_init, so a detector has to read the type from the lock itself.
 */
#include "kinds.h"

static void mutex_init(union lock_store *l, int type, int protocol, int robust, int shared)
{
    pthread_mutexattr_t attr;

    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, type);
    pthread_mutexattr_setprotocol(&attr, protocol);
    pthread_mutexattr_setrobust(&attr, robust);
    pthread_mutexattr_setpshared(&attr, shared);
    pthread_mutex_init(&l->mutex, &attr);
    pthread_mutexattr_destroy(&attr);
}

static void normal_init(union lock_store *l)
{
    pthread_mutex_init(&l->mutex, NULL);
}

static void recursive_init(union lock_store *l)
{
    mutex_init(l, PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_NONE, 0, 0);
}

static void errorcheck_init(union lock_store *l)
{
    mutex_init(l, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_NONE, 0, 0);
}

static void adaptive_init(union lock_store *l)
{
    mutex_init(l, PTHREAD_MUTEX_ADAPTIVE_NP, PTHREAD_PRIO_NONE, 0, 0);
}

static void robust_init(union lock_store *l)
{
    mutex_init(l, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_ROBUST, 0);
}

static void pi_init(union lock_store *l)
{
    mutex_init(l, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_INHERIT, 0, 0);
}

static void pshared_init(union lock_store *l)
{
    mutex_init(l, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, 0, PTHREAD_PROCESS_SHARED);
}

static void static_init(union lock_store *l)
{
    l->mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
}

static void recursive_static_init(union lock_store *l)
{
    l->mutex = (pthread_mutex_t)PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
}

static void errorcheck_static_init(union lock_store *l)
{
    l->mutex = (pthread_mutex_t)PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
}

static void mutex_destroy(union lock_store *l)
{
    pthread_mutex_destroy(&l->mutex);
}

static int mutex_lock(union lock_store *l)
{
    return pthread_mutex_lock(&l->mutex);
}

static int mutex_unlock(union lock_store *l)
{
    return pthread_mutex_unlock(&l->mutex);
}

static int mutex_try(union lock_store *l)
{
    return pthread_mutex_trylock(&l->mutex);
}

static int mutex_timed(union lock_store *l, const struct timespec *realtime)
{
    return pthread_mutex_timedlock(&l->mutex, realtime);
}

static void rwlock_init(union lock_store *l)
{
    pthread_rwlock_init(&l->rwlock, NULL);
}

static void wp_init(union lock_store *l)
{
    pthread_rwlockattr_t attr;

    pthread_rwlockattr_init(&attr);
    pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&l->rwlock, &attr);
    pthread_rwlockattr_destroy(&attr);
}

static void rwlock_static_init(union lock_store *l)
{
    l->rwlock = (pthread_rwlock_t)PTHREAD_RWLOCK_INITIALIZER;
}

static void wp_static_init(union lock_store *l)
{
    l->rwlock = (pthread_rwlock_t)PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
}

static void rwlock_destroy(union lock_store *l)
{
    pthread_rwlock_destroy(&l->rwlock);
}

static int rwlock_write(union lock_store *l)
{
    return pthread_rwlock_wrlock(&l->rwlock);
}

static int rwlock_read(union lock_store *l)
{
    return pthread_rwlock_rdlock(&l->rwlock);
}

static int rwlock_unlock(union lock_store *l)
{
    return pthread_rwlock_unlock(&l->rwlock);
}

static int rwlock_try(union lock_store *l)
{
    return pthread_rwlock_trywrlock(&l->rwlock);
}

static int rwlock_timed(union lock_store *l, const struct timespec *realtime)
{
    return pthread_rwlock_timedwrlock(&l->rwlock, realtime);
}

static void spin_init(union lock_store *l)
{
    pthread_spin_init(&l->spin, PTHREAD_PROCESS_PRIVATE);
}

static void spin_destroy(union lock_store *l)
{
    pthread_spin_destroy(&l->spin);
}

static int spin_lock(union lock_store *l)
{
    return pthread_spin_lock(&l->spin);
}

static int spin_unlock(union lock_store *l)
{
    return pthread_spin_unlock(&l->spin);
}

static int spin_try(union lock_store *l)
{
    return pthread_spin_trylock(&l->spin);
}

static void sem_lock_init(union lock_store *l)
{
    sem_init(&l->sem, 0, 1);
}

static void sem_lock_destroy(union lock_store *l)
{
    sem_destroy(&l->sem);
}

static int sem_lock(union lock_store *l)
{
    return sem_wait(&l->sem);
}

static int sem_unlock(union lock_store *l)
{
    return sem_post(&l->sem);
}

static int sem_try(union lock_store *l)
{
    return sem_trywait(&l->sem);
}

static int sem_timed(union lock_store *l, const struct timespec *realtime)
{
    return sem_timedwait(&l->sem, realtime);
}

static void mtx_plain_init(union lock_store *l)
{
    mtx_init(&l->mtx, mtx_plain);
}

static void mtx_recursive_init(union lock_store *l)
{
    mtx_init(&l->mtx, mtx_plain | mtx_recursive);
}

static void mtx_timed_init(union lock_store *l)
{
    mtx_init(&l->mtx, mtx_timed);
}

static void c11_destroy(union lock_store *l)
{
    mtx_destroy(&l->mtx);
}

static int c11_lock(union lock_store *l)
{
    return mtx_lock(&l->mtx);
}

static int c11_unlock(union lock_store *l)
{
    return mtx_unlock(&l->mtx);
}

static int c11_try(union lock_store *l)
{
    return mtx_trylock(&l->mtx);
}

static int c11_timed(union lock_store *l, const struct timespec *realtime)
{
    return mtx_timedlock(&l->mtx, realtime);
}

#define MUTEX mutex_destroy, mutex_lock, mutex_unlock, mutex_try, mutex_timed, NULL, NULL
#define RWLOCK                                                                          \
    rwlock_destroy, rwlock_write, rwlock_unlock, rwlock_try, rwlock_timed, rwlock_read, \
        rwlock_unlock
#define SPIN spin_destroy, spin_lock, spin_unlock, spin_try, NULL, NULL, NULL
#define SEM  sem_lock_destroy, sem_lock, sem_unlock, sem_try, sem_timed, NULL, NULL
#define C11  c11_destroy, c11_lock, c11_unlock, c11_try, c11_timed, NULL, NULL

const struct kind kinds[] = {
    {"normal", normal_init, MUTEX},
    {"static", static_init, MUTEX},
    {"recursive", recursive_init, MUTEX},
    {"recursive-static", recursive_static_init, MUTEX},
    {"errorcheck", errorcheck_init, MUTEX},
    {"errorcheck-static", errorcheck_static_init, MUTEX},
    {"adaptive", adaptive_init, MUTEX},
    {"robust", robust_init, MUTEX},
    {"pi", pi_init, MUTEX},
    {"pshared", pshared_init, MUTEX},
    {"rwlock", rwlock_init, RWLOCK},
    {"rwlock-static", rwlock_static_init, RWLOCK},
    {"wp", wp_init, RWLOCK},
    {"wp-static", wp_static_init, RWLOCK},
    {"spin", spin_init, SPIN},
    {"sem", sem_lock_init, SEM},
    {"mtx", mtx_plain_init, C11},
    {"mtx-recursive", mtx_recursive_init, C11},
    {"mtx-timed", mtx_timed_init, C11},
    {0},
};
