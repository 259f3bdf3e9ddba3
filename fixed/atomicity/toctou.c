/* SPDX-License-Identifier: MIT */
/*
 * toctou - two backups look whether another one is running, and both find that none is
 *
 * Family:  atomicity
 * Bug:     access() says that there is no lock file; a moment later, that is history. The state is
 *          in the file system, where no tool for threads can see it; two processes would do the
 *          same.
 * Fix:     let the kernel check and create in one step: O_CREAT with O_EXCL.
 * Refs:    CWE-367; CERT POS35-C
 * Expect:  gridlock=silent tsan=silent output="1 backups ran at once"
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BACKUPS = 2 };

static char directory[] = "/tmp/backup-XXXXXX";
static char lock_file[sizeof directory + sizeof "/running"];
static pthread_barrier_t midnight;

/* True: this is the only backup. The one who gets it removes the file in the end. */
static bool begin(void)
{
    pthread_barrier_wait(&midnight); /* both were started by the same clock */
    int file = open(lock_file, O_WRONLY | O_CREAT | O_EXCL, 0600);

    if (file >= 0)
        close(file);
    return file >= 0;
}

static void *backup(void *argument)
{
    bool *runs = argument;

    *runs = begin();
    return NULL;
}

int main(void)
{
    pthread_t threads[BACKUPS];
    bool runs[BACKUPS];
    int running = 0;

    if (mkdtemp(directory) == NULL)
        return 1;
    snprintf(lock_file, sizeof lock_file, "%s/running", directory);
    pthread_barrier_init(&midnight, NULL, BACKUPS);
    for (int i = 0; i < BACKUPS; i++)
        pthread_create(&threads[i], NULL, backup, &runs[i]);
    for (int i = 0; i < BACKUPS; i++) {
        pthread_join(threads[i], NULL);
        running += runs[i];
    }
    pthread_barrier_destroy(&midnight);
    unlink(lock_file);
    rmdir(directory);
    printf("%d backups ran at once\n", running);
    return 0;
}
