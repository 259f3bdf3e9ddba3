/* SPDX-License-Identifier: MIT */
/*
 * copied-lock - a copy of an account has a copy of its lock, locked for ever
 *
 * Family:  locks
 * Bug:     print_statement() wants a peaceful look at the account and copies it, carefully under
 *          the lock. The copy has a lock too, with the bytes of the original at that moment:
 *          locked. Nobody will ever unlock the copy.
 * Fix:     copy the figures, not the lock: here, ask the original and keep its answer.
 * Refs:    100 Go Mistakes, number 74; go vet "copylocks"
 * Expect:  gridlock=silent tsan=silent output="dear Ann, you have 130"
 */
#include <pthread.h>
#include <stdio.h>

struct account {
    pthread_mutex_t lock;
    const char *owner; /* constant */
    int balance;       /* under lock */
};

static struct account ann = {PTHREAD_MUTEX_INITIALIZER, "Ann", 100};

static void deposit(struct account *account, int amount)
{
    pthread_mutex_lock(&account->lock);
    account->balance += amount;
    pthread_mutex_unlock(&account->lock);
}

static int balance(struct account *account)
{
    pthread_mutex_lock(&account->lock);
    int now = account->balance;
    pthread_mutex_unlock(&account->lock);
    return now;
}

static void print_statement(struct account *account)
{
    int now = balance(account); /* nobody changes this one while it is printed */

    printf("dear %s, you have %d\n", account->owner, now);
    if (now < 50)
        printf("that is %d below what was agreed\n", 50 - now);
}

static void *employer(void *unused)
{
    (void)unused;
    deposit(&ann, 30);
    return NULL;
}

int main(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, employer, NULL);
    pthread_join(thread, NULL);
    print_statement(&ann);
    return 0;
}
