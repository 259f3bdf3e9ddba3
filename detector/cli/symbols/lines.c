/* SPDX-License-Identifier: MIT */
/*
 * lines.c - which functions and lines does an address in a module belong to?
 *
 * 1. Find the compilation unit, then go down its tree along the entries that cover the address:
 *    the function, and in it the functions that were inlined, outermost first.
 * 2. The innermost frame's line is the line table's; that of the frame around an inlined function
 *    is where the call was written (DW_AT_call_file, DW_AT_call_line).
 * 3. Without debug information: the symbol's name, else nothing but module and offset.
 */
#include "detector/cli/symbols/lines.h"

#include <dwarf.h>
#include <string.h>

#include "detector/cli/symbols/demangle.h"
#include "detector/cli/symbols/die.h"

enum { MAX_INLINED = 32 };

struct chain {
    Dwarf_Die functions[MAX_INLINED]; /* outermost first; all but the first are inlined */
    size_t count;
};

static bool is_code(int tag)
{
    return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

static bool may_hold_code(int tag)
{
    return tag == DW_TAG_namespace || tag == DW_TAG_structure_type || tag == DW_TAG_class_type;
}

static bool descend(Dwarf_Die *parent, Dwarf_Addr address, struct chain *chain, int depth)
{
    Dwarf_Die die;

    if (depth > 64 || dwarf_child(parent, &die) != 0)
        return false;
    do {
        int tag = dwarf_tag(&die);

        if (may_hold_code(tag) && descend(&die, address, chain, depth + 1))
            return true;
        if ((!is_code(tag) && tag != DW_TAG_lexical_block) || dwarf_haspc(&die, address) <= 0)
            continue;
        if (is_code(tag) && chain->count < MAX_INLINED)
            chain->functions[chain->count++] = die;
        descend(&die, address, chain, depth + 1);
        return true;
    } while (dwarf_siblingof(&die, &die) == 0);
    return false;
}

static const char *absolute(struct pool *pool, Dwarf_Die *unit, const char *file)
{
    Dwarf_Attribute where;
    const char *directory;

    if (file == NULL || file[0] == '/')
        return file;
    directory = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &where));
    return directory == NULL ? file : pool_printf(pool, "%s/%s", directory, file);
}

/* `/src/./a/../b.c` -> `/src/b.c`: as far as it can be told from the text alone. */
static const char *tidy(struct pool *pool, const char *path)
{
    char *result, *end;

    if (path == NULL || path[0] != '/' || (!strstr(path, "/.") && !strstr(path, "//")))
        return path;
    result = end = pool_array(pool, strlen(path) + 1, 1);
    while (*path != '\0') {
        size_t length;

        path += strspn(path, "/");
        length = strcspn(path, "/");
        if (length == 2 && strncmp(path, "..", 2) == 0) {
            while (end > result && *--end != '/')
                ;
            *end = '\0';
        } else if (length > 0 && !(length == 1 && path[0] == '.')) {
            *end++ = '/';
            memcpy(end, path, length);
            end += length;
        }
        path += length;
    }
    *end = '\0';
    return result;
}

static void line_from_table(struct pool *pool, Dwarf_Die *unit, Dwarf_Addr address, struct frame *f)
{
    Dwarf_Line *line = dwarf_getsrc_die(unit, address);

    if (line == NULL)
        return;
    f->file = tidy(pool, absolute(pool, unit, dwarf_linesrc(line, NULL, NULL)));
    dwarf_lineno(line, &f->line);
    dwarf_linecol(line, &f->column);
}

static void line_from_call(struct pool *pool, Dwarf_Die *unit, Dwarf_Die *inlined, struct frame *f)
{
    Dwarf_Files *files;
    size_t count;
    uint64_t number;

    if (die_number(inlined, DW_AT_call_file, &number) &&
        dwarf_getsrcfiles(unit, &files, &count) == 0 && number < count)
        f->file = tidy(pool, absolute(pool, unit, dwarf_filesrc(files, number, NULL, NULL)));
    if (die_number(inlined, DW_AT_call_line, &number))
        f->line = (int)number;
    if (die_number(inlined, DW_AT_call_column, &number))
        f->column = (int)number;
}

static const char *function_from_symbol(struct pool *pool, struct module *m, uint64_t address)
{
    uint64_t distance;
    const char *symbol = m == NULL ? NULL : module_symbol(m, address, &distance);

    return symbol == NULL ? NULL : demangle(pool, symbol);
}

struct stack lines_at(struct pool *pool, struct module *m, const char *path, uint64_t address)
{
    struct chain chain = {.count = 0};
    struct stack s = {.count = 1};
    Dwarf_Die unit;
    Dwarf_Addr dwarf_address = 0;
    bool known = m != NULL && module_unit_at(m, address, &unit);

    if (known) {
        dwarf_address = address - module_dwarf_bias(m);
        descend(&unit, dwarf_address, &chain, 0);
        s.count = chain.count > 0 ? chain.count : 1;
    }
    s.frames = pool_array(pool, s.count, sizeof(*s.frames));
    for (size_t i = 0; i < s.count; i++) {
        struct frame *f = &s.frames[i];

        f->module = path;
        f->offset = address;
        if (chain.count > 0)
            f->function = die_qualified_name(pool, &chain.functions[chain.count - 1 - i]);
        if (f->function == NULL)
            f->function = function_from_symbol(pool, m, address);
        if (known && i == 0)
            line_from_table(pool, &unit, dwarf_address, f);
        else if (known)
            line_from_call(pool, &unit, &chain.functions[chain.count - i], f);
    }
    return s;
}
