/* SPDX-License-Identifier: MIT */
/*
 * once-init - the price list is read when it is first needed, by whoever comes first
 *
 * Family:  patterns
 * Bug:     "is it there? if not, make it" is a look and a step, and nothing holds the others off in
 *          between: the list may be read twice, and who finds it may find it half written.
 * Fix:     pthread_once(): the first one makes it, the others wait until it is made.
 * Refs:    CWE-543; CERT CON43-C; Go's sync.Once
 * Expect:  gridlock=silent tsan=silent output="4 cashiers agree; the list was read once"
 */
#include <gridlock.h>

#include <stdio.h>

enum { CASHIERS = 4 };

struct price_list {
    int apples, pears;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct price_list *prices; /* read once */
static int times_read;
static pthread_barrier_t morning, evening;

static void read_prices(void)
{
    static struct price_list list;

    list.apples = 30;
    list.pears = 40;
    times_read++;
    prices = &list;
}

static const struct price_list *get_prices(void)
{
    pthread_once(&once, read_prices);
    return prices;
}

static void cashier(void *arg)
{
    int *apples = arg;

    pthread_barrier_wait(&morning); /* the shop opens: everybody needs the prices */
    *apples = get_prices()->apples;
    pthread_barrier_wait(&evening); /* nobody goes home before */
}

int main(void)
{
    struct waitgroup day = WAITGROUP_INIT;
    int apples[CASHIERS], right = 0;

    pthread_barrier_init(&morning, NULL, CASHIERS);
    pthread_barrier_init(&evening, NULL, CASHIERS);
    for (int i = 0; i < CASHIERS; i++)
        waitgroup_go(&day, cashier, &apples[i]);
    waitgroup_wait(&day);
    pthread_barrier_destroy(&morning);
    pthread_barrier_destroy(&evening);
    for (int i = 0; i < CASHIERS; i++)
        right += apples[i] == 30;
    printf("%d cashiers agree\n", right);
    puts(times_read == 1 ? "the list was read once" : "the list was read more than once");
    return 0;
}
