/* SPDX-License-Identifier: MIT */
/*
 * Points 1 to 10: who waits for whom, and in which order values and waiters are served.
 */
#include "semantics.h"

CHAN_TYPE(int_chan, int);
CHAN_TYPE(signal_chan, struct {});

/* One operation on a channel, for a goroutine of its own. */
struct user {
    int_chan c;
    int value; /* to send, or received */
    bool ok;
    struct task task;
};

static void send_one(void *arg)
{
    struct user *user = arg;

    chan_send(user->c, user->value);
}

static void receive_one(void *arg)
{
    struct user *user = arg;

    user->ok = chan_recv(user->c, &user->value);
}

static void start_sender(struct user *user, int_chan c, int value)
{
    *user = (struct user){.c = c, .value = value};
    task_start_asleep(&user->task, send_one, user);
}

static void start_receiver(struct user *user, int_chan c)
{
    *user = (struct user){.c = c, .value = -1};
    task_start_asleep(&user->task, receive_one, user);
}

static int receive_int(int_chan c)
{
    int value = -1;

    CHECK(chan_recv(c, &value));
    return value;
}

/* --- 1 --- */

static void nil_blocks(void)
{
    static struct user sender, receiver;

    start_sender(&sender, (int_chan){NULL}, 1);
    start_receiver(&receiver, (int_chan){NULL});
    task_check_blocked(&sender.task);
    task_check_blocked(&receiver.task);
}

static void nil_try(void)
{
    int_chan nil = {NULL};
    int value = 5;
    bool ok = true;

    CHECK(!chan_try_send(nil, 1));
    CHECK(!chan_try_recv(nil, &value, &ok));
    CHECK(value == 5 && ok);
}

/* --- 2 --- */

static void unbuffered_sender_waits(void)
{
    int_chan c = chan_make(int_chan, 0);
    static struct user sender;

    CHECK(!chan_try_send(c, 1));
    start_sender(&sender, c, 7);
    task_check_blocked(&sender.task);
    CHECK_INT(receive_int(c), 7);
    task_join(&sender.task);
    chan_free(c);
}

static void unbuffered_receiver_waits(void)
{
    int_chan c = chan_make(int_chan, 0);
    static struct user receiver;

    CHECK(!chan_try_recv(c, NULL, NULL));
    start_receiver(&receiver, c);
    task_check_blocked(&receiver.task);
    CHECK(chan_try_send(c, 7));
    task_join(&receiver.task);
    CHECK(receiver.ok);
    CHECK_INT(receiver.value, 7);
    chan_free(c);
}

/* --- 3 --- */

static void buffered_blocks_only_at_its_ends(void)
{
    for (int capacity = 1; capacity <= 3; capacity++) {
        int_chan c = chan_make(int_chan, capacity);
        static struct user sender, receiver;

        for (int i = 0; i < capacity; i++)
            chan_send(c, i);
        CHECK(!chan_try_send(c, 99));
        start_sender(&sender, c, capacity);
        task_check_blocked(&sender.task);
        for (int i = 0; i <= capacity; i++)
            CHECK_INT(receive_int(c), i);
        task_join(&sender.task);
        CHECK(!chan_try_recv(c, NULL, NULL));
        start_receiver(&receiver, c);
        task_check_blocked(&receiver.task);
        chan_send(c, 1);
        task_join(&receiver.task);
        chan_free(c);
    }
}

/* --- 4 --- */

enum { MANY = 2000 };

static void send_many(void *arg)
{
    struct user *user = arg;

    for (int i = 0; i < MANY; i++)
        chan_send(user->c, i);
    chan_close(user->c);
}

static void values_keep_their_order(void)
{
    static const int capacities[] = {0, 1, 2, 10, 100};

    for (size_t k = 0; k < sizeof capacities / sizeof capacities[0]; k++) {
        struct user sender = {.c = chan_make(int_chan, capacities[k])};
        int value, expected = 0;

        task_start(&sender.task, send_many, &sender);
        while (chan_recv(sender.c, &value))
            CHECK_INT(value, expected++);
        CHECK_INT(expected, MANY);
        task_join(&sender.task);
        chan_free(sender.c);
    }
}

