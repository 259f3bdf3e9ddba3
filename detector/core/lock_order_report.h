/* SPDX-License-Identifier: MIT */
/*
 * lock_order_report.h - from a cycle of the lock-order graph to a finding
 *
 * Layer:    detector/core
 * Memory:   none of its own
 * Locking:  the detector's lock must be held
 * Errors:   none
 */
#ifndef GRIDLOCK_CORE_LOCK_ORDER_REPORT_H
#define GRIDLOCK_CORE_LOCK_ORDER_REPORT_H

#include "detector/core/lock_order.h"

/* Begins the finding for a cycle, if it is one and new. True: the caller calls finding_end() when
 * it has given back the detector's lock. */
bool lock_order_report(const struct lock_order *order, const struct lock_cycle *cycle);

#endif
