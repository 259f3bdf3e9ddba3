/* SPDX-License-Identifier: MIT */
/*
 * Signal handlers: a handler may post a semaphore, so who waits for one is not certain to wait
 * for ever. That a lock is taken inside a handler is seen on the stack, not here.
 */
#include "detector/core/stuck.h"
#include "detector/interpose/self.h"

/* Signals that a thread gets for what it does itself wake nobody who waits. */
static bool comes_from_outside(int signal)
{
    switch (signal) {
    case SIGSEGV:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGTRAP:
    case SIGABRT:
    case SIGSYS:
    case SIGPIPE:
        return false;
    default:
        return true;
    }
}

static void note_handler(int signal, sighandler_t handler)
{
    if (handler != SIG_DFL && handler != SIG_IGN && comes_from_outside(signal))
        stuck_external_wakers();
}

EXPORT int sigaction(int number, const struct sigaction *restrict action,
                     struct sigaction *restrict old)
{
    self(); /* starts the library, if this comes early */
    if (action)
        note_handler(number, action->sa_handler);
    return real.sigaction(number, action, old);
}

/* signal(), and what <signal.h> makes of it for -std=c99 and for X/Open programs. */
#define SIGNAL_FUNCTION(name)                                                                      \
    EXPORT sighandler_t name(int number, sighandler_t handler);                                    \
    sighandler_t name(int number, sighandler_t handler)                                            \
    {                                                                                              \
        self();                                                                                    \
        note_handler(number, handler);                                                             \
        return real.name(number, handler);                                                         \
    }

SIGNAL_FUNCTION(signal)
SIGNAL_FUNCTION(bsd_signal)
SIGNAL_FUNCTION(ssignal)
SIGNAL_FUNCTION(sysv_signal)
SIGNAL_FUNCTION(__sysv_signal)
SIGNAL_FUNCTION(sigset)
