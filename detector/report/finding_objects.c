/* SPDX-License-Identifier: MIT */
/*
 * What does a finding say of a lock, a channel, ...? The sentence names them by numbers, in the order
 * of first mention; at the end each is described once.
 */
#include "detector/report/finding_parts.h"

#include "detector/core/channel.h"

enum { MOST_OBJECTS = 256 };

struct mentioned {
    const void *address;
    enum object_kind kind;
    const struct channel *channel; /* its record, or NULL */
};

static struct mentioned objects[MOST_OBJECTS];
static unsigned object_count;

void finding_objects_begin(void)
{
    object_count = 0;
}

unsigned finding_object(const void *address, enum object_kind kind)
{
    for (unsigned i = 0; i < object_count; i++)
        if (objects[i].address == address)
            return i + 1;
    if (object_count == MOST_OBJECTS) {
        finding_shorten();
        return 0;
    }
    objects[object_count++] = (struct mentioned){address, kind, NULL};
    return object_count;
}

unsigned finding_channel(const struct channel *channel, const void *address)
{
    unsigned number = finding_object(address,
                                     channel && channel->context ? OBJECT_CONTEXT : OBJECT_CHANNEL);

    if (number)
        objects[number - 1].channel = channel;
    return number;
}

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
    finding_write_stack(json, "seen_at", (struct where){channel->made.stack, channel->made.pc});
    json_number(json, "capacity", (int64_t)channel->capacity);
    json_bool(json, "closed", channel->closed);
    json_number(json, "received", (int64_t)channel->received);
}

static void write_object(struct json *json, unsigned i)
{
    static const char *const kinds[] = {"mutex",   "rwlock",    "spin",    "semaphore",
                                        "cond",    "barrier",   "once",    "thread",
                                        "channel", "waitgroup", "context", "object"};
    const struct object *object = object_find(objects[i].address);

    json_open(json, NULL, '{');
    json_number(json, "id", i + 1);
    json_string(json, "kind", kinds[objects[i].kind]);
    finding_mention(objects[i].address);
    json_address(json, "address", (uintptr_t)objects[i].address);
    if (object && object->name)
        json_string(json, "name", object->name);
    else
        json_null(json, "name");
    write_memory(json, (uintptr_t)objects[i].address);
    if (objects[i].channel)
        write_channel(json, objects[i].channel);
    else if (object)
        finding_write_stack(json, "seen_at", (struct where){object->seen_at, NULL});
    if (objects[i].kind == OBJECT_WAITGROUP && object && object->service)
        json_number(json, "count", (int)object->service->parties);
    json_close(json, '}');
}

void finding_objects_write(struct json *json)
{
    json_open(json, "objects", '[');
    for (unsigned i = 0; i < object_count; i++)
        write_object(json, i);
    json_close(json, ']');
}
