/* SPDX-License-Identifier: MIT */
/*
 * Points 24 to 26, 30, 31 and 33 to 38: which case of a select may happen, and what it leaves behind.
 */
#include "semantics.h"

CHAN_TYPE(int_chan, int);

static const int_chan nil = {NULL};

/* A select for a goroutine of its own. */
struct chooser {
    struct chan_case cases[4];
    int values[4]; /* to send: those of SEND() live only as long as their block */
    size_t count;
    int result;
    struct task task;
};

static void choose(void *arg)
{
    struct chooser *self = arg;

    self->result = chan_select_cases(self->cases, self->count);
}

static void start(struct chooser *self, const struct chan_case *cases, size_t count)
{
    *self = (struct chooser){.count = count, .result = -9};
    for (size_t i = 0; i < count; i++) {
        self->cases[i] = cases[i];
        if (cases[i].direction == CHAN_SEND) {
            self->values[i] = *(int *)cases[i].elem;
            self->cases[i].elem = &self->values[i];
        }
    }
    task_start_asleep(&self->task, choose, self);
}

#define START(self, ...)                             \
    start((self), (struct chan_case[]){__VA_ARGS__}, \
          sizeof((struct chan_case[]){__VA_ARGS__}) / sizeof(struct chan_case))

static void check_chose(struct chooser *chooser, int expected)
{
    task_join(&chooser->task);
    CHECK_INT(chooser->result, expected);
}

/* --- 24 --- */

static void select_nothing(void *unused)
{
    (void)unused;
    chan_select();
}

static void no_cases_block(void)
{
    static struct chooser none;
    static struct task empty;

    task_start_asleep(&none.task, choose, &none); /* count is 0 */
    task_start_asleep(&empty, select_nothing, NULL);
    task_check_blocked(&none.task);
    task_check_blocked(&empty);
}

/* --- 25 --- */

static void nil_is_never_chosen(void)
{
    int_chan c = chan_make(int_chan, 1);

    for (int i = 0; i < 100; i++) {
        CHECK_INT(chan_select(SEND(nil, 1), RECV(nil, NULL), SEND(c, i)), 2);
        CHECK_INT(chan_select(RECV(c, NULL), RECV(nil, NULL), SEND(nil, 1)), 0);
        CHECK_INT(chan_select(RECV(nil, NULL), SEND(nil, 1), DEFAULT), -1);
    }
    chan_free(c);
}

static void only_nil_blocks(void)
{
    static struct chooser chooser;
    static int value;

    START(&chooser, RECV(nil, &value), SEND(nil, 1));
    task_check_blocked(&chooser.task);
}

/* --- 26 --- */

static void default_only_if_nothing_is_ready(void)
{
    int_chan full = chan_make(int_chan, 1), empty = chan_make(int_chan, 1);
    int value = 5;
    bool ok = true;

    chan_send(full, 1);
    for (int i = 0; i < 100; i++) {
        CHECK_INT(chan_select(SEND(full, 2), RECV_OK(empty, &value, &ok), DEFAULT), -1);
        CHECK_INT(chan_select(DEFAULT, SEND(full, 2)), -1);
        CHECK(value == 5 && ok);
        CHECK_INT(chan_select(DEFAULT, SEND(full, 2), RECV(full, NULL)), 2);
        CHECK_INT(chan_select(SEND(full, 1), DEFAULT), 0);
    }
    CHECK_INT(chan_select(DEFAULT), -1);
    chan_free(full);
    chan_free(empty);
}

/* --- 30 --- */

static void same_channel_in_two_cases(void)
{
    int_chan c = chan_make(int_chan, 100);
    int seen[2] = {0};

    for (int i = 0, value; i < 100; i++) {
        int taken = chan_select(SEND(c, 0), SEND(c, 1));

        CHECK(chan_recv(c, &value) && value == taken);
        seen[value]++;
    }
    CHECK(seen[0] > 10 && seen[1] > 10);
    chan_free(c);
}

/* --- 31 --- */

static void never_serves_itself(void)
{
    static struct chooser chooser;
    static int value = -1;
    int_chan c = chan_make(int_chan, 0);

    START(&chooser, SEND(c, 5), RECV(c, &value));
    task_check_blocked(&chooser.task);
    CHECK(chan_try_send(c, 7)); /* but it is on both sides */
    check_chose(&chooser, 1);
    CHECK_INT(value, 7);
    START(&chooser, SEND(c, 5), RECV(c, &value));
    CHECK(chan_try_recv(c, &value, NULL) && value == 5);
    check_chose(&chooser, 0);
    chan_free(c);
}

