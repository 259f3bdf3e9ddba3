/* SPDX-License-Identifier: MIT */
/*
 * die.c - small questions about one entry of the debug information
 *
 * An out-of-line or inlined copy of a function only refers to its declaration
 * (DW_AT_abstract_origin, DW_AT_specification); the declaration is where its namespace and class are.
 */
#include "detector/cli/symbols/die.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

bool die_number(Dwarf_Die *die, unsigned attribute, uint64_t *value)
{
    Dwarf_Attribute where;
    Dwarf_Word word;

    if (dwarf_attr_integrate(die, attribute, &where) == NULL || dwarf_formudata(&where, &word) != 0)
        return false;
    *value = word;
    return true;
}

bool die_reference(Dwarf_Die *die, unsigned attribute, Dwarf_Die *target)
{
    Dwarf_Attribute where;

    return dwarf_attr(die, attribute, &where) != NULL && dwarf_formref_die(&where, target) != NULL;
}

static Dwarf_Die declaration_of(Dwarf_Die die)
{
    Dwarf_Die target;
    int hops = 8; /* a chain is two or three long; more is a broken file */

    while (hops-- > 0 && (die_reference(&die, DW_AT_abstract_origin, &target) ||
                          die_reference(&die, DW_AT_specification, &target)))
        die = target;
    return die;
}

static bool names_a_scope(Dwarf_Die *die)
{
    int tag = dwarf_tag(die);

    return (tag == DW_TAG_namespace || tag == DW_TAG_structure_type || tag == DW_TAG_class_type) &&
           dwarf_diename(die) != NULL;
}

static bool has_scopes(Dwarf_Die *die)
{
    Dwarf_Die unit;
    int language;

    if (dwarf_diecu(die, &unit, NULL, NULL) == NULL)
        return false;
    language = dwarf_srclang(&unit);
    return language != DW_LANG_C && language != DW_LANG_C89 && language != DW_LANG_C99 &&
           language != DW_LANG_C11;
}

static const char *enclosing_function(Dwarf_Die *scopes, int count)
{
    for (int i = 1; i < count; i++)
        if (dwarf_tag(&scopes[i]) == DW_TAG_subprogram)
            return dwarf_diename(&scopes[i]);
    return NULL;
}

/* A lambda is the operator() of a class that has no name, or one that no person wrote. */
static bool is_lambda(const char *name, Dwarf_Die *scopes, int count)
{
    const char *class = count > 1 ? dwarf_diename(&scopes[1]) : NULL;

    return strcmp(name, "operator()") == 0 &&
           (class == NULL || strchr("<({", class[0]) != NULL || class[0] == '.');
}

static const char *qualify(struct pool *pool, const char *name, Dwarf_Die *scopes, int count)
{
    if (is_lambda(name, scopes, count)) {
        const char *function = enclosing_function(scopes, count);

        return function == NULL ? "lambda" : pool_printf(pool, "lambda in %s", function);
    }
    for (int i = 1; i < count; i++)
        if (names_a_scope(&scopes[i]))
            name = pool_printf(pool, "%s::%s", dwarf_diename(&scopes[i]), name);
    return name;
}

const char *die_qualified_name(struct pool *pool, Dwarf_Die *die)
{
    const char *name = dwarf_diename(die);
    Dwarf_Die declaration = declaration_of(*die), *scopes = NULL;
    int count;

    if (name == NULL || !has_scopes(die))
        return name;
    count = dwarf_getscopes_die(&declaration, &scopes);
    name = qualify(pool, name, scopes, count);
    free(scopes);
    return name;
}

bool die_type(Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Attribute where;

    return dwarf_attr_integrate(die, DW_AT_type, &where) != NULL &&
           dwarf_formref_die(&where, type) != NULL;
}
