/* SPDX-License-Identifier: MIT */
/*
 * placeholder.h - {object:1} and {thread:2} in the texts become names
 *
 * Layer:    detector/cli/names
 * Memory:   the texts belong to the finding
 * Locking:  none
 * Errors:   what is no placeholder stays as it is
 */
#ifndef CLI_PLACEHOLDER_H
#define CLI_PLACEHOLDER_H

#include "detector/cli/finding/finding.h"

/* Requires: name_threads() and name_objects() were here. */
void fill_placeholders(struct finding *f);

#endif
