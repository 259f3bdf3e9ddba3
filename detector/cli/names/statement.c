/* SPDX-License-Identifier: MIT */
/*
 * statement.c - which lines belong to the statement on this line?
 *
 * The debug information names one line of a call; its arguments may stand on the next ones, and the
 * variable that takes its result on the one before.
 * 1. Go back while the line before does not end a statement, a block or a comment.
 * 2. Go on while a parenthesis or bracket that was opened since is not closed.
 */
#include "detector/cli/names/statement.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "detector/cli/base/source.h"
#include "detector/cli/names/call_site.h"

enum { MOST_BEFORE = 4, MOST_AFTER = 24 };

/* The last character that is code; '\0' if there is none. */
static char last_of_code(const char *line)
{
    char last = '\0';

    for (size_t at = 0; line[at] != '\0';) {
        size_t next = skip_literal(line, at);

        if (next == at && !isspace((unsigned char)line[at]))
            last = line[at];
        else if (next != at && line[at] != '/')
            last = line[at];
        at = next == at ? at + 1 : next;
    }
    return last;
}

/* Whether the statement of the next line begins on this one or before. */
static bool goes_on(const char *line)
{
    size_t length = strlen(line), blanks = strspn(line, " \t");
    char last = last_of_code(line);

    while (length > 0 && isspace((unsigned char)line[length - 1]))
        length--;
    if (length >= 2 && strncmp(line + length - 2, "*/", 2) == 0 && line[blanks] != '/')
        return false; /* the end of a comment of several lines */
    return last != '\0' && line[blanks] != '#' && strchr(";{}:", last) == NULL;
}

static int depth_after(const char *line, int depth)
{
    for (size_t at = 0; line[at] != '\0';) {
        size_t next = skip_literal(line, at);

        if (next == at) {
            depth += line[at] == '(' || line[at] == '[';
            depth -= line[at] == ')' || line[at] == ']';
        }
        at = next == at ? at + 1 : next;
    }
    return depth;
}

const char *statement_text(struct pool *pool, const char *file, int line, size_t *start)
{
    const char *text = source_line(file, line), *other;
    int depth = text == NULL ? 0 : depth_after(text, 0);

    *start = 0;
    if (text == NULL)
        return NULL;
    for (int i = 1; i <= MOST_AFTER && depth > 0; i++) {
        other = source_line(file, line + i);
        if (other == NULL)
            break;
        text = pool_printf(pool, "%s\n%s", text, other);
        depth = depth_after(other, depth);
    }
    for (int i = 1; i <= MOST_BEFORE; i++) {
        other = source_line(file, line - i);
        if (other == NULL || !goes_on(other))
            break;
        text = pool_printf(pool, "%s\n%s", other, text);
        *start += strlen(other) + 1;
    }
    return text;
}
