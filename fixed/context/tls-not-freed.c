/* SPDX-License-Identifier: MIT */
/*
 * tls-not-freed - each thread has a scratch pad of its own, and takes it to the grave
 *
 * Family:  context
 * Bug:     thread-specific data is a pointer for each thread. When a thread ends its pointer is
 *          gone, and what it points to is not freed: the key was made without a destructor. Only
 *          main() tidies up after itself.
 * Fix:     tell pthread_key_create() what to do with the value of a thread that ends.
 * Refs:    CERT CON30-C; the manual page pthread_key_create(3)
 * Expect:  gridlock=silent tsan=silent output="scratch pads in use at the end: 0"
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { WRITERS = 4, PAD = 64 };

static pthread_key_t pad_key;
static atomic_int pads; /* in use */

static void drop_pad(void *pad)
{
    free(pad);
    pads--;
}

/* The pad of the calling thread; made when it is first needed. */
static char *my_pad(void)
{
    char *pad = pthread_getspecific(pad_key);

    if (!pad) {
        pad = calloc(1, PAD);
        pthread_setspecific(pad_key, pad);
        pads++;
    }
    return pad;
}

static void *write_letter(void *argument)
{
    snprintf(my_pad(), PAD, "Dear customer %d", *(int *)argument);
    /* ... and so on ... */
    return NULL;
}

int main(void)
{
    int customers[WRITERS];
    pthread_t writers[WRITERS];

    pthread_key_create(&pad_key, drop_pad);
    for (int i = 0; i < WRITERS; i++) {
        customers[i] = i + 1;
        pthread_create(&writers[i], NULL, write_letter, &customers[i]);
    }
    for (int i = 0; i < WRITERS; i++)
        pthread_join(writers[i], NULL);
    snprintf(my_pad(), PAD, "%d letters", WRITERS);
    puts(my_pad());
    drop_pad(my_pad());
    printf("scratch pads in use at the end: %d\n", pads);
    return 0;
}
