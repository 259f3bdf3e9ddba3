/* SPDX-License-Identifier: MIT */
/*
 * locks.c - what happens when threads take locks of KIND in the order that SCRIPT tells?
 *
 *     locks KIND "1:A B . 2:B A ."
 *
 * A script is one interleaving, step after step. "1:" gives the following steps to thread 1;
 * thread 0 is main. The steps:
 *
 *     A a     lock A; read-lock A            ?A ~A   trylock; timed lock (5 s)
 *     -A      unlock A                       .       unlock all that this thread holds
 *     #A +A   destroy A; initialise A        tap     lock and unlock a mutex of no importance
 *     go1 end1        create, join thread 1 (threads without go are created by main at the start)
 *     post wait       a semaphore that starts at 0
 *     set get         under a mutex: raise a flag and signal; wait on a condition for the flag
 *     bar             a barrier of two
 *     tick nap        sleep 0.1 s, 2.5 s (nothing else runs meanwhile)
 *     !               behind a step: it blocks, so the next step does not wait for its end
 *
 * KIND may be a list, "normal+sem": A is the first, B the second, C the first again.
 *
 * 1. Parse the script into a table of steps, each with its thread.
 * 2. Every thread walks the table, and does its own steps when `turn` comes to them. The turn is a
 *    plain atomic, polled: it decides who is next in this run, but it orders nothing in the
 *    program's own logic, so for a detector the threads are as concurrent as they look.
 * 3. Print "done" when every step is done and every thread joined.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kinds.h"

enum { MAX_STEPS = 128, MAX_THREADS = 12, MAX_LOCKS = 26, MAX_HELD = 32 };

struct step {
    int thread;
    const char *text; /* without the "!" */
    bool blocks;
};

struct actor {
    int id;
    bool by_hand; /* created by a "go" step */
    pthread_t thread;

    /* what it holds, oldest first; touched by the thread itself only */
    int held[MAX_HELD];
    bool shared[MAX_HELD];
    int depth;
};

static struct step steps[MAX_STEPS];
static int step_count;
static atomic_int turn;

static struct actor actors[MAX_THREADS];
static int actor_count = 1;

static union lock_store locks[MAX_LOCKS];
static const struct kind *lock_kinds[MAX_LOCKS];

static sem_t posted;
static pthread_barrier_t barrier;
static pthread_mutex_t unimportant = PTHREAD_MUTEX_INITIALIZER;

static pthread_mutex_t flag_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t flag_raised = PTHREAD_COND_INITIALIZER;
static bool flag; /* protected by flag_lock */

static void *actor_main(void *arg);

static _Noreturn void die(const char *text, const char *detail)
{
    fprintf(stderr, "locks: %s: %s\n", text, detail);
    exit(3);
}

/* ---------------------------------------------------------------- locks */

static void hold(struct actor *me, int lock, bool shared)
{
    if (me->depth == MAX_HELD)
        die("too many locks held", "MAX_HELD");
    me->held[me->depth] = lock;
    me->shared[me->depth++] = shared;
}

static void lock_exclusive(struct actor *me, int lock)
{
    if (lock_kinds[lock]->lock(&locks[lock]) != 0)
        die("lock failed", lock_kinds[lock]->name);
    hold(me, lock, false);
}

static void lock_shared(struct actor *me, int lock)
{
    if (lock_kinds[lock]->read_lock == NULL || lock_kinds[lock]->read_lock(&locks[lock]) != 0)
        die("read-lock failed", lock_kinds[lock]->name);
    hold(me, lock, true);
}

/* A trylock that fails is no error: the thread just does without. */
static void lock_try(struct actor *me, int lock)
{
    if (lock_kinds[lock]->try_lock(&locks[lock]) == 0)
        hold(me, lock, false);
}

static void lock_timed(struct actor *me, int lock)
{
    struct timespec limit;

    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 5;
    if (lock_kinds[lock]->timed_lock == NULL ||
        lock_kinds[lock]->timed_lock(&locks[lock], &limit) != 0)
        die("timed lock failed", lock_kinds[lock]->name);
    hold(me, lock, false);
}

/* What unlock returns is not looked at: scripts also unlock what they do not hold. */
static void unlock(struct actor *me, int lock)
{
    int i = me->depth - 1;
    bool shared;

    while (i >= 0 && me->held[i] != lock)
        i--;
    shared = i >= 0 && me->shared[i];
    if (shared)
        lock_kinds[lock]->read_unlock(&locks[lock]);
    else
        lock_kinds[lock]->unlock(&locks[lock]);
    if (i < 0)
        return;
    me->depth--;
    memmove(&me->held[i], &me->held[i + 1], (me->depth - i) * sizeof(me->held[0]));
    memmove(&me->shared[i], &me->shared[i + 1], (me->depth - i) * sizeof(me->shared[0]));
}

static void unlock_all(struct actor *me)
{
    while (me->depth > 0)
        unlock(me, me->held[me->depth - 1]);
}

/* ---------------------------------------------------------------- everything else */

static struct actor *actor_of(const char *digits)
{
    int id = atoi(digits);

    if (id < 0 || id >= MAX_THREADS)
        die("no such thread", digits);
    if (id >= actor_count)
        actor_count = id + 1;
    return &actors[id];
}

