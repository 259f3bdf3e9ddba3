/* SPDX-License-Identifier: MIT */
/*
 * What may nobody do with a channel? Send on a closed one, close it twice, close nil, use it after
 * it was freed, free it while somebody waits; and who only receives should not close.
 */
#include "detector/core/channel_misuse.h"

#include "detector/core/finding.h"
#include "detector/core/misuse.h"
#include "detector/core/runtime_event.h"

#include <string.h>

static struct where where_of_event(const struct object_event *event)
{
    return (struct where){event->stack, event->pc};
}

static uint64_t identity_of(struct where where, unsigned rule)
{
    uintptr_t place = where.stack ? (uintptr_t)where.stack : (uintptr_t)where.pc;

    return ((uint64_t)place * UINT64_C(0x9e3779b97f4a7c15) ^ rule * 31 ^ (uintptr_t)&channel_any) |
           1;
}

static bool was_at(const struct channel *channel, enum channel_side side, uint32_t thread)
{
    return channel_partner(&channel->ends[side], thread) != NULL;
}

/* An end of the channel, with the place of its newest operation. */
static void tell_last(const struct channel *channel, enum channel_side side, const char *what)
{
    const struct channel_end *end = &channel->ends[side];
    const struct channel_partner *last = end->count ? &end->partners[end->last] : NULL;

    if (!last)
        return;
    finding_thread_at(last->thread, (struct where){last->stack, last->pc});
    finding_place(last->thread, (struct where){last->stack, last->pc}, false, what, last->thread);
}

/* --- after the end of the channel --- */

struct rule {
    const char *name, *lesson;
    const char *message; /* %u: the thread, the channel, the thread that ended it */
    const char *here, *there, *operation, *before;
    const char *help;
};

static const struct rule rules[] = {
    [EVENT_SEND_ON_CLOSED] = {"send-on-closed", "channels/close-by-receiver",
                              "{thread:%u} sends on {object:%u}, which {thread:%u}%s closed",
                              "sends here", "{thread:%u} closed it here", "send", "close",
                              "let the sender close, and only when nothing more will be sent; a "
                              "receiver that wants no more cancels a context"},
    [EVENT_CLOSE_OF_CLOSED] = {"close-of-closed", "channels/double-close",
                               "{thread:%u} closes {object:%u}, which {thread:%u}%s has closed "
                               "already",
                               "closes it again here", "{thread:%u} closed it here", "close",
                               "close",
                               "let one place close the channel: the last sender, or whoever waits "
                               "for all senders"},
    [EVENT_CLOSE_OF_NIL] = {"close-of-nil", "channels/nil-channel",
                            "{thread:%u} closes a nil channel", "closes it here", NULL, "close",
                            NULL, "make the channel with chan_make() before anybody can close it"},
    [EVENT_USE_OF_FREED] = {"destroy-in-use", "locks/destroy-in-use",
                            "{thread:%u} uses {object:%u}, which {thread:%u}%s has freed",
                            "uses it here", "{thread:%u} freed it here", "use", "free",
                            "free a channel when all goroutines that use it have ended"},
    [EVENT_FREE_IN_USE] = {"destroy-in-use", "locks/destroy-in-use",
                           "{thread:%u} frees {object:%u} while somebody waits on it",
                           "freed here; it was left as it is", NULL, "free", NULL,
                           "close the channel, wait for the goroutines that use it, then free it"},
};

/* ", a receiver," for who did nothing but receive. */
static const char *role_of(const struct channel *channel, uint32_t thread, uint32_t now)
{
    if (thread == now)
        return " itself";
    return was_at(channel, SIDE_RECEIVE, thread) && !was_at(channel, SIDE_SEND, thread)
               ? ", a receiver,"
               : "";
}

static void tell_waiters(const struct channel *channel, unsigned number)
{
    for (uint32_t i = 0; i < thread_table_size(); i++) {
        struct thread *thread = thread_at(i);

        for (uint32_t k = 0; thread->state == THREAD_ALIVE && thread->wait_sequence % 2 &&
                             thread->wait.kind >= WAIT_SEND && thread->wait.kind <= WAIT_SELECT &&
                             k < thread->case_count;
             k++)
            if (thread->cases[k].channel == channel) {
                finding_thread(thread, false, NULL, 0);
                finding_place(thread->id, (struct where){thread->wait.stack, thread->wait.pc},
                              false, "{thread:%u} waits on {object:%u} here", thread->id, number);
                break;
            }
    }
}

static void tell(const struct rule *rule, enum event_misuse misuse, const struct channel *channel,
                 uint32_t thread, struct where where)
{
    unsigned number = channel ? finding_channel(channel, channel->address) : 0;
    struct where before = channel ? where_of_event(&channel->closing) : (struct where){NULL, NULL};
    uint32_t other = channel ? channel->closing.thread : 0;

    if (!rule->there)
        finding_message(rule->message, thread, number);
    else
        finding_message(rule->message, thread, number, other, role_of(channel, other, thread));
    finding_thread_at(thread, where);
    if (rule->there && other) {
        if (other != thread)
            finding_thread_at(other, before);
        finding_place(other, before, false, rule->there, other);
        finding_turn(other, rule->before, number, before, 0);
    }
    finding_turn(thread, rule->operation, number, where, 0);
    finding_place(thread, where, true, "%s", rule->here);
    if (misuse == EVENT_FREE_IN_USE)
        tell_waiters(channel, number);
    finding_help("%s", rule->help);
}

void event_chan_misuse(enum event_misuse misuse, struct channel *channel, struct site site)
{
    const struct rule *rule = &rules[misuse];
    struct thread *thread = thread_current;
    struct where where = misuse_where(site);
    struct finding_head head = {.name = rule->name,
                                .severity = SEVERITY_ERROR,
                                .confidence = CONFIDENCE_CERTAIN,
                                .lesson = rule->lesson,
                                .identity = identity_of(where, misuse)};

    if ((!channel && misuse != EVENT_CLOSE_OF_NIL) || !thread || !finding_begin(&head))
        return;
    tell(rule, misuse, channel, thread->id, where);
    finding_end();
}

/* --- who closes --- */

/* The thread that made the channel owns it, unless it left: whoever it made it for may close. */
static bool only_receives(const struct channel *channel, const struct thread *thread)
{
    const struct channel_end *senders = &channel->ends[SIDE_SEND];

    return was_at(channel, SIDE_RECEIVE, thread->id) && !was_at(channel, SIDE_SEND, thread->id) &&
           channel->made.thread && channel->made.thread != thread->id && senders->count &&
           !senders->strangers;
}

void misuse_close(struct channel *channel, struct thread *thread, struct site site)
{
    struct where where;
    struct finding_head head = {.name = "close-by-receiver",
                                .severity = SEVERITY_WARNING,
                                .confidence = CONFIDENCE_CERTAIN,
                                .lesson = "channels/close-by-receiver"};
    unsigned number;

    if (!only_receives(channel, thread))
        return;
    where = misuse_where(site);
    head.identity = identity_of(where, 100);
    if (!finding_begin(&head))
        return;
    number = finding_channel(channel, channel->address);
    finding_message("{thread:%u} closes {object:%u}, from which it only ever received; a sender "
                    "that does not know would panic",
                    thread->id, number);
    finding_thread_at(thread->id, where);
    finding_place(thread->id, where, true, "closed here");
    tell_last(channel, SIDE_SEND, "{thread:%u} sent here");
    finding_help("let the sending side close; to make it stop, cancel a context or close a `done` "
                 "channel that it looks at");
    finding_end();
}
