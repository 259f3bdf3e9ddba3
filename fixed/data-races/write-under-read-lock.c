/* SPDX-License-Identifier: MIT */
/*
 * write-under-read-lock - looking up a word is reading, but the dictionary also counts the look-ups
 *
 * Family:  data-races
 * Bug:     look_up() is a reader and takes the read lock; so do all others, at the same time. The
 *          statistics that somebody added later is a write, and readers do not exclude each other.
 * Fix:     what readers write must be safe among readers: an atomic counter. (Or the write lock,
 *          and with it the end of reading side by side.)
 * Refs:    CWE-821; CERT CON43-C
 * Expect:  gridlock=silent tsan=silent output="600 words were looked up"
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { STUDENTS = 3, QUESTIONS = 200, WORDS = 4 };

static struct dictionary {
    pthread_rwlock_t lock;
    int meaning[WORDS]; /* under lock */
    atomic_int look_ups;
} dictionary = {.lock = PTHREAD_RWLOCK_INITIALIZER};

static pthread_barrier_t exam;

static int look_up(int word)
{
    pthread_rwlock_rdlock(&dictionary.lock);
    int meaning = dictionary.meaning[word];
    dictionary.look_ups++;
    pthread_rwlock_unlock(&dictionary.lock);
    return meaning;
}

static void learn(int word, int meaning)
{
    pthread_rwlock_wrlock(&dictionary.lock);
    dictionary.meaning[word] = meaning;
    pthread_rwlock_unlock(&dictionary.lock);
}

static void *student(void *argument)
{
    int *points = argument;

    pthread_barrier_wait(&exam);
    for (int i = 0; i < QUESTIONS; i++)
        *points += look_up(i % WORDS);
    return NULL;
}

int main(void)
{
    pthread_t students[STUDENTS];
    int points[STUDENTS] = {0};

    for (int i = 0; i < WORDS; i++)
        learn(i, i);
    pthread_barrier_init(&exam, NULL, STUDENTS);
    for (int i = 0; i < STUDENTS; i++)
        pthread_create(&students[i], NULL, student, &points[i]);
    for (int i = 0; i < STUDENTS; i++) {
        pthread_join(students[i], NULL);
        printf("student %d has %d points\n", i + 1, points[i]);
    }
    pthread_barrier_destroy(&exam);
    printf("%d words were looked up\n", dictionary.look_ups);
    return 0;
}
