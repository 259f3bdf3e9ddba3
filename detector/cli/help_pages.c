/* SPDX-License-Identifier: MIT */
/*
 * help_pages.c - the subcommands and their options
 *
 * A new option is a line here, beside its line in options.c; then help, completions and the test of
 * the manual pages know it.
 */
#include "detector/cli/help_pages.h"

#include <stddef.h>

enum {
    STUCK = HELP_ATTACH | HELP_CORE,
    FINDINGS = HELP_RUN | HELP_REPORT | STUCK,
    EVERYWHERE = -1
};

const struct help_page help_pages[] = {
    {HELP_RUN, "run", "[OPTIONS] [--] PROGRAM [ARGUMENTS]", "watch a program; nothing is rebuilt",
     "Starts PROGRAM with the detector in it, and tells why its threads stop, or might. Compile it "
     "with -g, so that gridlock can name its lines and its locks.",
     "GRIDLOCK_OPTIONS in the environment holds options too, with _ for - and separated by colons: "
     "on_deadlock=wait:all=1. There are all, baseline, color, exitcode, follow, format, on_deadlock, "
     "output, statistics, suppressions and verbose. The command line wins.",
     "  the program's own   nothing was found\n"
     "  66                  an error or a warning was found (--exitcode)\n"
     "  2                   wrong usage\n"
     "  125                 gridlock cannot watch this program\n"
     "  126, 127            the program cannot be executed; there is none\n"
     "  128+n               signal n ended the program, and nothing was found\n"},
    {HELP_ATTACH, "attach", "[OPTIONS] PID", "what a process that hangs now waits for",
     "Looks at a process that was started without gridlock: what each thread waits for, who holds "
     "it, and whether any of them can ever go on. The process is not disturbed, and goes on.",
     "It looks twice, a quarter of a second apart: what stood still in between hangs, or is idle. "
     "kernel.yama.ptrace_scope may allow this to root only; the message tells.",
     "  0    no deadlock was found\n"
     "  66   a deadlock was found (--exitcode)\n"
     "  2    wrong usage, or no such process\n"
     "  125  gridlock cannot look at this process\n"},
    {HELP_CORE, "core", "[OPTIONS] FILE [PROGRAM]", "what a process waited for, from its core",
     "The same from a core, made by the kernel, by gcore or by coredumpctl dump. PROGRAM is the "
     "executable, if it is not where it was.",
     NULL,
     "  0    no deadlock was found\n"
     "  66   a deadlock was found (--exitcode)\n"
     "  2    wrong usage, or a file that is no core or cannot be read\n"
     "  125  gridlock cannot understand this core, or the output cannot be written\n"},
    {HELP_REPORT, "report", "[OPTIONS] FILE", "print findings from a file, or - for stdin",
     "Prints findings that `gridlock run --format=json` wrote, or that a program left behind, in "
     "any format. - stands for the standard input.",
     NULL,
     "  0    nothing was found\n"
     "  66   an error or a warning was found (--exitcode)\n"
     "  2    wrong usage, or a file that cannot be read\n"
     "  125  the output cannot be written\n"},
    {HELP_EXPLAIN, "explain", "NAME | --list", "what a finding means, and how to mend it",
     "Tells what a finding means, shows the shortest program that has it, and how to mend it.",
     NULL,
     "  0   it is told\n"
     "  2   there is no such finding\n"},
    {HELP_PRACTICE, "practice", "[NAME | OPTION]", "broken lessons to mend, one after the other",
     "Puts a broken program into the folder practice/, for you to mend: the first one, the one of "
     "that name, or the one you are at.",
     NULL,
     "  0    done\n"
     "  2    wrong usage\n"
     "  125  the lessons are not there, or a file cannot be written\n"},
    {HELP_CHECK, "check", "[OPTIONS] FILE... | FILE LESSON",
     "is a lesson mended? and if not, why not",
     "Judges a mended lesson: builds it with gcc and clang, compares its work with the solution's, "
     "and runs it under gridlock and ThreadSanitizer. LESSON says which one it is, if the file is "
     "not called after it.",
     "Several FILEs are judged one after the other; of a folder every C file in and below it that is "
     "called after a lesson.",
     "  0    it is mended\n"
     "  1    it is not\n"
     "  2    wrong usage\n"
     "  125  it cannot be judged\n"},
    {HELP_DOCTOR, "doctor", "[PROGRAM | --hang]", "what works here, and what to type where not",
     "Tries what gridlock needs and prints a line for each: ok, note or problem, and what to do about "
     "it. With PROGRAM also: can that one be watched, and will its lines and locks have names?",
     NULL,
     "  0         programs can be watched\n"
     "  2         wrong usage\n"
     "  125       gridlock run cannot work here, or not with PROGRAM\n"
     "  126, 127  PROGRAM cannot be executed; there is none\n"},
    {HELP_HELP, "help", "[COMMAND | suppressions]", "the options of a command; how to suppress",
     "Tells the options and exit statuses of a command, or how to suppress a finding. Alone: all "
     "commands.",
     NULL,
     "  0   it is told\n"
     "  2   there is no such page\n"},
    {0},
};