/* --- 33 --- */

static void losing_cases_leave_the_queues(void)
{
    static struct chooser first, second;
    static int got[4];
    int_chan c = chan_make(int_chan, 0), d = chan_make(int_chan, 0);

    START(&first, RECV(c, &got[0]), RECV(c, &got[1]), RECV(d, &got[2]));
    START(&second, RECV(c, &got[3]));
    chan_send(d, 7);
    check_chose(&first, 2);
    chan_send(c, 8); /* the first stood before the second, twice */
    check_chose(&second, 0);
    CHECK(got[0] == 0 && got[1] == 0 && got[2] == 7 && got[3] == 8);
    CHECK(!chan_try_send(c, 9) && !chan_try_send(d, 9));

    START(&first, SEND(c, 1), SEND(d, 2), SEND(c, 3));
    START(&second, SEND(c, 4));
    CHECK(chan_recv(d, &got[0]) && got[0] == 2);
    check_chose(&first, 1);
    CHECK(chan_recv(c, &got[0]) && got[0] == 4);
    check_chose(&second, 0);
    CHECK(!chan_try_recv(c, NULL, NULL) && !chan_try_recv(d, NULL, NULL));
    chan_free(c);
    chan_free(d);
}

/* Who leaves from the middle of a queue leaves the others in their order. */
static void others_keep_their_order(void)
{
    static struct chooser waiters[5];
    static int got[5];
    int_chan c = chan_make(int_chan, 0), d = chan_make(int_chan, 0);

    for (int leaver = 0; leaver < 3; leaver++) {
        for (int i = 0; i < 3; i++)
            START(&waiters[i], RECV(c, &got[i]), RECV(i == leaver ? d : nil, NULL));
        chan_send(d, 1);
        check_chose(&waiters[leaver], 1);
        for (int i = 0; i < 3; i++) {
            if (i == leaver)
                continue;
            chan_send(c, i);
            check_chose(&waiters[i], 0);
            CHECK_INT(got[i], i);
        }
    }
    chan_free(c);
    chan_free(d);
}

static void duplicate_is_served_once(void)
{
    static struct chooser chooser;
    static int got[3];
    int_chan c = chan_make(int_chan, 0);

    START(&chooser, RECV(c, &got[0]), RECV(c, &got[1]), RECV(c, &got[2]));
    chan_send(c, 1);
    task_join(&chooser.task);
    CHECK_INT(got[0] + got[1] + got[2], 1);
    CHECK_INT(got[chooser.result], 1);
    CHECK(!chan_try_send(c, 2));
    chan_close(c);
    CHECK(chan_select(RECV(c, NULL), RECV(c, NULL)) >= 0);
    chan_free(c);
}

/* --- 34 --- */

static void closed_receive_is_ready(void)
{
    int_chan c = chan_make(int_chan, 0), never = chan_make(int_chan, 0);
    int value = 5;
    bool ok = true;

    chan_close(c);
    CHECK_INT(chan_select(RECV(never, NULL), RECV_OK(c, &value, &ok)), 1);
    CHECK(value == 0 && !ok);
    CHECK_INT(chan_select(RECV(c, NULL), DEFAULT), 0);
    chan_free(c);
    chan_free(never);
}

static void send_closed(void)
{
    int_chan c = chan_make(int_chan, 1), never = chan_make(int_chan, 0);

    chan_close(c);
    chan_select(RECV(never, NULL), SEND(c, 1));
}

static void send_closed_or_default(void)
{
    int_chan c = chan_make(int_chan, 0);

    chan_close(c);
    chan_select(SEND(c, 1), DEFAULT);
}

static void send_closed_while_asleep(void)
{
    static struct chooser chooser;
    int_chan c = chan_make(int_chan, 0), never = chan_make(int_chan, 0);

    START(&chooser, RECV(never, NULL), SEND(c, 1));
    chan_close(c);
    task_join(&chooser.task);
}

/* --- 35 --- */

static char order[32];

static int_chan channel(int_chan c, char letter)
{
    order[strlen(order)] = letter;
    return c;
}

