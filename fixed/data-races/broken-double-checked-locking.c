/* SPDX-License-Identifier: MIT */
/*
 * broken-double-checked-locking - the first look at a lazily made dictionary takes no lock
 *
 * Family:  data-races
 * Bug:     the second look is under the lock, so the dictionary is made once. But who finds it at
 *          the first look has not met who made it: the pointer may be there before the words it
 *          points to. The race is between that look and the assignment under the lock.
 * Fix:     an atomic pointer: the load that sees it also sees all that was written before the
 *          store. (pthread_once() does the same with less to think about.)
 * Refs:    CWE-609, CWE-543, CWE-1096
 * Expect:  gridlock=silent tsan=silent output="3 travellers said salam; 1 dictionary made"
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TRAVELLERS = 3 };

struct dictionary {
    const char *hello, *thanks;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct dictionary *_Atomic dictionary;
static int made; /* under lock */

static struct dictionary *get_dictionary(void)
{
    if (dictionary == NULL) {
        pthread_mutex_lock(&lock);
        if (dictionary == NULL) {
            struct dictionary *fresh = malloc(sizeof *fresh);

            *fresh = (struct dictionary){"salam", "rahmat"};
            made++;
            dictionary = fresh;
        }
        pthread_mutex_unlock(&lock);
    }
    return dictionary;
}

struct traveller {
    int minute; /* of arrival; a minute takes a millisecond */
    const char *says;
};

static void *travel(void *argument)
{
    struct traveller *traveller = argument;

    usleep((useconds_t)traveller->minute * 1000);
    traveller->says = get_dictionary()->hello;
    return NULL;
}

int main(void)
{
    struct traveller travellers[TRAVELLERS] = {{0, ""}, {3, ""}, {6, ""}};
    pthread_t threads[TRAVELLERS];
    int polite = 0;

    for (int i = 0; i < TRAVELLERS; i++)
        pthread_create(&threads[i], NULL, travel, &travellers[i]);
    for (int i = 0; i < TRAVELLERS; i++) {
        pthread_join(threads[i], NULL);
        polite += strcmp(travellers[i].says, "salam") == 0;
    }
    printf("%d travellers said salam\n%d dictionary made\n", polite, made);
    free(dictionary);
    return 0;
}
