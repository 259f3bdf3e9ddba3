/* SPDX-License-Identifier: MIT */
/*
 * channels.h - what the programs with goroutines and channels have in common
 *
 * Layer:    tests/matrix (programs under test; they use the public header, as anybody's)
 * Memory:   none
 * Locking:  none
 * Errors:   none
 */
#ifndef TESTS_MATRIX_CHANNELS_H
#define TESTS_MATRIX_CHANNELS_H

#include <gridlock.h>

#include "scenario.h"

CHAN_TYPE(int_chan, int);
CHAN_TYPE(signal_chan, struct {});

enum { PAUSE_MS = 2500, GAP_MS = 1400 }; /* both longer than what is likely must last */

/* Lets time pass in a call that the detector does not see: such a thread is simply running. */
void nap(int ms);

/* Waits until all other threads of the process sleep, wherever: so they are where they block. */
void settle(void);

/* Starts a goroutine that goes on for ever and touches nothing. */
void start_ticker(void);

/* Starts a ticker, and ends the program well after PAUSE_MS: for scenarios that are never certain. */
void end_later(void);

/* For pthread_create(): calls the goroutine's function `arg`. */
void *as_thread(void *arg);

#endif
