/* SPDX-License-Identifier: MIT */
/*
 * bank.c - two transfers in opposite directions, as a possible and as an actual deadlock
 *
 * Usage: bank FILE WHAT...   WHAT: cycle, deadlock, misuse, note, torn, heap
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cli/samples/record.h"

struct account {
    long balance;
    pthread_mutex_t lock;
};

static struct account accounts[2];

/* Some compilers would build one function into the other: keep the lines apart. */
static __attribute__((noinline)) void transfer(struct account *from, struct account *to, long sum)
{
    pthread_mutex_lock(&from->lock);
    pthread_mutex_lock(&to->lock);
    from->balance -= sum;
    to->balance += sum;
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
}

static void *teller(void *unused)
{
    (void)unused;
    return NULL;
}

static void both_ways(struct account *a, struct account *b)
{
    record_thread(2, NULL, (void *)teller);
    transfer(a, b, 1);
    record_thread(3, NULL, (void *)teller);
    transfer(b, a, 1);
}

static void play(const char *what)
{
    struct account *a = calloc(2, sizeof(*a));

    if (strcmp(what, "heap") == 0) {
        both_ways(&a[0], &a[1]);
        record_cycle();
    } else if (strcmp(what, "torn") == 0) {
        record_torn();
    } else {
        both_ways(&accounts[0], &accounts[1]);
        if (strcmp(what, "deadlock") == 0)
            record_deadlock();
        else if (strcmp(what, "misuse") == 0)
            record_misuse("unlock-not-owner", "warning", "{thread:3} releases {object:1}");
        else if (strcmp(what, "note") == 0)
            record_note("a common gate lock {object:1} guards both orders");
        else
            record_cycle();
    }
    free(a);
}

int main(int argc, char **argv)
{
    for (int i = 2; i < argc; i++)
        play(argv[i]);
    if (argc > 1)
        record_write(argv[1]);
    return 0;
}
