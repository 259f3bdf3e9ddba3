/* SPDX-License-Identifier: MIT */
/*
 * options.h - GRIDLOCK_OPTIONS
 *
 * Layer:    detector/report
 * Memory:   report_options, constant after options_read()
 * Locking:  none
 * Errors:   what is not understood is told on stderr and left out
 */
#ifndef GRIDLOCK_REPORT_OPTIONS_H
#define GRIDLOCK_REPORT_OPTIONS_H

void options_read(void);

#endif
