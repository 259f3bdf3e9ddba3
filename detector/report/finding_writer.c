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
#include "detector/core/channel.h"
#include "detector/core/finding.h"
#include "detector/core/raw_lock.h"
#include "detector/report/area.h"
#include "detector/report/helper.h"
#include "detector/report/json.h"
#include "detector/report/maps.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum {
    PART_BYTES = 48 * 1024,
    LINE_BYTES = 7 * PART_BYTES,
    MOST_OBJECTS = 256,
    MOST_ADDRESSES = 2048,
    MOST_IDENTITIES = 4096,
};

enum part { PART_TEXT, PART_THREADS, PART_CYCLE, PART_TURNS, PART_PLACES, PARTS };

struct mentioned {
    const void *address;
    enum object_kind kind;
    const struct channel *channel; /* its record, or NULL */
};

static struct raw_lock report_lock;
static struct finding_head head;
static char texts[PARTS][PART_BYTES];
static struct json parts[PARTS];
static struct mentioned objects[MOST_OBJECTS];
static unsigned object_count;
static uintptr_t addresses[MOST_ADDRESSES];
static unsigned address_count;
static uint32_t told_threads[64], told_count;
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
    object_count = address_count = told_count = turn_count = 0;
    heading = NULL;
    shortened = false;
    for (unsigned i = 0; i < PARTS; i++)
        parts[i] = (struct json){.text = texts[i], .size = PART_BYTES};
    return true;
}

unsigned finding_object(const void *address, enum object_kind kind)
{
    for (unsigned i = 0; i < object_count; i++)
        if (objects[i].address == address)
            return i + 1;
    if (object_count == MOST_OBJECTS) {
        shortened = true;
        return 0;
    }
    objects[object_count++] = (struct mentioned){address, kind, NULL};
    return object_count;
}

unsigned finding_channel(const struct channel *channel, const void *address)
{
    unsigned number = finding_object(address, channel && channel->context ? OBJECT_CONTEXT
                                                                          : OBJECT_CHANNEL);

    if (number)
        objects[number - 1].channel = channel;
    return number;
}

void finding_heading(const char *text)
{
    heading = text;
}

static void mention(const void *address)
{
    if (address_count < MOST_ADDRESSES)
        addresses[address_count++] = (uintptr_t)address;
}

static void write_stack(struct json *json, const char *key, struct where where)
{
    json_open(json, key, '[');
    if (where.stack) {
        for (uint32_t i = 0; i < where.stack->depth; i++) {
            mention(where.stack->frames[i]);
            json_address(json, NULL, (uintptr_t)where.stack->frames[i]);
        }
    } else if (where.pc) {
        mention(where.pc);
        json_address(json, NULL, (uintptr_t)where.pc);
    }
    json_close(json, ']');
}

/* An element of an array goes in whole or not at all. */
static struct json element_begin(enum part part)
{
    struct json before = parts[part];

    json_open(&parts[part], NULL, '{');
    return before;
}

static void element_end(enum part part, struct json before)
{
    json_close(&parts[part], '}');
    if (!parts[part].full)
        return;
    parts[part] = before;
    shortened = true;
}

#define FORMATTED(part, key)                                                                       \
    do {                                                                                           \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        json_format(&parts[part], key, format, arguments);                                         \
        va_end(arguments);                                                                         \
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

    before = element_begin(PART_PLACES);
    json_number(json, "thread", thread);
    FORMATTED(PART_PLACES, "text");
    json_bool(json, "primary", primary);
    write_stack(json, "stack", where);
    element_end(PART_PLACES, before);
}

void finding_cycle(uint32_t thread, unsigned holds, unsigned wants)
{
    struct json *json = &parts[PART_CYCLE], before;

    before = element_begin(PART_CYCLE);
    json_number(json, "thread", thread);
    json_number(json, "holds", holds);
    json_number(json, "wants", wants);
    element_end(PART_CYCLE, before);
}

