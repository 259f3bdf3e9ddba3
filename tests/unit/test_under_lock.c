/* SPDX-License-Identifier: MIT */
/*
 * Is it told when somebody waits for a partner with a lock held that the partner needs first? And is
 * nothing told where the cycle is not closed? (The words of the stories: channel_story.h.)
 */
#include "tests/unit/unit.h"

#include "tests/unit/channel_story.h"

#include "detector/core/finding.h"
#include "detector/report/area.h"
#include "detector/report/findings_area.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct findings_header *area;

static const struct row {
    const char *name, *story;
    bool found;
} rows[] = {
    /* must be found */
    {"send under a lock, the receiver takes it before each receive", "3[L 3]L 3<a 2[L 2>a 2]L",
     true},
    {"receive under a lock, the sender takes it before each send", "3[L 3]L 3>a 2[L 2<a 2]L", true},
    {"the same, seen from the partner that comes second", "2[L 2>a 2]L 3[L 3]L 3<a", true},
    {"the partner holds the lock as it comes", "a# 3[L 3<a 3<a 3]L 2[L 2>a 2]L", true},
    {"in a loop", "3<a 2[L 2>a 2]L 3[L 3]L 3<a 2[L 2>a 2]L", true},
    {"both receivers need it", "3[L 3]L 3<a 4[L 4]L 4<a 2[L 2>a 2]L", true},
    /* must stay silent */
    {"no lock is held", "3[L 3]L 3<a 2>a", false},
    {"the partner needs another lock", "3[M 3]M 3<a 2[L 2>a 2]L", false},
    {"the partner needs none", "3<a 2[L 2>a 2]L", false},
    {"one of two receivers needs none", "3[L 3]L 3<a 4<a 2[L 2>a 2]L", false},
    {"the partner needed it once, and not since", "3[L 3]L 3<a 3<a 2[L 2>a 2]L", false},
    {"it takes the lock after the receive, and acknowledges with it given back",
     "3<a 2[L 2>a 2]L 3[L 3]L 3>b 2<b 3<a 2[L 2>a 2]L 3[L 3]L 3>b 2<b", false},
    {"the buffer was never full", "a# 3[L 3]L 2[L 2>a 2]L 3<a", false},
    {"the same thread is at both ends", "2[L 2]L 2<a 2[L 2>a 2]L", false},
    {"a place is taken under the lock, and given back without it",
     "2[L 2>a 2]L 2<a 3[L 3>a 3]L 3<a", false},
    {"a stranger receives too", "3[L 3]L 3<a 0<a 2[L 2>a 2]L", false},
};

static int make_area(void **state)
{
    char path[] = "/tmp/test_under_lock.XXXXXX";
    struct findings_header header = {.magic = FINDINGS_MAGIC, .size = FINDINGS_AREA_BYTES};
    int file = mkstemp(path);

    (void)state;
    if (file < 0 || ftruncate(file, FINDINGS_AREA_BYTES) || write(file, &header, sizeof header) < 0)
        return -1;
    area = mmap(NULL, FINDINGS_AREA_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (area == MAP_FAILED || !area_open(path))
        return -1;
    return unlink(path);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint32_t before = area->used;

        story_tell(rows[i].story, (struct site){.pc = &rows[i], .sp = NULL});
        if ((area->used > before) != rows[i].found)
            fail_msg("%s (%s): %s", rows[i].name, rows[i].story,
                     rows[i].found ? "not found" : (const char *)(area + 1) + before);
        story_forget();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};

    return cmocka_run_group_tests(tests, make_area, NULL);
}
