/* SPDX-License-Identifier: MIT */
/*
 * missing-unlock-early-return - the error path returns with the lock still held
 *
 * Family:  locks
 * Bug:     withdraw() returns early when the money does not suffice and forgets the unlock. The
 *          thread that did it goes home; whoever asks next waits for a thread that is no more.
 * Fix:     unlock on every path: give the function one way out.
 * Refs:    CWE-667, CERT CON01-C
 * Expect:  gridlock=exit-holding-lock+deadlock tsan=hang
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

static struct account {
    pthread_mutex_t lock;
    int balance; /* under lock */
} account = {.lock = PTHREAD_MUTEX_INITIALIZER, .balance = 100};

static bool withdraw(int amount)
{
    pthread_mutex_lock(&account.lock);
    if (account.balance < amount)
        return false;
    account.balance -= amount;
    pthread_mutex_unlock(&account.lock);
    return true;
}

static int balance(void)
{
    pthread_mutex_lock(&account.lock);
    int now = account.balance;
    pthread_mutex_unlock(&account.lock);
    return now;
}

static void *customer(void *argument)
{
    int wanted = *(int *)argument;

    printf("%d: %s\n", wanted, withdraw(wanted) ? "here you are" : "not enough money");
    return NULL;
}

int main(void)
{
    int wishes[] = {70, 50};
    pthread_t thread;

    for (int i = 0; i < 2; i++) { /* one counter: one customer after the other */
        pthread_create(&thread, NULL, customer, &wishes[i]);
        pthread_join(thread, NULL);
    }
    printf("left: %d\n", balance());
    return 0;
}