/* The buffer is a ring; every fill at every place of it. */
static void values_keep_their_order_around_the_ring(void)
{
    int_chan c = chan_make(int_chan, 5);
    int in = 0, out = 0;
    uint32_t seed = 1;

    for (int i = 0; i < 20000; i++) {
        if (next_random(&seed) % 2 ? chan_try_send(c, in) : false)
            in++;
        else if (chan_len(c))
            CHECK_INT(receive_int(c), out++);
        CHECK_INT((int)chan_len(c), in - out);
    }
    CHECK(in > 1000);
    chan_free(c);
}

/* --- 5 --- */

enum { QUEUE = 6 };

static void receivers_in_order(int capacity)
{
    int_chan c = chan_make(int_chan, capacity);
    static struct user receivers[QUEUE];

    for (int i = 0; i < QUEUE; i++)
        start_receiver(&receivers[i], c);
    for (int i = 0; i < QUEUE; i++)
        chan_send(c, i);
    for (int i = 0; i < QUEUE; i++) {
        task_join(&receivers[i].task);
        CHECK_INT(receivers[i].value, i);
    }
    chan_free(c);
}

static void waiting_receivers_in_order(void)
{
    receivers_in_order(0);
    receivers_in_order(2);
}

static void waiting_senders_in_order(void)
{
    for (int capacity = 0; capacity <= 2; capacity += 2) {
        int_chan c = chan_make(int_chan, capacity);
        static struct user senders[QUEUE];

        for (int i = 0; i < capacity; i++)
            chan_send(c, i);
        for (int i = 0; i < QUEUE; i++)
            start_sender(&senders[i], c, capacity + i);
        for (int i = 0; i < capacity + QUEUE; i++)
            CHECK_INT(receive_int(c), i);
        for (int i = 0; i < QUEUE; i++)
            task_join(&senders[i].task);
        chan_free(c);
    }
}

/* --- 6 --- */

/* Nobody can take the value away between the send and the receiver's return; the buffer is not
 * used, and the value is in the receiver's variable before the send returns. */
static void hand_over_to_a_waiting_receiver(void)
{
    for (int capacity = 0; capacity <= 1; capacity++) {
        for (int i = 0; i < rounds(200); i++) {
            int_chan c = chan_make(int_chan, capacity);
            static struct user receiver;

            receiver = (struct user){.c = c};
            if (i < 3)
                start_receiver(&receiver, c);
            else
                task_start(&receiver.task, receive_one, &receiver);
            chan_send(c, 7);
            CHECK(i >= 3 || receiver.value == 7);
            CHECK(i >= 3 || chan_len(c) == 0);
            CHECK(i >= 3 || !chan_try_recv(c, NULL, NULL));
            task_join(&receiver.task);
            CHECK_INT(receiver.value, 7);
            chan_free(c);
        }
    }
}

static void hand_over_from_a_waiting_sender(void)
{
    int_chan c = chan_make(int_chan, 0);
    static struct user sender;

    start_sender(&sender, c, 7);
    CHECK_INT((int)chan_len(c), 0);
    CHECK_INT(receive_int(c), 7);
    CHECK(!chan_try_recv(c, NULL, NULL));
    CHECK(!chan_try_send(c, 8));
    task_join(&sender.task);
    chan_free(c);
}

/* --- 7 --- */

static void full_buffer_takes_in_the_first_sender(void)
{
    int_chan c = chan_make(int_chan, 2);
    static struct user first, second;

    chan_send(c, 0);
    chan_send(c, 1);
    start_sender(&first, c, 2);
    start_sender(&second, c, 3);
    CHECK_INT(receive_int(c), 0);
    CHECK_INT((int)chan_len(c), 2);
    CHECK(!chan_try_send(c, 99));
    task_join(&first.task);
    task_check_blocked(&second.task);
    CHECK(chan_try_recv(c, &(int){0}, NULL));
    CHECK_INT((int)chan_len(c), 2);
    task_join(&second.task);
    CHECK_INT(receive_int(c), 2);
    CHECK_INT(receive_int(c), 3);
    CHECK(!chan_try_recv(c, NULL, NULL));
    chan_free(c);
}

