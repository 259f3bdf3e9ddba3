/* SPDX-License-Identifier: MIT */
/*
 * How does a finding leave a program that may be stuck, out of memory or about to be killed?
 * By a copy into memory that somebody else can still read.
 */
#include "detector/report/area.h"

#include "detector/core/sys.h"
#include "detector/report/findings_area.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

_Static_assert(sizeof GRIDLOCK_VERSION <= sizeof((struct findings_header *)0)->version,
               "the version fits into the header");

static struct findings_header *area;
static bool own;

static bool failed(long result)
{
    return result < 0 && result > -4096;
}

static void *map(long fd, size_t size, int flags)
{
    long memory = sys_call(SYS_mmap, 0, (long)size, PROT_READ | PROT_WRITE, flags, fd, 0);

    return failed(memory) ? NULL : (void *)memory;
}

static bool open_file(const char *path)
{
    long fd = sys_call(SYS_openat, AT_FDCWD, (long)path, O_RDWR | O_CLOEXEC, 0, 0, 0);
    struct findings_header head;
    bool good;

    if (failed(fd))
        return false;
    good = sys_call(SYS_pread64, fd, (long)&head, sizeof head, 0, 0, 0) == sizeof head &&
           !memcmp(head.magic, FINDINGS_MAGIC, sizeof head.magic) && head.size > sizeof head;
    if (good)
        area = map(fd, head.size, MAP_SHARED);
    sys_call(SYS_close, fd, 0, 0, 0, 0, 0);
    return good && area;
}

static bool make_own(void)
{
    area = map(-1, FINDINGS_AREA_BYTES, MAP_SHARED | MAP_ANONYMOUS);
    if (!area)
        return false;
    memcpy(area->magic, FINDINGS_MAGIC, sizeof area->magic);
    area->size = FINDINGS_AREA_BYTES;
    return true;
}

bool area_open(const char *path)
{
    own = !path || !open_file(path);
    return !own || make_own();
}

void area_sign(unsigned layout)
{
    if (!area)
        return;
    memcpy(area->version, GRIDLOCK_VERSION, sizeof GRIDLOCK_VERSION);
    area->layout = layout;
}

bool area_is_own(void)
{
    return own;
}

bool area_has_no_reader(void)
{
    return own || (area && area->reader_left);
}

bool area_join(int process)
{
    uint32_t nobody = 0;

    if (!area || __atomic_compare_exchange_n((uint32_t *)&area->first_process, &nobody,
                                             (uint32_t)process, false, __ATOMIC_RELAXED,
                                             __ATOMIC_RELAXED) ||
        nobody == (uint32_t)process)
        return true;
    area->several = 1;
    return false;
}

bool area_has_several(void)
{
    return area && area->several;
}

bool area_append(const char *line, size_t length)
{
    uint32_t room, at;
    char *text;

    if (!area)
        return false;
    room = area->size - (uint32_t)sizeof *area;
    at = __atomic_fetch_add((uint32_t *)&area->used, (uint32_t)length, __ATOMIC_RELAXED);
    if (at > room || length > room - at) {
        __atomic_fetch_add((uint32_t *)&area->dropped, 1, __ATOMIC_RELAXED);
        return false;
    }
    text = (char *)(area + 1) + at;
    memcpy(text, line, length - 1);
    __atomic_store_n(text + length - 1, line[length - 1], __ATOMIC_RELEASE);
    return true;
}

static bool write_all(int fd, const void *bytes, size_t size)
{
    const char *from = bytes;

    while (size) {
        long written = sys_call(SYS_write, fd, (long)from, (long)size, 0, 0, 0);

        if (written <= 0)
            return false;
        from += written;
        size -= (size_t)written;
    }
    return true;
}

bool area_take_new(int fd)
{
    uint32_t room = area->size - (uint32_t)sizeof *area;
    uint32_t used = area->used < room ? area->used : room; /* more was asked for than fits */
    uint32_t taken = area->taken < used ? area->taken : used;
    struct findings_header head = {.size = (uint32_t)sizeof head + used - taken,
                                   .used = used - taken,
                                   .dropped = area->dropped};

    memcpy(head.magic, FINDINGS_MAGIC, sizeof head.magic);
    if (!write_all(fd, &head, sizeof head) ||
        !write_all(fd, (const char *)(area + 1) + taken, used - taken))
        return false;
    memset(area + 1, 0, used);
    area->taken = 0;
    area->dropped = 0;
    area->used = 0;
    return true;
}
