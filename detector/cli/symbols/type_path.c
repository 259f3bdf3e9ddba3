/* SPDX-License-Identifier: MIT */
/*
 * type_path.c - which member of which element lies at this offset?
 *
 * Go down the type, as long as there is something below:
 *   typedef, const, volatile   through, no text
 *   array                      `[index]`, and on with what is left of the offset
 *   struct, class, union       `.member` of the member that covers it; no text for an anonymous one
 *   base class                 through, no text
 * Stop at a lock's type: what lies inside pthread_mutex_t or std::mutex is nobody's business.
 */
#include "detector/cli/symbols/type_path.h"

#include <dwarf.h>
#include <stdbool.h>
#include <string.h>

#include "detector/cli/symbols/die.h"

enum { MAX_DIMENSIONS = 8 };

static const char *const lock_types[] = {
    "pthread_mutex_t",
    "pthread_rwlock_t",
    "pthread_cond_t",
    "pthread_spinlock_t",
    "pthread_barrier_t",
    "pthread_once_t",
    "sem_t",
    "mtx_t",
    "cnd_t",
    "once_flag",
    "mutex",
    "timed_mutex",
    "recursive_mutex",
    "shared_mutex",
    "recursive_timed_mutex",
    "shared_timed_mutex",
    "condition_variable",
    "condition_variable_any",
    "pthread_t",
    "waitgroup",
};

static bool is_lock_type(Dwarf_Die *type)
{
    const char *name = dwarf_diename(type);

    for (size_t i = 0; name != NULL && i < sizeof(lock_types) / sizeof(lock_types[0]); i++)
        if (strcmp(name, lock_types[i]) == 0)
            return true;
    return false;
}

static bool is_transparent(Dwarf_Die *type)
{
    int tag = dwarf_tag(type);

    return tag == DW_TAG_typedef || tag == DW_TAG_const_type || tag == DW_TAG_volatile_type ||
           tag == DW_TAG_atomic_type || tag == DW_TAG_restrict_type;
}

/* Through typedefs and qualifiers, down to a lock's type or to the type itself. */
static bool resolve(Dwarf_Die *type)
{
    for (int hops = 0; hops < 64 && is_transparent(type) && !is_lock_type(type); hops++)
        if (!die_type(type, type))
            return false;
    return true;
}

static bool member_covers(Dwarf_Die *member, uint64_t offset, uint64_t *start, Dwarf_Die *type)
{
    int tag = dwarf_tag(member);
    Dwarf_Word size;

    *start = 0;
    /* DWARF 4 lists a static member of a class as a member too, but it lies elsewhere. */
    if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) ||
        dwarf_hasattr(member, DW_AT_external) || !die_type(member, type))
        return false;
    die_number(member, DW_AT_data_member_location, start);
    return *start <= offset && dwarf_aggregate_size(type, &size) == 0 && offset < *start + size;
}

static bool find_member(Dwarf_Die *type, uint64_t offset, Dwarf_Die *member, uint64_t *start,
                        Dwarf_Die *member_type)
{
    if (dwarf_child(type, member) != 0)
        return false;
    do {
        if (member_covers(member, offset, start, member_type))
            return true;
    } while (dwarf_siblingof(member, member) == 0);
    return false;
}

static uint64_t elements_of(Dwarf_Die *subrange)
{
    uint64_t number;

    if (die_number(subrange, DW_AT_count, &number))
        return number;
    return die_number(subrange, DW_AT_upper_bound, &number) ? number + 1 : 0;
}

/* The lengths of an array's dimensions, outermost first; 0 for one of unknown length. */
static size_t dimensions_of(Dwarf_Die *array, uint64_t lengths[MAX_DIMENSIONS])
{
    size_t count = 0;
    Dwarf_Die die;

    if (dwarf_child(array, &die) != 0)
        return 0;
    do {
        if (dwarf_tag(&die) == DW_TAG_subrange_type && count < MAX_DIMENSIONS)
            lengths[count++] = elements_of(&die);
    } while (dwarf_siblingof(&die, &die) == 0);
    return count;
}

/* One `[i]` a dimension; *offset becomes the offset within the element. */
static const char *array_path(struct pool *pool, Dwarf_Die *array, const char *path,
                              uint64_t *offset, Dwarf_Die *element)
{
    uint64_t lengths[MAX_DIMENSIONS], indexes[MAX_DIMENSIONS], rest;
    size_t count = dimensions_of(array, lengths);
    Dwarf_Word size;

    if (count == 0 || !die_type(array, element) || dwarf_aggregate_size(element, &size) != 0 ||
        size == 0)
        return NULL;
    rest = *offset / size;
    *offset %= size;
    for (size_t i = count; i-- > 1;) {
        indexes[i] = lengths[i] == 0 ? 0 : rest % lengths[i];
        rest /= lengths[i] == 0 ? 1 : lengths[i];
    }
    indexes[0] = rest;
    for (size_t i = 0; i < count; i++)
        path = pool_printf(pool, "%s[%llu]", path, (unsigned long long)indexes[i]);
    return path;
}

static const char *member_path(struct pool *pool, Dwarf_Die *member, const char *path)
{
    const char *name = dwarf_diename(member);

    if (dwarf_tag(member) == DW_TAG_inheritance || name == NULL)
        return path;
    return pool_printf(pool, "%s.%s", path, name);
}

const char *type_path(struct pool *pool, Dwarf_Die *start, uint64_t offset)
{
    Dwarf_Die type = *start;
    const char *path = "";
    Dwarf_Word size;

    if (dwarf_aggregate_size(&type, &size) != 0 || offset >= size)
        return NULL;
    for (int depth = 0; depth < 32 && resolve(&type) && !is_lock_type(&type); depth++) {
        Dwarf_Die inner, member;
        uint64_t member_start;

        if (dwarf_tag(&type) == DW_TAG_array_type) {
            const char *longer = array_path(pool, &type, path, &offset, &inner);

            if (longer == NULL)
                return path;
            path = longer;
        } else if (find_member(&type, offset, &member, &member_start, &inner)) {
            path = member_path(pool, &member, path);
            offset -= member_start;
        } else {
            return path;
        }
        type = inner;
    }
    return path;
}