void finding_turn(uint32_t thread, const char *operation, unsigned object, struct where where,
                  uint32_t waits_for)
{
    struct json *json = &parts[PART_TURNS], before;

    before = element_begin(PART_TURNS);
    json_number(json, "turn", ++turn_count);
    json_number(json, "thread", thread);
    json_string(json, "operation", operation);
    json_number(json, "object", object);
    json_number(json, "waits_for", waits_for);
    write_stack(json, "stack", where);
    element_end(PART_TURNS, before);
}

/* --- threads --- */

static bool told_before(uint32_t id)
{
    for (uint32_t i = 0; i < told_count; i++)
        if (told_threads[i] == id)
            return true;
    if (told_count < sizeof told_threads / sizeof told_threads[0])
        told_threads[told_count++] = id;
    return false;
}

static void write_identity(struct json *json, uint32_t id)
{
    const struct thread *thread = thread_by_id(id);
    const struct obituary *obituary = thread ? NULL : thread_obituary(id);
    const char *name = thread ? thread->name : obituary ? obituary->name : "";
    const void *function = thread ? thread->function : obituary ? obituary->function : NULL;
    static const char *const states[] = {"exited", "running", "running", "exited", "exited"};
    const char *state = thread ? states[thread->state] : "exited";

    if (thread && thread->state == THREAD_ALIVE && thread->wait_sequence % 2)
        state = "blocked";
    json_number(json, "id", id);
    if (*name)
        json_string(json, "name", name);
    else
        json_null(json, "name");
    json_string(json, "state", state);
    if (thread && thread->goroutine)
        json_bool(json, "goroutine", true);
    json_number(json, "created_by", thread ? thread->created_by : obituary ? obituary->created_by
                                                                          : 0);
    write_stack(json, "created_at",
                (struct where){thread ? thread->created_at : obituary ? obituary->created_at : NULL,
                               NULL});
    if (function) {
        mention(function);
        json_address(json, "function", (uintptr_t)function);
    }
}

