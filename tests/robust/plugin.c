/* SPDX-License-Identifier: MIT */
/*
 * plugin.c - a shared object with locks of its own, for limits.c to load and unload
 */
#include <pthread.h>

void *plugin_forward(void *arg);
void *plugin_backward(void *arg);

static pthread_mutex_t plugin_input = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t plugin_output = PTHREAD_MUTEX_INITIALIZER;

void *plugin_forward(void *arg)
{
    pthread_mutex_lock(&plugin_input);
    pthread_mutex_lock(&plugin_output);
    pthread_mutex_unlock(&plugin_output);
    pthread_mutex_unlock(&plugin_input);
    return arg;
}

void *plugin_backward(void *arg)
{
    pthread_mutex_lock(&plugin_output);
    pthread_mutex_lock(&plugin_input);
    pthread_mutex_unlock(&plugin_input);
    pthread_mutex_unlock(&plugin_output);
    return arg;
}
