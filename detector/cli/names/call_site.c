/* SPDX-License-Identifier: MIT */
/*
 * call_site.c - which call does a source line make, and on what?
 *
 * There is no parser for C++ here, only this: a call is a name followed by parentheses that match.
 * 1. Go along the line, past strings, characters and comments.
 * 2. Each `name(` that is no keyword is a candidate. The name and the column that the debug
 *    information knows decide, the name before the column; without them it is the first.
 * 3. The call reaches left over what belongs to it: `queue->mutex.` before a method's name, or the
 *    type before the name of a variable that is being constructed.
 */
#include "detector/cli/names/call_site.h"

#include <ctype.h>
#include <string.h>

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool is_keyword(const char *name, size_t length)
{
    static const char *const keywords[] = {"if",     "while",  "for",    "switch",  "return",
                                           "sizeof", "do",     "else",   "case",    "co_await",
                                           "throw",  "delete", "assert", "defined", "alignof"};

    for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
        if (strlen(keywords[i]) == length && strncmp(name, keywords[i], length) == 0)
            return true;
    return false;
}

size_t skip_literal(const char *line, size_t at)
{
    char quote = line[at];

    if (quote == '/' && line[at + 1] == '/')
        return at + strcspn(line + at, "\n");
    if (quote == '/' && line[at + 1] == '*') {
        const char *end = strstr(line + at + 2, "*/");

        return end == NULL ? strlen(line) : (size_t)(end - line) + 2;
    }
    if ((quote != '"' && quote != '\'') || (at > 0 && quote == '\'' && is_word(line[at - 1])))
        return at;
    for (at++; line[at] != '\0' && line[at] != quote; at++)
        if (line[at] == '\\' && line[at + 1] != '\0')
            at++;
    return line[at] == '\0' ? at : at + 1;
}

/* The place of the parenthesis that closes the one at `open`, or of the line's end. */
static size_t matching(const char *line, size_t open)
{
    int depth = 0;
    size_t at = open;

    while (line[at] != '\0') {
        size_t next = skip_literal(line, at);

        if (next != at) {
            at = next;
            continue;
        }
        depth += strchr("([{", line[at]) != NULL;
        depth -= strchr(")]}", line[at]) != NULL;
        if (depth == 0)
            return at;
        at++;
    }
    return at;
}

/* Left over one operand: `a`, `a[i]`, `f(x)`, `(*p)`. */
static size_t operand_start(const char *line, size_t end)
{
    size_t at = end;

    while (at > 0 && (line[at - 1] == ']' || line[at - 1] == ')')) {
        int depth = 0;

        do {
            at--;
            depth += line[at] == ']' || line[at] == ')';
            depth -= line[at] == '[' || line[at] == '(';
        } while (at > 0 && depth > 0);
    }
    while (at > 0 && is_word(line[at - 1]))
        at--;
    return at;
}

/* Left over `queue->mutex.`; returns `end` if the name stands alone. */
static size_t object_start(const char *line, size_t end)
{
    size_t at = end;

    for (;;) {
        size_t operator_length = 0;

        if (at >= 1 && line[at - 1] == '.')
            operator_length = 1;
        else if (at >= 2 &&
                 (strncmp(line + at - 2, "->", 2) == 0 || strncmp(line + at - 2, "::", 2) == 0))
            operator_length = 2;
        if (operator_length == 0 ||
            operand_start(line, at - operator_length) == at - operator_length)
            return at;
        at = operand_start(line, at - operator_length);
    }
}

/* The type in front of a variable that is constructed here: `std::lock_guard<std::mutex> `. */
static size_t declaration_start(const char *line, size_t name)
{
    size_t at = name, word;

    while (at > 0 && line[at - 1] == ' ')
        at--;
    if (at == name || at == 0 || (!is_word(line[at - 1]) && line[at - 1] != '>'))
        return name;
    word = operand_start(line, at);
    if (is_keyword(line + word, at - word))
        return name;
    while (at > 0 && strchr(";{}()=", line[at - 1]) == NULL)
        at--;
    while (line[at] == ' ' || line[at] == '\t')
        at++;
    return at;
}

/* Of a call that goes on below: where its last code on this line ends. */
static size_t code_end(const char *line, size_t from)
{
    size_t end = from;

    for (size_t at = from; line[at] != '\0';) {
        size_t next = skip_literal(line, at);

        if (next == at && !isspace((unsigned char)line[at]))
            end = at + 1;
        else if (next != at && line[at] != '/')
            end = next;
        at = next == at ? at + 1 : next;
    }
    return end;
}

static void fill_call(const char *line, size_t name, size_t name_end, size_t open,
                      struct call *call)
{
    size_t close = matching(line, open);
    size_t object = object_start(line, name);

    call->complete = line[close] != '\0';
    call->name = (struct span){name, name_end};
    call->arguments = (struct span){open + 1, close};
    call->object = (struct span){object, object};
    if (object < name && line[name - 1] != ':')
        call->object.end = name - (line[name - 1] == '.' ? 1 : 2);
    call->whole.start = object == name ? declaration_start(line, name) : object;
    call->whole.end = call->complete ? close + 1 : code_end(line, open);
}

bool call_is(const char *line, const struct call *call, const char *callee)
{
    size_t length = call->name.end - call->name.start;

    return strlen(callee) == length && strncmp(line + call->name.start, callee, length) == 0;
}

