/* SPDX-License-Identifier: MIT */
/*
 * cplusplus - the header says in C++ that it is C
 *
 * gcc:      gridlock.h is C
 * clang:    gridlock.h is C
 */
#ifdef MISTAKE
#include <gridlock.h>
#else
#include <pthread.h>
#endif

void example();

void example()
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}
