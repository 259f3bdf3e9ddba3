/* SPDX-License-Identifier: MIT */
/*
 * Do the findings get out? Lines in the area, in the command's file or in memory of our own;
 * several processes at once; lines that do not fit; and moving them on to the helper.
 */
#include "tests/unit/unit.h"

#include "detector/report/area.h"
#include "detector/report/findings_area.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SMALL = 4096, ROOM = SMALL - sizeof(struct findings_header) };

static char path[] = "/tmp/test_area.XXXXXX";
static int file = -1;
static struct findings_header *area; /* as the command sees it */

static const char *text_of(const struct findings_header *header)
{
    return (const char *)(header + 1);
}

/* As the command makes it. */
static int make_file(void **state)
{
    struct findings_header header = {.magic = FINDINGS_MAGIC, .size = SMALL};

    (void)state;
    strcpy(path + sizeof path - 7, "XXXXXX");
    file = mkstemp(path);
    if (file < 0 || ftruncate(file, SMALL) || write(file, &header, sizeof header) < 0)
        return -1;
    area = mmap(NULL, SMALL, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    return area == MAP_FAILED;
}

static int remove_file(void **state)
{
    (void)state;
    munmap(area, SMALL);
    close(file);
    return unlink(path);
}

static bool append(const char *line)
{
    return area_append(line, strlen(line));
}

static void test_before_open(void **state)
{
    (void)state;
    assert_false(append("{}\n"));
}

static void test_append(void **state)
{
    (void)state;
    assert_true(area_open(path));
    assert_false(area_is_own());
    assert_true(append("{\"a\":1}\n"));
    assert_true(append("{\"b\":2}\n"));
    assert_string_equal(text_of(area), "{\"a\":1}\n{\"b\":2}\n");
    assert_int_equal(area->used, 16);
    assert_int_equal(area->dropped, 0);
}

/* Exactly full is not too full. A line that does not fit is counted, and nothing of it is there. */
static void test_overflow(void **state)
{
    static char line[ROOM + 1];

    (void)state;
    assert_true(area_open(path));
    memset(line, 'x', sizeof line);
    line[ROOM - 11] = '\n';
    assert_true(area_append(line, ROOM - 10));
    assert_true(append("123456789\n"));
    assert_int_equal(area->used, ROOM);
    assert_int_equal(area->dropped, 0);
    assert_false(append("\n"));
    assert_false(append("more\n"));
    assert_int_equal(area->dropped, 2);
    assert_memory_equal(text_of(area) + ROOM - 10, "123456789\n", 10);
}

static void test_too_long(void **state)
{
    static char line[SMALL];

    (void)state;
    assert_true(area_open(path));
    assert_true(append("{}\n"));
    memset(line, 'x', sizeof line);
    assert_false(area_append(line, sizeof line));
    assert_int_equal(area->dropped, 1);
    assert_string_equal(text_of(area), "{}\n");
    for (unsigned i = 3; i < ROOM; i++)
        assert_int_equal(text_of(area)[i], 0);
}

/* What is no area of the command's is not written to. */
static const struct bad_row {
    const char *name, *magic;
    uint32_t size;
} bad_rows[] = {
    {"empty magic", "", SMALL},
    {"another version", "GRIDLK2\n", SMALL},
    {"no room behind the header", FINDINGS_MAGIC, sizeof(struct findings_header)},
};

static void test_bad_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_rows); i++) {
        memset(area->magic, 0, sizeof area->magic);
        memcpy(area->magic, bad_rows[i].magic, strlen(bad_rows[i].magic));
        area->size = bad_rows[i].size;
        assert_true(area_open(path)); /* one of its own instead */
        assert_true(area_is_own());
        assert_true(append("{}\n"));
        assert_int_equal(area->used, 0);
    }
    assert_true(area_open("/nowhere/at/all"));
    assert_true(area_is_own());
}

/* --- several processes --- */

enum { PROCESSES = 4, LINES = 20 };

