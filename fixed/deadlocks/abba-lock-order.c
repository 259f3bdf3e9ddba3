/* SPDX-License-Identifier: MIT */
/*
 * abba-lock-order - two transfers take the same two locks in opposite orders
 *
 * Family:  deadlocks
 * Bug:     locking `from` first lets a transfer from Ann to Bob and one from Bob to Ann put both
 *          orders into the lock-order graph. The customers come at different minutes, so the
 *          program nearly always ends well: it passed every test until two came at once.
 * Fix:     one global order: lock the account with the lower number first.
 * Refs:    CERT CON35-C, CERT POS51-C, CWE-833
 * Expect:  gridlock=silent tsan=silent output="Ann has 80; Bob has 120"
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

struct account {
    int number;
    const char *owner;
    int balance; /* under lock */
    pthread_mutex_t lock;
};

static struct account accounts[] = {
    {0, "Ann", 100, PTHREAD_MUTEX_INITIALIZER},
    {1, "Bob", 100, PTHREAD_MUTEX_INITIALIZER},
};

struct order {
    struct account *from, *to;
    int amount;
    int minute; /* when the customer comes in; a minute of this bank takes a millisecond */
};

static void transfer(struct account *from, struct account *to, int amount)
{
    struct account *first = from->number < to->number ? from : to;
    struct account *second = first == from ? to : from;

    pthread_mutex_lock(&first->lock);
    pthread_mutex_lock(&second->lock);
    from->balance -= amount;
    to->balance += amount;
    pthread_mutex_unlock(&second->lock);
    pthread_mutex_unlock(&first->lock);
}

static void *teller(void *argument)
{
    struct order *order = argument;

    usleep((useconds_t)order->minute * 1000);
    transfer(order->from, order->to, order->amount);
    return NULL;
}

int main(void)
{
    struct order orders[] = {
        {&accounts[0], &accounts[1], 30, 0},
        {&accounts[1], &accounts[0], 10, 60},
    };
    pthread_t tellers[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&tellers[i], NULL, teller, &orders[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(tellers[i], NULL);

    for (int i = 0; i < 2; i++)
        printf("%s has %d\n", accounts[i].owner, accounts[i].balance);
    return 0;
}
