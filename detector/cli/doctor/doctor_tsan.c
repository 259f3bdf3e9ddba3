/* SPDX-License-Identifier: MIT */
/*
 * doctor_tsan.c - can lessons be judged, and does ThreadSanitizer work here?
 *
 * ThreadSanitizer wants its shadow memory at fixed places. Where the kernel spreads a program too
 * widely (vm.mmap_rnd_bits: 32 instead of 28 since Linux 6.5 in some distributions) the two collide,
 * "FATAL: ThreadSanitizer: unexpected memory mapping". LLVM's runtime copes with 30 bits from 18.1
 * on, and beyond that starts the program again without random addresses, which a container may
 * forbid (github.com/google/sanitizers, 1614 and 1716). A collision is a matter of luck, so a tiny
 * program is run several times.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detector/cli/base/status.h"
#include "detector/cli/base/tool.h"
#include "detector/cli/doctor/doctor_look.h"

enum { COMPILE_SECONDS = 60, RUN_SECONDS = 20, RUNS = 5 };
enum { BITS_OLD = 28, BITS_NEW = 30, LLVM_NEW = 18 };

static const char *clang(void)
{
    const char *name = getenv("CLANG");

    return name == NULL || name[0] == '\0' ? "clang" : name;
}

static bool write_source(struct doctor *d, const char *path)
{
    FILE *file = fopen(path, "we");

    (void)d;
    if (file == NULL)
        return false;
    fputs("int main(void) { return 0; }\n", file);
    return fclose(file) == 0;
}

/* The status of the compiler; the program is the own file "tiny". */
static int compile(struct doctor *d, const char *compiler, const char *flag)
{
    const char *source = own_file(d, "tiny.c");
    const char *argv[] = {compiler, flag, "-g", "-o", own_file(d, "tiny"), source, NULL};

    return write_source(d, source) ? try_tool(d, COMPILE_SECONDS, argv) : STATUS_COMMAND_FAILED;
}

struct answer look_at_compiler(struct doctor *d)
{
    if (!tool_exists(d->pool, "cc"))
        return note("there is no cc; gridlock check builds what you mended with it",
                    "install the package gcc");
    if (compile(d, "cc", "-pthread") != 0)
        return note("cc builds no program, not even a tiny one",
                    "install the C library's headers (libc6-dev, glibc-devel)");
    return healthy("cc builds programs");
}

/* ---------------------------------------------------------------- ThreadSanitizer */

static int run_tiny(struct doctor *d, bool fixed_addresses)
{
    const char *argv[] = {own_file(d, "tiny"), NULL};
    struct tool tool = {.argv = argv,
                        .out = own_file(d, "out"),
                        .err = own_file(d, "err"),
                        .seconds = RUN_SECONDS,
                        .fixed_addresses = fixed_addresses};

    return tool_run(&tool);
}

static int failures(struct doctor *d)
{
    int failed = 0;

    for (int i = 0; i < RUNS && failed == 0; i++)
        failed += run_tiny(d, false) != 0;
    return failed;
}

static struct answer collision(struct doctor *d)
{
    const char *said = first_line(d, own_file(d, "err"));

    if (said == NULL)
        said = "it ends without a word";
    if (run_tiny(d, true) == 0)
        return problem(pool_printf(d->pool, "%s's does not start: %s; with fixed addresses it does",
                                   clang(), said),
                       "sudo sysctl vm.mmap_rnd_bits=28, or setarch -R PROGRAM; clang 18 or newer "
                       "helps itself (make race and gridlock check do the second)");
    return problem(pool_printf(d->pool,
                               "%s's does not start: %s; nor with fixed addresses, if this "
                               "system allows them at all",
                               clang(), said),
                   "sudo sysctl vm.mmap_rnd_bits=28, outside of the container if this is one");
}

struct answer look_at_tsan(struct doctor *d)
{
    if (!tool_exists(d->pool, clang()))
        return note(pool_printf(d->pool,
                                "there is no %s; make race, and what ThreadSanitizer says "
                                "to a lesson, need it",
                                clang()),
                    "install the package clang");
    if (compile(d, clang(), "-fsanitize=thread") != 0)
        return note(pool_printf(d->pool, "%s has no runtime for -fsanitize=thread", clang()),
                    "install its sanitizers (libclang-rt-dev, compiler-rt)");
    if (failures(d) > 0)
        return collision(d);
    return healthy(pool_printf(d->pool, "%s's works", clang()));
}

/* What ThreadSanitizer itself looks for, in its order. */
struct answer look_at_symbolizer(struct doctor *d)
{
    const char *options = getenv("TSAN_OPTIONS"), *asked = getenv("TSAN_SYMBOLIZER");

    if (options != NULL && strstr(options, "external_symbolizer_path=") != NULL)
        return healthy(pool_printf(d->pool, "TSAN_OPTIONS names one: %s", options));
    if (asked != NULL && asked[0] != '\0')
        return access(asked, X_OK) == 0
                   ? healthy(asked)
                   : note(pool_printf(d->pool, "TSAN_SYMBOLIZER is %s, which cannot be executed",
                                      asked),
                          "correct it, or unset TSAN_SYMBOLIZER");
    if (tool_exists(d->pool, "llvm-symbolizer"))
        return healthy("llvm-symbolizer");
    return note(tool_exists(d->pool, "addr2line")
                    ? "no llvm-symbolizer; addr2line is there, but is slow and knows less"
                    : "neither llvm-symbolizer nor addr2line: its reports show addresses only",
                "install the package llvm (gridlock itself needs neither)");
}

/* ---------------------------------------------------------------- random addresses */

static long llvm_version(struct doctor *d)
{
    const char *argv[] = {clang(), "-dumpversion", NULL};
    const char *said = NULL;

    if (tool_exists(d->pool, clang()) && try_tool(d, COMPILE_SECONDS, argv) == 0)
        said = first_line(d, own_file(d, "out"));
    return said == NULL ? 0 : strtol(said, NULL, 10);
}

struct answer look_at_addresses(struct doctor *d)
{
    long bits = setting(d, "/proc/sys/vm/mmap_rnd_bits", 0), llvm;
    const char *remedy = "sudo sysctl vm.mmap_rnd_bits=28";

    if (bits == 0)
        return healthy("this kernel does not tell how random they are");
    if (bits <= BITS_OLD)
        return healthy(
            pool_printf(d->pool, "%ld bits (vm.mmap_rnd_bits): every ThreadSanitizer copes", bits));
    llvm = llvm_version(d);
    if (llvm >= LLVM_NEW && bits <= BITS_NEW)
        return healthy(
            pool_printf(d->pool, "%ld bits (vm.mmap_rnd_bits): clang %ld copes", bits, llvm));
    if (llvm >= LLVM_NEW)
        return note(pool_printf(d->pool,
                                "%ld bits (vm.mmap_rnd_bits): clang %ld's ThreadSanitizer starts "
                                "programs again without random addresses, where that is allowed",
                                bits, llvm),
                    remedy);
    return note(pool_printf(d->pool,
                            "%ld bits (vm.mmap_rnd_bits): ThreadSanitizers before clang 18 fail "
                            "now and then, \"unexpected memory mapping\"",
                            bits),
                remedy);
}
