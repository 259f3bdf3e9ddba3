/* SPDX-License-Identifier: MIT */
/*
 * unwind.c - from registers and memory to frames with names
 *
 * libdwfl follows the call frame information (.eh_frame, .debug_frame), which stripped programs have
 * too. It is given the modules, the registers and the memory by us, so that a process and a core are
 * the same to it, and nobody needs to stand while it works.
 *
 * Of a thread that was not stopped only sp and pc are known. That is enough until a frame is addressed
 * through rbp, as unoptimised code does, and nothing further in has saved rbp on the stack. Then:
 * 1. Look up the stack for what such a function leaves there: the caller's rbp, and above it a return
 *    address that lies in code.
 * 2. Take its address for rbp and unwind anew. Right is the first one with which the stack comes to
 *    its proper end, where the CFI of the thread's first function says that there is no caller.
 */
#include "detector/cli/attach/unwind.h"

#include <elfutils/libdwfl.h>
#include <elfutils/version.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "detector/cli/attach/call_target.h"
#include "detector/cli/attach/image_modules.h"
#include "detector/cli/attach/image_source.h"

enum { MOST_FRAMES = 512, GUESS_BYTES = 64 * 1024, MOST_GUESSES = 64, NAME_BUCKETS = 1024 };

struct known_name {
    struct known_name *next;
    uint64_t pc;
    const char *function;
};

/* One walk up a stack. */
struct walk {
    const struct registers *registers;
    const struct stack_copy *stack;
    struct image_frame *frames;
    size_t count;
    bool whole; /* it came to its proper end */
};

struct unwinder {
    struct image *image;
    Dwfl *dwfl;
    struct walk *walk;
    struct known_name *names[NAME_BUCKETS]; /* many threads stand at the same places */
};

static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .section_address = dwfl_offline_section_address,
};

/* ---------------------------------------------------------------- what libdwfl asks */

static pid_t next_thread(Dwfl *dwfl, void *own, void **thread)
{
    (void)dwfl, (void)own, (void)thread;
    return 0;
}

static bool get_thread(Dwfl *dwfl, pid_t tid, void *own, void **thread)
{
    (void)dwfl, (void)tid;
    *thread = own;
    return true;
}

static bool read_word(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *word, void *own)
{
    const struct unwinder *u = own;
    const struct stack_copy *stack = u->walk->stack;

    (void)dwfl;
    if (stack != NULL && address >= stack->start && stack->size >= sizeof(*word) &&
        address - stack->start <= stack->size - sizeof(*word)) {
        memcpy(word, stack->bytes + (address - stack->start), sizeof(*word));
        return true;
    }
    return image_read(u->image, address, word, sizeof(*word));
}

static bool set_registers(Dwfl_Thread *thread, void *own)
{
    const struct registers *r = ((struct unwinder *)own)->walk->registers;

    for (int i = 0; i < DWARF_REGISTERS; i++) {
        Dwarf_Word value = r->value[i];

        if ((r->known >> i & 1) != 0 && !dwfl_thread_state_registers(thread, i, 1, &value))
            return false;
    }
    dwfl_thread_state_register_pc(thread, registers_pc(r));
    return true;
}

static const Dwfl_Thread_Callbacks thread_callbacks = {
    .next_thread = next_thread,
    .get_thread = get_thread,
    .memory_read = read_word,
    .set_initial_registers = set_registers,
};

/* ---------------------------------------------------------------- modules and names */

static const struct mapping *find_vdso(const struct image *image)
{
    for (size_t i = 0; i < image->source->mapping_count; i++)
        if (strcmp(image->source->mappings[i].path, "[vdso]") == 0)
            return &image->source->mappings[i];
    return NULL;
}

