/* SPDX-License-Identifier: MIT */
/*
 * non-atomic-refcount - two owners let go of a page at the same time, and neither was the last
 *
 * Family:  data-races
 * Bug:     --page->owners is a read, a step and a write. Two who read 2 both write 1: nobody frees
 *          the page. With a plain ++ in the game the count can also be too low, and a page is freed
 *          that somebody still reads.
 * Fix:     an atomic count: one of the two makes it zero, and sees all that the other did before.
 * Refs:    CWE-362, CWE-416; CERT CON43-C
 * Expect:  gridlock=silent tsan=data-race
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { PAGES = 100 };

struct page {
    int owners;
    int words;
};

static struct page *pages[PAGES];
static pthread_barrier_t begin;

/* True: that was the last owner, and the page is gone. */
static int page_release(struct page *page)
{
    if (--page->owners > 0)
        return 0;
    free(page);
    return 1;
}

struct reader {
    int words, freed;
};

/* The printer and the archive: each reads every page and lets go of it. */
static void *read_all(void *argument)
{
    struct reader *reader = argument;

    pthread_barrier_wait(&begin);
    for (int i = 0; i < PAGES; i++) {
        reader->words += pages[i]->words;
        reader->freed += page_release(pages[i]);
    }
    return NULL;
}

int main(void)
{
    struct reader readers[2] = {{0, 0}, {0, 0}};
    pthread_t threads[2];

    for (int i = 0; i < PAGES; i++) {
        pages[i] = malloc(sizeof *pages[i]);
        *pages[i] = (struct page){.owners = 2, .words = 500};
    }
    pthread_barrier_init(&begin, NULL, 2);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, read_all, &readers[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&begin);
    printf("%d words printed, %d stored\n", readers[0].words, readers[1].words);
    printf("%d of %d pages freed\n", readers[0].freed + readers[1].freed, PAGES);
    return 0;
}