/* --- 9 --- */

static void length_and_capacity(void)
{
    int_chan nil = {NULL}, none = chan_make(int_chan, 0), some = chan_make(int_chan, 5);
    static struct user sender;

    CHECK(chan_len(nil) == 0 && chan_cap(nil) == 0);
    CHECK(chan_len(none) == 0 && chan_cap(none) == 0);
    start_sender(&sender, none, 1);
    CHECK(chan_len(none) == 0 && chan_cap(none) == 0);
    CHECK_INT(receive_int(none), 1);
    task_join(&sender.task);
    for (size_t i = 0; i <= 5; i++) {
        CHECK(chan_len(some) == i && chan_cap(some) == 5);
        CHECK(chan_len(some.sender) == i && chan_cap(some.receiver) == 5);
        CHECK(chan_try_send(some, 1) == (i < 5));
    }
    chan_close(some);
    CHECK(chan_len(some) == 5 && chan_cap(some) == 5);
    chan_free(none);
    chan_free(some);
}

/* --- 10 --- */

static void send_signal(void *arg)
{
    signal_chan *c = arg;

    chan_send(*c, {});
}

static void zero_size_unbuffered(void)
{
    signal_chan c = chan_make(signal_chan, 0);
    struct task task;

    CHECK(!chan_try_send(c, {}));
    task_start_asleep(&task, send_signal, &c);
    CHECK(chan_recv(c, NULL));
    task_join(&task);
    chan_close(c);
    CHECK(!chan_recv(c, NULL));
    chan_free(c);
}

static void zero_size_buffered(void)
{
    signal_chan c = chan_make(signal_chan, 3), huge = chan_make(signal_chan, INT64_MAX);
    __typeof__(*c.elem) nothing;

    for (int i = 0; i < 3; i++)
        chan_send(c, {});
    CHECK(!chan_try_send(c, {}));
    CHECK(chan_recv(c, &nothing) && chan_len(c) == 2);
    CHECK_INT(chan_select(SEND(c, {})), 0);
    chan_close(c);
    for (int i = 0; i < 3; i++)
        CHECK(chan_recv(c, NULL));
    CHECK(!chan_recv(c, NULL));
    chan_send(huge, {});
    CHECK(chan_len(huge) == 1 && chan_cap(huge) == INT64_MAX);
    chan_free(c);
    chan_free(huge);
}

static const struct test tests[] = {
    {"1", "a send and a receive on nil block for ever", nil_blocks, LEAVES, NULL},
    {"1", "a try on nil would block", nil_try, RETURNS, NULL},
    {"2", "unbuffered: a send waits for its receiver", unbuffered_sender_waits, RETURNS, NULL},
    {"2", "unbuffered: a receive waits for its sender", unbuffered_receiver_waits, RETURNS, NULL},
    {"3", "buffered: only full and empty block", buffered_blocks_only_at_its_ends, RETURNS, NULL},
    {"4", "values leave in the order sent", values_keep_their_order, RETURNS, NULL},
    {"4", "also around the ring", values_keep_their_order_around_the_ring, RETURNS, NULL},
    {"5", "waiting receivers are served first come", waiting_receivers_in_order, RETURNS, NULL},
    {"5", "waiting senders are served first come", waiting_senders_in_order, RETURNS, NULL},
    {"6", "a waiting receiver gets the value itself", hand_over_to_a_waiting_receiver, RETURNS,
     NULL},
    {"6", "a waiting sender's value is taken once", hand_over_from_a_waiting_sender, RETURNS, NULL},
    {"7", "a receive refills a full buffer in one step", full_buffer_takes_in_the_first_sender,
     RETURNS, NULL},
    {"9", "length and capacity", length_and_capacity, RETURNS, NULL},
    {"10", "elements of no size, unbuffered", zero_size_unbuffered, RETURNS, NULL},
    {"10", "elements of no size, buffered", zero_size_buffered, RETURNS, NULL},
};

const struct section chan_basics = SECTION(tests);
