/* SPDX-License-Identifier: MIT */
/*
 * storm MILLISECONDS SEED - does a select lose or double a value, or sleep through its moment?
 *
 * Goroutines do random things on a few channels: selects over random cases (some twice, some nil,
 * some with DEFAULT or a timer), sends, receives and tries. A value is its sender's name, its
 * channel and a number.
 *
 * 1. Each sender's values on one channel arrive at each receiver in order.
 * 2. At the end, what was sent was received, or is still there: counts and sums agree.
 * 3. Nobody sleeps for ever: one goroutine always sends and one always receives on all channels, so
 *    that whoever stands in a queue has his turn. Who has done nothing in the second half of the
 *    time has lost a wakeup.
 */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>

enum { CHANNELS = 5, GOROUTINES = 10, MOST_CASES = 7 };
enum { A_DEFAULT, A_TIMER, NOTHING };

struct value {
    uint32_t sender, channel;
    uint64_t number;
};

CHAN_TYPE(value_chan, struct value);
CHAN_TYPE(stop_chan, struct {});

struct goroutine {
    uint32_t id;
    uint64_t die;
    uint64_t sent[CHANNELS];                   /* the number of the next one */
    uint64_t seen[CHANNELS][GOROUTINES];       /* one more than the newest */
    uint64_t sent_sum, received_sum, received; /* of and how many numbers */
    uint64_t done;                             /* operations; atomic */
    uint64_t done_at_half;
};

/* One select: what its cases mean. */
struct plan {
    struct chan_case cases[MOST_CASES + 1];
    struct value values[MOST_CASES];
    bool ok[MOST_CASES];
    uint32_t channel[MOST_CASES];
    size_t count;
    bool possible; /* one of them is not nil */
};

static const int capacities[CHANNELS] = {0, 0, 1, 2, 7};
static value_chan channels[CHANNELS];
static stop_chan stop;
static struct goroutine goroutines[GOROUTINES];
static struct waitgroup all = WAITGROUP_INIT;

/* --- what happened --- */

static struct value next_value(struct goroutine *g, uint32_t channel)
{
    return (struct value){g->id, channel, g->sent[channel]};
}

static void was_sent(struct goroutine *g, uint32_t channel)
{
    g->sent_sum += g->sent[channel]++;
}

static void was_received(struct goroutine *g, uint32_t channel, const struct value *value)
{
    require(value->sender < GOROUTINES && value->channel == channel,
            "channel %u gave a value of %u for channel %u", channel, value->sender, value->channel);
    require(value->number >= g->seen[channel][value->sender],
            "value %lu of %u on channel %u came after %lu", (unsigned long)value->number,
            value->sender, channel, (unsigned long)g->seen[channel][value->sender] - 1);
    g->seen[channel][value->sender] = value->number + 1;
    g->received++;
    g->received_sum += value->number;
}

/* --- one select --- */

static void add_send(struct plan *plan, struct goroutine *g, uint32_t channel)
{
    size_t i = plan->count++;

    plan->possible = true;
    plan->channel[i] = channel;
    plan->values[i] = next_value(g, channel);
    plan->cases[i] = (struct chan_case){CHAN_SEND, channels[channel].chan, &plan->values[i], NULL};
}

static void add_receive(struct plan *plan, uint32_t channel)
{
    size_t i = plan->count++;

    plan->possible = true;
    plan->channel[i] = channel;
    plan->cases[i] = RECV_OK(channels[channel], &plan->values[i], &plan->ok[i]);
}

static void add_random(struct plan *plan, struct goroutine *g)
{
    uint32_t channel = roll(&g->die, CHANNELS);

    switch (roll(&g->die, 16)) {
    case 0: /* never happens */
        plan->cases[plan->count++] = (struct chan_case){.direction = CHAN_RECEIVE};
        break;
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
        add_send(plan, g, channel);
        break;
    default:
        add_receive(plan, channel);
        break;
    }
}

static void make_plan(struct plan *plan, struct goroutine *g)
{
    plan->count = 0;
    plan->possible = false;
    if (g->id == 0)
        for (uint32_t i = 0; i < CHANNELS; i++)
            add_send(plan, g, i);
    else if (g->id == 1)
        for (uint32_t i = 0; i < CHANNELS; i++)
            add_receive(plan, i);
    else
        for (size_t n = 1 + roll(&g->die, MOST_CASES - 1); plan->count < n;)
            add_random(plan, g);
    if (!plan->possible)
        add_receive(plan, roll(&g->die, CHANNELS));
}

