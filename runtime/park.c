/* SPDX-License-Identifier: MIT */
/*
 * How does a goroutine sleep? On a futex, since it is a thread.
 *
 * The word has three states:
 *
 *   EMPTY     the owner runs, or is about to look
 *   SLEEPING  the owner sleeps, or is about to
 *   TOKEN     somebody woke it
 *
 * unpark() enters the kernel only if it found SLEEPING. After its exchange the owner may be gone,
 * and its memory too: waking an address that is no futex any more, or another one, does no harm,
 * because every sleeper looks again.
 */
#include "runtime/park.h"

#include "detector/core/runtime_event.h"

enum { SLEEPING = -1, EMPTY = 0, TOKEN = 1 };

static __thread struct parker parker __attribute__((tls_model("initial-exec")));

struct parker *park_self(void)
{
    if (__builtin_expect(!parker.word, 0)) {
        parker.word = event_sleep_word();
        if (!parker.word)
            parker.word = &parker.token;
    }
    return &parker;
}

bool park_try(struct parker *self)
{
    int token = TOKEN;

    return __atomic_load_n(self->word, __ATOMIC_RELAXED) == TOKEN &&
           __atomic_compare_exchange_n(self->word, &token, EMPTY, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

/* Says that the owner sleeps; false: it has the token instead. */
static bool lie_down(struct parker *self)
{
    int empty = EMPTY;

    if (__atomic_compare_exchange_n(self->word, &empty, SLEEPING, false, __ATOMIC_ACQUIRE,
                                    __ATOMIC_ACQUIRE))
        return true;
    __atomic_store_n(self->word, EMPTY, __ATOMIC_RELAXED);
    return false;
}

/* Time is over: gets up. True: the token came at the last moment. */
static bool get_up(struct parker *self)
{
    return __atomic_exchange_n(self->word, EMPTY, __ATOMIC_ACQUIRE) == TOKEN;
}

bool park(struct parker *self, int64_t until)
{
    if (!lie_down(self))
        return true;
    for (;;) {
        int64_t left = until == PARK_FOREVER ? -1 : until - park_now();

        if (until != PARK_FOREVER && left <= 0)
            return get_up(self);
        sys_futex_wait(self->word, SLEEPING, left);
        if (park_try(self))
            return true;
    }
}

void unpark(struct parker *sleeper)
{
    volatile int *word = sleeper->word;

    if (__atomic_exchange_n(word, TOKEN, __ATOMIC_RELEASE) == SLEEPING)
        sys_futex_wake(word, 1);
}

int64_t park_now(void)
{
    return sys_now();
}

int64_t park_after(int64_t duration)
{
    int64_t now = sys_now();

    if (duration <= 0)
        return now;
    return duration > PARK_FOREVER - 1 - now ? PARK_FOREVER - 1 : now + duration;
}
