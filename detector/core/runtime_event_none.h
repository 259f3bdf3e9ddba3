/* SPDX-License-Identifier: MIT */
/*
 * runtime_event_none.h - runtime_event.h where there is no detector: nothing is told to nobody
 *
 * Layer:    detector/core; included by runtime_event.h only
 * Memory:   none
 * Locking:  none
 * Errors:   none
 */
#ifndef GRIDLOCK_CORE_RUNTIME_EVENT_NONE_H
#define GRIDLOCK_CORE_RUNTIME_EVENT_NONE_H

/* clang-format off: a table of empty functions */

static inline const struct stack *event_go(struct site site) { (void)site; return NULL; }
static inline void event_goroutine(const void *f, const char *n, const struct stack *s)
{ (void)f; (void)n; (void)s; }
static inline void event_own_thread(void) {}
static inline void event_goroutine_expected(int by) { (void)by; }
static inline volatile int *event_sleep_word(void) { return NULL; }
static inline void event_cases_block(const struct event_case *c, unsigned n, bool t, struct site s)
{ (void)c; (void)n; (void)t; (void)s; }
static inline void event_select_block(const struct event_case *c, unsigned n, bool t, struct site s)
{ (void)c; (void)n; (void)t; (void)s; }
static inline void event_sleep_block(struct site s) { (void)s; }
static inline void event_waitgroup_block(const void *w, struct site s) { (void)w; (void)s; }
static inline void event_unblock(void) {}
static inline struct channel *event_chan_made(const void *c, size_t n, struct site s)
{ (void)c; (void)n; (void)s; return NULL; }
static inline void event_chan_is_context(struct channel *c) { (void)c; }
static inline void event_chan_is_timer(struct channel *c) { (void)c; }
static inline void event_chan_external(struct channel *c, int by) { (void)c; (void)by; }
static inline void event_chan_asks(struct channel *c, enum channel_side side, struct site s)
{ (void)c; (void)side; (void)s; }
static inline void event_chan_may_wait(struct channel *c, enum channel_side side, struct site s)
{ (void)c; (void)side; (void)s; }
static inline bool event_chan_sent(struct channel *c, size_t n) { (void)c; (void)n; return false; }
static inline void event_chan_passed(struct channel *c, enum channel_side side, bool ordered)
{ (void)c; (void)side; (void)ordered; }
static inline void event_chan_value(struct channel *c) { (void)c; }
static inline void event_chan_closed(struct channel *c, struct site s) { (void)c; (void)s; }
static inline void event_chan_freed(struct channel *c, struct site s) { (void)c; (void)s; }
static inline void event_chan_gone(struct channel *c) { (void)c; }
static inline void event_chan_misuse(enum event_misuse m, struct channel *c, struct site s)
{ (void)m; (void)c; (void)s; }
static inline void event_waitgroup_made(const void *w, struct site s) { (void)w; (void)s; }
static inline void event_waitgroup_added(const void *w, int d, struct site s)
{ (void)w; (void)d; (void)s; }
static inline void event_waitgroup_serves(const void *w) { (void)w; }
static inline void event_waitgroup_waits(const void *w, struct site s) { (void)w; (void)s; }
static inline void event_waitgroup_waited(const void *w) { (void)w; }
static inline void event_waitgroup_negative(const void *w, struct site s) { (void)w; (void)s; }
static inline void event_waitgroup_reused(const void *w, struct site s) { (void)w; (void)s; }
static inline void event_waitgroup_copied(const void *w, const void *o, struct site s)
{ (void)w; (void)o; (void)s; }
static inline void event_context_made(const void *x, struct channel *c, bool t, struct site s)
{ (void)x; (void)c; (void)t; (void)s; }
static inline void event_context_cancelled(const void *x) { (void)x; }
static inline void event_context_freed(const void *x, struct site s) { (void)x; (void)s; }

/* clang-format on */

#endif