static int number(char letter)
{
    order[strlen(order)] = letter;
    return letter;
}

static int *variable(int *v, char letter)
{
    order[strlen(order)] = letter;
    return v;
}

static void operands_once_and_in_order(void)
{
    int_chan empty = chan_make(int_chan, 0), room = chan_make(int_chan, 1);
    int value;

    CHECK_INT(chan_select(SEND(channel(empty, 'a'), number('b')),
                          RECV(channel(empty, 'c'), variable(&value, 'd')),
                          SEND(channel(room, 'e'), number('f')),
                          SEND(channel(nil, 'g'), number('h'))),
              2);
    CHECK(strcmp(order, "abcdefgh") == 0);
    CHECK(chan_recv(room, &value) && value == 'f');
    memset(order, 0, sizeof order);
    chan_send(channel(room, 'a'), number('b'));
    CHECK(chan_recv(channel(room, 'c'), variable(&value, 'd')) && value == 'b');
    CHECK(strlen(order) == 4); /* once each; between arguments C promises no order */
    chan_free(empty);
    chan_free(room);
}

/* --- 36 --- */

static void nil_switches_a_case_off(void)
{
    int_chan a = chan_make(int_chan, 0), b = chan_make(int_chan, 0);
    int_chan in = a, out = b;
    int values[2] = {0}, sum = 0;

    chan_close(a);
    chan_close(b);
    for (int open = 2; open > 0; sum++) {
        bool ok;
        int i = chan_select(RECV_OK(in, &values[0], &ok), RECV_OK(out, &values[1], &ok));

        CHECK(!ok && open-- > 0);
        *(i == 0 ? &in : &out) = nil;
    }
    CHECK_INT(sum, 2); /* each was chosen once */
    CHECK_INT(chan_select(RECV(in, NULL), RECV(out, NULL), DEFAULT), -1);
    chan_free(a);
    chan_free(b);
}

/* --- 38 --- */

static void close_wakes_the_right_case(void)
{
    static struct chooser chooser;
    static int value;
    static bool ok;

    for (int which = 0; which < 3; which++) {
        int_chan c[3];

        for (int i = 0; i < 3; i++)
            c[i] = chan_make(int_chan, i == 1);
        value = 5, ok = true;
        START(&chooser, RECV_OK(c[0], &value, &ok), RECV_OK(c[1], &value, &ok),
              RECV_OK(c[2], &value, &ok));
        chan_close(c[which]);
        check_chose(&chooser, which);
        CHECK(value == 0 && !ok);
        for (int i = 0; i < 3; i++)
            chan_free(c[i]);
    }
}

static const struct test tests[] = {
    {"24", "a select of nothing blocks for ever", no_cases_block, LEAVES, NULL},
    {"25", "a case on nil is never chosen", nil_is_never_chosen, RETURNS, NULL},
    {"25", "nothing but nil blocks", only_nil_blocks, LEAVES, NULL},
    {"26", "DEFAULT only if nothing is ready", default_only_if_nothing_is_ready, RETURNS, NULL},
    {"30", "the same channel in two cases: both happen", same_channel_in_two_cases, RETURNS, NULL},
    {"31", "a select on both sides does not serve itself", never_serves_itself, RETURNS, NULL},
    {"33", "cases that lost leave the queues", losing_cases_leave_the_queues, RETURNS, NULL},
    {"33", "who stays keeps the order", others_keep_their_order, RETURNS, NULL},
    {"33", "a channel listed three times is served once", duplicate_is_served_once, RETURNS, NULL},
    {"34", "a receive from a closed channel is ready", closed_receive_is_ready, RETURNS, NULL},
    {"34", "a send on a closed channel", send_closed, PANICS, "send on closed channel"},
    {"34", "DEFAULT is no excuse", send_closed_or_default, PANICS, "send on closed channel"},
    {"34", "nor is being asleep", send_closed_while_asleep, PANICS, "send on closed channel"},
    {"35", "operands are evaluated once, in order", operands_once_and_in_order, RETURNS, NULL},
    {"36", "nil switches a case off", nil_switches_a_case_off, RETURNS, NULL},
    {"38", "close wakes the case that waits for it", close_wakes_the_right_case, RETURNS, NULL},
};

const struct section selects = SECTION(tests);
