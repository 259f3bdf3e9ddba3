/* SPDX-License-Identifier: MIT */
/*
 * html_advice.c - what the reader can do: mend it, understand it, or suppress it
 */
#include "detector/cli/render/html/html_advice.h"

#include <string.h>

#include "detector/cli/finding/catalogue.h"
#include "detector/cli/render/html/html.h"

/* Who reads a note has nothing to mend. */
void html_advice(FILE *page, const struct finding *f)
{
    bool help = f->help != NULL && !finding_is(f, "note");

    if (!help && f->lesson == NULL)
        return;
    fputs("<section class=\"advice\">\n", page);
    html_put(page, "<h4>%s</h4>\n", help ? "What would prevent it" : "More about it");
    if (help)
        html_put(page, "<p class=\"help\">%s.</p>\n", f->help);
    if (f->lesson != NULL)
        html_put(page,
                 "<p>The lesson <b>%s</b> shows it: compare <code>broken/%s.c</code> with "
                 "<code>fixed/%s.c</code>.</p>\n",
                 f->lesson, f->lesson, f->lesson);
    fputs("</section>\n", page);
}

/* Its line ends are markup's own. */
static void put_example(FILE *page, struct pool *pool, const char *example)
{
    fputs("<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Example\">"
          "<pre><code>",
          page);
    while (*example != '\0') {
        size_t length = strcspn(example, "\n");

        html_text(page, pool_copy_n(pool, example, length));
        fputs("\n", page);
        example += length + (example[length] == '\n');
    }
    fputs("</code></pre></div>\n", page);
}

static void put_entry(FILE *page, struct pool *pool, const struct entry *e)
{
    html_put(page,
             "<details class=\"fold\"><summary>What <code>%s</code> means</summary>\n<p>%s</p>\n",
             e->name, e->idea);
    put_example(page, pool, e->example);
    html_put(page, "<p><b>How to mend it.</b> %s</p>\n", e->fix);
    if (e->refs != NULL)
        html_put(page, "<p><b>References.</b> %s</p>\n", e->refs);
    html_put(
        page,
        "<p class=\"hint\">The same on the command line: <code>gridlock explain %s</code></p>\n"
        "</details>\n",
        e->name);
}

static void put_suppression(FILE *page, const struct finding *f)
{
    html_put(page,
             "<details class=\"fold\"><summary>Suppress it</summary>\n"
             "<p>If this is no defect of yours, write this line into a file and give it to "
             "<code>gridlock --suppressions=FILE</code>, with your reason:</p>\n"
             "<div class=\"copy\"><code class=\"line-to-copy\">%s:fingerprint:%s   # reason</code>"
             "</div>\n",
             f->name, f->fingerprint);
    fputs(
        "<p class=\"hint\">The fingerprint is made of names, files and lines: the same fault has the "
        "same one in another run and on another machine.</p>\n</details>\n",
        page);
}

void html_background(FILE *page, struct finding *f)
{
    const struct entry *e = catalogue_find(f->name);

    if (e != NULL)
        put_entry(page, &f->pool, e);
    if (f->fingerprint != NULL && !finding_is_snapshot(f))
        put_suppression(page, f);
}
