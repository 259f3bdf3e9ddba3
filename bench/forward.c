/* SPDX-License-Identifier: MIT */
/*
 * forward.c - what does it cost to stand between a program and pthreads, and to do nothing there?
 *
 * A library for LD_PRELOAD that hands every call on. No detector that interposes by forwarding can
 * be cheaper: this column of the table is the floor. (One that performs the operation itself,
 * inlined, can be: it saves the second jump.)
 *
 * The condition calls must be asked for by version: a plain dlsym() finds the oldest, whose
 * pthread_cond_t has another layout.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#define FORWARD(result, name, parameters, arguments) \
    static result(*real_##name) parameters;          \
    result name parameters                           \
    {                                                \
        return real_##name arguments;                \
    }

FORWARD(int, pthread_mutex_init, (pthread_mutex_t * m, const pthread_mutexattr_t *a), (m, a))
FORWARD(int, pthread_mutex_destroy, (pthread_mutex_t * m), (m))
FORWARD(int, pthread_mutex_lock, (pthread_mutex_t * m), (m))
FORWARD(int, pthread_mutex_trylock, (pthread_mutex_t * m), (m))
FORWARD(int, pthread_mutex_unlock, (pthread_mutex_t * m), (m))
FORWARD(int, pthread_spin_lock, (pthread_spinlock_t * s), (s))
FORWARD(int, pthread_spin_unlock, (pthread_spinlock_t * s), (s))
FORWARD(int, pthread_rwlock_rdlock, (pthread_rwlock_t * l), (l))
FORWARD(int, pthread_rwlock_wrlock, (pthread_rwlock_t * l), (l))
FORWARD(int, pthread_rwlock_unlock, (pthread_rwlock_t * l), (l))
FORWARD(int, pthread_barrier_wait, (pthread_barrier_t * b), (b))
FORWARD(int, pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t *m), (c, m))
FORWARD(int, pthread_cond_signal, (pthread_cond_t * c), (c))
FORWARD(int, sem_post, (sem_t * s), (s))
FORWARD(int, sem_wait, (sem_t * s), (s))
FORWARD(int, pthread_create,
        (pthread_t * t, const pthread_attr_t *a, void *(*f)(void *), void *arg), (t, a, f, arg))
FORWARD(int, pthread_join, (pthread_t t, void **result), (t, result))

/* The loader itself frees before our constructor has run; what it frees then may leak. */
static void (*real_free)(void *);

void free(void *block)
{
    if (real_free)
        real_free(block);
}

static void *next(const char *name, const char *version)
{
    void *found = version ? dlvsym(RTLD_NEXT, name, version) : NULL;

    return found ? found : dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void find_real_functions(void)
{
#define FIND(name) real_##name = next(#name, NULL)
    FIND(pthread_mutex_init), FIND(pthread_mutex_destroy);
    FIND(pthread_mutex_lock), FIND(pthread_mutex_trylock), FIND(pthread_mutex_unlock);
    FIND(pthread_spin_lock), FIND(pthread_spin_unlock);
    FIND(pthread_rwlock_rdlock), FIND(pthread_rwlock_wrlock), FIND(pthread_rwlock_unlock);
    FIND(pthread_barrier_wait), FIND(sem_post), FIND(sem_wait);
    FIND(pthread_create), FIND(pthread_join), FIND(free);
    real_pthread_cond_wait = next("pthread_cond_wait", "GLIBC_2.3.2");
    real_pthread_cond_signal = next("pthread_cond_signal", "GLIBC_2.3.2");
}
