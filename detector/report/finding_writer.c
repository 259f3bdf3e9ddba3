/* SPDX-License-Identifier: MIT */
/*
 * How does a finding become a line of JSON?
 *
 * The parts come in any order: the sentence, threads, places, turns. Each kind is collected in a
 * buffer of its own, objects and addresses are numbered as they are first mentioned, and
 * finding_end() joins them. Buffers are static, one finding at a time, under the report lock.
 *
 * The raw form knows addresses only; names, files and lines are the command's work, in another
 * process (docs/findings-format.md).
 */
#include "detector/core/finding.h"
#include "detector/core/raw_lock.h"
#include "detector/report/area.h"
#include "detector/report/finding_parts.h"
#include "detector/report/helper.h"
#include "detector/report/json.h"
#include "detector/report/maps.h"
#include "detector/report/process.h"

#include <string.h>

enum {
    PART_BYTES = 48 * 1024,
    LINE_BYTES = 7 * PART_BYTES,
    MOST_ADDRESSES = 2048,
    MOST_IDENTITIES = 4096,
};

static struct raw_lock report_lock;
static struct finding_head head;
static char texts[PARTS][PART_BYTES];
static struct json parts[PARTS];
static uintptr_t addresses[MOST_ADDRESSES];
static unsigned address_count;
static unsigned turn_count;
static const char *heading;
static bool shortened; /* something of this finding did not fit */
static uint64_t identities[MOST_IDENTITIES];
static unsigned identity_count;
static enum severity worst;
static bool any_written;

static bool known_identity(uint64_t identity)
{
    for (unsigned i = 0; identity && i < identity_count; i++)
        if (identities[i] == identity)
            return true;
    if (identity && identity_count < MOST_IDENTITIES)
        identities[identity_count++] = identity;
    return false;
}

/* The same rule at another severity is another finding. */
static uint64_t identity_of(const struct finding_head *next)
{
    return next->identity ? next->identity ^ (uintptr_t)next->name : 0;
}

/* A signal handler that comes meanwhile must not want the report lock too: its calls pass straight
 * through. The watcher is never watched. */
static void enter(void)
{
    if (thread_own)
        thread_hide(thread_own);
    raw_lock(&report_lock);
}

static void leave(void)
{
    raw_unlock(&report_lock);
    if (thread_own)
        thread_show(thread_own);
}

bool finding_begin(const struct finding_head *next)
{
    enter();
    if (known_identity(identity_of(next))) {
        leave();
        return false;
    }
    head = *next;
    finding_objects_begin();
    finding_threads_begin();
    address_count = turn_count = 0;
    heading = NULL;
    shortened = false;
    for (unsigned i = 0; i < PARTS; i++)
        parts[i] = (struct json){.text = texts[i], .size = PART_BYTES};
    return true;
}

struct json *finding_part(enum part part)
{
    return &parts[part];
}

void finding_shorten(void)
{
    shortened = true;
}

void finding_heading(const char *text)
{
    heading = text;
}

void finding_mention(const void *address)
{
    if (address_count < MOST_ADDRESSES)
        addresses[address_count++] = (uintptr_t)address;
}

void finding_write_stack(struct json *json, const char *key, struct where where)
{
    json_open(json, key, '[');
    if (where.stack) {
        for (uint32_t i = 0; i < where.stack->depth; i++) {
            finding_mention(where.stack->frames[i]);
            json_address(json, NULL, (uintptr_t)where.stack->frames[i]);
        }
    } else if (where.pc) {
        finding_mention(where.pc);
        json_address(json, NULL, (uintptr_t)where.pc);
    }
    json_close(json, ']');
}

/* An element of an array goes in whole or not at all. */
struct json finding_element_begin(enum part part)
{
    struct json before = parts[part];

    json_open(&parts[part], NULL, '{');
    return before;
}

void finding_element_end(enum part part, struct json before)
{
    json_close(&parts[part], '}');
    if (!parts[part].full)
        return;
    parts[part] = before;
    shortened = true;
}

#define FORMATTED(part, key)                               \
    do {                                                   \
        va_list arguments;                                 \
        va_start(arguments, format);                       \
        json_format(&parts[part], key, format, arguments); \
        va_end(arguments);                                 \
    } while (0)

void finding_message(const char *format, ...)
{
    FORMATTED(PART_TEXT, "message");
}

