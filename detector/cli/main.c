/* SPDX-License-Identifier: MIT */
/*
 * main.c - the `gridlock` command
 *
 * Which of the commands is meant? Each has a file of its own: run.c, attach.c (core too),
 * report.c, explain.c, and so on.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "detector/cli/attach.h"
#include "detector/cli/base/source.h"
#include "detector/cli/base/status.h"
#include "detector/cli/doctor/doctor.h"
#include "detector/cli/explain.h"
#include "detector/cli/help.h"
#include "detector/cli/lesson/check.h"
#include "detector/cli/lesson/practice.h"
#include "detector/cli/report.h"
#include "detector/cli/run.h"
#include "detector/cli/symbols/module.h"

static int version_main(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    fputs(version_text, stdout);
    return STATUS_OK;
}

static const struct command {
    const char *name;
    int (*main)(int argc, char **argv);
} commands[] = {
    {"run", run_main},       {"attach", attach_main},   {"core", core_main},
    {"report", report_main}, {"explain", explain_main}, {"practice", practice_main},
    {"check", check_main},   {"doctor", doctor_main},   {"help", help_main},
    {"--help", help_main},   {"-h", help_main},         {"--version", version_main},
};

static int run_command(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (strcmp(commands[i].name, argv[0]) == 0)
            return help_wanted(argc, argv) ? help_show(argv[0]) : commands[i].main(argc, argv);
    fprintf(stderr, "gridlock: unknown command `%s`; see gridlock --help\n", argv[0]);
    return STATUS_USAGE;
}

int main(int argc, char **argv)
{
    int status;

    setlocale(LC_CTYPE, "");
    if (argc < 2) {
        fprintf(stderr, "gridlock: no command given; see gridlock --help\n");
        return STATUS_USAGE;
    }
    status = run_command(argc - 1, argv + 1);
    modules_close();
    sources_close();
    return status;
}
