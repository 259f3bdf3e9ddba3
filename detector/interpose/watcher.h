/* SPDX-License-Identifier: MIT */
/*
 * watcher.h - the thread that looks for stuck threads
 *
 * Layer:    detector/interpose
 * Memory:   none
 * Locking:  one look at a time
 * Errors:   it cannot be created: looks happen at the program's end only, and the report says so
 */
#ifndef GRIDLOCK_INTERPOSE_WATCHER_H
#define GRIDLOCK_INTERPOSE_WATCHER_H

/* The program created a thread: there are two that can wait for each other. */
void watcher_thread_created(void);
/* Somebody blocked: wakes the watcher; if there is none, the only thread looks itself. */
void watcher_wake(void);
/* A thread ended: with the last one the watcher ends too, so that the process can. */
void watcher_thread_ended(void);
/* At the end of the process: looks once more, without ending it. */
void watcher_last_look(void);
void watcher_after_fork(void);

#endif
