/* SPDX-License-Identifier: MIT */
/*
 * What does the user want? GRIDLOCK_OPTIONS: key=value pairs separated by colons. The command has
 * checked them; without the command a bad one is told once and left out. What only the command acts
 * on is the helper's, who reads the same variable.
 */
#include "detector/report/options.h"

#include "detector/core/finding.h"
#include "detector/core/sys.h"
#include "detector/report/option_keys.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct report_options report_options = {.on_deadlock = ON_DEADLOCK_EXIT, .exitcode = 66};

static void say(const char *text, size_t length)
{
    sys_call(SYS_write, 2, (long)text, (long)length, 0, 0, 0);
}

static void complain(const char *item, size_t length, size_t key_length)
{
    static const char head[] = "gridlock: GRIDLOCK_OPTIONS: ignored, ";
    static const char unknown[] = "there is no such key: ", bad[] = "not understood: ";
    static const char meant[] = "; did you mean ";
    bool known = option_key_known(item, key_length);
    const char *nearest = known ? NULL : option_key_nearest(item, key_length);

    say(head, sizeof head - 1);
    if (known)
        say(bad, sizeof bad - 1);
    else
        say(unknown, sizeof unknown - 1);
    say(item, length);
    if (nearest) {
        say(meant, sizeof meant - 1);
        say(nearest, strlen(nearest));
        say("?", 1);
    }
    say("\n", 1);
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

/* Options whose values are words: of a switch, or how to react on a deadlock. */
static const struct word {
    const char *text;
    bool *on;
    int value;
} words[] = {
    {"on_deadlock=exit", NULL, ON_DEADLOCK_EXIT},
    {"on_deadlock=abort", NULL, ON_DEADLOCK_ABORT},
    {"on_deadlock=wait", NULL, ON_DEADLOCK_WAIT},
    {"all=1", &report_options.all, 1},
    {"all=0", &report_options.all, 0},
    {"statistics=1", &report_options.statistics, 1},
    {"statistics=0", &report_options.statistics, 0},
    {"follow=children", &report_options.follow_none, 0},
    {"follow=none", &report_options.follow_none, 1},
};

static bool apply_word(const char *item, size_t length)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const struct word *word = &words[i];

        if (strlen(word->text) != length || memcmp(item, word->text, length))
            continue;
        if (word->on)
            *word->on = word->value;
        else
            report_options.on_deadlock = (enum on_deadlock)word->value;
        return true;
    }
    return false;
}

/* Is it a key that the library leaves to the command? */
static bool is_the_commands(const char *item, size_t key_length, size_t length)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcspn(words[i].text, "=") == key_length && !memcmp(words[i].text, item, key_length))
            return false;
    return key_length < length && option_key_known(item, key_length);
}

static bool apply(const char *item, size_t key_length, size_t length)
{
    static const char code[] = "exitcode=";
    const size_t start = sizeof code - 1;

    if (length >= start && !memcmp(item, code, start))
        return number(item + start, length - start, &report_options.exitcode);
    return apply_word(item, length) || is_the_commands(item, key_length, length);
}

void options_read(void)
{
    const char *item = getenv("GRIDLOCK_OPTIONS");

    while (item && *item) {
        size_t length = strcspn(item, ":"), key_length = strcspn(item, "=:");

        if (length && !apply(item, key_length, length))
            complain(item, length, key_length);
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