static void write_holds(struct json *json, struct thread *thread)
{
    json_open(json, "holds", '[');
    for (uint32_t i = 0; i < thread->held.count && i < 32; i++) {
        const struct held_lock *lock = held_at(&thread->held, i);

        if (!lock->object)
            continue;
        json_open(json, NULL, '{');
        json_number(json, "object", finding_object(lock->object, object_kind_of_lock(lock->kind)));
        json_string(json, "mode", lock->mode == MODE_SHARED ? "shared" : "exclusive");
        write_stack(json, "stack", (struct where){lock->stack, lock->pc});
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* A channel's operation has one case, which stands in the place of a lock. */
static void write_case(struct json *json, const struct event_case *what)
{
    if (what->nil)
        json_bool(json, "nil", true);
    else
        json_number(json, "object", finding_channel(what->channel, what->address));
}

static void write_cases(struct json *json, const struct thread *thread)
{
    json_open(json, "cases", '[');
    for (uint32_t i = 0; i < thread->case_count && i < 32; i++) {
        json_open(json, NULL, '{');
        json_string(json, "operation",
                    thread->cases[i].side == SIDE_SEND ? "send" : "receive");
        write_case(json, &thread->cases[i]);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_waits(struct json *json, const struct thread *thread, const struct wait *wait,
                        const uint32_t *waits_for, uint32_t count)
{
    json_open(json, "waits", '{');
    json_string(json, "operation", operation_of_wait(wait));
    if (wait->kind == WAIT_SELECT)
        write_cases(json, thread);
    else if (wait->kind == WAIT_SEND || wait->kind == WAIT_RECEIVE)
        write_case(json, thread->cases);
    else if (wait->object)
        json_number(json, "object", finding_object(wait->object, object_kind_of_wait(wait)));
    json_bool(json, "timed", wait->timed);
    json_number(json, "since_ms", (sys_now() - wait->since) / 1000000);
    json_open(json, "for", '[');
    for (uint32_t i = 0; i < count; i++)
        json_number(json, NULL, waits_for[i]);
    if (!count && wait->target && wait->kind == WAIT_JOIN)
        json_number(json, NULL, wait->target);
    json_close(json, ']');
    write_stack(json, "stack", (struct where){wait->stack, wait->pc});
    json_close(json, '}');
}

void finding_thread(struct thread *thread, bool part, const uint32_t *waits_for, uint32_t count)
{
    struct json *json = &parts[PART_THREADS], before;
    struct wait wait = thread->wait;
    bool blocked = thread->state == THREAD_ALIVE && thread->wait_sequence % 2;

    if (told_before(thread->id))
        return;
    before = element_begin(PART_THREADS);
    write_identity(json, thread->id);
    json_bool(json, "part", part);
    write_stack(json, "stack", blocked ? (struct where){wait.stack, wait.pc}
                                       : (struct where){NULL, NULL});
    if (blocked || thread->state != THREAD_ALIVE)
        write_holds(json, thread);
    if (blocked)
        write_waits(json, thread, &wait, waits_for, count);
    element_end(PART_THREADS, before);
}

void finding_thread_at(uint32_t id, struct where where)
{
    struct json *json = &parts[PART_THREADS], before;

    if (told_before(id))
        return;
    before = element_begin(PART_THREADS);
    write_identity(json, id);
    json_bool(json, "part", false);
    write_stack(json, "stack", where);
    element_end(PART_THREADS, before);
}

/* --- objects --- */

static void write_memory(struct json *json, uintptr_t address)
{
    for (uint32_t i = 0; i < thread_table_size(); i++) {
        const struct thread *thread = thread_at(i);

        if (thread->state != THREAD_FREE && address >= thread->stack_low &&
            address < thread->stack_high) {
            json_string(json, "memory", "stack");
            json_number(json, "stack_of", thread->id);
            return;
        }
    }
}

static void write_channel(struct json *json, const struct channel *channel)
{
    write_stack(json, "seen_at", (struct where){channel->made.stack, channel->made.pc});
    json_number(json, "capacity", (int64_t)channel->capacity);
    json_bool(json, "closed", channel->closed);
    json_number(json, "received", (int64_t)channel->received);
}

static void write_object(struct json *json, unsigned i)
{
    static const char *const kinds[] = {"mutex",   "rwlock", "spin",   "semaphore", "cond",
                                        "barrier", "once",   "thread", "channel", "waitgroup",
                                        "context", "object"};
    const struct object *object = object_find(objects[i].address);

    json_open(json, NULL, '{');
    json_number(json, "id", i + 1);
    json_string(json, "kind", kinds[objects[i].kind]);
    mention(objects[i].address);
    json_address(json, "address", (uintptr_t)objects[i].address);
    if (object && object->name)
        json_string(json, "name", object->name);
    else
        json_null(json, "name");
    write_memory(json, (uintptr_t)objects[i].address);
    if (objects[i].channel)
        write_channel(json, objects[i].channel);
    else if (object)
        write_stack(json, "seen_at", (struct where){object->seen_at, NULL});
    if (objects[i].kind == OBJECT_WAITGROUP && object && object->service)
        json_number(json, "count", (int)object->service->parties);
    json_close(json, '}');
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

/* The name of the first thread: this one may be the watcher. */
static void read_process_name(char *name, size_t size)
{
    long file = sys_call(SYS_openat, AT_FDCWD, (long)"/proc/self/comm", O_RDONLY | O_CLOEXEC, 0, 0,
                         0);
    long length = sys_call(SYS_read, file, (long)name, (long)size - 1, 0, 0, 0);

    sys_call(SYS_close, file, 0, 0, 0, 0, 0);
    name[length > 0 ? length - 1 : 0] = 0; /* it ends with a newline */
}

static void write_head(struct json *json)
{
    static const char *const severities[] = {"note", "warning", "error"};
    static const char *const confidences[] = {"possible", "likely", "certain"};
    char process[17];

    read_process_name(process, sizeof process);
    json_string(json, "schema", "gridlock-raw/1");
    json_number(json, "pid", sys_call(SYS_getpid, 0, 0, 0, 0, 0, 0));
    json_string(json, "process", process);
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
    json_open(&json, "objects", '[');
    for (unsigned i = 0; i < object_count; i++)
        write_object(&json, i);
    json_close(&json, ']');
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
