/* SPDX-License-Identifier: MIT */
/*
 * Which mapped file does an address lie in? The answers for this very program are compared with
 * what the dynamic loader says of it and of libc.
 */
#include "tests/unit/unit.h"

#include "detector/report/maps.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static char zeros[3 * 4096]; /* in .bss */
static int initialised = 42; /* in .data */
static const char constant[] = "constant";

static char text[64 * 1024];

static const char *modules_of(const uintptr_t *addresses, unsigned count)
{
    struct json json = {.text = text, .size = sizeof text - 1};

    json_open(&json, NULL, '{');
    maps_write_modules(&json, addresses, count);
    json_close(&json, '}');
    assert_false(json.full);
    text[json.length] = 0;
    return text;
}

struct module {
    char path[512];
    uintptr_t start, end;
    long offset;
};

/* The n-th module of the text, or false. */
static bool parse(const char *from, unsigned n, struct module *module)
{
    static const char lead[] = "{\"modules\":[";

    assert_int_equal(strncmp(from, lead, sizeof lead - 1), 0);
    for (from += sizeof lead - 1; *from == '{'; from += *from == ',') {
        int length = 0;

        if (sscanf(
                from,
                "{\"path\":\"%511[^\"]\",\"start\":\"0x%lx\",\"end\":\"0x%lx\",\"offset\":%ld}%n",
                module->path, &module->start, &module->end, &module->offset, &length) != 4 ||
            !length)
            fail_msg("not a module: %s", from);
        from += length;
        if (n-- == 0)
            return true;
    }
    assert_string_equal(from, "]}");
    return false;
}

/* What the dynamic loader says of the object in which `address` lies. */
struct loaded {
    uintptr_t address, low, high;
};

static int note_object(struct dl_phdr_info *info, size_t size, void *argument)
{
    struct loaded *loaded = argument;
    uintptr_t low = UINTPTR_MAX, high = 0;

    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD) {
            uintptr_t start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;

            low = start < low ? start : low;
            high = start + info->dlpi_phdr[i].p_memsz > high ? start + info->dlpi_phdr[i].p_memsz
                                                             : high;
        }
    if (loaded->address < low || loaded->address >= high)
        return 0;
    loaded->low = low & ~(uintptr_t)4095;
    loaded->high = high;
    return 1;
}

static void expect_one(const void *address, const char *path_part)
{
    struct loaded loaded = {.address = (uintptr_t)address};
    struct module module;
    const char *written = modules_of(&loaded.address, 1);

    assert_true(parse(written, 0, &module));
    assert_false(parse(written, 1, &module));
    assert_int_equal(dl_iterate_phdr(note_object, &loaded), 1);
    assert_non_null(strstr(module.path, path_part));
    assert_int_equal(module.start, loaded.low);
    assert_true(module.end >= loaded.high); /* .bss included */
    assert_int_equal(module.offset, 0);     /* the first segment starts with the file */
}

static void test_program(void **state)
{
    static const struct {
        const char *name;
        const void *address;
    } rows[] = {
        {"code", (const void *)(uintptr_t)test_program},
        {"constants", constant},
        {"data", &initialised},
        {"start of .bss", zeros},
        {"end of .bss", zeros + sizeof zeros - 1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        zeros[i * 4096 % sizeof zeros] = 1;
        expect_one(rows[i].address, "test_maps");
    }
}

static void test_libc(void **state)
{
    (void)state;
    expect_one(dlsym(RTLD_DEFAULT, "getenv"), "libc");
    expect_one(dlsym(RTLD_DEFAULT, "_IO_2_1_stdout_"), "libc"); /* data */
    expect_one(dlsym(RTLD_DEFAULT, "optarg"), "libc");          /* .bss */
}

static void test_no_module(void **state)
{
    int local;
    void *heap = malloc(100), *page;
    uintptr_t addresses[] = {0, 1, (uintptr_t)&local, (uintptr_t)heap, UINTPTR_MAX};
    struct module module;

    (void)state;
    assert_false(parse(modules_of(addresses, COUNT(addresses)), 0, &module));
    assert_false(parse(modules_of(NULL, 0), 0, &module));
    page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    addresses[0] = (uintptr_t)page; /* shown as /dev/zero: a file of its own, if any */
    if (parse(modules_of(addresses, 1), 0, &module))
        assert_non_null(strstr(module.path, "/dev/zero"));
    munmap(page, 4096);
    free(heap);
}

/* Each module once, however many addresses lie in it, in the order of memory. */
static void test_several(void **state)
{
    uintptr_t addresses[] = {(uintptr_t)dlsym(RTLD_DEFAULT, "getenv"), (uintptr_t)test_several,
                             (uintptr_t)dlsym(RTLD_DEFAULT, "malloc"), (uintptr_t)zeros, 0};
    struct module modules[3];
    const char *written = modules_of(addresses, COUNT(addresses));
    unsigned count = 0;

    (void)state;
    while (count < 3 && parse(written, count, &modules[count]))
        count++;
    assert_in_range(count, 2, 3); /* a sanitizer has a malloc of its own */
    for (unsigned i = 1; i < count; i++)
        assert_true(modules[i - 1].end <= modules[i].start);
}

/* A file that is mapped in the middle: its offset, and not that of a page of it behind a gap. */
static void test_offset(void **state)
{
    char path[] = "/tmp/test_maps \"1\".XXXXXX";
    const long page = sysconf(_SC_PAGESIZE);
    struct module module;
    uintptr_t address;
    char *memory;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, 8 * page), 0);
    memory = mmap(NULL, (size_t)(4 * page), PROT_READ, MAP_PRIVATE, fd, 3 * page);
    assert_true(memory != MAP_FAILED);
    mprotect(memory + page, (size_t)page, PROT_NONE); /* three mappings, one run */
    address = (uintptr_t)memory + (uintptr_t)(2 * page) + 5;
    text[0] = 0;
    assert_non_null(strstr(modules_of(&address, 1), "test_maps \\\"1\\\"."));
    unlink(path);
    close(fd);
    for (char *c = text; *c; c++) /* the name's quotation marks are in parse()'s way */
        if (*c == '\\')
            c[0] = c[1] = '_';
    assert_true(parse(text, 0, &module));
    assert_int_equal(module.start, memory);
    assert_true(module.end >= (uintptr_t)memory + (uintptr_t)(4 * page));
    assert_int_equal(module.offset, 3 * page);
    munmap(memory, (size_t)(4 * page));
}

/* /proc is out of reach, for want of descriptors: what was remembered at start-up. */
static void test_remembered(void **state)
{
    struct loaded loaded = {.address = (uintptr_t)zeros};
    struct rlimit before, none;
    const char *written;
    struct module module;

    (void)state;
    maps_remember();
    assert_int_equal(dl_iterate_phdr(note_object, &loaded), 1);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = (struct rlimit){.rlim_cur = 0, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    written = modules_of(&loaded.address, 1);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_true(parse(written, 0, &module));
    assert_int_equal(module.start, loaded.low);
    assert_non_null(strstr(module.path, "test_maps"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_program),   cmocka_unit_test(test_libc),
        cmocka_unit_test(test_no_module), cmocka_unit_test(test_several),
        cmocka_unit_test(test_offset),    cmocka_unit_test(test_remembered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
