/* SPDX-License-Identifier: MIT */
/*
 * report.c - `gridlock report`: findings from a file
 *
 * The file is a findings area that a program left behind, or JSON Lines that `run` wrote. The library
 * starts the same code with --helper when it runs without the command; then stderr is the place.
 */
#include "detector/cli/report.h"

#include <stdio.h>

#include "detector/cli/base/area.h"
#include "detector/cli/base/busy.h"
#include "detector/cli/base/status.h"
#include "detector/cli/options.h"
#include "detector/cli/session.h"

/* Several processes of a program may each have a helper at once, with one standard error: a finding
 * goes out in one write, so that they do not mix. */
static void write_findings_whole(void)
{
    enum { LARGEST = 1 << 18 };

    setvbuf(stderr, NULL, _IOFBF, LARGEST);
}

static int report_file(struct options *o, const char *file)
{
    struct area area;
    struct session session;
    const char *error = area_load(&area, file);
    bool sound;

    if (error != NULL) {
        fprintf(stderr, "gridlock: cannot read %s: %s\n", file, error);
        area_close(&area);
        return STATUS_USAGE;
    }
    if (!session_begin(&session, o, o->helper ? stderr : stdout)) {
        area_close(&area);
        return STATUS_COMMAND_FAILED;
    }
    busy_allow(!o->helper);
    session_take(&session, &area, true);
    sound = session_end(&session, &area, file);
    area_close(&area);
    if (!sound)
        return STATUS_USAGE;
    return session_found(&session) ? o->exitcode : STATUS_OK;
}

int report_main(int argc, char **argv)
{
    struct options o;
    int status = STATUS_USAGE;

    if (!options_read(&o, argc, argv))
        ; /* said */
    else if (o.rest + 1 != argc)
        fprintf(stderr, "gridlock: report needs one FILE (or -); see gridlock --help\n");
    else {
        if (o.helper)
            write_findings_whole();
        status = report_file(&o, argv[o.rest]);
    }
    options_free(&o);
    return status;
}
