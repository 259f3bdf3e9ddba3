/* SPDX-License-Identifier: MIT */
/*
 * object_name.h - what to call the locks of a finding
 *
 * Layer:    detector/cli/names
 * Memory:   the names belong to the finding
 * Locking:  none
 * Errors:   none: afterwards every object has a name of its own, and no name is an address
 */
#ifndef CLI_OBJECT_NAME_H
#define CLI_OBJECT_NAME_H

#include "detector/cli/finding/finding.h"

/* Requires: symbolise() was here. */
void name_objects(struct finding *f);

#endif
