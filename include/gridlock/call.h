/* SPDX-License-Identifier: MIT */
/*
 * call.h - calls that reports can place
 *
 * Source:   none: a help for the detector, which knows a call by where it returns to
 * Memory:   none
 * Locking:  none
 * Errors:   none
 *
 * A call that is the last thing a function does may be compiled as a jump: then the function is gone
 * while the call lasts, and a report cannot say where it was made. The empty statement behind the
 * call keeps it a call. It compiles to nothing.
 */
#ifndef GRIDLOCK_CALL_H
#define GRIDLOCK_CALL_H

#define GRIDLOCK_CALL(call)   \
    __extension__({           \
        call;                 \
        __asm__ volatile(""); \
    })
/* For what returns a bool or an int. */
#define GRIDLOCK_VALUE(call)       GRIDLOCK_VALUE_AT(call, __COUNTER__)
#define GRIDLOCK_VALUE_AT(call, n) GRIDLOCK_VALUE_AS(call, n)
#define GRIDLOCK_VALUE_AS(call, n) \
    __extension__({                \
        int value_##n = (call);    \
        __asm__ volatile("");      \
        value_##n;                 \
    })

#endif
