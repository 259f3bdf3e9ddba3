/* SPDX-License-Identifier: MIT */
/*
 * Who could serve a goroutine that waits at a channel? Small stories are told to the core as the
 * runtime tells them, then the wait-for graph is taken and reduced.
 */
#include "tests/unit/unit.h"

#include "tests/unit/channel_story.h"

#include "detector/core/snapshot.h"

static void tell(const char *words)
{
    story_tell(words, (struct site){.pc = &story, .sp = NULL});
}

/* --- who is dead --- */

static const struct row {
    const char *name, *story;
    const char *dead, *weak; /* digits; weak: only as far as was seen */
} rows[] = {
    /* must be found */
    {"a nil channel, whoever runs", "2>-*", "2", ""},
    {"a receiver that ended", "3<a 3<a 3x 2>a*", "2", "2"},
    {"both receivers ended", "3<a 3<a 4<a 4<a 3x 4x 2>a*", "2", "2"},
    {"a receiver that is stuck itself", "4<b 4<b 4x 3<a 3>b* 2>a*", "23", "23"},
    {"a pipeline behind a stage that left", "3<a 4<b 5<c 5<c 5x 4>c* 3>b* 2>a*", "234", "234"},
    {"no sender left, and no ancestor runs", "1<b* 2>a 2x 3<a* 1>b 1<b*", "13", "13"},
    {"a select, all of it dead", "3<a 3<a 3x 4<b 4<b 4x 2>a|>b*", "2", "2"},
    {"a select with a nil case beside a dead one", "3<a 3<a 3x 2>a|<-*", "2", "2"},
    {"all at rest, nobody ever seen", "1<a* 2>b*", "12", ""},
    {"select over nothing but nil, all at rest", "1<-|<-*", "1", ""},
    {"a WaitGroup whose goroutines are stuck", "2w 3w 2>-* 3>-* 1.2w*", "123", ""},
    {"a WaitGroup one of whose goroutines is stuck", "2w 3w 2>-* 1.2w*", "12", ""},
    {"two that send to each other and receive from nobody", "1<c* 2>a* 3>b*", "123", ""},
    /* must stay silent */
    {"nobody was seen at the other end yet", "2>a*", "", ""},
    {"the receiver came only once", "3<a 3x 2>a*", "", ""},
    {"and its creator is stuck itself", "3<a 3x 1<-* 2>a*", "12", "2"},
    {"the receiver told somebody that it is done", "3<a 3<a 3>b 3x 2>a*", "", ""},
    {"a channel that counts places, and who has one lives", "4>a 4<a 4x 3>a 2>a*", "", ""},
    {"one of two receivers lives", "3<a 3<a 4<a 3x 2>a*", "", ""},
    {"the receiver waits for somebody who runs", "3<a 3>b* 4<b 2>a*", "", ""},
    {"receivers in generations", "3<a 3<a 3x 4<a 4<a 4x 2>a*", "", ""},
    {"senders in generations", "3>a 3x 4>a 4x 2<a*", "", ""},
    {"the sender's creator could start another", "3+4 4>a 4x 2<a* 1<b*", "", ""},
    {"its grandparent could", "3+4 4+5 5>a 5x 4x 2<a* 1<b*", "", ""},
    {"who made the channel could close it", "3>a 3x 2<a*", "", ""},
    {"a timer will serve it", "a@ 3<a 3<a 3x 2>a*", "", ""},
    {"a context may be cancelled by anybody", "a~ 1<a 3>a 3x 2<a*", "", ""},
    {"a select with one case that may be served", "3<a 3<a 3x 2>a|>b*", "", ""},
    {"a stranger came", "0<a 3<a 3<a 3x 2>a*", "", ""},
    {"select over nothing but nil, while others run", "2<-|<-*", "", ""},
    {"a WaitGroup of which somebody else may do a task", "2w 2>-* 1.2w* 3<a", "2", ""},
    {"a WaitGroup whose goroutine runs", "2w 3w 1.2w*", "", ""},
};

