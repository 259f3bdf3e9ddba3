/* SPDX-License-Identifier: MIT */
/*
 * Which demands may a large program leave unrecorded? Those for locks that are never held over
 * another one. When such a lock turns out to be none, its generation must move on, or what was set
 * aside would never be recorded.
 */
#include "tests/unit/unit.h"

#include "detector/core/leaves.h"
#include "detector/core/object.h"

static char locks[26 * 64]; /* only their addresses matter; a generation for each */

static const void *lock(char letter)
{
    return &locks[(letter - 'a') * 64];
}

/*
 * "ab?" while a is held, b is wanted, and a large program asks whether that may be set aside;
 * "ab" the same in a small one, which does not ask. `aside` has a letter for each "?" that said
 * yes, `moved` the locks whose generation moves on, in this order.
 */
static const struct row {
    const char *name, *script, *aside, *moved;
} rows[] = {
    {"a leaf", "ab?", "b", ""},
    {"a leaf again and again", "ab? ab? cb?", "bbb", ""},
    {"held over another one before", "de ad?", "", ""},
    {"held over another one later", "fg? gh? fg?", "gh", "g"},
    {"later, in a small program's way", "ij? jk", "j", "j"},
    {"never set aside: nothing to move", "lm mn", "", ""},
    {"only once", "op? pq pq", "p", "p"},
    {"the middle of three", "rst? st?", "tt", ""},
    {"each of those held", "uvw? vw?", "ww", ""},
};

static void take(const char **at, struct held *held, char *aside)
{
    memset(held, 0, sizeof *held);
    for (; **at && **at != ' ' && **at != '?'; (*at)++)
        held_push(held)->object = lock(**at);
    leaves_not(held, held->count - 1);
    if (**at != '?')
        return;
    if (leaves_set_aside(held_at(held, held->count - 1)->object))
        strncat(aside, *at - 1, 1);
    (*at)++;
}

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char aside[8] = "", moved[8] = "";

        for (const char *at = rows[i].script; *at; at += *at == ' ') {
            uint32_t before[26];
            struct held held;

            for (char c = 'a'; c <= 'z'; c++)
                before[c - 'a'] = object_generation(lock(c));
            take(&at, &held, aside);
            for (char c = 'a'; c <= 'z'; c++)
                if (object_generation(lock(c)) != before[c - 'a'])
                    strncat(moved, &c, 1);
        }
        if (strcmp(aside, rows[i].aside) || strcmp(moved, rows[i].moved))
            fail_msg("%s: set aside \"%s\", moved on \"%s\"", rows[i].name, aside, moved);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
