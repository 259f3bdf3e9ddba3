/* SPDX-License-Identifier: MIT */
/*
 * doctor.c - `gridlock doctor [PROGRAM]`: what works here, and what to type where it does not
 *
 * The table below is the page. A problem in a row that `gridlock run` needs makes the exit status
 * 125; all others leave it 0: programs can be watched.
 */
#include "detector/cli/doctor/doctor.h"

#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "detector/cli/base/out.h"
#include "detector/cli/base/program.h"
#include "detector/cli/base/status.h"
#include "detector/cli/base/workspace.h"
#include "detector/cli/doctor/doctor_look.h"

enum { NAME_COLUMN = 9, TEXT_COLUMN = 28 };

enum need { USEFUL, NEEDED };

static const struct row {
    const char *name;
    struct answer (*look)(struct doctor *d);
    enum need need;
    const char *section; /* that starts with this row */
} rows[] = {
    {"command", look_at_command, NEEDED, "Watching programs (gridlock run)"},
    {"library", look_at_library, NEEDED, NULL},
    {"glibc", look_at_glibc, USEFUL, NULL},
    {"system", look_at_system, USEFUL, NULL},
    {"GRIDLOCK_OPTIONS", look_at_options, NEEDED, NULL},
    {"LD_PRELOAD", look_at_preload, USEFUL, NULL},
    {"temporary files", look_at_temporary, USEFUL, NULL},
    {"a hang on purpose", look_at_watching, NEEDED, NULL},
    {"source lines", look_at_lines, USEFUL, "Reports"},
    {"terminal", look_at_terminal, USEFUL, NULL},
    {"attach", look_at_attach, USEFUL,
     "Programs that hang already (gridlock attach, gridlock core)"},
    {"cores", look_at_cores, USEFUL, NULL},
    {"gdb", look_at_gdb, USEFUL, NULL},
    {"compiler", look_at_compiler, USEFUL, "Lessons (gridlock check, make race)"},
    {"ThreadSanitizer", look_at_tsan, USEFUL, NULL},
    {"its symbolizer", look_at_symbolizer, USEFUL, NULL},
    {"random addresses", look_at_addresses, USEFUL, NULL},
};

static const struct row program_rows[] = {
    {"program", look_at_program, NEEDED, NULL},
    {"its lines", look_at_program_lines, USEFUL, NULL},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct tally {
    int notes, problems;
    bool cannot_run;
};

static const struct {
    const char *word;
    enum style style;
} looks[] = {
    [HEALTH_OK] = {"ok", GREEN},
    [HEALTH_NOTE] = {"note", YELLOW},
    [HEALTH_PROBLEM] = {"problem", RED},
};

static void show(struct out *out, const char *name, const struct answer *a)
{
    out_text(out, looks[a->health].style, looks[a->health].word);
    out_tab(out, NAME_COLUMN, 1);
    out_text(out, BOLD, name);
    out_tab(out, TEXT_COLUMN, 1);
    out_wrapped(out, PLAIN, TEXT_COLUMN, a->text);
    out_text(out, PLAIN, "\n");
    if (a->remedy == NULL)
        return;
    out_tab(out, TEXT_COLUMN, 0);
    out_text(out, CYAN, "do: ");
    out_wrapped(out, PLAIN, TEXT_COLUMN + 4, a->remedy);
    out_text(out, PLAIN, "\n");
}

static void ask(struct doctor *d, struct out *out, const struct row *row, struct tally *tally)
{
    struct answer answer = row->look(d);

    if (row->section != NULL)
        out_printf(out, BOLD, "\n%s\n", row->section);
    show(out, row->name, &answer);
    fflush(out->stream);
    tally->notes += answer.health == HEALTH_NOTE;
    tally->problems += answer.health == HEALTH_PROBLEM;
    tally->cannot_run |= answer.health == HEALTH_PROBLEM && row->need == NEEDED;
}

static const char *plural(int count)
{
    return count == 1 ? "" : "s";
}

static int examine(struct doctor *d)
{
    struct out out = out_open(stdout, COLOR_AUTO);
    struct tally tally = {0};

    if (d->program != NULL)
        out_printf(&out, BOLD, "%s\n", d->program);
    for (size_t i = 0; d->program != NULL && i < COUNT(program_rows); i++)
        ask(d, &out, &program_rows[i], &tally);
    for (size_t i = 0; i < COUNT(rows); i++)
        ask(d, &out, &rows[i], &tally);
    out_printf(&out, BOLD, "\ngridlock run %s", tally.cannot_run ? "cannot work: " : "works: ");
    out_printf(&out, BOLD, "%d problem%s, %d note%s\n", tally.problems, plural(tally.problems),
               tally.notes, plural(tally.notes));
    return tally.cannot_run ? STATUS_COMMAND_FAILED : STATUS_OK;
}

/* ---------------------------------------------------------------- the folder it works in */

static int remove_entry(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about;
    (void)type;
    (void)walk;
    remove(path);
    return 0;
}

static int examine_in_workspace(struct doctor *d)
{
    struct workspace workspace;
    char command[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", command, sizeof(command) - 1);
    int status;

    if (length <= 0) {
        fprintf(stderr,
                "gridlock: /proc is not mounted; gridlock reads all about processes there\n");
        return STATUS_COMMAND_FAILED;
    }
    if (!workspace_make(d->pool, &workspace))
        return STATUS_COMMAND_FAILED;
    d->command = pool_copy_n(d->pool, command, (size_t)length);
    d->folder = workspace.folder;
    status = examine(d);
    nftw(workspace.folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    return status;
}

int doctor_main(int argc, char **argv)
{
    struct pool pool = {NULL};
    struct doctor d = {.pool = &pool, .root = ""};
    int status = STATUS_OK;

    if (argc == 2 && strcmp(argv[1], "--hang") == 0)
        return hang();
    if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
        fprintf(stderr, "gridlock: doctor takes one PROGRAM or --hang; see gridlock help doctor\n");
        return STATUS_USAGE;
    }
    if (argc == 2)
        status = program_find(&pool, argv[1], &d.program);
    if (status == STATUS_OK)
        status = examine_in_workspace(&d);
    pool_free(&pool);
    return status;
}