bool call_next(const char *line, size_t *at, struct call *call)
{
    while (line[*at] != '\0') {
        size_t start = *at, end, open;

        *at = skip_literal(line, start);
        if (*at != start)
            continue;
        if (!is_word(line[start])) {
            ++*at;
            continue;
        }
        for (end = start; is_word(line[end]); end++)
            ;
        *at = end;
        open = end + strspn(line + end, " ");
        if (isdigit((unsigned char)line[start]) || is_keyword(line + start, end - start))
            continue;
        if (line[open] == '(' || (line[open] == '{' && open == end)) {
            fill_call(line, start, end, open, call);
            return true;
        }
    }
    return false;
}

/* How well a candidate fits what is known: the name counts more than the column. */
static int fitness(const char *line, const struct call *call, const char *callee, int column)
{
    size_t at = column > 0 ? (size_t)column - 1 : 0;
    bool here = column > 0 && call->whole.start <= at && at < call->whole.end;

    return 2 * (callee != NULL && call_is(line, call, callee)) + here;
}

bool call_find(const char *line, const char *callee, int column, struct call *call)
{
    struct call candidate;
    int best = -1;
    size_t at = 0;

    while (call_next(line, &at, &candidate)) {
        int fits = fitness(line, &candidate, callee, column);

        /* Of nested calls that all hold the column, the innermost comes last. */
        if (fits > best || (fits == best && fits == 1)) {
            *call = candidate;
            best = fits;
        }
    }
    return best >= 0;
}

static size_t split_arguments(const char *line, struct span all, struct span *out, size_t max)
{
    size_t count = 0, start = all.start, at = all.start;

    while (at < all.end) {
        size_t next = skip_literal(line, at);

        if (next != at)
            at = next;
        else if (strchr("([{", line[at]) != NULL)
            at = matching(line, at) + 1;
        else if (line[at++] == ',' && count < max) {
            out[count++] = (struct span){start, at - 1};
            start = at;
        }
    }
    if (count < max && strspn(line + start, " \t") < all.end - start)
        out[count++] = (struct span){start, all.end};
    return count;
}

/* Without blanks around, `&` in front, parentheses or a cast around. */
static struct span bare(const char *line, struct span s)
{
    for (;;) {
        struct span before = s;

        while (s.start < s.end && isspace((unsigned char)line[s.start]))
            s.start++;
        while (s.start < s.end && isspace((unsigned char)line[s.end - 1]))
            s.end--;
        if (s.start < s.end && line[s.start] == '&')
            s.start++;
        if (s.start < s.end && line[s.start] == '(') {
            size_t close = matching(line, s.start);

            if (close == s.end - 1) {
                s.start++;
                s.end--;
            } else if (close < s.end && (is_word(line[close + 1]) || line[close + 1] == '&')) {
                s.start = close + 1; /* (pthread_mutex_t *)arg */
            }
        }
        if (s.start == before.start && s.end == before.end)
            return s;
    }
}

/* A text over several lines goes on one. */
static char *on_one_line(char *text)
{
    char *to = text;

    for (const char *from = text; *from != '\0'; from++)
        if (!isspace((unsigned char)*from))
            *to++ = *from;
        else if (to > text && to[-1] != ' ' && to[-1] != '(')
            *to++ = ' ';
    *to = '\0';
    return text;
}

const char *call_name_text(struct pool *pool, const char *line, struct span s)
{
    enum { LONGEST = 48 };
    const char *text;

    s = bare(line, s);
    if (s.start >= s.end || s.end - s.start > LONGEST || isdigit((unsigned char)line[s.start]))
        return NULL;
    text = on_one_line(pool_copy_n(pool, line + s.start, s.end - s.start));
    if (strpbrk(text, "\"'?,;{}") != NULL || strcmp(text, "NULL") == 0 || strcmp(text, "this") == 0)
        return NULL;
    return text;
}

static bool is_posix_call(const char *name)
{
    static const char *const prefixes[] = {"pthread_", "sem_",  "mtx_",
                                           "cnd_",     "thrd_", "call_once"};

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

const char *call_first_argument(struct pool *pool, const char *line, const struct call *call)
{
    struct span first;

    if (!call->complete || split_arguments(line, call->arguments, &first, 1) == 0)
        return NULL;
    return call_name_text(pool, line, first);
}

const char *call_result_text(struct pool *pool, const char *line, const struct call *call)
{
    size_t at = call->name.start, start;

    while (at > 0 && isspace((unsigned char)line[at - 1]))
        at--;
    if (at < 2 || line[at - 1] != '=' || strchr("=!<>+-*/%&|^", line[at - 2]) != NULL)
        return NULL;
    for (at--; at > 0 && isspace((unsigned char)line[at - 1]); at--)
        ;
    start = operand_start(line, at);
    if (start == at)
        return NULL;
    return call_name_text(pool, line, (struct span){object_start(line, start), at});
}

const char *call_object_text(struct pool *pool, const char *line, const struct call *call,
                             const char *kind)
{
    struct span arguments[4];
    const char *name = line + call->name.start;
    size_t count = split_arguments(line, call->arguments, arguments, 4);
    bool posix = is_posix_call(name), cond = strcmp(kind, "cond") == 0;
    bool cond_wait = strstr(name, "cond_") != NULL || strncmp(name, "cnd_", 4) == 0;

    if (!call->complete)
        return NULL;
    if (posix && cond_wait && !cond)
        return count >= 2 ? call_name_text(pool, line, arguments[1]) : NULL;
    if (posix)
        return count >= 1 ? call_name_text(pool, line, arguments[0]) : NULL;
    if (call->object.end > call->object.start && (count == 0 || cond))
        return call_name_text(pool, line, call->object);
    return count == 1 ? call_name_text(pool, line, arguments[0]) : NULL;
}
