/* SPDX-License-Identifier: MIT */
/*
 * What does the user want? GRIDLOCK_OPTIONS: key=value pairs separated by colons or blanks. The
 * command has checked them; without the command a bad one is told once and left out.
 */
#include "detector/report/options.h"

#include "detector/core/finding.h"
#include "detector/core/sys.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct report_options report_options = {.on_deadlock = ON_DEADLOCK_EXIT, .exitcode = 66};

static void complain(const char *item, size_t length)
{
    static const char head[] = "gridlock: GRIDLOCK_OPTIONS: ignored, not understood: ";

    sys_call(SYS_write, 2, (long)head, sizeof head - 1, 0, 0, 0);
    sys_call(SYS_write, 2, (long)item, (long)length, 0, 0, 0);
    sys_call(SYS_write, 2, (long)"\n", 1, 0, 0, 0);
}

static bool is(const char *item, size_t length, const char *text)
{
    return strlen(text) == length && !strncmp(item, text, length);
}

static bool number(const char *text, size_t length, int *value)
{
    int result = 0;

    if (!length || length > 3)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        result = result * 10 + text[i] - '0';
    }
    *value = result;
    return result < 256;
}

static bool apply(const char *item, size_t length)
{
    static const char code[] = "exitcode=";

    if (is(item, length, "on_deadlock=exit"))
        report_options.on_deadlock = ON_DEADLOCK_EXIT;
    else if (is(item, length, "on_deadlock=abort"))
        report_options.on_deadlock = ON_DEADLOCK_ABORT;
    else if (is(item, length, "on_deadlock=wait"))
        report_options.on_deadlock = ON_DEADLOCK_WAIT;
    else if (is(item, length, "all=1"))
        report_options.all = true;
    else if (is(item, length, "all=0"))
        report_options.all = false;
    else if (is(item, length, "statistics=1"))
        report_options.statistics = true;
    else if (is(item, length, "statistics=0"))
        report_options.statistics = false;
    else
        return length > sizeof code - 1 && !strncmp(item, code, sizeof code - 1) &&
               number(item + sizeof code - 1, length - (sizeof code - 1),
                      &report_options.exitcode);
    return true;
}

void options_read(void)
{
    const char *item = getenv("GRIDLOCK_OPTIONS");

    while (item && *item) {
        size_t length = strcspn(item, ": ");

        if (length && !apply(item, length))
            complain(item, length);
        item += length + (item[length] != 0);
    }
}

void report_deadlock_action(void)
{
    if (report_options.on_deadlock == ON_DEADLOCK_WAIT)
        return;
    if (report_options.on_deadlock == ON_DEADLOCK_ABORT)
        abort();
    sys_call(SYS_exit_group, report_options.exitcode, 0, 0, 0, 0, 0);
}