/* The kernel's own little library is in no file: libdwfl gets a copy. */
static void report_vdso(struct unwinder *u)
{
    const struct mapping *vdso = find_vdso(u->image);
    size_t size = vdso == NULL ? 0 : vdso->end - vdso->start;
    unsigned char *copy = size == 0 ? NULL : malloc(size);
    int fd;

    if (copy == NULL)
        return;
    fd = memfd_create("vdso", MFD_CLOEXEC);
    if (fd >= 0 &&
        (!image_read(u->image, vdso->start, copy, size) || write(fd, copy, size) != (ssize_t)size ||
         dwfl_report_elf(u->dwfl, "[vdso]", "[vdso]", fd, vdso->start, false) == NULL))
        close(fd);
    free(copy);
}

static struct unwinder *unwinder_open(struct image *image)
{
    struct unwinder *u = pool_array(&image->pool, 1, sizeof(*u));

    u->image = image;
    u->dwfl = dwfl_begin(&callbacks);
    if (u->dwfl == NULL)
        return u;
    dwfl_report_begin(u->dwfl);
    for (size_t i = 0; i < image->module_count; i++) {
        const struct module_range *m = &image->modules[i];

        dwfl_report_elf(u->dwfl, m->path, m->file != NULL ? m->file : m->path, -1, m->start, false);
    }
    report_vdso(u);
    dwfl_report_end(u->dwfl, NULL, NULL);
    dwfl_attach_state(u->dwfl, NULL, image->pid, &thread_callbacks, u);
    return u;
}

void unwinder_close(struct unwinder *u)
{
    if (u != NULL && u->dwfl != NULL)
        dwfl_end(u->dwfl);
}

static const char *find_name(struct unwinder *u, uint64_t pc)
{
    Dwfl_Module *m = dwfl_addrmodule(u->dwfl, pc);
    GElf_Off distance;
    GElf_Sym symbol;
    const char *name = m == NULL
                           ? NULL
                           : dwfl_module_addrinfo(m, pc, &distance, &symbol, NULL, NULL, NULL);

    /* libdw offers the nearest symbol below even where that one has long ended. */
    if (name == NULL || (symbol.st_size != 0 && distance >= symbol.st_size))
        return NULL;
    return pool_copy(&u->image->pool, name);
}

/* `pc` lies in the call, not behind it. */
static const char *name_of(struct unwinder *u, uint64_t pc)
{
    struct known_name **bucket = &u->names[(pc ^ pc >> 12) % NAME_BUCKETS], *known;

    for (known = *bucket; known != NULL; known = known->next)
        if (known->pc == pc)
            return known->function;
    known = pool_array(&u->image->pool, 1, sizeof(*known));
    *known = (struct known_name){.next = *bucket, .pc = pc, .function = find_name(u, pc)};
    *bucket = known;
    return known->function;
}

/* ---------------------------------------------------------------- the walk */

/* The stack pointer in this frame; it is what the frame further in calls its CFA. */
static uint64_t stack_pointer(Dwfl_Frame *frame)
{
    Dwarf_Word sp = 0;

#if _ELFUTILS_PREREQ(0, 188)
    if (dwfl_frame_reg(frame, registers_sp_number(), &sp) != 0)
        sp = 0;
#else
    (void)frame;
#endif
    return sp;
}

/* A frame whose function has no name, as inner ones of libc: then the name that its caller, who goes on
 * at `return_address`, called there. */
static void name_by_call(struct unwinder *u, struct image_frame *f, uint64_t return_address)
{
    uint64_t target = f->function != NULL ? 0 : call_target(u->image, return_address);
    const struct module_range *m = target == 0 ? NULL : image_module_at(u->image, target);

    if (m != NULL && m == image_module_at(u->image, f->pc))
        f->function = name_of(u, target);
}

