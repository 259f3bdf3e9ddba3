/* SPDX-License-Identifier: MIT */
/*
 * render_html.c - all findings as one page that needs nothing but itself
 *
 * 1. Each finding is written into memory as it comes: errors, warnings and notes apart.
 * 2. At the end the page is put together: what was watched, how much was found, a list of it, the
 *    findings (the gravest first), notes, remarks.
 * Style and script are in the page; its own policy forbids it to load anything. Without the script it
 * shows the same, scenarios as tables. The same findings give the same page, byte for byte.
 */
#include <stdlib.h>
#include <string.h>

#include "detector/cli/render/html/html.h"
#include "detector/cli/render/html/html_assets.h"
#include "detector/cli/render/html/html_finding.h"
#include "detector/cli/render/render.h"

enum part { ERRORS, WARNINGS, NOTES, REMARKS, PARTS };

/* Text that grows in memory. */
struct sheet {
    FILE *stream;
    char *text;
    size_t length, entries;
};

struct page {
    struct sheet parts[PARTS], contents[PARTS];
    size_t findings;
    const char *process; /* of the first finding */
};

static void sheet_open(struct sheet *s)
{
    s->stream = open_memstream(&s->text, &s->length);
}

static void sheet_put(struct sheet *s, FILE *page)
{
    fwrite(s->text, 1, s->length, page);
}

static void sheet_close(struct sheet *s)
{
    if (s->stream != NULL)
        fclose(s->stream);
}

static void begin(struct rendering *r)
{
    struct page *page = pool_array(&r->pool, 1, sizeof(*page));

    r->state = page;
    for (int part = 0; part < PARTS; part++) {
        sheet_open(&page->parts[part]);
        sheet_open(&page->contents[part]);
    }
}

static enum part part_of(const struct finding *f)
{
    if (finding_is(f, "error"))
        return ERRORS;
    return finding_is(f, "warning") ? WARNINGS : NOTES;
}

static void put_remark(struct sheet *remarks, const struct finding *f)
{
    if (remarks->stream == NULL)
        return;
    html_put(remarks->stream, "<li>%s</li>\n", f->message);
    remarks->entries++;
}

static void put_finding(struct rendering *r, struct finding *f)
{
    struct page *page = r->state;
    enum part part = part_of(f);
    size_t number = page->findings + 1;

    if (strcmp(f->name, "limit") == 0 || strcmp(f->name, "statistics") == 0) {
        put_remark(&page->parts[REMARKS], f);
        return;
    }
    if (page->parts[part].stream == NULL || page->contents[part].stream == NULL)
        return;
    if (page->process == NULL)
        page->process = pool_copy(&r->pool, f->process);
    page->findings = number;
    page->parts[part].entries++;
    html_contents_line(page->contents[part].stream, f, number);
    html_finding(page->parts[part].stream, f, number, r->verbose);
}

/* ---------------------------------------------------------------- the page around them */

/* `./prog --fast data` */
static const char *watched(struct rendering *r, const struct page *page)
{
    const char *text = "";

    for (size_t i = 0; r->command != NULL && r->command[i] != NULL; i++)
        text = pool_printf(&r->pool, "%s%s%s", text, i > 0 ? " " : "", r->command[i]);
    if (text[0] != '\0')
        return text;
    return page->process != NULL ? page->process : "recorded findings";
}

