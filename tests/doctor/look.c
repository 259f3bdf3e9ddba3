/* SPDX-License-Identifier: MIT */
/*
 * look.c - one look of the doctor, at kernel settings that a test has made up
 *
 * Usage: look NAME ROOT [PROGRAM]      with GRIDLOCK_COMMAND, and a folder to work in, in FOLDER
 *
 * Prints the answer as "health: text" and "do: remedy".
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detector/cli/doctor/doctor_look.h"

#define LOOK(name)            \
    {                         \
#name, look_at_##name \
    }

static const struct {
    const char *name;
    struct answer (*look)(struct doctor *d);
} looks[] = {
    LOOK(command),  LOOK(library),       LOOK(glibc),      LOOK(system),    LOOK(watching),
    LOOK(options),  LOOK(preload),       LOOK(temporary),  LOOK(terminal),  LOOK(lines),
    LOOK(program),  LOOK(program_lines), LOOK(attach),     LOOK(cores),     LOOK(gdb),
    LOOK(compiler), LOOK(tsan),          LOOK(symbolizer), LOOK(addresses),
};

static void say(struct answer a)
{
    static const char *const words[] = {"ok", "note", "problem"};

    printf("%s: %s\n", words[a.health], a.text);
    if (a.remedy != NULL)
        printf("do: %s\n", a.remedy);
}

int main(int argc, char **argv)
{
    struct pool pool = {NULL};
    struct doctor d = {.pool = &pool,
                       .command = getenv("GRIDLOCK_COMMAND"),
                       .folder = getenv("FOLDER"),
                       .program = argc > 3 ? argv[3] : NULL};

    setlocale(LC_CTYPE, "");
    if (argc < 3 || d.command == NULL || d.folder == NULL)
        return 2;
    d.root = argv[2];
    if (strcmp(argv[1], "glibc") == 0) /* made up as well: LAYOUT is what the library wrote */
        d.signature.layout = (uint32_t)strtoul(getenv("LAYOUT"), NULL, 10);
    for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
        if (strcmp(looks[i].name, argv[1]) == 0) {
            say(looks[i].look(&d));
            pool_free(&pool);
            return 0;
        }
    return 2;
}
