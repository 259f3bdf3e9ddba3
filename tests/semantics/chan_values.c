/* SPDX-License-Identifier: MIT */
/*
 * Points 8 and 11 to 14: what is in a value, and that none is lost or doubled under load.
 */
#include "semantics.h"

CHAN_TYPE(int_chan, int);

/* --- 8: every one of PAIRS goroutines sends VALUES values, everybody's are received --- */

enum { PAIRS = 4, VALUES = 1000 };

static int received[VALUES];

static void send_all_values(void *arg)
{
    int_chan_sender *c = arg;

    for (int i = 0; i < VALUES; i++)
        chan_send(*c, i);
}

static void receive_some(void *arg)
{
    int_chan_receiver *c = arg;

    for (int i = 0; i < VALUES; i++) {
        int value = -1;

        CHECK(chan_recv(*c, &value));
        CHECK(value >= 0 && value < VALUES);
        __atomic_fetch_add(&received[value], 1, __ATOMIC_RELAXED);
    }
}

static void every_value_once(int capacity)
{
    struct task senders[PAIRS], receivers[PAIRS];
    int_chan c = chan_make(int_chan, capacity);

    memset(received, 0, sizeof received);
    for (int i = 0; i < PAIRS; i++) {
        task_start(&senders[i], send_all_values, &c.sender);
        task_start(&receivers[i], receive_some, &c.receiver);
    }
    for (int i = 0; i < PAIRS; i++) {
        task_join(&senders[i]);
        task_join(&receivers[i]);
    }
    for (int i = 0; i < VALUES; i++)
        CHECK_INT(received[i], PAIRS);
    CHECK_INT((int)chan_len(c), 0);
    chan_free(c);
}

static void nothing_lost_or_doubled(void)
{
    every_value_once(0);
    every_value_once(1);
    every_value_once(10);
    every_value_once(100);
}

/* --- 11 --- */

enum { LARGEST = 65535, GUARD = 16 };

static void fill(unsigned char *bytes, size_t size, uint32_t seed)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (unsigned char)next_random(&seed);
}

/* One value of `size` bytes through a buffer, and not a byte more. */
static void copy_through(size_t size)
{
    static unsigned char in[LARGEST], out[LARGEST + GUARD], canary[GUARD];
    struct chan *c = chan_new(size, 2);

    memset(canary, 0xa5, sizeof canary);
    for (uint32_t i = 0; i < 3; i++) {
        fill(in, size, (uint32_t)size + i);
        memset(out, 0xa5, size + GUARD);
        chan_send_from(c, in);
        CHECK(chan_recv_into(c, out));
        CHECK(memcmp(in, out, size) == 0);
        CHECK(memcmp(out + size, canary, GUARD) == 0);
    }
    chan_release(c);
}

static void all_sizes(void)
{
    for (size_t size = 1; size < 300; size++)
        copy_through(size);
    for (size_t size = 300; size < LARGEST; size += (size_t)(2970 / rounds(10)))
        copy_through(size);
    copy_through(LARGEST);
}

struct large {
    unsigned char bytes[LARGEST];
};

CHAN_TYPE(large_chan, struct large);

static void send_large(void *arg)
{
    large_chan *c = arg;
    static struct large value;

    fill(value.bytes, LARGEST, 5);
    chan_send(*c, value);
}

static void large_hand_over(void)
{
    large_chan c = chan_make(large_chan, 0);
    static struct large value, expected;
    struct task task;

    fill(expected.bytes, LARGEST, 5);
    task_start_asleep(&task, send_large, &c); /* out of the sender's variable */
    CHECK(chan_recv(c, &value));
    CHECK(memcmp(&value, &expected, sizeof value) == 0);
    task_join(&task);
    memset(&value, 0, sizeof value);
    task_start(&task, send_large, &c); /* more likely into the receiver's */
    CHECK(chan_recv(c, &value));
    CHECK(memcmp(&value, &expected, sizeof value) == 0);
    task_join(&task);
    chan_free(c);
}

/* Read once, before the sender sleeps; ThreadSanitizer cannot know that this is the point. */
#define UNWATCHED __attribute__((no_sanitize("thread")))

static int variable;

static UNWATCHED void send_variable(void *arg)
{
    int_chan *c = arg;

    chan_send(*c, variable);
}

static UNWATCHED void select_variable(void *arg)
{
    int_chan *c = arg;

    CHECK_INT(chan_select(SEND(*c, variable)), 0);
}

static void check_value_of_the_time_of_sending(void (*send)(void *))
{
    int_chan c = chan_make(int_chan, 0);
    struct task task;
    int value;

    variable = 1;
    task_start_asleep(&task, send, &c);
    flag_set(&variable, 2);
    CHECK(chan_recv(c, &value));
    CHECK_INT(value, 1);
    task_join(&task);
    chan_free(c);
}

