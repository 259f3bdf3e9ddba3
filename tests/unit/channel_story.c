/* SPDX-License-Identifier: MIT */
/* How does a story of goroutines and channels come to the core? (The words: channel_story.h.) */
#include "tests/unit/channel_story.h"

#include "tests/unit/unit.h"

struct story story;

static const char group[1]; /* the WaitGroup's address */

static struct thread *thread_of(int digit)
{
    struct thread *thread = story.threads[digit];

    if (!thread) {
        thread = story.threads[digit] = thread_new();
        assert_non_null(thread);
        story.ids[digit] = thread->id;
        thread->created_by = digit == 1 ? 0 : story.ids[1];
        thread->detached = true;
        thread_bind(thread, 4000000 + digit, (uintptr_t)digit);
    }
    return thread;
}

void story_be(int digit)
{
    thread_own = thread_current = digit ? thread_of(digit) : NULL;
}

static struct channel *channel_of(char letter)
{
    struct channel **channel = &story.channels[letter - 'a'];

    if (!*channel) {
        story_be(1);
        *channel = event_chan_made(channel, 0, story.site);
    }
    return *channel;
}

/* One case, ">a", "<a" or "<-". */
static const char *read_case(const char *word, struct event_case *what)
{
    what->side = *word == '>' ? SIDE_SEND : SIDE_RECEIVE;
    what->nil = word[1] == '-';
    what->channel = what->nil ? NULL : channel_of(word[1]);
    what->address = what->channel;
    return word + 2;
}

static long locks[26]; /* aligned as real locks are */

static void lock(int digit, char letter)
{
    story_be(digit);
    event_acquired(thread_current, &locks[letter - 'A'], LOCK_SPIN, MODE_EXCLUSIVE, HOW_BLOCKING,
                   story.site);
}

static void unlock(int digit, char letter)
{
    story_be(digit);
    assert_true(event_released(thread_current, &locks[letter - 'A']));
}

static void operate(int digit, const char *word)
{
    struct event_case cases[4];
    unsigned count = 0;

    do {
        word = read_case(word + (*word == '|'), &cases[count]);
        story_be(digit);
        if (cases[count].channel) {
            event_chan_may_wait(cases[count].channel, cases[count].side, story.site);
            event_chan_asks(cases[count].channel, cases[count].side, story.site);
        }
        count++;
    } while (*word == '|');
    if (*word != '*' && cases[0].channel) {
        cases[0].channel->received += cases[0].side == SIDE_RECEIVE;
        event_chan_passed(cases[0].channel, cases[0].side, false);
    }
    if (*word == '*')
        thread_current->sleep_word = SLEEP_ASLEEP;
    if (*word == '*' && count == 1)
        event_cases_block(cases, count, false, story.site);
    else if (*word == '*')
        event_select_block(cases, count, false, story.site);
}

void story_end_thread(int digit)
{
    thread_ended(thread_of(digit));
    thread_release(thread_of(digit));
}

static void wait_for_group(int digit, int open)
{
    story_be(digit);
    event_waitgroup_made(group, story.site);
    event_waitgroup_added(group, open, story.site);
    event_waitgroup_block(group, story.site);
    thread_current->sleep_word = SLEEP_ASLEEP;
}

static void tell_word(const char *word)
{
    int digit = *word - '0';

    if (word[1] == '@')
        event_chan_external(channel_of(*word), 1);
    else if (word[1] == '~')
        event_chan_is_context(channel_of(*word));
    else if (word[1] == 'x')
        story_end_thread(digit);
    else if (word[1] == '+')
        thread_of(word[2] - '0')->created_by = thread_of(digit)->id;
    else if (word[1] == '.')
        wait_for_group(digit, word[2] - '0');
    else if (word[1] == 'w')
        thread_of(digit)->serves = group;
    else if (word[1] == '[')
        lock(digit, word[2]);
    else if (word[1] == ']')
        unlock(digit, word[2]);
    else if (word[1] == '#')
        channel_of(*word)->capacity = 2;
    else
        operate(digit, word + 1);
}

void story_tell(const char *text, struct site site)
{
    char words[200], *rest = words;

    story = (struct story){.site = site};
    thread_of(1);
    for (const char *c = text; *c; c++)
        if (*c >= '2' && *c <= '9' && (c == text || c[-1] == ' ' || c[-1] == '+'))
            thread_of(*c - '0');
    snprintf(words, sizeof words, "%s", text);
    for (char *word; (word = strsep(&rest, " "));)
        tell_word(word);
}

void story_forget(void)
{
    story_be(1);
    event_object_gone(thread_current, group);
    for (int i = 0; i < STORY_CHANNELS; i++)
        event_chan_gone(story.channels[i]);
    for (int i = 1; i < STORY_THREADS; i++)
        if (story.threads[i] && story.threads[i]->id == story.ids[i] &&
            story.threads[i]->state == THREAD_ALIVE) {
            story_be(i);
            event_unblock();
            story_end_thread(i);
        }
    story_be(0);
}
