/* SPDX-License-Identifier: MIT */
/*
 * real.h - the C library's own functions, behind our wrappers
 *
 * Layer:    detector/interpose
 * Memory:   one table, constant after real_resolve()
 * Locking:  none
 * Errors:   a function that this C library does not have stays NULL
 *
 * All are looked up once, at start-up: dlsym() may call malloc, which may call us.
 */
#ifndef GRIDLOCK_INTERPOSE_REAL_H
#define GRIDLOCK_INTERPOSE_REAL_H

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <threads.h>
#include <time.h>

/* X(result, name, parameters). Conditions are listed apart: theirs is the newer version. */
#define REAL_FUNCTIONS(X)                                                                          \
    X(int, pthread_mutex_init, (pthread_mutex_t *, const pthread_mutexattr_t *))                   \
    X(int, pthread_mutex_destroy, (pthread_mutex_t *))                                             \
    X(int, pthread_mutex_lock, (pthread_mutex_t *))                                                \
    X(int, pthread_mutex_trylock, (pthread_mutex_t *))                                             \
    X(int, pthread_mutex_timedlock, (pthread_mutex_t *, const struct timespec *))                  \
    X(int, pthread_mutex_clocklock, (pthread_mutex_t *, clockid_t, const struct timespec *))       \
    X(int, pthread_mutex_unlock, (pthread_mutex_t *))                                              \
    X(int, pthread_rwlock_init, (pthread_rwlock_t *, const pthread_rwlockattr_t *))                \
    X(int, pthread_rwlock_destroy, (pthread_rwlock_t *))                                           \
    X(int, pthread_rwlock_rdlock, (pthread_rwlock_t *))                                            \
    X(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t *))                                         \
    X(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t *, const struct timespec *))              \
    X(int, pthread_rwlock_clockrdlock, (pthread_rwlock_t *, clockid_t, const struct timespec *))   \
    X(int, pthread_rwlock_wrlock, (pthread_rwlock_t *))                                            \
    X(int, pthread_rwlock_trywrlock, (pthread_rwlock_t *))                                         \
    X(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t *, const struct timespec *))              \
    X(int, pthread_rwlock_clockwrlock, (pthread_rwlock_t *, clockid_t, const struct timespec *))   \
    X(int, pthread_rwlock_unlock, (pthread_rwlock_t *))                                            \
    X(int, pthread_spin_init, (pthread_spinlock_t *, int))                                         \
    X(int, pthread_spin_destroy, (pthread_spinlock_t *))                                           \
    X(int, pthread_spin_lock, (pthread_spinlock_t *))                                              \
    X(int, pthread_spin_trylock, (pthread_spinlock_t *))                                           \
    X(int, pthread_spin_unlock, (pthread_spinlock_t *))                                            \
    X(int, pthread_barrier_init, (pthread_barrier_t *, const pthread_barrierattr_t *, unsigned))   \
    X(int, pthread_barrier_destroy, (pthread_barrier_t *))                                         \
    X(int, pthread_barrier_wait, (pthread_barrier_t *))                                            \
    X(int, sem_init, (sem_t *, int, unsigned))                                                     \
    X(int, sem_destroy, (sem_t *))                                                                 \
    X(int, sem_close, (sem_t *))                                                                   \
    X(int, sem_wait, (sem_t *))                                                                    \
    X(int, sem_trywait, (sem_t *))                                                                 \
    X(int, sem_timedwait, (sem_t *, const struct timespec *))                                      \
    X(int, sem_clockwait, (sem_t *, clockid_t, const struct timespec *))                           \
    X(int, sem_post, (sem_t *))                                                                    \
    X(int, pthread_once, (pthread_once_t *, void (*)(void)))                                       \
    X(int, pthread_create, (pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))       \
    X(int, pthread_join, (pthread_t, void **))                                                     \
    X(int, pthread_tryjoin_np, (pthread_t, void **))                                               \
    X(int, pthread_timedjoin_np, (pthread_t, void **, const struct timespec *))                    \
    X(int, pthread_clockjoin_np, (pthread_t, void **, clockid_t, const struct timespec *))         \
    X(int, pthread_detach, (pthread_t))                                                            \
    X(int, pthread_cancel, (pthread_t))                                                            \
    X(int, pthread_setname_np, (pthread_t, const char *))                                          \
    X(int, pthread_cond_clockwait,                                                                 \
      (pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *))                   \
    X(int, thrd_create, (thrd_t *, thrd_start_t, void *))                                          \
    X(int, mtx_init, (mtx_t *, int))                                                               \
    X(int, sigaction, (int, const struct sigaction *, struct sigaction *))                         \
    X(sighandler_t, signal, (int, sighandler_t))                                                   \
    X(sighandler_t, bsd_signal, (int, sighandler_t))                                               \
    X(sighandler_t, ssignal, (int, sighandler_t))                                                  \
    X(sighandler_t, sysv_signal, (int, sighandler_t))                                              \
    X(sighandler_t, __sysv_signal, (int, sighandler_t))                                            \
    X(sighandler_t, sigset, (int, sighandler_t))                                                   \
    X(void, free, (void *))                                                                        \
    X(void *, realloc, (void *, size_t))                                                           \
    X(size_t, malloc_usable_size, (void *))                                                        \
    X(int, munmap, (void *, size_t))                                                               \
    X(int, prctl, (int, ...))

#define REAL_CONDITIONS(X)                                                                         \
    X(int, pthread_cond_init, (pthread_cond_t *, const pthread_condattr_t *))                      \
    X(int, pthread_cond_destroy, (pthread_cond_t *))                                               \
    X(int, pthread_cond_wait, (pthread_cond_t *, pthread_mutex_t *))                               \
    X(int, pthread_cond_timedwait,                                                                 \
      (pthread_cond_t *, pthread_mutex_t *, const struct timespec *))                              \
    X(int, pthread_cond_signal, (pthread_cond_t *))                                                \
    X(int, pthread_cond_broadcast, (pthread_cond_t *))

struct real {
#define DECLARE(result, name, parameters) result(*name) parameters;
    REAL_FUNCTIONS(DECLARE)
    REAL_CONDITIONS(DECLARE)
#undef DECLARE
};

extern struct real real;

void real_resolve(void);

/* What the wrappers are to the program. */
#define EXPORT __attribute__((visibility("default")))

#endif
