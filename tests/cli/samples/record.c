/* SPDX-License-Identifier: MIT */
/*
 * record.c - findings as the library would write them, without the library
 */
#include "tests/cli/samples/record.h"
#include "tests/cli/samples/record_call.h"

#include <execinfo.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detector/report/findings_area.h"

enum { MAX_CALLS = 64, MAX_THREADS = 16, MAX_LINES = 1 << 19 };

static struct call calls[MAX_CALLS];
static int call_count;
static struct {
    const char *name;
    void *function;
} threads[MAX_THREADS];
static int current = 1;
static char lines[MAX_LINES];
static size_t used;

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void put(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    used += (size_t)vsnprintf(lines + used, sizeof(lines) - used, format, args);
    va_end(args);
    if (used >= sizeof(lines))
        abort();
}

void record_thread(int id, const char *name, void *function)
{
    current = id;
    threads[id].name = name;
    threads[id].function = function;
}

struct call *record_call(const char *operation, const char *kind, void *object, void *caller)
{
    struct call *c = &calls[call_count++];
    void *all[MAX_STACK + 4];
    int depth = backtrace(all, MAX_STACK + 4), start = 0;

    if (call_count == MAX_CALLS)
        abort();
    while (start < depth && all[start] != caller)
        start++;
    *c = (struct call){.thread = current,
                       .operation = operation,
                       .kind = kind,
                       .object = object,
                       .capacity = -1};
    for (int i = start; i < depth && c->depth < MAX_STACK; i++)
        c->stack[c->depth++] = all[i];
    if (c->depth == 0)
        c->stack[c->depth++] = caller;
    return c;
}

static int note(const char *operation, const char *kind, void *object, void *caller)
{
    record_call(operation, kind, object, caller);
    return 0;
}

#define CALLER __builtin_return_address(0)

int pthread_mutex_lock(pthread_mutex_t *m)
{
    return note("lock", "mutex", m, CALLER);
}

int pthread_mutex_unlock(pthread_mutex_t *m)
{
    (void)m;
    return 0;
}

int pthread_rwlock_wrlock(pthread_rwlock_t *l)
{
    return note("write-lock", "rwlock", l, CALLER);
}

int pthread_rwlock_unlock(pthread_rwlock_t *l)
{
    (void)l;
    return 0;
}

int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
    (void)m;
    return note("cond-wait", "cond", c, CALLER);
}

int sem_wait(sem_t *s)
{
    return note("sem-wait", "sem", s, CALLER);
}

static void put_stack(const char *key, const struct call *c)
{
    put("\"%s\":[", key);
    for (int i = 0; c != NULL && i < c->depth; i++)
        put("%s\"%p\"", i > 0 ? "," : "", c->stack[i]);
    put("]");
}

static int object_id(const void *object)
{
    int id = 0;

    for (int i = 0; i < call_count; i++) {
        int known = calls[i].object == NULL;

        for (int k = 0; k < i; k++)
            known |= calls[k].object == calls[i].object;
        id += !known;
        if (calls[i].object == object)
            return id;
    }
    return 0;
}

static void put_objects(void)
{
    int last = 0;

    put("\"objects\":[");
    for (int i = 0; i < call_count; i++) {
        int id = object_id(calls[i].object);

        if (calls[i].object == NULL || id <= last)
            continue;
        last = id;
        put("%s{\"id\":%d,\"kind\":\"%s\",\"address\":\"%p\",\"name\":null,\"memory\":\"static\",",
            id > 1 ? "," : "", id, calls[i].kind, calls[i].object);
        put_stack("seen_at", &calls[i]);
        if (calls[i].capacity >= 0)
            put(",\"capacity\":%d,\"closed\":false", calls[i].capacity);
        put("}");
    }
    put("],");
}

static void put_modules(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[4096], path[4096], last[4096] = "";
    unsigned long start, end, offset, last_start = 0, last_end = 0, last_offset = 0;
    const char *comma = "";

    put("\"modules\":[");
    while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
        path[0] = '\0';
        if (sscanf(line, "%lx-%lx %*s %lx %*s %*s %4095[^\n]", &start, &end, &offset, path) < 3)
            continue;
        /* The .bss follows its module without a name. */
        if (strcmp(path, last) == 0 || (path[0] == '\0' && start == last_end)) {
            last_end = end;
            continue;
        }
        if (last[0] == '/') {
            put("%s{\"path\":\"%s\",\"start\":\"0x%lx\",\"end\":\"0x%lx\",\"offset\":%lu}", comma,
                last, last_start, last_end, last_offset);
            comma = ",";
        }
        strcpy(last, path);
        last_start = start;
        last_end = end;
        last_offset = offset;
    }
    put("]");
    fclose(maps);
}

static void put_head(const char *name, const char *severity, const char *confidence,
                     const char *message)
{
    put("{\"schema\":\"gridlock-raw/1\",\"pid\":4711,\"process\":\"sample\",\"name\":\"%s\","
        "\"severity\":\"%s\",\"confidence\":\"%s\",\"after_ms\":230,\"message\":\"%s\",",
        name, severity, confidence, message);
}

static int last_call_of(int thread)
{
    int last = -1;

    for (int i = 0; i < call_count; i++)
        if (calls[i].thread == thread)
            last = i;
    return last;
}

