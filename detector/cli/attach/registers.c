/* SPDX-License-Identifier: MIT */
/*
 * registers.c - a thread's registers, as the kernel gives them and as unwinding wants them
 *
 * The one file of `attach` that knows the machine: x86-64 (System V ABI, figure 3.36 has the numbers
 * of DWARF). Another machine needs the same functions.
 */
#include "detector/cli/attach/registers.h"

#include <errno.h>
#include <string.h>
#include <sys/user.h>

enum {
    /* What the kernel leaves in the result of a call that a stop broke off (include/linux/errno.h).
     * The last is the one that starts again unless a handler runs. */
    ERESTARTSYS = 512,
    ERESTART_RESTARTBLOCK = 516,
    ERESTARTNOHAND = 514,
};

#if defined(__x86_64__)

enum { RBP = 6, RSP = 7, RIP = 16 };

bool registers_known_here(void)
{
    return true;
}

static void take_call(struct registers *r, const struct user_regs_struct *u)
{
    const uint64_t arguments[6] = {u->rdi, u->rsi, u->rdx, u->r10, u->r8, u->r9};

    memcpy(r->arguments, arguments, sizeof(arguments));
    r->call = (long)u->orig_rax;
    r->result = (long)u->rax;
}

bool registers_from_kernel(struct registers *r, const void *regs, size_t size)
{
    struct user_regs_struct u;

    *r = (struct registers){.call = -1};
    if (size < sizeof(u))
        return false;
    memcpy(&u, regs, sizeof(u));
    const uint64_t values[DWARF_REGISTERS] = {u.rax, u.rdx, u.rcx, u.rbx, u.rsi, u.rdi,
                                              u.rbp, u.rsp, u.r8,  u.r9,  u.r10, u.r11,
                                              u.r12, u.r13, u.r14, u.r15, u.rip};
    memcpy(r->value, values, sizeof(values));
    r->known = (1u << DWARF_REGISTERS) - 1;
    r->thread_pointer = u.fs_base;
    take_call(r, &u);
    return true;
}

void registers_from_call(struct registers *r, uint64_t sp, uint64_t pc)
{
    *r = (struct registers){.call = -1, .known = 1u << RSP | 1u << RIP};
    r->value[RSP] = sp;
    r->value[RIP] = pc;
}

void registers_restart(void *regs)
{
    struct user_regs_struct *u = regs;

    u->rax = (unsigned long long)-ERESTARTNOHAND;
}

#else

enum { RBP = 6, RSP = 7, RIP = 16 };

bool registers_known_here(void)
{
    return false;
}

bool registers_from_kernel(struct registers *r, const void *regs, size_t size)
{
    (void)regs, (void)size;
    *r = (struct registers){.call = -1};
    return false;
}

void registers_from_call(struct registers *r, uint64_t sp, uint64_t pc)
{
    (void)sp, (void)pc;
    *r = (struct registers){.call = -1};
}

void registers_restart(void *regs)
{
    (void)regs;
}

#endif

bool registers_call_broken(const struct registers *r)
{
    return r->call >= 0 && r->result == -EINTR;
}

bool registers_in_call(const struct registers *r)
{
    return r->call >= 0 && (r->result == -EINTR ||
                            (r->result <= -ERESTARTSYS && r->result >= -ERESTART_RESTARTBLOCK));
}

void registers_set_frame_pointer(struct registers *r, uint64_t value)
{
    r->value[RBP] = value;
    r->known |= 1u << RBP;
}

bool registers_have_frame_pointer(const struct registers *r)
{
    return (r->known >> RBP & 1) != 0;
}

int registers_pc_number(void)
{
    return RIP;
}

int registers_sp_number(void)
{
    return RSP;
}

uint64_t registers_sp(const struct registers *r)
{
    return r->value[RSP];
}

uint64_t registers_pc(const struct registers *r)
{
    return r->value[RIP];
}
