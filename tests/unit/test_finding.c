/* SPDX-License-Identifier: MIT */
/*
 * Does a finding become one whole line of JSON, once? And if it is too large, is that said?
 */
#include "tests/unit/unit.h"

#include "detector/core/finding.h"
#include "detector/report/area.h"
#include "detector/report/findings_area.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static char path[] = "/tmp/test_finding.XXXXXX";
static struct findings_header *area;

static int make_area(void **state)
{
    struct findings_header header = {.magic = FINDINGS_MAGIC, .size = FINDINGS_AREA_BYTES};
    int file;

    (void)state;
    strcpy(path + sizeof path - 7, "XXXXXX");
    file = mkstemp(path);
    if (file < 0 || ftruncate(file, FINDINGS_AREA_BYTES) || write(file, &header, sizeof header) < 0)
        return -1;
    area = mmap(NULL, FINDINGS_AREA_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    return area == MAP_FAILED || !area_open(path);
}

static int drop_area(void **state)
{
    (void)state;
    munmap(area, FINDINGS_AREA_BYTES);
    return unlink(path);
}

static const char *text(void)
{
    return (const char *)(area + 1);
}

static unsigned lines(void)
{
    unsigned count = 0;

    for (const char *c = text(); *c; c++)
        count += *c == '\n';
    return count;
}

/* One line after the other, each with all its brackets and strings closed. */
static bool well_formed(const char *at)
{
    char open[32];
    unsigned depth = 0;
    bool in_string = false;

    for (; *at; at++) {
        if (in_string) {
            if (*at == '\\')
                at++;
            else if (*at == '"')
                in_string = false;
        } else if (*at == '"') {
            in_string = true;
        } else if (*at == '{' || *at == '[') {
            if (depth == sizeof open)
                return false;
            open[depth++] = *at == '{' ? '}' : ']';
        } else if (*at == '}' || *at == ']') {
            if (!depth || open[--depth] != *at)
                return false;
        } else if ((*at == '\n') != !depth) {
            return false;
        }
    }
    return !depth && !in_string;
}

static void expect(const char *part)
{
    if (!strstr(text(), part))
        fail_msg("no %s in %s", part, text());
}

static const struct finding_head head = {.name = "lock-order-cycle",
                                         .severity = SEVERITY_WARNING,
                                         .confidence = CONFIDENCE_POSSIBLE,
                                         .lesson = "deadlocks/abba-lock-order",
                                         .after_ns = 1234567890};

static struct where at(const void *pc)
{
    return (struct where){.pc = pc};
}

static void test_line(void **state)
{
    static char a, b;

    (void)state;
    assert_true(finding_begin(&head));
    assert_int_equal(finding_object(&a, OBJECT_MUTEX), 1);
    assert_int_equal(finding_object(&b, OBJECT_RWLOCK), 2);
    assert_int_equal(finding_object(&a, OBJECT_MUTEX), 1); /* in the order of first mention */
    finding_message("{object:%u} and {object:%u} are taken in both orders", 1, 2);
    finding_reason("why %d", -1);
    finding_help("\"quoted\"");
    finding_thread_at(900, at((void *)0x1000));
    finding_thread_at(900, at((void *)0x2000)); /* told before */
    finding_place(900, at((void *)0x3000), true, "{thread:%u} asked", 900u);
    finding_cycle(900, 1, 2);
    finding_turn(900, "lock", 1, at((void *)0x4000), 0);
    finding_turn(901, "read-lock", 2, at((void *)0x5000), 900);
    finding_end();
    assert_int_equal(lines(), 1);
    assert_true(well_formed(text()));
    assert_int_equal(area->dropped, 0);
    expect("{\"schema\":\"gridlock-raw/1\",\"pid\":");
    expect("\"name\":\"lock-order-cycle\",\"severity\":\"warning\",\"confidence\":\"possible\","
           "\"after_ms\":1234,\"lesson\":\"deadlocks/abba-lock-order\"");
    expect("\"message\":\"{object:1} and {object:2} are taken in both orders\"");
    expect("\"reason\":\"why -1\"");
    expect("\"help\":\"\\\"quoted\\\"\"");
    expect("\"cycle\":[{\"thread\":900,\"holds\":1,\"wants\":2}]");
    expect("{\"turn\":1,\"thread\":900,\"operation\":\"lock\",\"object\":1,\"waits_for\":0,"
           "\"stack\":[\"0x4000\"]},{\"turn\":2,\"thread\":901,\"operation\":\"read-lock\","
           "\"object\":2,\"waits_for\":900,\"stack\":[\"0x5000\"]}");
    expect("\"places\":[{\"thread\":900,\"text\":\"{thread:900} asked\",\"primary\":true,"
           "\"stack\":[\"0x3000\"]}]");
    expect("\"id\":1,\"kind\":\"mutex\"");
    expect("\"id\":2,\"kind\":\"rwlock\"");
    expect("\"stack\":[\"0x1000\"]");
    assert_null(strstr(text(), "\"0x2000\""));
}

static bool tell(uint64_t identity, const char *name)
{
    struct finding_head next = head;

    next.identity = identity;
    next.name = name;
    if (!finding_begin(&next))
        return false;
    finding_message("again");
    finding_end();
    return true;
}

/* The same finding is written once; identity 0 is nobody's. */
static void test_identity(void **state)
{
    (void)state;
    assert_true(tell(1001, head.name));
    assert_false(tell(1001, head.name));
    assert_true(tell(1002, head.name));
    assert_true(tell(1001, "deadlock"));
    assert_false(tell(1002, head.name));
    assert_true(tell(0, head.name));
    assert_true(tell(0, head.name));
    assert_int_equal(lines(), 5);
    assert_true(well_formed(text()));
}

static void test_limit(void **state)
{
    (void)state;
    limit_reached("a limit of this test");
    limit_reached("a limit of this test"); /* said once */
    assert_int_equal(lines(), 1);
    expect("\"name\":\"limit\",\"severity\":\"note\"");
    expect("a limit of this test");
    assert_true(well_formed(text()));
}

/* --- too much for one line --- */

static void tell_turns(unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        finding_turn(900 + i, "lock", 1, at((void *)(0x1000 + (uintptr_t)i)), 0);
}

static void tell_places(unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        finding_place(900 + i, at((void *)(0x1000 + (uintptr_t)i)), false,
                      "{thread:%u} took {object:1} here and kept it", 900 + i);
}

static void tell_threads(unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        finding_thread_at(900 + i, at((void *)(0x1000 + (uintptr_t)i)));
}

static void tell_cycle(unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        finding_cycle(900 + i, 1, 2);
}

static void tell_objects(unsigned count)
{
    static char objects[4096];

    for (unsigned i = 0; i < count; i++)
        finding_object(&objects[i], OBJECT_MUTEX);
}

static unsigned occurrences(const char *part)
{
    unsigned count = 0;

    for (const char *c = text(); (c = strstr(c, part)); c++)
        count++;
    return count;
}

/* How many of each; none of the findings is small. */
static const struct size_row {
    const char *name;
    unsigned threads, cycle, turns, places, objects;
} sizes[] = {
    {"hundred turns", 2, 2, 100, 2, 2},
    {"hundred places", 2, 2, 2, 100, 2},
    {"sixty threads", 60, 2, 2, 2, 2},
    {"all the objects that can be told", 2, 2, 2, 2, 256},
    {"four hundred turns", 2, 2, 400, 2, 2},
    {"four hundred of all", 60, 400, 400, 400, 200},
    {"every part nearly full", 60, 1200, 540, 440, 256},
    {"a thousand turns", 2, 2, 1000, 2, 2},
    {"a thousand places", 2, 2, 2, 1000, 2},
    {"more objects than can be told", 2, 2, 2, 2, 1000},
};

/* Either every part of it is there, or the report says that something was dropped. */
static void test_sizes(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        const struct size_row *row = &sizes[i];
        bool whole, said;

        area->used = area->dropped = 0;
        memset(area + 1, 0, FINDINGS_AREA_BYTES - sizeof *area);
        assert_true(tell(0, "before"));
        assert_true(finding_begin(&head));
        finding_message("%s", row->name);
        tell_threads(row->threads);
        tell_cycle(row->cycle);
        tell_turns(row->turns);
        tell_places(row->places);
        tell_objects(row->objects);
        finding_end();
        assert_true(tell(0, "after"));
        assert_true(well_formed(text()));
        assert_int_equal(occurrences("\"after\""), 1);
        whole = occurrences("\"state\":") == row->threads &&
                occurrences("\"holds\":") == row->cycle && occurrences("\"turn\":") == row->turns &&
                occurrences("\"primary\":") == row->places &&
                occurrences("\"kind\":") == row->objects;
        said = area->dropped || strstr(text(), "\"limit\"");
        if (!whole && !said) {
            print_error("%s: %u turns, %u places, %u objects are there, and nothing is said\n",
                        row->name, occurrences("\"turn\":"), occurrences("\"primary\":"),
                        occurrences("\"kind\":"));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_line, make_area, drop_area),
        cmocka_unit_test_setup_teardown(test_identity, make_area, drop_area),
        cmocka_unit_test_setup_teardown(test_limit, make_area, drop_area),
        cmocka_unit_test_setup_teardown(test_sizes, make_area, drop_area),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
