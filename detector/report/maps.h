/* SPDX-License-Identifier: MIT */
/*
 * maps.h - which mapped files do the addresses of a finding lie in?
 *
 * Layer:    detector/report
 * Memory:   static
 * Locking:  the report lock must be held
 * Errors:   /proc is out of reach: what start-up saw; not even then: addresses stay addresses
 *
 * /proc/self/maps, and not dl_iterate_phdr(): the dynamic loader's lock may be held by a thread
 * that is stuck.
 */
#ifndef GRIDLOCK_REPORT_MAPS_H
#define GRIDLOCK_REPORT_MAPS_H

#include "detector/report/json.h"

/* Looks once, at start-up: later /proc may be out of reach. */
void maps_remember(void);
/* Writes the array "modules": the files in which one of the addresses lies. */
void maps_write_modules(struct json *json, const uintptr_t *addresses, unsigned count);

#endif