static void copied_at_the_time_of_sending(void)
{
    int_chan c = chan_make(int_chan, 1);
    int value = 1, later;

    chan_send(c, value);
    value = 2;
    CHECK(chan_recv(c, &later) && later == 1 && value == 2);
    check_value_of_the_time_of_sending(send_variable);
    check_value_of_the_time_of_sending(select_variable);
    chan_free(c);
}

struct job {
    int id;
    const char *name;
};

CHAN_TYPE(job_chan, struct job);

static void initialisers_and_discarded_values(void)
{
    job_chan c = chan_make(job_chan, 3);
    struct job job;

    chan_send(c, {.name = "one", .id = 1});
    CHECK(chan_try_send(c, {2, "two"}));
    CHECK_INT(chan_select(SEND(c, {.id = 3})), 0);
    CHECK(chan_recv(c, &job) && job.id == 1 && strcmp(job.name, "one") == 0);
    CHECK(chan_recv(c, NULL));
    CHECK(chan_recv(c, &job) && job.id == 3 && !job.name);
    chan_free(c);
}

/* --- 12 --- */

static void make(int64_t capacity)
{
    int_chan c = chan_make(int_chan, capacity);

    chan_free(c);
}

static void negative_capacity(void)
{
    make(-1);
}

static void most_negative_capacity(void)
{
    make(INT64_MIN);
}

static void negative_capacity_of_nothing(void)
{
    chan_new(0, -1);
}

static void huge_capacity(void)
{
    make(INT64_MAX);
}

/* The product would wrap around to 0. */
static void overflowing_capacity(void)
{
    make(INT64_C(1) << 62);
}

/* More than any address space, although it fits in a size. */
static void impossible_capacity(void)
{
    make(INT64_C(1) << 60);
}

/* --- 13 --- */

CHAN_TYPE(chan_chan, int_chan);

struct request {
    int question;
    int_chan_sender reply;
};

CHAN_TYPE(request_chan, struct request);

static void serve(void *arg)
{
    request_chan_receiver *requests = arg;
    struct request request;

    while (chan_recv(*requests, &request))
        chan_send(request.reply, request.question * 2);
}

static void request_and_reply(void)
{
    request_chan requests = chan_make(request_chan, 0);
    int_chan reply = chan_make(int_chan, 0);
    struct task server;

    task_start(&server, serve, &requests.receiver);
    for (int i = 0, answer = -1; i < 100; i++) {
        chan_send(requests, {.question = i, .reply = reply.sender});
        CHECK(chan_recv(reply, &answer) && answer == 2 * i);
    }
    chan_close(requests);
    task_join(&server);
    chan_free(requests);
    chan_free(reply);
}

static void channels_of_channels(void)
{
    chan_chan chans = chan_make(chan_chan, 2);
    int_chan inner = chan_make(int_chan, 1), got = {NULL};
    int value = -1;

    chan_send(chans, inner);
    CHECK(chan_recv(chans, &got) && got.chan == inner.chan);
    chan_send(got.sender, 3);
    CHECK(chan_recv(inner.receiver, &value) && value == 3);
    chan_close(chans);
    CHECK(!chan_recv(chans, &got) && !got.chan); /* the zero value of a channel is nil */
    chan_free(chans);
    chan_free(inner);
}

static const struct test tests[] = {
    {"8", "nothing is lost or doubled", nothing_lost_or_doubled, RETURNS, NULL},
    {"11", "all sizes are copied intact", all_sizes, RETURNS, NULL},
    {"11", "65,535 bytes from goroutine to goroutine", large_hand_over, RETURNS, NULL},
    {"11", "the value is that of the time of sending", copied_at_the_time_of_sending, RETURNS,
     NULL},
    {"11", "a value may be an initialiser, or thrown away", initialisers_and_discarded_values,
     RETURNS, NULL},
    {"12", "a capacity of -1", negative_capacity, PANICS, "makechan: size out of range"},
    {"12", "the most negative one", most_negative_capacity, PANICS, "makechan: size out of range"},
    {"12", "-1 elements of no size", negative_capacity_of_nothing, PANICS,
     "makechan: size out of range"},
    {"12", "the largest capacity", huge_capacity, PANICS, "makechan: size out of range"},
    {"12", "a size that overflows", overflowing_capacity, PANICS, "makechan: size out of range"},
    {"12", "a size larger than memory can be", impossible_capacity, PANICS,
     "makechan: size out of range"},
    {"13", "a request carries the channel for its reply", request_and_reply, RETURNS, NULL},
    {"13", "a channel of channels", channels_of_channels, RETURNS, NULL},
};

const struct section chan_values = SECTION(tests);