static void set_of(char *text, const struct snapshot *snapshot, bool weak)
{
    for (int i = 1; i < STORY_THREADS; i++) {
        const struct thread *thread = story.threads[i];

        if (thread && thread->id == story.ids[i] && snapshot->nodes[thread->index].dead &&
            (!weak || snapshot->threads[thread->index].weak))
            *text++ = (char)('0' + i);
    }
    *text = 0;
}

static void test_rows(void **state)
{
    static struct snapshot snapshot;
    char dead[STORY_THREADS + 1], weak[STORY_THREADS + 1];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tell(rows[i].story);
        assert_true(snapshot_take(&snapshot, false, NULL));
        wait_for_reduce(snapshot.nodes, snapshot.count + 3, snapshot.successors);
        set_of(dead, &snapshot, false);
        set_of(weak, &snapshot, true);
        if (strcmp(dead, rows[i].dead) || strcmp(weak, rows[i].weak))
            fail_msg("%s (%s): dead {%s}, weak {%s}; expected {%s}, {%s}", rows[i].name,
                     rows[i].story, dead, weak, rows[i].dead, rows[i].weak);
        story_forget();
    }
}

/* Who was woken will run, though it has not said so yet. */
static void test_token(void **state)
{
    static struct snapshot snapshot;

    (void)state;
    tell("2>-*");
    story.threads[2]->sleep_word = SLEEP_TOKEN;
    assert_true(snapshot_take(&snapshot, false, NULL));
    assert_int_equal(wait_for_reduce(snapshot.nodes, snapshot.count + 3, snapshot.successors), 0);
    story.threads[2]->sleep_word = 0;
    story_forget();
}

/* At the end of the process the thread that ends it serves nobody any more. */
static void test_leaving(void **state)
{
    static struct snapshot snapshot;
    char dead[STORY_THREADS + 1];

    (void)state;
    tell("1<a 2>a*");
    assert_true(snapshot_take(&snapshot, false, NULL));
    assert_int_equal(wait_for_reduce(snapshot.nodes, snapshot.count + 3, snapshot.successors), 0);
    assert_true(snapshot_take(&snapshot, false, story.threads[1]));
    wait_for_reduce(snapshot.nodes, snapshot.count + 3, snapshot.successors);
    set_of(dead, &snapshot, false);
    assert_string_equal(dead, "2");
    story_forget();
}

/* --- partners --- */

static void test_partners(void **state)
{
    const struct channel_end *end;

    (void)state;
    tell("2>a 2>a 3>a 2>a 2<a");
    end = &story.channels[0]->ends[SIDE_SEND];
    assert_int_equal(end->count, 2);
    assert_int_equal(end->partners[end->last].thread, story.ids[2]);
    assert_false(end->renewed);
    assert_int_equal(story.channels[0]->ends[SIDE_RECEIVE].count, 1);
    story_forget();
}

/* Many that come and go take no more memory than those that live, and the last stays known. */
static void test_come_and_go(void **state)
{
    const struct channel_end *end;
    uint32_t last = 0;

    (void)state;
    tell("9>a");
    end = &story.channels[0]->ends[SIDE_SEND];
    for (int i = 0; i < 10000; i++) {
        story_be(2);
        event_chan_asks(story.channels[0], SIDE_SEND, story.site);
        last = story.ids[2];
        story_end_thread(2);
        story.threads[2] = NULL;
    }
    assert_true(end->count <= 8);
    assert_int_equal(end->partners[end->last].thread, last);
    assert_false(end->renewed); /* thread 9 was there all the time */
    assert_non_null(channel_partner(end, story.ids[9]));
    story_forget();
}

static void test_gone(void **state)
{
    struct channel *first;

    (void)state;
    tell("2>a 3<a");
    first = story.channels[0];
    event_chan_gone(first);
    story.channels[0] = NULL;
    tell("2>a");
    assert_ptr_equal(story.channels[0], first); /* used again, and nothing left in it */
    assert_int_equal(first->ends[SIDE_SEND].count, 1);
    assert_int_equal(first->ends[SIDE_RECEIVE].count, 0);
    story_forget();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),        cmocka_unit_test(test_token),
        cmocka_unit_test(test_leaving),     cmocka_unit_test(test_partners),
        cmocka_unit_test(test_come_and_go), cmocka_unit_test(test_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
