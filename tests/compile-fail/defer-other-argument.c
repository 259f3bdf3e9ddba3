/* SPDX-License-Identifier: MIT */
/*
 * defer-other-argument - a deferred call has the type of its function
 *
 * gcc:      incompatible pointer type
 * clang:    incompatible pointer types
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

    DEFER(context_cancel, &mutex);
#else
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

    pthread_mutex_lock(&mutex);
    DEFER(pthread_mutex_unlock, &mutex);
#endif
}
