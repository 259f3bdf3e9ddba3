/* SPDX-License-Identifier: MIT */
/*
 * practice.c - `gridlock practice`: broken lessons to be mended, one after the other
 *
 * 1. A copy of the broken program goes into practice/, without the lines of its header that tell
 *    what is wrong (Bug, Fix, Refs, Expect). A copy that is there already is the learner's, and stays.
 * 2. --hint tells a little more each time: what happens, which finding shows it, what prevents it.
 * 3. `gridlock check` (check.c) judges, and notes in practice/progress what is solved.
 * 4. On to the next only when the learner says --next; the solution's diff only after success.
 */
#include "detector/cli/lesson/practice.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "detector/cli/base/out.h"
#include "detector/cli/base/status.h"
#include "detector/cli/base/tool.h"
#include "detector/cli/lesson/lesson.h"
#include "detector/cli/lesson/practice_progress.h"

enum { HINTS = 3 };

struct practice {
    struct pool *pool;
    struct out out;
    struct lessons lessons;
    struct progress progress;
};

static const char *copy_path(struct practice *p, const struct lesson *lesson)
{
    return pool_printf(p->pool, PRACTICE_FOLDER "/%s.c", lesson->name);
}

/* ---------------------------------------------------------------- the copy */

static bool tells_too_much(const char *line)
{
    static const char *const keys[] = {" * Bug:", " * Fix:", " * Refs:", " * Expect:"};

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (strncmp(line, keys[i], strlen(keys[i])) == 0)
            return true;
    return false;
}

