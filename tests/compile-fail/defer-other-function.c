/* SPDX-License-Identifier: MIT */
/*
 * defer-other-function - a condition is not unlocked
 *
 * gcc:      incompatible pointer type
 * clang:    incompatible pointer types
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

    DEFER(pthread_mutex_unlock, &condition);
#else
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

    DEFER(pthread_cond_destroy, &condition);
#endif
}