const struct help_option help_options[] = {
    {FINDINGS, 0, "format", "FORMAT",
     "how findings are written: text for people; brief a line each, for editors; json one object a "
     "line (schema gridlock-finding/1); sarif for viewers and code scanning; dot a graph for "
     "Graphviz; github annotations of a workflow"},
    {HELP_RUN, 'o', "output", "FILE", "write the findings there, not to the standard error"},
    {HELP_REPORT | STUCK, 'o', "output", "FILE",
     "write the findings there, not to the standard output"},
    {FINDINGS, 'a', "all", NULL, "notes too: lock orders that were rejected, and why"},
    {FINDINGS, 'v', "verbose", NULL, "whole stacks, with the frames of libc and of gridlock"},
    {HELP_RUN, 0, "exitcode", "N",
     "the status when something was found (66); 0: the program's own"},
    {HELP_REPORT | STUCK, 0, "exitcode", "N", "the status when something was found (66)"},
    {HELP_RUN, 0, "on-deadlock", "exit|abort|wait",
     "what happens to a program that is certainly stuck (exit)"},
    {HELP_RUN, 0, "follow", "children|none",
     "which processes are watched: the program and all that it starts, or only itself (children)"},
    {FINDINGS, 0, "baseline", "FILE",
     "findings that were there before, from --format=json: only what is new is told and fails"},
    {FINDINGS, 0, "suppressions", "FILE",
     "findings to leave out, see gridlock help suppressions; may be given several times"},
    {FINDINGS, 0, "color", "auto|always|never",
     "auto: on a terminal. NO_COLOR and "
     "CLICOLOR_FORCE are obeyed"},
    {HELP_EXPLAIN, 0, "list", NULL, "all findings, a line each"},
    {HELP_PRACTICE, 0, "hint", NULL, "a hint for the lesson you are at; each time a little more"},
    {HELP_PRACTICE, 0, "next", NULL, "the next lesson that is not solved"},
    {HELP_PRACTICE, 0, "diff", NULL, "the solution, once yours was accepted"},
    {HELP_PRACTICE, 0, "list", NULL, "all lessons: x solved, . begun"},
    {HELP_PRACTICE, 0, "again", NULL, "the lesson you are at from the start; your copy is lost"},
    {HELP_CHECK, 0, "runs", "N", "how often each program runs, 1 to 1000"},
    {HELP_CHECK, 0, "junit", "FILE", "write the verdicts there too, as JUnit XML"},
    {HELP_DOCTOR, 0, "hang", NULL,
     "hang on purpose, for ten minutes: something to try run, attach, core and gdb on"},
    {HELP_HELP, 0, "plain", NULL,
     "for programs: a line each, cut by tabs: the commands, or a COMMAND's options with their "
     "values, or `findings`, `lessons` or `processes`"},
    {EVERYWHERE, 'h', "help", NULL, "this text"},
    {0},
};
