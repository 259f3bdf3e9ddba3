/* SPDX-License-Identifier: MIT */
/*
 * fingerprint.h - are two findings the same fault?
 *
 * Layer:    detector/cli/finding
 * Memory:   the fingerprint belongs to the finding
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_FINGERPRINT_H
#define CLI_FINGERPRINT_H

#include "detector/cli/finding/finding.h"

/* Sets f->fingerprint: 16 hex digits, the same in every run and on every machine as long as the
 * lines involved are. Requires: symbolise() was here. */
void fingerprint(struct finding *f);

#endif
