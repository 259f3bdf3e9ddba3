/* SPDX-License-Identifier: MIT */
/*
 * variable.c - which variable lies at this address?
 *
 * 1. Once a module: walk all units, into namespaces and functions (static locals), and note every
 *    variable whose location is one fixed address.
 * 2. Sort by address; an address belongs to the last variable that starts at or below it, if it lies
 *    within its size.
 * 3. From there type_path() goes down the type to the lock.
 */
#include "detector/cli/symbols/variable.h"

#include <dwarf.h>
#include <stdlib.h>

#include "detector/cli/symbols/die.h"
#include "detector/cli/symbols/type_path.h"

struct variable {
    uint64_t address;        /* DWARF's */
    Dwarf_Off die, function; /* function: 0 for a global */
};

struct variable_table {
    struct variable *variables;
    size_t count, capacity;
};

static bool fixed_address(Dwarf_Die *die, uint64_t *address)
{
    Dwarf_Attribute where;
    Dwarf_Op *operations;
    size_t count;

    if (dwarf_attr(die, DW_AT_location, &where) == NULL ||
        dwarf_getlocation(&where, &operations, &count) != 0 || count != 1)
        return false;
    if (operations[0].atom == DW_OP_addr) {
        *address = operations[0].number;
        return true;
    }
    if (operations[0].atom == DW_OP_addrx || operations[0].atom == DW_OP_GNU_addr_index) {
        Dwarf_Attribute resolved;

        if (dwarf_getlocation_attr(&where, &operations[0], &resolved) == 0 &&
            dwarf_formaddr(&resolved, address) == 0)
            return true;
    }
    return false;
}

static void note_variable(struct variable_table *table, Dwarf_Die *die, Dwarf_Off function)
{
    uint64_t address;

    if (!fixed_address(die, &address) || address == 0)
        return;
    if (table->count == table->capacity) {
        size_t capacity = table->capacity * 2 + 64;
        struct variable *bigger = realloc(table->variables, capacity * sizeof(*bigger));

        if (bigger == NULL)
            return;
        table->variables = bigger;
        table->capacity = capacity;
    }
    table->variables[table->count++] = (struct variable){
        .address = address, .die = dwarf_dieoffset(die), .function = function};
}

static void walk(struct variable_table *table, Dwarf_Die *parent, Dwarf_Off function, int depth)
{
    Dwarf_Die die;

    if (depth > 64 || dwarf_child(parent, &die) != 0)
        return;
    do {
        switch (dwarf_tag(&die)) {
        case DW_TAG_variable:
            note_variable(table, &die, function);
            break;
        case DW_TAG_subprogram:
            walk(table, &die, dwarf_dieoffset(&die), depth + 1);
            break;
        case DW_TAG_namespace:
        case DW_TAG_lexical_block:
        case DW_TAG_inlined_subroutine:
            walk(table, &die, function, depth + 1);
            break;
        default:
            break;
        }
    } while (dwarf_siblingof(&die, &die) == 0);
}

static bool walk_unit(Dwarf_Die *unit, void *data)
{
    walk(data, unit, 0, 0);
    return false;
}

static int by_address(const void *a, const void *b)
{
    const struct variable *left = a, *right = b;

    return (left->address > right->address) - (left->address < right->address);
}

static struct variable_table *variables_of(struct module *m)
{
    struct variable_table **kept = module_variables(m);

    if (*kept == NULL) {
        *kept = calloc(1, sizeof(**kept));
        if (*kept == NULL)
            return NULL;
        module_each_unit(m, walk_unit, *kept);
        if ((*kept)->count > 0)
            qsort((*kept)->variables, (*kept)->count, sizeof(struct variable), by_address);
    }
    return *kept;
}

void variables_free(struct variable_table *table)
{
    if (table != NULL)
        free(table->variables);
    free(table);
}

static const struct variable *variable_at(const struct variable_table *table, uint64_t address)
{
    const struct variable *found = NULL;
    size_t low = 0, high = table->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (table->variables[middle].address <= address) {
            found = &table->variables[middle];
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return found;
}

const char *variable_name(struct pool *pool, struct module *m, uint64_t address)
{
    uint64_t wanted = address - module_dwarf_bias(m);
    const struct variable_table *table = variables_of(m);
    const struct variable *v = table == NULL ? NULL : variable_at(table, wanted);
    Dwarf *dwarf = module_dwarf(m);
    Dwarf_Die die, function, type;
    const char *name, *path;

    if (v == NULL || dwarf_offdie(dwarf, v->die, &die) == NULL)
        return NULL;
    name = die_qualified_name(pool, &die);
    if (name == NULL || !die_type(&die, &type))
        return NULL;
    path = type_path(pool, &type, wanted - v->address);
    if (path == NULL)
        return NULL;
    if (v->function != 0 && dwarf_offdie(dwarf, v->function, &function) != NULL &&
        die_qualified_name(pool, &function) != NULL)
        return pool_printf(pool, "%s.%s%s", die_qualified_name(pool, &function), name, path);
    return pool_printf(pool, "%s%s", name, path);
}
