/* SPDX-License-Identifier: MIT */
/*
 * help.c - the texts of `gridlock --help` and `--version`
 */
#include "detector/cli/help.h"

const char version_text[] = "gridlock " GRIDLOCK_VERSION "\n";

const char help_text[] =
    "gridlock - why do these threads stop?\n"
    "\n"
    "  gridlock run [OPTIONS] [--] PROGRAM [ARGUMENTS]   watch a program; nothing is rebuilt\n"
    "  gridlock report [OPTIONS] FILE                    print findings from a file, or - for stdin\n"
    "  gridlock explain NAME | --list                    what a finding means, and how to mend it\n"
    "  gridlock practice [NAME|OPTION]                   lessons to mend: --hint, --next, --diff,\n"
    "                                                    --list, --again; in the folder practice/\n"
    "  gridlock check [--runs=N] FILE [LESSON]           is it mended? 0 yes, 1 no, and why not\n"
    "  gridlock help [suppressions]                      this text; how to suppress a finding\n"
    "  gridlock --version\n"
    "\n"
    "Options of run and report:\n"
    "  --format=text|brief|json\n"
    "                         for people; a line each; JSON Lines (schema gridlock-finding/1)\n"
    "  --output=FILE          write the findings there; run's default is the standard error\n"
    "  --all                  notes too: lock orders that were rejected, and why\n"
    "  --verbose              whole stacks, with the frames of libc and of gridlock\n"
    "  --exitcode=N           the status when something was found (66); 0: the program's own\n"
    "  --on-deadlock=exit|abort|wait\n"
    "                         what happens to a program that is certainly stuck (exit)\n"
    "  --suppressions=FILE    findings to leave out; may be given several times\n"
    "  --color=auto|always|never\n"
    "                         NO_COLOR and CLICOLOR_FORCE are obeyed\n"
    "\n"
    "Compile the program with -g, so that gridlock can name its lines and its locks.\n"
    "\n"
    "Exit status: the program's own if nothing was found; 66 if there was an error or a warning;\n"
    "2 wrong usage; 125 gridlock cannot watch this program; 126 the program cannot be executed;\n"
    "127 there is no such program; 128+n signal n ended the program.\n";