static const char *counted(struct pool *pool, size_t count, const char *what)
{
    return pool_printf(pool, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

static void put_head(FILE *out, const char *title)
{
    html_put(out,
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src 'unsafe-inline'; script-src '" HTML_SCRIPT_HASH "'; base-uri 'none'; "
             "form-action 'none'\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n"
             "<meta name=\"generator\" content=\"gridlock " GRIDLOCK_VERSION "\">\n"
             "<title>%s - Gridlock</title>\n<style>\n",
             title);
    fputs(html_style, out);
    fputs("</style>\n</head>\n<body>\n"
          "<a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n",
          out);
}

static void put_chip(FILE *out, struct rendering *r, const struct page *page, enum part part,
                     const char *what)
{
    if (page->parts[part].entries == 0)
        return;
    html_put(out, "<li class=\"chip %s\">", what);
    html_severity_sign(out, what);
    html_put(out, "%s</li>\n", counted(&r->pool, page->parts[part].entries, what));
}

static void put_banner(FILE *out, struct rendering *r, const struct page *page)
{
    html_put(out,
             "<header class=\"banner\">\n<p class=\"eyebrow\">Gridlock</p>\n"
             "<h1>%s in <span class=\"watched\">%s</span></h1>\n<ul class=\"chips\">\n",
             page->findings == 0 ? "Nothing found" : counted(&r->pool, page->findings, "finding"),
             watched(r, page));
    put_chip(out, r, page, ERRORS, "error");
    put_chip(out, r, page, WARNINGS, "warning");
    put_chip(out, r, page, NOTES, "note");
    fputs("</ul>\n</header>\n", out);
}

static void put_contents(FILE *out, struct page *page)
{
    fputs("<nav class=\"contents\" aria-label=\"Findings\">\n<ol>\n", out);
    for (int part = 0; part < REMARKS; part++)
        sheet_put(&page->contents[part], out);
    fputs("</ol>\n</nav>\n", out);
}

static void put_parts(FILE *out, struct page *page)
{
    if (page->parts[ERRORS].entries + page->parts[WARNINGS].entries > 0)
        fputs("<h2>Findings</h2>\n", out);
    sheet_put(&page->parts[ERRORS], out);
    sheet_put(&page->parts[WARNINGS], out);
    if (page->parts[NOTES].entries > 0)
        fputs("<h2>Notes</h2>\n<p class=\"lead\">No alarms, but worth knowing.</p>\n", out);
    sheet_put(&page->parts[NOTES], out);
}

static void put_nothing(FILE *out)
{
    fputs(
        "<section class=\"nothing\">\n"
        "<svg viewBox=\"0 0 64 64\" aria-hidden=\"true\"><circle cx=\"32\" cy=\"32\" r=\"29\"/>"
        "<path d=\"M19 33L28 42L46 23\"/></svg>\n<h2>Nothing found</h2>\n"
        "<p>There is nothing to report: no stuck thread, no locks taken in orders that could hang, no "
        "broken rule of threads, locks or channels. What a file of suppressions covers is left out.</p>\n"
        "<p>Gridlock sees what a run does. Code that did not run was not watched: run the program "
        "with other input, or its tests, as well.</p>\n</section>\n",
        out);
}

static void put_remarks(FILE *out, struct page *page)
{
    if (page->parts[REMARKS].entries == 0)
        return;
    fputs("<section class=\"remarks\">\n<h2>Remarks</h2>\n<ul>\n", out);
    sheet_put(&page->parts[REMARKS], out);
    fputs("</ul>\n</section>\n", out);
}

static void put_foot(FILE *out)
{
    fputs("<footer>\n<p>Made by gridlock " GRIDLOCK_VERSION
          ". In the pictures threads are round and "
          "objects have corners. <code>gridlock explain --list</code> tells all it can find.</p>\n"
          "</footer>\n<script>",
          out);
    fputs(html_script, out);
    fputs("</script>\n</body>\n</html>\n", out);
}

static void put_page(FILE *out, struct rendering *r, struct page *page)
{
    put_head(out, watched(r, page));
    put_banner(out, r, page);
    fputs(page->findings > 0 ? "<div class=\"columns\">\n" : "<div>\n", out);
    if (page->findings > 0)
        put_contents(out, page);
    fputs("<main id=\"findings\" tabindex=\"-1\">\n", out);
    put_parts(out, page);
    if (page->findings == 0)
        put_nothing(out);
    put_remarks(out, page);
    fputs("</main>\n</div>\n", out);
    put_foot(out);
    fflush(out);
}

static void end(struct rendering *r)
{
    struct page *page = r->state;

    for (int part = 0; part < PARTS; part++) {
        sheet_close(&page->parts[part]);
        sheet_close(&page->contents[part]);
    }
    put_page(r->stream, r, page);
    for (int part = 0; part < PARTS; part++) {
        free(page->parts[part].text);
        free(page->contents[part].text);
    }
}

const struct renderer render_html = {.name = "html",
                                     .remarks = true,
                                     .pure = true,
                                     .begin = begin,
                                     .finding = put_finding,
                                     .end = end};