static void write_copy(FILE *file, const struct lesson *lesson, const char *text)
{
    bool header = true, left_out = false;

    while (*text != '\0') {
        size_t length = strcspn(text, "\n");

        if (header && strncmp(text, " */", 3) == 0) {
            fprintf(file, " * Mend it, then:  gridlock check " PRACTICE_FOLDER "/%s.c\n",
                    lesson->name);
            fprintf(file, " * Help:           gridlock practice --hint\n");
            header = left_out = false;
        }
        if (header)
            left_out = tells_too_much(text) || (left_out && strncmp(text, " *    ", 6) == 0);
        if (!left_out)
            fprintf(file, "%.*s\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

/* Makes the copy if there is none. */
static bool hand_out(struct practice *p, const struct lesson *lesson, bool anew)
{
    const char *path = copy_path(p, lesson), *text = file_text(p->pool, lesson->broken);
    FILE *file;

    if (!anew && access(path, F_OK) == 0)
        return true;
    if (text != NULL && (mkdir(PRACTICE_FOLDER, 0777) == 0 || errno == EEXIST) &&
        (file = fopen(path, "we")) != NULL) {
        write_copy(file, lesson, text);
        if (fclose(file) == 0)
            return true;
    }
    fprintf(stderr, "gridlock: cannot make %s: %s\n", path, strerror(errno));
    return false;
}

/* ---------------------------------------------------------------- where the learner is */

static size_t solved_count(const struct practice *p)
{
    size_t solved = 0;

    for (size_t i = 0; i < p->lessons.count; i++) {
        const struct attempt *attempt = progress_find(&p->progress, p->lessons.list[i].name);

        solved += attempt != NULL && attempt->solved;
    }
    return solved;
}

static bool is_solved(const struct practice *p, const struct lesson *lesson)
{
    const struct attempt *attempt = progress_find(&p->progress, lesson->name);

    return attempt != NULL && attempt->solved;
}

/* The lesson the learner is at; NULL if nowhere, or if it is gone. */
static const struct lesson *current(const struct practice *p)
{
    for (size_t i = 0; p->progress.at != NULL && i < p->lessons.count; i++)
        if (strcmp(p->lessons.list[i].name, p->progress.at) == 0)
            return &p->lessons.list[i];
    return NULL;
}

/* The first unsolved one behind `from`, then from the start; NULL if all are solved. */
static const struct lesson *next_lesson(const struct practice *p, const struct lesson *from)
{
    size_t start = from == NULL ? 0 : (size_t)(from - p->lessons.list) + 1;

    for (size_t i = 0; i < p->lessons.count; i++) {
        const struct lesson *lesson = &p->lessons.list[(start + i) % p->lessons.count];

        if (lesson != from && !is_solved(p, lesson))
            return lesson;
    }
    return NULL;
}

static void print_place(struct practice *p, const struct lesson *lesson)
{
    const char *text = file_text(p->pool, lesson->broken);
    bool solved = is_solved(p, lesson);

    out_printf(&p->out, PLAIN, "%zu of %zu lessons are solved. You are at ", solved_count(p),
               p->lessons.count);
    out_printf(&p->out, BOLD, "%s/%s", lesson->family, lesson->name);
    out_printf(&p->out, PLAIN, "%s:\n", solved ? ", which is solved" : "");
    out_printf(&p->out, PLAIN, "  %s\n\n", text == NULL ? "" : lesson_title(p->pool, text));
    out_printf(&p->out, PLAIN, "  your copy     %s\n", copy_path(p, lesson));
    out_printf(&p->out, PLAIN, "  judge it      %s check %s\n", program_invocation_name,
               copy_path(p, lesson));
    if (solved)
        out_printf(&p->out, PLAIN, "  the solution  %s practice --diff\n", program_invocation_name);
    else
        out_printf(&p->out, PLAIN, "  a hint        %s practice --hint\n", program_invocation_name);
    out_printf(&p->out, PLAIN, "  go on         %s practice --next\n", program_invocation_name);
}

static int go_to(struct practice *p, const struct lesson *lesson, bool anew)
{
    if (!hand_out(p, lesson, anew))
        return STATUS_COMMAND_FAILED;
    progress_begin(&p->progress, lesson->name);
    p->progress.at = lesson->name;
    if (!progress_write(&p->progress))
        return STATUS_COMMAND_FAILED;
    print_place(p, lesson);
    return STATUS_OK;
}

/* ---------------------------------------------------------------- hints */

/* What the tools say, in words. */
static void print_shown_by(struct practice *p, const char *text)
{
    const char *gridlock = lesson_expect(p->pool, text, "gridlock");
    const char *tsan = lesson_expect(p->pool, text, "tsan");
    bool by_gridlock = gridlock != NULL && strcmp(gridlock, "silent") != 0;
    bool by_tsan = tsan != NULL && strcmp(tsan, "silent") != 0 && strncmp(tsan, "exit-", 5) != 0;

    if (by_gridlock)
        out_printf(&p->out, PLAIN,
                   "gridlock reports %s: build it with -g and see `gridlock run`, "
                   "and `gridlock explain %.*s`.\n",
                   gridlock, (int)strcspn(gridlock, "|+"), gridlock);
    if (by_tsan)
        out_printf(&p->out, PLAIN, "ThreadSanitizer (clang -g -fsanitize=thread) reports: %s.\n",
                   tsan);
    if (!by_gridlock && !by_tsan)
        out_printf(&p->out, PLAIN,
                   "No tool reports anything here: look at what it prints, and ask "
                   "whether that can be right.\n");
}

static int hint(struct practice *p)
{
    const struct lesson *lesson = current(p);
    const char *text = lesson == NULL ? NULL : file_text(p->pool, lesson->broken), *what = NULL;
    struct attempt *attempt;

    if (text == NULL) {
        fprintf(stderr, "gridlock: no lesson is begun; gridlock practice begins the first\n");
        return STATUS_USAGE;
    }
    attempt = progress_begin(&p->progress, lesson->name);
    if (attempt->hints < HINTS)
        attempt->hints++;
    out_printf(&p->out, CYAN, "hint %d of %d  ", attempt->hints, HINTS);
    if (attempt->hints == 2)
        print_shown_by(p, text);
    else
        what = lesson_header(p->pool, text, attempt->hints == 1 ? "Bug" : "Fix");
    if (what != NULL) {
        out_wrapped(&p->out, PLAIN, 13, what);
        out_text(&p->out, PLAIN, "\n");
    }
    return progress_write(&p->progress) ? STATUS_OK : STATUS_COMMAND_FAILED;
}

/* ---------------------------------------------------------------- the other questions */

static int next(struct practice *p)
{
    const struct lesson *from = current(p), *to = next_lesson(p, from);

    if (from != NULL && !is_solved(p, from))
        out_printf(&p->out, PLAIN, "%s is not solved yet; it will come again.\n", from->name);
    if (to != NULL)
        return go_to(p, to, false);
    out_printf(&p->out, PLAIN, "%s\n",
               from == NULL || is_solved(p, from) ? "All lessons are solved."
                                                  : "It is the last one.");
    return STATUS_OK;
}

static int show_diff(struct practice *p)
{
    const struct lesson *lesson = current(p);
    const char *argv[] = {"diff", "-u", "--label", "broken", "--label", "fixed", NULL, NULL, NULL};

    if (lesson == NULL || !is_solved(p, lesson)) {
        fprintf(stderr, "gridlock: the solution is shown when yours was accepted; a hint: "
                        "gridlock practice --hint\n");
        return STATUS_USAGE;
    }
    argv[6] = lesson->broken;
    argv[7] = lesson->fixed;
    return tool_run(&(struct tool){.argv = argv, .shown = true}) <= 1 ? STATUS_OK
                                                                      : STATUS_COMMAND_FAILED;
}

static int list(struct practice *p)
{
    const char *family = "";

    for (size_t i = 0; i < p->lessons.count; i++) {
        const struct lesson *lesson = &p->lessons.list[i];
        const struct attempt *attempt = progress_find(&p->progress, lesson->name);
        const char *text = file_text(p->pool, lesson->broken);

        if (strcmp(family, lesson->family) != 0)
            out_printf(&p->out, CYAN, "%s\n", family = lesson->family);
        out_printf(&p->out, PLAIN, "  %c ", attempt == NULL ? ' ' : attempt->solved ? 'x' : '.');
        out_printf(&p->out, lesson == current(p) ? BOLD : PLAIN, "%s", lesson->name);
        out_tab(&p->out, 35, 1);
        out_printf(&p->out, PLAIN, "%s\n", text == NULL ? "" : lesson_title(p->pool, text));
    }
    return STATUS_OK;
}

static int start(struct practice *p, const char *name)
{
    const struct lesson *lesson = name == NULL ? current(p) : lesson_named(&p->lessons, name);

    if (name == NULL && lesson == NULL)
        lesson = &p->lessons.list[0];
    return lesson == NULL ? STATUS_USAGE : go_to(p, lesson, false);
}

static int again(struct practice *p)
{
    if (current(p) == NULL)
        return start(p, NULL);
    return go_to(p, current(p), true);
}

static int answer(struct practice *p, const char *word)
{
    static const struct {
        const char *word;
        int (*answer)(struct practice *);
    } answers[] = {{"--hint", hint},
                   {"--next", next},
                   {"--diff", show_diff},
                   {"--list", list},
                   {"--again", again}};

    for (size_t i = 0; word != NULL && i < sizeof(answers) / sizeof(answers[0]); i++)
        if (strcmp(answers[i].word, word) == 0)
            return answers[i].answer(p);
    if (word != NULL && word[0] == '-') {
        fprintf(stderr,
                "gridlock: unknown option `%s`; practice takes a NAME, --hint, --next, "
                "--diff, --list or --again\n",
                word);
        return STATUS_USAGE;
    }
    return start(p, word);
}

int practice_main(int argc, char **argv)
{
    struct pool pool = {NULL};
    struct practice practice = {.pool = &pool, .out = out_open(stdout, COLOR_AUTO)};
    int status = STATUS_COMMAND_FAILED;

    if (argc > 2) {
        fprintf(stderr, "gridlock: practice takes one NAME or one option; see gridlock --help\n");
        return STATUS_USAGE;
    }
    if (lessons_find(&pool, &practice.lessons)) {
        progress_read(&practice.progress, &pool, PRACTICE_FOLDER);
        status = answer(&practice, argv[1]);
    }
    pool_free(&pool);
    return status;
}
