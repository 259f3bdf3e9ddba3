/* SPDX-License-Identifier: MIT */
/*
 * module.c - which symbol and which compilation unit of an ELF file covers an address?
 *
 * 1. Each file gets a Dwfl session of its own, laid out at its own addresses: two processes, or two
 *    runs, may have mapped it elsewhere, but all of them share the symbols read once.
 * 2. libdw finds the separate debug file by build-id or debuglink, and .symtab before .dynsym.
 * 3. The unit of an address comes from the units' own ranges, not from .debug_aranges: clang writes
 *    none, and libdw 0.188 then finds no line at all.
 *
 * Invariant: units[] is read at most once a module, when the first address is asked for.
 */
#include "detector/cli/symbols/module.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "detector/cli/base/busy.h"
#include "detector/cli/base/path.h"
#include "detector/cli/base/pool.h"
#include "detector/cli/symbols/variable.h"

struct unit_range {
    uint64_t low, high; /* DWARF's addresses, high exclusive */
    Dwarf_Off die;
};

struct module {
    struct module *next;
    char *path;
    Dwfl *dwfl; /* NULL: the file cannot be read */
    Dwfl_Module *dwfl_module;
    Dwarf *dwarf; /* NULL: no debug information */
    uint64_t dwarf_bias;
    struct unit_range *units;
    size_t unit_count;
    bool units_read;
    struct variable_table *variables;
};

static struct module *all_modules;
static struct pool kept; /* the memory of all modules */

static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .section_address = dwfl_offline_section_address,
};

