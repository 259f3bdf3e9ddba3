/* SPDX-License-Identifier: MIT */
/*
 * channel_story.h - goroutines and channels in a few words, told to the core as the runtime does
 *
 * Layer:    tests/unit
 * Memory:   one story at a time, in `story`
 * Locking:  one thread, which plays all of them
 * Errors:   a failed assertion
 *
 * A story is a list of words: "2>a" thread 2 sends on channel a, "2<a" it receives, with a "*" it
 * blocks there, "2>a|<b*" it blocks in a select, "2<-*" on a nil channel; "2x" it ends; "2+3" it
 * creates thread 3; "a@" something outside serves channel a, "a~" a is a context's, "a#" it has a
 * buffer for two; "2[L" it locks L, "2]L" gives it back; "2.3w*" it waits for a WaitGroup with 3 open
 * tasks, "3w" thread 3 will do one.
 * Thread 1 makes the channels. All threads that are named live from the start, children of thread 1
 * unless they are created.
 */
#ifndef GRIDLOCK_TESTS_UNIT_CHANNEL_STORY_H
#define GRIDLOCK_TESTS_UNIT_CHANNEL_STORY_H

#include "detector/core/runtime_event.h"

enum { STORY_THREADS = 10, STORY_CHANNELS = 4 };

struct story {
    struct thread *threads[STORY_THREADS];
    uint32_t ids[STORY_THREADS];
    struct channel *channels[STORY_CHANNELS];
    struct site site; /* where everything happens */
};
extern struct story story;

/* Tells it from the beginning, as if at `site`. */
void story_tell(const char *words, struct site site);
/* Goes on as this thread; 0: as one that is not watched. */
void story_be(int digit);
void story_end_thread(int digit);
/* Ends all that is left of it. */
void story_forget(void);

#endif