void finding_help(const char *format, ...)
{
    FORMATTED(PART_TEXT, "help");
}

void finding_reason(const char *format, ...)
{
    FORMATTED(PART_TEXT, "reason");
}

void finding_place(uint32_t thread, struct where where, bool primary, const char *format, ...)
{
    struct json *json = &parts[PART_PLACES], before;

    before = finding_element_begin(PART_PLACES);
    json_number(json, "thread", thread);
    FORMATTED(PART_PLACES, "text");
    json_bool(json, "primary", primary);
    finding_write_stack(json, "stack", where);
    finding_element_end(PART_PLACES, before);
}

void finding_cycle(uint32_t thread, unsigned holds, unsigned wants)
{
    struct json *json = &parts[PART_CYCLE], before;

    before = finding_element_begin(PART_CYCLE);
    json_number(json, "thread", thread);
    json_number(json, "holds", holds);
    json_number(json, "wants", wants);
    finding_element_end(PART_CYCLE, before);
}

void finding_turn(uint32_t thread, const char *operation, unsigned object, struct where where,
                  uint32_t waits_for)
{
    struct json *json = &parts[PART_TURNS], before;

    before = finding_element_begin(PART_TURNS);
    json_number(json, "turn", ++turn_count);
    json_number(json, "thread", thread);
    json_string(json, "operation", operation);
    json_number(json, "object", object);
    json_number(json, "waits_for", waits_for);
    finding_write_stack(json, "stack", where);
    finding_element_end(PART_TURNS, before);
}

/* --- the line --- */

static void append_part(struct json *json, const char *key, enum part part)
{
    json_open(json, key, '[');
    if (json->length + parts[part].length >= json->size) {
        json->full = true;
    } else {
        memcpy(json->text + json->length, parts[part].text, parts[part].length);
        json->length += parts[part].length;
    }
    json_close(json, ']');
}

static void write_head(struct json *json)
{
    static const char *const severities[] = {"note", "warning", "error"};
    static const char *const confidences[] = {"possible", "likely", "certain"};
    json_string(json, "schema", "gridlock-raw/1");
    process_write(json);
    json_string(json, "name", head.name);
    json_string(json, "severity", severities[head.severity]);
    json_string(json, "confidence", confidences[head.confidence]);
    json_number(json, "after_ms", head.after_ns / 1000000);
    if (head.lesson)
        json_string(json, "lesson", head.lesson);
    if (heading)
        json_string(json, "heading", heading);
}

void finding_end(void)
{
    static char line[LINE_BYTES];
    struct json json = {.text = line, .size = sizeof line - 1};
    bool was_shortened;

    json_open(&json, NULL, '{');
    write_head(&json);
    json.text[json.length++] = ',';
    memcpy(json.text + json.length, parts[PART_TEXT].text, parts[PART_TEXT].length);
    json.length += parts[PART_TEXT].length;
    append_part(&json, "threads", PART_THREADS);
    append_part(&json, "cycle", PART_CYCLE);
    append_part(&json, "interleaving", PART_TURNS);
    append_part(&json, "places", PART_PLACES);
    finding_objects_write(&json);
    maps_write_modules(&json, addresses, address_count);
    if (shortened)
        json_string(&json, "limit", "some of its threads, objects, places or turns did not fit");
    json_close(&json, '}');
    json.text[json.length++] = '\n';
    if (!json.full)
        area_append(json.text, json.length);
    was_shortened = shortened || json.full || parts[PART_TEXT].full;
    if (!any_written || head.severity > worst)
        worst = head.severity;
    any_written = true;
    if (area_has_no_reader() && head.severity > SEVERITY_NOTE)
        helper_report();
    leave();
    if (was_shortened)
        limit_reached("a finding was too large to be told in full");
}

bool finding_any(enum severity severity)
{
    return any_written && worst >= severity;
}

void limit_reached(const char *what)
{
    struct finding_head limit = {.name = "limit",
                                 .severity = SEVERITY_NOTE,
                                 .confidence = CONFIDENCE_CERTAIN,
                                 .identity = (uintptr_t)what};

    if (!finding_begin(&limit))
        return;
    finding_message("%s", what);
    finding_end();
}

void finding_lock(void)
{
    raw_lock(&report_lock);
}

void finding_unlock(void)
{
    raw_unlock(&report_lock);
}
