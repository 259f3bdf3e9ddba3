/* SPDX-License-Identifier: MIT */
/*
 * doctor_settings.c - does the environment say something that gridlock understands otherwise?
 */
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "detector/cli/base/out.h"
#include "detector/cli/base/status.h"
#include "detector/cli/doctor/doctor_look.h"

enum { CHILD_SECONDS = 20 };

/* Judged by `gridlock run` itself, on a program that does nothing. */
struct answer look_at_options(struct doctor *d)
{
    const char *options = getenv("GRIDLOCK_OPTIONS"), *said;
    const char *argv[] = {
        d->command, "run",       pool_printf(d->pool, "--output=%s", own_file(d, "report")),
        d->command, "--version", NULL};

    if (options == NULL || options[0] == '\0')
        return healthy("not set");
    if (try_tool(d, CHILD_SECONDS, argv) != STATUS_USAGE)
        return healthy(options);
    said = first_line(d, own_file(d, "err"));
    if (said != NULL && strncmp(said, "gridlock: ", 10) == 0)
        said += 10;
    return problem(said == NULL ? options : said, "correct it, or unset GRIDLOCK_OPTIONS");
}

struct answer look_at_preload(struct doctor *d)
{
    const char *preload = getenv("LD_PRELOAD");

    if (preload == NULL || preload[0] == '\0')
        return healthy("not set");
    if (strstr(preload, "libgridlock") != NULL)
        return note(
            pool_printf(d->pool, "%s: every program that you start here is watched", preload),
            "unset LD_PRELOAD, and start the one you mean with gridlock run");
    return note(pool_printf(d->pool,
                            "%s: it comes into your programs behind gridlock's library, "
                            "which sees their locks first",
                            preload),
                "unset LD_PRELOAD if a report looks odd");
}

/* The doctor has made its own folder by now: one of the two works. */
struct answer look_at_temporary(struct doctor *d)
{
    const char *wanted = getenv("TMPDIR"), *slash = strrchr(d->folder, '/');
    const char *used = pool_copy_n(d->pool, d->folder, (size_t)(slash - d->folder));

    if (wanted == NULL || wanted[0] == '\0' || strcmp(wanted, used) == 0)
        return healthy(pool_printf(d->pool, "in %s", used));
    return note(pool_printf(d->pool,
                            "TMPDIR is %s, where nothing can be written: %s is taken instead",
                            wanted, used),
                "unset TMPDIR, or make that folder");
}

static const char *color_words(const struct out *out)
{
    if (out->color)
        return "in colour";
    if (getenv("NO_COLOR") != NULL && getenv("NO_COLOR")[0] != '\0')
        return "no colour, as NO_COLOR is set";
    return isatty(STDOUT_FILENO) ? "no colour" : "no colour, as this is no terminal";
}

struct answer look_at_terminal(struct doctor *d)
{
    struct out out = out_open(stdout, COLOR_AUTO);
    struct winsize size;
    const char *text;

    text = pool_printf(d->pool, "%s, %s", nl_langinfo(CODESET), color_words(&out));
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_col < OUT_WIDTH)
        return note(pool_printf(d->pool, "%s, %d columns; reports are made for %d", text,
                                size.ws_col, OUT_WIDTH),
                    "make the window wider, or --format=html --output=report.html");
    if (!out.utf8)
        return note(pool_printf(d->pool, "%s; letters beyond ASCII come out as ?", text),
                    "export LC_ALL=C.UTF-8");
    return healthy(text);
}
