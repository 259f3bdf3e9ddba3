/* SPDX-License-Identifier: MIT */
/*
 * html_turns.c - a scenario: a row a turn, a column a thread
 *
 * What a thread does, holds and waits for changes only in its own turns. So each filled cell tells the
 * whole state of its thread after the turn, and the state of everybody at a turn is the last filled
 * cell of each column. The player (html/player.js) shows just that, and needs no data but this table;
 * without it, or on paper, the table is the whole scenario.
 *
 *   tr[data-say]      the turn as a sentence, for those who listen
 *   td[data-links]    the lines of the picture that are there while this cell is its thread's last
 *   tr.verdict        what is true after the last turn
 */
#include "detector/cli/render/html/html_turns.h"

#include <string.h>

#include "detector/cli/names/wording.h"
#include "detector/cli/render/html/html.h"
#include "detector/cli/render/html/html_excerpt.h"
#include "detector/cli/render/html/html_graph.h"
#include "detector/cli/render/turns.h"

bool html_has_turns(const struct finding *f)
{
    return f->step_count > 1;
}

static const char *join(struct finding *f, const char *before, const char *next)
{
    return before[0] == '\0' ? next : pool_printf(&f->pool, "%s, %s", before, next);
}

/* ---------------------------------------------------------------- the words of a wait */

/* The living that could end it. */
static const char *needed(struct finding *f, const struct wait *w)
{
    int *alive = pool_array(&f->pool, w->for_count, sizeof(int));
    size_t count = 0;

    for (size_t i = 0; i < w->for_count; i++) {
        const struct thread *t = finding_thread(f, w->for_threads[i]);

        if (t != NULL && !thread_is_gone(t))
            alive[count++] = t->id;
    }
    if (count > 4)
        return pool_printf(&f->pool, "one of %zu threads", count);
    return word_threads(f, alive, count);
}

/* ` for teller-2, who holds it`, ` for cook, who would have to act`; "" if nobody can be named. */
static const char *whom(struct finding *f, const struct step *s)
{
    const struct wait *w = turn_last_wait(f, s);
    const char *threads;

    if (s->waits_for != 0)
        return pool_printf(&f->pool, " for %s%s", finding_thread_name(f, s->waits_for),
                           is_owner_wait(s->operation) ? ", who holds it" : "");
    threads = w == NULL ? "" : needed(f, w);
    if (threads[0] != '\0')
        return pool_printf(&f->pool, " for %s, who would have to act", threads);
    return w != NULL && wait_is_at_channel(w) ? ", and nobody is left who could act" : "";
}

static const char *say(struct finding *f, const struct step *s)
{
    const char *text = pool_printf(&f->pool, "%s: %s", finding_thread_name(f, s->thread),
                                   turn_action(f, s));
    const char *place = word_place(f, stack_own_frame(&s->stack));

    if (place[0] != '\0')
        text = pool_printf(&f->pool, "%s, %s", text, place);
    if (!turn_blocks(f, s))
        return pool_printf(&f->pool, "%s.", text);
    return pool_printf(&f->pool, "%s. It waits%s.", text, whom(f, s));
}

/* ---------------------------------------------------------------- lines of the picture */

static const char *add_link(struct finding *f, const char *links, const char *link)
{
    return links[0] == '\0' ? link : pool_printf(&f->pool, "%s %s", links, link);
}

static const char *links_to(struct finding *f, const char *links, int thread, const struct wait *w,
                            int object)
{
    links = add_link(f, links, html_link_id(f, 'w', 't', thread, 'o', object));
    links = add_link(f, links, html_link_id(f, 'n', 'o', object, 'x', 0));
    for (size_t i = 0; i < w->for_count; i++)
        links = add_link(f, links, html_link_id(f, 'n', 'o', object, 't', w->for_threads[i]));
    return links;
}