static void start(struct actor *a)
{
    if (pthread_create(&a->thread, NULL, actor_main, a) != 0)
        die("cannot create a thread", "pthread_create");
}

static void raise_flag(void)
{
    pthread_mutex_lock(&flag_lock);
    flag = true;
    pthread_cond_signal(&flag_raised);
    pthread_mutex_unlock(&flag_lock);
}

static void await_flag(void)
{
    pthread_mutex_lock(&flag_lock);
    while (!flag)
        pthread_cond_wait(&flag_raised, &flag_lock);
    pthread_mutex_unlock(&flag_lock);
}

static void tap(void)
{
    pthread_mutex_lock(&unimportant);
    pthread_mutex_unlock(&unimportant);
}

static void do_word(const char *word)
{
    if (strncmp(word, "go", 2) == 0)
        start(actor_of(word + 2));
    else if (strncmp(word, "end", 3) == 0)
        pthread_join(actor_of(word + 3)->thread, NULL);
    else if (strcmp(word, "post") == 0)
        sem_post(&posted);
    else if (strcmp(word, "wait") == 0)
        sem_wait(&posted);
    else if (strcmp(word, "set") == 0)
        raise_flag();
    else if (strcmp(word, "get") == 0)
        await_flag();
    else if (strcmp(word, "bar") == 0)
        pthread_barrier_wait(&barrier);
    else if (strcmp(word, "tap") == 0)
        tap();
    else if (strcmp(word, "tick") == 0)
        usleep(100 * 1000);
    else if (strcmp(word, "nap") == 0)
        usleep(2500 * 1000);
    else
        die("unknown step", word);
}

static bool is_lock(char c)
{
    return c >= 'A' && c <= 'Z';
}

static void do_step(struct actor *me, const char *text)
{
    int lock;

    if (text[1] == '\0' && text[0] == '.')
        unlock_all(me);
    else if (text[1] == '\0' && is_lock(text[0]))
        lock_exclusive(me, text[0] - 'A');
    else if (text[1] == '\0' && is_lock(text[0] - 'a' + 'A'))
        lock_shared(me, text[0] - 'a');
    else if (text[2] == '\0' && is_lock(text[1])) {
        lock = text[1] - 'A';
        switch (text[0]) {
        case '-':
            unlock(me, lock);
            break;
        case '?':
            lock_try(me, lock);
            break;
        case '~':
            lock_timed(me, lock);
            break;
        case '#':
            lock_kinds[lock]->destroy(&locks[lock]);
            break;
        case '+':
            lock_kinds[lock]->init(&locks[lock]);
            break;
        default:
            die("unknown step", text);
        }
    } else {
        do_word(text);
    }
}

static void play(struct actor *me)
{
    for (int i = 0; i < step_count; i++) {
        if (steps[i].thread != me->id)
            continue;
        while (atomic_load(&turn) != i)
            usleep(200);
        if (steps[i].blocks)
            atomic_store(&turn, i + 1);
        do_step(me, steps[i].text);
        if (!steps[i].blocks)
            atomic_store(&turn, i + 1);
    }
}

static void *actor_main(void *arg)
{
    play(arg);
    return NULL;
}

/* ---------------------------------------------------------------- the script and the kinds */

static void parse(char *script)
{
    int thread = 0;

    for (char *word = strtok(script, " "); word != NULL; word = strtok(NULL, " ")) {
        char *colon = strchr(word, ':');
        size_t length;

        if (colon != NULL) {
            *colon = '\0';
            thread = (int)(actor_of(word) - actors);
            word = colon + 1;
        }
        length = strlen(word);
        if (length == 0)
            continue;
        if (step_count == MAX_STEPS)
            die("too many steps", word);
        steps[step_count].blocks = word[length - 1] == '!';
        if (steps[step_count].blocks)
            word[length - 1] = '\0';
        if (strncmp(word, "go", 2) == 0)
            actor_of(word + 2)->by_hand = true;
        steps[step_count].thread = thread;
        steps[step_count++].text = word;
    }
}

static const struct kind *find_kind(const char *name)
{
    for (const struct kind *k = kinds; k->name != NULL; k++)
        if (strcmp(k->name, name) == 0)
            return k;
    die("unknown kind", name);
}

static void make_locks(char *names)
{
    const struct kind *chosen[MAX_LOCKS];
    int count = 0;

    for (char *name = strtok(names, "+"); name != NULL; name = strtok(NULL, "+"))
        chosen[count++] = find_kind(name);
    for (int i = 0; i < MAX_LOCKS; i++) {
        lock_kinds[i] = chosen[i % count];
        lock_kinds[i]->init(&locks[i]);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3)
        die("usage", "locks KIND SCRIPT");
    make_locks(argv[1]);
    parse(argv[2]);
    sem_init(&posted, 0, 0);
    pthread_barrier_init(&barrier, NULL, 2);

    atomic_store(&turn, -1);
    for (int i = 0; i < actor_count; i++) {
        actors[i].id = i;
        if (i > 0 && !actors[i].by_hand)
            start(&actors[i]);
    }
    atomic_store(&turn, 0);
    play(&actors[0]);
    for (int i = 1; i < actor_count; i++)
        if (!actors[i].by_hand)
            pthread_join(actors[i].thread, NULL);
    puts("done");
    return 0;
}
