/* SPDX-License-Identifier: MIT */
/*
 * busy.c - one line on a terminal that says what takes so long
 *
 * 1. busy() only notes the words, and starts a timer if none runs.
 * 2. After a second, and five times a second from then on, the timer's signal draws the words that are
 *    new: so also one long call, such as reading a library's debug information, is told while it
 *    lasts, and short work writes nothing.
 * 3. busy_end() stops the timer and erases the line.
 *
 * The handler calls write(2) only. The words are written into the text that it does not look at, then
 * `current` changes.
 */
#include "detector/cli/base/busy.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

enum { FIRST_SECONDS = 1, NEXT_MICROSECONDS = 200000, TEXT_BYTES = 256 };

static const char erase[] = "\r\033[K";

static struct line {
    char text[TEXT_BYTES];
    size_t length;
} lines[2];
static volatile sig_atomic_t current, is_new, drawn;
static bool running, forbidden;
static struct sigaction old_action;

/* In the foreground of a terminal that can erase a line. */
static bool can_draw(void)
{
    const char *terminal = getenv("TERM");

    return isatty(STDERR_FILENO) && terminal != NULL && terminal[0] != '\0' &&
           strcmp(terminal, "dumb") != 0 && tcgetpgrp(STDERR_FILENO) == getpgrp();
}

static void put(const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(STDERR_FILENO, text, length);

        if (written <= 0)
            return;
        text += written;
        length -= (size_t)written;
    }
}

static void draw(int signal)
{
    int error = errno;
    const struct line *line = &lines[current];

    (void)signal;
    if (is_new) {
        is_new = 0;
        drawn = 1;
        put(line->text, line->length);
    }
    errno = error;
}

/* Bytes of the text that fit into `width` columns, no character cut. */
static size_t bytes_that_fit(const char *text, size_t width)
{
    size_t at = 0;

    for (; text[at] != '\0'; at++)
        if (((unsigned char)text[at] & 0xc0) != 0x80 && width-- == 0)
            break;
    return at;
}

static size_t terminal_width(void)
{
    struct winsize size;

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

/* What a terminal would take as a command comes out as '?'. */
static void compose(struct line *line, const char *format, va_list arguments)
{
    char words[TEXT_BYTES / 2];

    vsnprintf(words, sizeof(words), format, arguments);
    for (char *c = words; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    words[bytes_that_fit(words, terminal_width() - sizeof("gridlock: "))] = '\0';
    line->length = (size_t)snprintf(line->text, sizeof(line->text), "%sgridlock: %s", erase, words);
}

static void start(void)
{
    const struct itimerval timer = {{0, NEXT_MICROSECONDS}, {FIRST_SECONDS, 0}};
    struct sigaction action = {.sa_handler = draw, .sa_flags = SA_RESTART};

    sigaction(SIGALRM, &action, &old_action);
    running = setitimer(ITIMER_REAL, &timer, NULL) == 0;
}

void busy(const char *format, ...)
{
    struct line *line = &lines[!current];
    va_list arguments;

    if (forbidden || (!running && !can_draw()))
        return;
    va_start(arguments, format);
    compose(line, format, arguments);
    va_end(arguments);
    current = !current;
    is_new = 1;
    if (!running)
        start();
}

void busy_end(void)
{
    const struct itimerval none = {{0, 0}, {0, 0}};

    if (!running)
        return;
    setitimer(ITIMER_REAL, &none, NULL);
    sigaction(SIGALRM, &old_action, NULL);
    running = false;
    is_new = 0;
    if (drawn)
        put(erase, sizeof(erase) - 1);
    drawn = 0;
}

void busy_allow(bool allowed)
{
    forbidden = !allowed;
    if (forbidden)
        busy_end();
}