/* The thread that had the object first. */
static int holder_of(const void *object, int not_thread)
{
    for (int i = 0; i < call_count; i++)
        if (calls[i].object == object && calls[i].thread != not_thread)
            return calls[i].thread;
    return 0;
}

static int takes_a_lock(const struct call *c)
{
    return strstr(c->operation, "lock") != NULL;
}

static void put_cases(const struct call *c)
{
    put("\"cases\":[");
    for (int i = 0; i < c->case_count; i++) {
        put("%s{\"operation\":\"%s\",", i > 0 ? "," : "", c->cases[i].operation);
        if (c->cases[i].object != NULL)
            put("\"object\":%d}", object_id(c->cases[i].object));
        else
            put("\"nil\":true}");
    }
    put("],");
}

static void put_wait(const struct call *c)
{
    put(",\"waits\":{\"operation\":\"%s\",\"timed\":false,\"since_ms\":210,", c->operation);
    if (c->case_count > 0)
        put_cases(c);
    else if (c->object == NULL)
        put("\"nil\":true,");
    else
        put("\"object\":%d,", object_id(c->object));
    if (takes_a_lock(c))
        put("\"for\":[%d],", holder_of(c->object, c->thread));
    put_stack("stack", c);
    put("}");
}

static void put_thread(int id, int stuck)
{
    int last = last_call_of(id);
    const char *comma = "";

    put("{\"id\":%d,", id);
    if (threads[id].name != NULL)
        put("\"name\":\"%s\",", threads[id].name);
    put("\"state\":\"%s\",\"part\":%s,\"created_by\":0,\"created_at\":[],\"function\":\"%p\",",
        stuck ? "blocked" : "running", stuck ? "true" : "false", threads[id].function);
    put_stack("stack", &calls[last]);
    put(",\"holds\":[");
    for (int i = 0; i < last; i++) {
        if (calls[i].thread != id || !takes_a_lock(&calls[i]))
            continue;
        put("%s{\"object\":%d,\"mode\":\"exclusive\",", comma, object_id(calls[i].object));
        put_stack("stack", &calls[i]);
        put("}");
        comma = ",";
    }
    put("]");
    if (stuck)
        put_wait(&calls[last]);
    put("}");
}

static void put_threads(int stuck)
{
    const char *comma = "";

    put("\"threads\":[");
    for (int id = 1; id < MAX_THREADS; id++) {
        if (last_call_of(id) < 0)
            continue;
        put("%s", comma);
        put_thread(id, stuck);
        comma = ",";
    }
    put("],");
}

static void put_end(void)
{
    put_objects();
    put_modules();
    put("}\n");
    call_count = 0;
}

static void put_step(int turn, const struct call *c, int waits_for)
{
    put("%s{\"turn\":%d,\"thread\":%d,\"operation\":\"%s\",\"object\":%d,\"waits_for\":%d,",
        turn > 1 ? "," : "", turn, c->thread, c->operation, object_id(c->object), waits_for);
    put_stack("stack", c);
    put("}");
}

static void put_cycle(void)
{
    put_threads(0);
    put("\"interleaving\":[");
    put_step(1, &calls[0], 0);
    put_step(2, &calls[2], 0);
    put_step(3, &calls[1], calls[2].thread);
    put_step(4, &calls[3], calls[0].thread);
    put("],\"places\":[{\"thread\":%d,\"primary\":false,"
        "\"text\":\"{thread:%d} took {object:%d} here and kept it\",",
        calls[2].thread, calls[2].thread, object_id(calls[2].object));
    put_stack("stack", &calls[2]);
    put("},{\"thread\":%d,\"primary\":true,\"text\":\"then asked for {object:%d}\",",
        calls[3].thread, object_id(calls[3].object));
    put_stack("stack", &calls[3]);
    put("}],");
}

void record_cycle(void)
{
    put_head("lock-order-cycle", "warning", "possible",
             "{object:1} and {object:2} are taken in both orders; it did not hang in this run");
    put_cycle();
    put_end();
}

void record_note(const char *reason)
{
    put_head("lock-order-cycle", "note", "possible", "{object:1} and {object:2}, in both orders");
    put("\"reason\":\"%s\",", reason);
    put_cycle();
    put_end();
}

void record_deadlock(void)
{
    put_head("deadlock", "error", "certain", "{thread:2} and {thread:3} wait for each other");
    put_threads(1);
    put_end();
}

void record_misuse(const char *name, const char *severity, const char *message)
{
    const struct call *c = &calls[call_count - 1];

    put_head(name, severity, "certain", message);
    put_threads(0);
    put("\"places\":[{\"thread\":%d,\"primary\":true,\"text\":\"here\",", c->thread);
    put_stack("stack", c);
    put("}],");
    put_end();
}

void record_torn(void)
{
    put("{\"schema\":\"gridlock-raw/1\",\"name\":\"dead");
    memset(lines + used, '\0', 40);
    used += 40;
}

void record_write(const char *path)
{
    struct findings_header header = {.magic = FINDINGS_MAGIC};
    FILE *file = fopen(path, "w");

    header.size = (uint32_t)(sizeof(header) + used);
    header.used = (uint32_t)used;
    if (file == NULL || fwrite(&header, sizeof(header), 1, file) != 1 ||
        fwrite(lines, 1, used, file) != used || fclose(file) != 0)
        abort();
}
