/* SPDX-License-Identifier: MIT */
/*
 * waitgroups ROUNDS - does a WaitGroup end the wait after all tasks, and is it left alone then?
 *
 * As soon as the wait returns, its memory gets a new use: here a pattern, which must be whole when
 * all goroutines have ended. Rounds have one to three waiters, and tasks that add others.
 */
#include "load.h"

#include <stdio.h>
#include <string.h>

enum { TASKS = 4, OTHERS = 2, GROUPS = 64, PATTERN = 0xa5 };

struct group {
    struct waitgroup wg;
    int done; /* atomic */
    int wanted;
};

static struct group groups[GROUPS];
static struct waitgroup waiters = WAITGROUP_INIT;

static void task(void *argument)
{
    struct group *group = argument;

    __atomic_fetch_add(&group->done, 1, __ATOMIC_RELAXED);
}

/* Announces another one while its own is not done: allowed at any time. */
static void parent_task(void *argument)
{
    struct group *group = argument;

    waitgroup_go(&group->wg, task, group);
    __atomic_fetch_add(&group->done, 1, __ATOMIC_RELAXED);
}

static void plain_task(void *argument)
{
    struct group *group = argument;

    __atomic_fetch_add(&group->done, 1, __ATOMIC_RELAXED);
    waitgroup_done(&group->wg);
}

static void wait_and_see(struct group *group)
{
    waitgroup_wait(&group->wg);
    require(__atomic_load_n(&group->done, __ATOMIC_RELAXED) == group->wanted,
            "the wait was over after %d of %d tasks", group->done, group->wanted);
}

static void other_waiter(void *argument)
{
    wait_and_see(argument);
}

static void one(struct group *group, uint64_t *die)
{
    uint32_t others = roll(die, OTHERS + 1);

    *group = (struct group){.wg = WAITGROUP_INIT, .wanted = TASKS + 1};
    waitgroup_add(&group->wg, TASKS - 1); /* the other two are announced by their waitgroup_go() */
    waitgroup_go(&group->wg, parent_task, group);
    for (uint32_t i = 0; i < others; i++)
        waitgroup_go(&waiters, other_waiter, group);
    for (int i = 0; i < TASKS - 1; i++)
        go(plain_task, group);
    if (roll(die, 2))
        for (volatile uint32_t i = roll(die, 30000); i > 0; i--)
            ;
    wait_and_see(group);
    waitgroup_wait(&waiters);
    memset(&group->wg, PATTERN, sizeof group->wg);
}

static void require_untouched(const struct group *group)
{
    const unsigned char *bytes = (const unsigned char *)&group->wg;

    for (size_t i = 0; i < sizeof group->wg; i++)
        require(bytes[i] == PATTERN, "byte %zu of a WaitGroup that is gone was written", i);
}

int main(int argc, char **argv)
{
    long rounds = number(argv, 1);
    uint64_t die = 1;

    (void)argc;
    for (long r = 0; r < rounds; r++) {
        one(&groups[r % GROUPS], &die);
        if (r % GROUPS < GROUPS - 1)
            continue;
        for (int64_t end = now() + 20 * SECOND; go_count() > 1 && now() < end;)
            time_sleep(100 * MICROSECOND);
        for (int i = 0; i < GROUPS; i++)
            require_untouched(&groups[i]);
    }
    printf("%ld WaitGroups\n", rounds);
    return 0;
}
