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

struct cashier {
    int apples_at; /* the price that this one has seen */
    struct waitgroup *open;
};

static void cashier(void *arg)
{
    struct cashier *self = arg;

    waitgroup_done(self->open);
    waitgroup_wait(self->open); /* the shop opens when all are at their places */
    self->apples_at = get_prices()->apples;
}

int main(void)
{
    struct cashier cashiers[CASHIERS];
    struct waitgroup open = WAITGROUP_INIT, day = WAITGROUP_INIT;
    int right = 0;

    waitgroup_add(&open, CASHIERS);
    for (int i = 0; i < CASHIERS; i++) {
        cashiers[i] = (struct cashier){0, &open};
        waitgroup_go(&day, cashier, &cashiers[i]);
    }
    waitgroup_wait(&day);
    for (int i = 0; i < CASHIERS; i++)
        right += cashiers[i].apples_at == 30;
    printf("%d cashiers agree\n", right);
    puts(times_read == 1 ? "the list was read once" : "the list was read more than once");
    return 0;
}