/* False: the storm is over. */
static bool select_once(struct goroutine *g)
{
    struct plan plan;
    uint32_t extra;
    size_t own;
    int chosen;

    make_plan(&plan, g);
    own = plan.count;
    plan.cases[plan.count++] = RECV(stop, NULL);
    extra = g->id < 2 || own == MOST_CASES ? NOTHING : roll(&g->die, 8);
    if (extra == A_DEFAULT)
        plan.cases[plan.count++] = DEFAULT;
    else if (extra == A_TIMER)
        plan.cases[plan.count++] = RECV(time_after(roll(&g->die, 30) * MICROSECOND), NULL);
    chosen = chan_select_cases(plan.cases, plan.count);
    if (chosen == (int)own)
        return false;
    require(chosen == -1 ? extra == A_DEFAULT : (size_t)chosen < plan.count, "case %d was chosen",
            chosen);
    if (chosen < 0 || (size_t)chosen > own)
        return true;
    require(plan.cases[chosen].chan, "a case on nil was chosen");
    if (plan.cases[chosen].direction == CHAN_SEND) {
        was_sent(g, plan.channel[chosen]);
    } else {
        require(plan.ok[chosen], "a channel that nobody closed is closed");
        was_received(g, plan.channel[chosen], &plan.values[chosen]);
    }
    return true;
}

static void try_once(struct goroutine *g)
{
    uint32_t channel = roll(&g->die, CHANNELS);
    struct value value = next_value(g, channel);
    bool ok;

    if (roll(&g->die, 2)) {
        if (chan_try_send(channels[channel], value))
            was_sent(g, channel);
    } else if (chan_try_recv(channels[channel], &value, &ok)) {
        require(ok, "a channel that nobody closed is closed");
        was_received(g, channel, &value);
    }
}

static void run(void *argument)
{
    struct goroutine *g = argument;

    while (select_once(g)) {
        if (g->id >= 2 && roll(&g->die, 4) == 0)
            try_once(g);
        __atomic_fetch_add(&g->done, 1, __ATOMIC_RELAXED);
    }
}

/* --- all of it --- */

static uint64_t let_it_rage(int64_t duration)
{
    uint64_t sum = 0;

    for (int i = 0; i < GOROUTINES; i++)
        waitgroup_go(&all, run, &goroutines[i]);
    time_sleep(duration / 2);
    for (int i = 0; i < GOROUTINES; i++)
        goroutines[i].done_at_half = __atomic_load_n(&goroutines[i].done, __ATOMIC_RELAXED);
    time_sleep(duration / 2);
    for (int i = 0; i < GOROUTINES; i++) {
        uint64_t done = __atomic_load_n(&goroutines[i].done, __ATOMIC_RELAXED);

        require(done > goroutines[i].done_at_half, "goroutine %d sleeps since operation %lu", i,
                (unsigned long)done);
        sum += done;
    }
    chan_close(stop);
    waitgroup_wait(&all);
    return sum;
}

static void settle_accounts(void)
{
    struct goroutine *rest = &goroutines[0];
    uint64_t sent = 0, sent_sum = 0, received = 0, received_sum = 0;
    struct value value;

    for (uint32_t i = 0; i < CHANNELS; i++)
        while (chan_try_recv(channels[i], &value, NULL))
            was_received(rest, i, &value);
    for (int i = 0; i < GOROUTINES; i++) {
        for (int k = 0; k < CHANNELS; k++)
            sent += goroutines[i].sent[k];
        sent_sum += goroutines[i].sent_sum;
        received += goroutines[i].received;
        received_sum += goroutines[i].received_sum;
    }
    require(sent == received, "%lu values were sent, %lu received", (unsigned long)sent,
            (unsigned long)received);
    require(sent_sum == received_sum, "other values were received than sent");
}

int main(int argc, char **argv)
{
    long duration = number(argv, 1), seed = number(argv, 2);
    uint64_t operations;

    (void)argc;
    for (int i = 0; i < CHANNELS; i++)
        channels[i] = chan_make(value_chan, capacities[i]);
    stop = chan_make(stop_chan, 0);
    for (uint32_t i = 0; i < GOROUTINES; i++)
        goroutines[i] = (struct goroutine){.id = i, .die = (uint64_t)seed * 1000 + i};
    operations = let_it_rage(duration * MILLISECOND);
    settle_accounts();
    printf("seed %ld: %lu selects in %ld ms\n", seed, (unsigned long)operations, duration);
    for (int i = 0; i < CHANNELS; i++)
        chan_free(channels[i]);
    chan_free(stop);
    return 0;
}
