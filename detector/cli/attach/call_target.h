/* SPDX-License-Identifier: MIT */
/*
 * call_target.h - which function was called here?
 *
 * Layer:    detector/cli/attach
 * Memory:   none
 * Locking:  none
 * Errors:   0: the call was through a register, or the code cannot be read
 */
#ifndef CLI_ATTACH_CALL_TARGET_H
#define CLI_ATTACH_CALL_TARGET_H

#include "detector/cli/attach/image.h"

/* The first instruction of the function that was called right before the return address. */
uint64_t call_target(const struct image *image, uint64_t return_address);

#endif
