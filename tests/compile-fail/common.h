/* SPDX-License-Identifier: MIT */
/*
 * common.h - the channels that the mistakes are made with
 */
#ifndef COMMON_H
#define COMMON_H

#include <gridlock.h>

struct job {
    int id;
    const char *name;
};

CHAN_TYPE(int_chan, int);
CHAN_TYPE(long_chan, long);
CHAN_TYPE(text_chan, const char *);
CHAN_TYPE(job_chan, struct job);

/* The mistake, or what was meant; never called. */
void example(void);

/* Channels from anywhere. */
extern int_chan ints;
extern long_chan longs;
extern text_chan texts;
extern job_chan jobs;
extern struct context *ctx;

#endif