static int add_frame(Dwfl_Frame *frame, void *own)
{
    struct unwinder *u = own;
    struct walk *walk = u->walk;
    struct image_frame *f = &walk->frames[walk->count];
    const struct module_range *m;
    bool innermost;
    Dwarf_Addr pc;

    if (!dwfl_frame_pc(frame, &pc, &innermost) || pc == 0 || walk->count == MOST_FRAMES)
        return DWARF_CB_ABORT;
    if (walk->count > 0) {
        walk->frames[walk->count - 1].cfa = stack_pointer(frame);
        name_by_call(u, &walk->frames[walk->count - 1], pc);
    }
    m = image_module_at(u->image, pc);
    *f = (struct image_frame){
        .pc = pc,
        .function = name_of(u, innermost ? pc : pc - 1),
        .module = m == NULL ? NULL : m->path,
    };
    walk->count++;
    return DWARF_CB_OK;
}

/* Does the CFI say that whoever is at `pc` has no caller? libdwfl tells that end from one where it lost
 * the way by no return value. */
static bool has_no_caller(struct unwinder *u, uint64_t pc)
{
    Dwfl_Module *m = dwfl_addrmodule(u->dwfl, pc);
    Dwarf_Addr bias;
    Dwarf_CFI *cfi = m == NULL ? NULL : dwfl_module_eh_cfi(m, &bias);
    Dwarf_Frame *frame;
    Dwarf_Op space[3], *operations;
    size_t count;
    bool none = false;

    if (cfi == NULL || dwarf_cfi_addrframe(cfi, pc - bias, &frame) != 0)
        return false;
    if (dwarf_frame_register(frame, registers_pc_number(), space, &operations, &count) == 0)
        none = count == 0 && operations == space; /* libdw's way to say "undefined" */
    free(frame);
    return none;
}

static void walk_stack(struct unwinder *u, struct walk *walk)
{
    walk->count = 0;
    u->walk = walk;
    dwfl_getthread_frames(u->dwfl, u->image->pid, add_frame, u);
    u->walk = NULL;
    walk->whole = walk->count > 0 && has_no_caller(u, walk->frames[walk->count - 1].pc - 1);
}

/* ---------------------------------------------------------------- rbp by search */

static bool is_code(const struct image *image, uint64_t address)
{
    const struct mapping *m = image_mapping_at(image, address);

    return m != NULL && m->executable;
}

static void walk_with_guesses(struct unwinder *u, struct walk *walk)
{
    struct registers guess = *walk->registers;
    struct walk other = {.registers = &guess, .stack = walk->stack};
    uint64_t at = (registers_sp(&guess) + 15) & ~(uint64_t)15, end = at + GUESS_BYTES, words[2];
    int guesses = 0;

    other.frames = pool_array(&u->image->pool, MOST_FRAMES, sizeof(*other.frames));
    for (; at < end && guesses < MOST_GUESSES; at += 16) {
        if (!image_read(u->image, at, words, sizeof(words)))
            return;
        if (!is_code(u->image, words[1]))
            continue;
        guesses++;
        registers_set_frame_pointer(&guess, at);
        walk_stack(u, &other);
        if (other.whole && other.count > walk->count) {
            memcpy(walk->frames, other.frames, other.count * sizeof(*other.frames));
            walk->count = other.count;
            return;
        }
    }
}

bool unwind(struct image *image, struct image_thread *thread, const struct registers *registers,
            const struct stack_copy *stack, bool guess)
{
    struct image_frame frames[MOST_FRAMES];
    struct walk walk = {.registers = registers, .stack = stack, .frames = frames};
    struct unwinder *u = image->source->unwinder;

    if (u == NULL)
        u = image->source->unwinder = unwinder_open(image);
    if (u->dwfl == NULL || registers_pc(registers) == 0)
        return false;
    walk_stack(u, &walk);
    if (guess && !walk.whole && !registers_have_frame_pointer(registers))
        walk_with_guesses(u, &walk);
    thread->frames = pool_array(&image->pool, walk.count + 1, sizeof(*thread->frames));
    memcpy(thread->frames, frames, walk.count * sizeof(*frames));
    thread->frame_count = walk.count;
    return walk.whole;
}
