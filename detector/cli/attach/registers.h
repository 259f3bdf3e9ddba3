/* SPDX-License-Identifier: MIT */
/*
 * registers.h - a thread's registers, as the kernel gives them and as unwinding wants them
 *
 * Layer:    detector/cli/attach
 * Memory:   caller owns struct registers
 * Locking:  none
 * Errors:   registers_known_here() is false on machines whose registers nobody has described yet
 */
#ifndef CLI_REGISTERS_H
#define CLI_REGISTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DWARF_REGISTERS = 17 };

struct registers {
    uint64_t value[DWARF_REGISTERS]; /* by DWARF number */
    uint32_t known;                  /* bit n: value[n] is known */
    uint64_t thread_pointer;         /* 0 if unknown */
    long call;                       /* the system call that it is in; -1: none */
    long result;                     /* of the call so far; meaningless without one */
    uint64_t arguments[6];
};

bool registers_known_here(void);

/* From the kernel's user_regs, as PTRACE_GETREGSET and a core's NT_PRSTATUS have them. */
bool registers_from_kernel(struct registers *r, const void *regs, size_t size);

/* Is the thread inside its call: was it broken off by a stop, to be taken up again? */
bool registers_in_call(const struct registers *r);

/* Did the stop end its call, with EINTR? */
bool registers_call_broken(const struct registers *r);

/* All that is known of a thread that sleeps in a call and was not stopped. */
void registers_from_call(struct registers *r, uint64_t sp, uint64_t pc);

/* Makes the call start anew when the thread goes on, unless a handler runs first. */
void registers_restart(void *regs);

void registers_set_frame_pointer(struct registers *r, uint64_t value);
bool registers_have_frame_pointer(const struct registers *r);
int registers_sp_number(void); /* as DWARF counts */
int registers_pc_number(void); /* that of the return address */
uint64_t registers_sp(const struct registers *r);
uint64_t registers_pc(const struct registers *r);

#endif
