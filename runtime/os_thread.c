/* SPDX-License-Identifier: MIT */
#include "runtime/os_thread.h"

#include <pthread.h>
#include <unistd.h>

int os_thread_start(void *(*run)(void *), void *arg, size_t stack_bytes)
{
    size_t least = 2 * (size_t)sysconf(_SC_THREAD_STACK_MIN); /* includes thread-local data */
    pthread_attr_t attributes;
    pthread_t handle;
    int error;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, stack_bytes > least ? stack_bytes : least);
    error = pthread_create(&handle, &attributes, run, arg);
    pthread_attr_destroy(&attributes);
    return error;
}