static void test_processes(void **state)
{
    unsigned seen[PROCESSES] = {0}, lines = 0;
    char *line, *rest;

    (void)state;
    assert_true(area_open(path));
    for (unsigned i = 0; i < PROCESSES; i++)
        if (fork() == 0) {
            char text[32];

            for (unsigned k = 0; k < LINES; k++) {
                snprintf(text, sizeof text, "{\"pid\":%u,\"n\":%u}\n", i, k);
                append(text);
            }
            _exit(0);
        }
    for (unsigned i = 0; i < PROCESSES; i++) {
        int status;

        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    rest = (char *)(area + 1);
    while ((line = strsep(&rest, "\n")) && *line) {
        unsigned pid, n;

        assert_int_equal(sscanf(line, "{\"pid\":%u,\"n\":%u}", &pid, &n), 2);
        assert_int_equal(n, seen[pid]++); /* whole, and each process's in order */
        lines++;
    }
    assert_int_equal(lines, PROCESSES * LINES);
}

/* --- for the helper --- */

static size_t take(char *into, size_t size)
{
    int fd = memfd_create("taken", 0);
    ssize_t got;

    assert_true(fd >= 0);
    assert_true(area_take_new(fd));
    got = pread(fd, into, size - 1, 0);
    assert_true(got >= (ssize_t)sizeof(struct findings_header));
    into[got] = 0;
    close(fd);
    return (size_t)got;
}

static void test_take_new(void **state)
{
    static union {
        struct findings_header header;
        char bytes[4096];
    } taken;
    size_t size;

    (void)state;
    assert_true(area_open(NULL));
    assert_true(area_is_own());
    assert_true(append("{\"a\":1}\n"));
    size = take(taken.bytes, sizeof taken);
    assert_memory_equal(taken.header.magic, FINDINGS_MAGIC, sizeof taken.header.magic);
    assert_int_equal(taken.header.size, size);
    assert_int_equal(taken.header.used, 8);
    assert_string_equal(text_of(&taken.header), "{\"a\":1}\n");
    assert_true(append("{\"b\":2}\n{\"c\":3}\n"));
    take(taken.bytes, sizeof taken);
    assert_string_equal(text_of(&taken.header), "{\"b\":2}\n{\"c\":3}\n"); /* the new ones only */
    size = take(taken.bytes, sizeof taken);
    assert_int_equal(size, sizeof taken.header);
}

/* Too much came at once: what did fit is shown, and that something is missing is known. */
static void test_take_after_overflow(void **state)
{
    static union {
        struct findings_header header;
        char bytes[FINDINGS_AREA_BYTES + 1];
    } taken;
    static char line[FINDINGS_AREA_BYTES / 3];

    (void)state;
    assert_true(area_open(NULL));
    memset(line, 'x', sizeof line);
    line[sizeof line - 1] = '\n';
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(area_append(line, sizeof line), i < 2);
    take(taken.bytes, sizeof taken.bytes);
    assert_memory_equal(text_of(&taken.header) + sizeof line, line, sizeof line);
    assert_int_equal(taken.header.dropped, 1);
    assert_true(append("{}\n")); /* and there is room again */
    take(taken.bytes, sizeof taken.bytes);
    assert_string_equal(text_of(&taken.header), "{}\n");
    assert_int_equal(taken.header.dropped, 0);
}

/* An exec begins again in the same process: that is no other one. */
static void test_first_and_others(void **state)
{
    (void)state;
    assert_true(area_open(path));
    assert_true(area_join(100));
    assert_true(area_join(100));
    assert_false(area_has_several());
    assert_false(area_join(200));
    assert_true(area_has_several());
    assert_true(area_join(100));
    assert_int_equal(area->first_process, 100);
    assert_true(area_open(NULL)); /* an area of one's own begins anew */
    assert_false(area_has_several());
    assert_true(area_join(200));
}

static void test_take_nowhere(void **state)
{
    (void)state;
    assert_true(area_open(NULL));
    assert_true(append("{}\n"));
    assert_false(area_take_new(-1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_before_open),
        cmocka_unit_test_setup_teardown(test_append, make_file, remove_file),
        cmocka_unit_test_setup_teardown(test_overflow, make_file, remove_file),
        cmocka_unit_test_setup_teardown(test_too_long, make_file, remove_file),
        cmocka_unit_test_setup_teardown(test_bad_file, make_file, remove_file),
        cmocka_unit_test_setup_teardown(test_processes, make_file, remove_file),
        cmocka_unit_test_setup_teardown(test_first_and_others, make_file, remove_file),
        cmocka_unit_test(test_take_new),
        cmocka_unit_test(test_take_after_overflow),
        cmocka_unit_test(test_take_nowhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