/* Also lines that the picture may not have: the player looks which are there. */
static const char *links_of(struct finding *f, const struct step *s, const struct int_list *holds)
{
    const struct wait *w = turn_last_wait(f, s);
    const char *links = "";

    for (size_t i = 0; i < holds->count; i++)
        links = add_link(f, links, html_link_id(f, 'h', 'o', holds->items[i], 't', s->thread));
    if (s->waits_for != 0 && s->object == 0)
        links = add_link(f, links, html_link_id(f, 'w', 't', s->thread, 't', s->waits_for));
    else if (s->waits_for != 0)
        links = add_link(f, links, html_link_id(f, 'w', 't', s->thread, 'o', s->object));
    if (w == NULL)
        return links;
    for (size_t i = 0; i < w->case_count; i++)
        links = links_to(f, links, s->thread, w, w->cases[i].object);
    return w->case_count > 0 ? links : links_to(f, links, s->thread, w, w->object);
}

/* ---------------------------------------------------------------- cells */

/* From its first character on: the blanks in front are of no use in a cell. */
static void put_source(FILE *page, struct finding *f, const struct step *s)
{
    struct mark mark = mark_of(f, &s->stack);
    const char *place = word_place(f, mark.frame);
    int blanks = mark.source == NULL ? 0 : (int)strspn(mark.source, " ");

    if (place[0] == '\0')
        return;
    html_put(page, "<p class=\"source\"><span class=\"at\">%s</span>", place);
    if (mark.source != NULL) {
        mark.start -= blanks;
        mark.end -= blanks;
        fputs("<code>", page);
        html_marked(page, f, mark.source + blanks, &mark, 1);
        fputs("</code>", page);
    }
    fputs("</p>", page);
}

static void put_holds(FILE *page, struct finding *f, const struct int_list *holds)
{
    const char *names = "";

    for (size_t i = 0; i < holds->count; i++)
        names = join(f, names, finding_object_name(f, holds->items[i]));
    if (names[0] != '\0')
        html_put(page, "<p class=\"fact holds\"><b>holds</b> <span>%s</span></p>", names);
}

static void put_cell(FILE *page, struct finding *f, const struct step *s)
{
    struct int_list holds = turn_holds(f, s);
    bool blocks = turn_blocks(f, s);

    html_put(page, "<td class=\"act%s\" data-links=\"%s\"><p class=\"do\">%s</p>",
             blocks ? " blocked" : "", links_of(f, s, &holds), turn_action(f, s));
    put_source(page, f, s);
    put_holds(page, f, &holds);
    if (blocks)
        html_put(page, "<p class=\"fact waits\"><b>waits</b><span>%s</span></p>", whom(f, s));
    fputs("</td>", page);
}

static void put_row(FILE *page, struct finding *f, const struct step *s,
                    const struct int_list *threads)
{
    html_put(page, "<tr data-say=\"%s\"><th scope=\"row\">%d</th>", say(f, s), s->turn);
    for (size_t i = 0; i < threads->count; i++)
        if (threads->items[i] == s->thread)
            put_cell(page, f, s);
        else
            fputs("<td></td>", page);
    fputs("</tr>\n", page);
}

static void put_head(FILE *page, struct finding *f, const struct int_list *threads)
{
    fputs("<thead><tr><th scope=\"col\">Turn</th>", page);
    for (size_t i = 0; i < threads->count; i++)
        html_put(page, "<th scope=\"col\">%s</th>", finding_thread_name(f, threads->items[i]));
    fputs("</tr></thead>\n", page);
}

void html_turns(FILE *page, struct finding *f, size_t number)
{
    struct int_list threads = turns_threads(f);

    turns_sort(f);
    html_put(page,
             "<div class=\"turns\" data-player=\"%zu\">\n<p class=\"lead\">%s</p>\n"
             "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"All turns\">"
             "<table class=\"turn-table\">\n",
             number, turns_heading(f));
    put_head(page, f, &threads);
    fputs("<tbody>\n", page);
    for (size_t i = 0; i < f->step_count; i++)
        put_row(page, f, &f->steps[i], &threads);
    if (turns_end_stuck(f))
        html_put(page, "<tr class=\"verdict\"><td colspan=\"%zu\">Nobody can move.</td></tr>\n",
                 threads.count + 1);
    fputs("</tbody></table></div></div>\n", page);
}
