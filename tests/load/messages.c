/* SPDX-License-Identifier: MIT */
/*
 * messages CAPACITY COUNT - does every value arrive, once, and in its sender's order?
 *
 * 8 senders share COUNT values, 8 receivers take them as they come. Every value is marked where it
 * arrives; a receiver sees the values of one sender in the order in which they were sent.
 */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>

enum { SENDERS = 8, RECEIVERS = 8 };

struct message {
    uint32_t sender, number;
    uint64_t check; /* a function of the two: a torn copy shows */
};

CHAN_TYPE(message_chan, struct message);

static message_chan messages;
static uint32_t each; /* values a sender */
static uint8_t *arrived;
static struct waitgroup senders = WAITGROUP_INIT, receivers = WAITGROUP_INIT;
static uint32_t ids;

static uint64_t check_of(uint32_t sender, uint32_t number)
{
    return ((uint64_t)number << 32 | sender) * UINT64_C(0x9e3779b97f4a7c15);
}

static void sender(void *unused)
{
    uint32_t self = __atomic_fetch_add(&ids, 1, __ATOMIC_RELAXED);

    (void)unused;
    for (uint32_t i = 0; i < each; i++)
        chan_send(messages, {self, i, check_of(self, i)});
}

static void receiver(void *unused)
{
    int64_t last[SENDERS];
    struct message m;

    (void)unused;
    for (int i = 0; i < SENDERS; i++)
        last[i] = -1;
    while (chan_recv(messages, &m)) {
        require(m.sender < SENDERS && m.number < each, "value %u.%u", m.sender, m.number);
        require(m.check == check_of(m.sender, m.number), "value %u.%u is torn", m.sender, m.number);
        require(m.number > last[m.sender], "value %u.%u came after %ld", m.sender, m.number,
                (long)last[m.sender]);
        last[m.sender] = m.number;
        require(__atomic_fetch_add(&arrived[m.sender * each + m.number], 1, __ATOMIC_RELAXED) == 0,
                "value %u.%u came twice", m.sender, m.number);
    }
    require(m.sender == 0 && m.number == 0 && m.check == 0, "a closed channel gives zeros");
}

int main(int argc, char **argv)
{
    long capacity = number(argv, 1), count = number(argv, 2);
    int64_t start = now();

    (void)argc;
    each = (uint32_t)(count / SENDERS);
    arrived = calloc(SENDERS, each);
    messages = chan_make(message_chan, capacity);
    for (int i = 0; i < RECEIVERS; i++)
        waitgroup_go(&receivers, receiver, NULL);
    for (int i = 0; i < SENDERS; i++)
        waitgroup_go(&senders, sender, NULL);
    waitgroup_wait(&senders);
    chan_close(messages);
    waitgroup_wait(&receivers);
    for (uint32_t i = 0; i < SENDERS * each; i++)
        require(arrived[i] == 1, "value %u.%u did not arrive", i / each, i % each);
    printf("capacity %ld: %u values, %ld ns each\n", capacity, SENDERS * each,
           (long)((now() - start) / (SENDERS * each)));
    chan_free(messages);
    free(arrived);
    return 0;
}