static bool is_regular_file(const char *path)
{
    struct stat st;

    return path[0] == '/' && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static void open_file(struct module *m)
{
    Dwarf_Addr bias = 0;

    if (is_regular_file(m->path))
        busy("reading the debug information of %s ...", path_base(m->path));
    if (!is_regular_file(m->path) || (m->dwfl = dwfl_begin(&callbacks)) == NULL)
        return;
    dwfl_report_begin(m->dwfl);
    m->dwfl_module = dwfl_report_elf(m->dwfl, m->path, m->path, -1, 0, true);
    dwfl_report_end(m->dwfl, NULL, NULL);
    if (m->dwfl_module == NULL) {
        dwfl_end(m->dwfl);
        m->dwfl = NULL;
        return;
    }
    m->dwarf = dwfl_module_getdwarf(m->dwfl_module, &bias);
    m->dwarf_bias = bias;
}

struct module *module_open(const char *path)
{
    struct module *m;

    for (m = all_modules; m != NULL; m = m->next)
        if (strcmp(m->path, path) == 0)
            return m->dwfl == NULL ? NULL : m;
    m = pool_array(&kept, 1, sizeof(*m));
    m->path = pool_copy(&kept, path);
    m->next = all_modules;
    all_modules = m;
    open_file(m);
    return m->dwfl == NULL ? NULL : m;
}

void modules_close(void)
{
    for (struct module *m = all_modules; m != NULL; m = m->next) {
        free(m->units);
        variables_free(m->variables);
        if (m->dwfl != NULL)
            dwfl_end(m->dwfl);
    }
    all_modules = NULL;
    pool_free(&kept);
}

bool module_bias(struct module *m, uint64_t start, uint64_t offset, uint64_t *bias)
{
    uint64_t page_mask = ~((uint64_t)sysconf(_SC_PAGESIZE) - 1);
    GElf_Addr elf_bias;
    Elf *elf = dwfl_module_getelf(m->dwfl_module, &elf_bias);
    size_t count;

    if (elf == NULL || elf_getphdrnum(elf, &count) != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr segment;

        if (gelf_getphdr(elf, (int)i, &segment) == NULL || segment.p_type != PT_LOAD)
            continue;
        if ((segment.p_offset & page_mask) > offset ||
            offset >= segment.p_offset + segment.p_filesz)
            continue;
        *bias = start - ((segment.p_vaddr & page_mask) + (offset - (segment.p_offset & page_mask)));
        return true;
    }
    return false;
}

const char *module_symbol(struct module *m, uint64_t address, uint64_t *offset)
{
    GElf_Sym symbol;
    GElf_Off distance = 0;
    const char *name = dwfl_module_addrinfo(m->dwfl_module, address, &distance, &symbol, NULL, NULL,
                                            NULL);

    /* libdw offers the nearest symbol below even where that one has long ended. */
    if (name == NULL || (symbol.st_size != 0 && distance >= symbol.st_size))
        return NULL;
    *offset = distance;
    return name;
}

/* A skeleton stands for a unit in a .dwo file: lines, but no variables and inlined functions. */
static bool is_unit(Dwarf_Die *die)
{
    int tag = dwarf_tag(die);

    return tag == DW_TAG_compile_unit || tag == DW_TAG_skeleton_unit;
}

bool module_each_unit(struct module *m, bool (*visit)(Dwarf_Die *unit, void *data), void *data)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die die;

    if (m->dwarf == NULL)
        return false;
    while (dwarf_get_units(m->dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
        if (is_unit(&die) && visit(&die, data))
            return true;
    return false;
}

struct unit_list {
    struct module *module;
    size_t capacity;
};

static bool add_unit(Dwarf_Die *unit, void *data)
{
    struct unit_list *list = data;
    struct module *m = list->module;
    Dwarf_Addr base, low, high;
    ptrdiff_t next = 0;

    while ((next = dwarf_ranges(unit, next, &base, &low, &high)) > 0) {
        if (m->unit_count == list->capacity) {
            size_t capacity = list->capacity * 2 + 16;
            struct unit_range *bigger = realloc(m->units, capacity * sizeof(*bigger));

            if (bigger == NULL)
                return true;
            m->units = bigger;
            list->capacity = capacity;
        }
        m->units[m->unit_count++] = (struct unit_range){
            .low = low, .high = high, .die = dwarf_dieoffset(unit)};
    }
    return false;
}

bool module_unit_at(struct module *m, uint64_t address, Dwarf_Die *unit)
{
    uint64_t wanted = address - m->dwarf_bias;

    if (!m->units_read) {
        struct unit_list list = {.module = m};

        module_each_unit(m, add_unit, &list);
        m->units_read = true;
    }
    for (size_t i = 0; i < m->unit_count; i++)
        if (m->units[i].low <= wanted && wanted < m->units[i].high)
            return dwarf_offdie(m->dwarf, m->units[i].die, unit) != NULL;
    return false;
}

uint64_t module_dwarf_bias(struct module *m)
{
    return m->dwarf_bias;
}

struct variable_table **module_variables(struct module *m)
{
    return &m->variables;
}

Dwarf *module_dwarf(struct module *m)
{
    return m->dwarf;
}

const char *module_debug_file(struct pool *pool, struct module *m)
{
    const char *main_file = NULL, *debug_file = NULL;

    dwfl_module_info(m->dwfl_module, NULL, NULL, NULL, NULL, NULL, &main_file, &debug_file);
    if (m->dwarf == NULL || debug_file == NULL || strcmp(debug_file, m->path) == 0)
        return NULL;
    return pool_copy(pool, debug_file);
}

const char *module_build_id(struct pool *pool, struct module *m)
{
    const unsigned char *bits;
    GElf_Addr address;
    int length = dwfl_module_build_id(m->dwfl_module, &bits, &address);
    char *text;

    if (length <= 0)
        return NULL;
    text = pool_array(pool, (size_t)length * 2 + 1, 1);
    for (int i = 0; i < length; i++)
        sprintf(text + 2 * i, "%02x", bits[i]);
    return text;
}

bool module_has_symbols(struct module *m)
{
    GElf_Addr bias;
    Elf *elf = dwfl_module_getelf(m->dwfl_module, &bias);
    Elf_Scn *section = NULL;
    GElf_Shdr header;

    while (elf != NULL && (section = elf_nextscn(elf, section)) != NULL)
        if (gelf_getshdr(section, &header) != NULL && header.sh_type == SHT_SYMTAB)
            return true;
    return false;
}
