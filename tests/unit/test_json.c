/* SPDX-License-Identifier: MIT */
/*
 * Is what is written JSON, whatever a program's names contain and wherever the buffer ends?
 */
#include "tests/unit/unit.h"

#include "detector/report/json.h"

static char text[512];
static struct json json;

static void begin(size_t size)
{
    memset(text, '#', sizeof text);
    json = (struct json){.text = text, .size = size};
}

static void expect(const char *wanted)
{
    text[json.length] = 0;
    assert_string_equal(text, wanted);
    assert_false(json.full);
}

/* --- escaping --- */

static const struct row {
    const char *name, *value, *written;
} rows[] = {
    {"empty", "", "\"\""},
    {"plain", "mutex", "\"mutex\""},
    {"quotation marks", "say \"hi\"", "\"say \\\"hi\\\"\""},
    {"backslash", "C:\\x", "\"C:\\\\x\""},
    {"both", "\\\"", "\"\\\\\\\"\""},
    {"newline and tab", "a\nb\tc", "\"a\\u000ab\\u0009c\""},
    {"lowest and highest control", "\x01\x1f", "\"\\u0001\\u001f\""},
    {"a space is none", " ", "\" \""},
    {"a slash stays", "/usr/bin", "\"/usr/bin\""},
    {"percent signs are no format", "%s%n", "\"%s%n\""},
    {"two bytes", "Z\xc3\xbc", "\"Z\xc3\xbc\""},
    {"three bytes", "\xe2\x82\xac", "\"\xe2\x82\xac\""},
    {"four bytes", "\xf0\x9f\x94\x92", "\"\xf0\x9f\x94\x92\""},
};

static void test_escaping(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        begin(sizeof text - 1);
        json_string(&json, NULL, rows[i].value);
        expect(rows[i].written);
    }
}

/* Names are cut at some byte, and may be in any encoding; a reader takes UTF-8 only. */
static const struct bad_row {
    const char *name, *value;
} bad_rows[] = {
    {"latin-1", "Z\xfcrich"},
    {"cut in a character of two bytes", "tell\xc3"},
    {"cut in a character of three", "tell\xe2\x82"},
    {"cut in a character of four", "tell\xf0\x9f\x94"},
    {"a stray continuation", "a\x80z"},
    {"a character in too many bytes", "\xc0\xaf"},
    {"a surrogate", "\xed\xa0\x80"},
    {"beyond the last character", "\xf4\x90\x80\x80"},
    {"never a byte of UTF-8", "\xff\xfe"},
};

/* The length of the character at *at as RFC 3629 has it; 0: none. */
static unsigned utf8_length(const unsigned char *at)
{
    static const struct {
        unsigned char first, last, second_low, second_high, length;
    } kinds[] = {
        {0x20, 0x7f, 0, 0xff, 1},    {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (*at < kinds[i].first || *at > kinds[i].last || at[1] < kinds[i].second_low ||
            at[1] > kinds[i].second_high)
            continue;
        for (unsigned k = 2; k < kinds[i].length; k++)
            if ((at[k] & 0xc0) != 0x80)
                return 0;
        return kinds[i].length;
    }
    return 0;
}

static bool is_utf8(const char *string)
{
    const unsigned char *at = (const unsigned char *)string;

    while (*at) {
        unsigned length = utf8_length(at);

        if (!length)
            return false;
        at += length;
    }
    return true;
}

static void test_bad_bytes(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) /* the judge itself */
        assert_true(is_utf8(rows[i].written));
    for (size_t i = 0; i < COUNT(bad_rows); i++) {
        assert_false(is_utf8(bad_rows[i].value));
        begin(sizeof text - 1);
        json_string(&json, NULL, bad_rows[i].value);
        text[json.length] = 0;
        if (!is_utf8(text)) {
            print_error("%s: not UTF-8\n", bad_rows[i].name);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* --- structure --- */

static void test_commas(void **state)
{
    (void)state;
    begin(sizeof text - 1);
    json_open(&json, NULL, '{');
    json_string(&json, "a", "x");
    json_open(&json, "b", '[');
    json_number(&json, NULL, 1);
    json_number(&json, NULL, 2);
    json_open(&json, NULL, '[');
    json_close(&json, ']');
    json_open(&json, NULL, '{');
    json_close(&json, '}');
    json_close(&json, ']');
    json_bool(&json, "c", true);
    json_bool(&json, "d", false);
    json_null(&json, "e");
    json_address(&json, "f", 0x55d0c0ffee);
    json_close(&json, '}');
    expect("{\"a\":\"x\",\"b\":[1,2,[],{}],\"c\":true,\"d\":false,\"e\":null,"
           "\"f\":\"0x55d0c0ffee\"}");
}

static void test_numbers(void **state)
{
    (void)state;
    begin(sizeof text - 1);
    json_open(&json, NULL, '[');
    json_number(&json, NULL, 0);
    json_number(&json, NULL, -1);
    json_number(&json, NULL, INT64_MAX);
    json_number(&json, NULL, INT64_MIN);
    json_address(&json, NULL, 0);
    json_address(&json, NULL, UINTPTR_MAX);
    json_close(&json, ']');
    expect("[0,-1,9223372036854775807,-9223372036854775808,\"0x0\",\"0xffffffffffffffff\"]");
}

static void formatted(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    json_format(&json, "text", format, arguments);
    va_end(arguments);
}

static void test_format(void **state)
{
    static char long_text[1000];

    (void)state;
    begin(sizeof text - 1);
    formatted("{thread:%u} asked for \"%s\"", 3u, "m");
    expect("\"text\":\"{thread:3} asked for \\\"m\\\"\"");
    memset(long_text, 'x', sizeof long_text - 1);
    begin(sizeof text - 1);
    formatted("%s", long_text); /* cut, but still a string */
    assert_int_equal(text[json.length - 1], '"');
    assert_in_range(json.length, 100, sizeof text - 1);
    assert_false(json.full);
}

/* --- the end of the buffer --- */

static void write_some(void)
{
    json_open(&json, NULL, '{');
    json_string(&json, "name", "a\n\"b\"");
    json_number(&json, "id", -42);
    json_bool(&json, "part", true);
    json_null(&json, "nothing");
    json_address(&json, "at", 0xabc);
    json_close(&json, '}');
}

/* Whatever the size: `full` says exactly whether something is missing, and nothing is written
 * behind the end. */
static void test_full(void **state)
{
    size_t whole;

    (void)state;
    begin(sizeof text - 1);
    write_some();
    assert_false(json.full);
    whole = json.length;
    for (size_t size = 0; size < whole + 3; size++) {
        begin(size);
        write_some();
        assert_int_equal(json.full, size < whole);
        assert_int_equal(json.length, size < whole ? size : whole);
        for (size_t i = json.length; i < sizeof text; i++)
            assert_int_equal(text[i], '#');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escaping), cmocka_unit_test(test_bad_bytes),
        cmocka_unit_test(test_commas),   cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_format),   cmocka_unit_test(test_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
