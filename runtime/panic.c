/* SPDX-License-Identifier: MIT */
/*
 * What does the program say when it must not go on?
 *
 * One write(2), so that lines of several threads do not mix, and no lock of stdio, which somebody
 * else may hold.
 */
#include "runtime/panic.h"

#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static void say(const char *kind, const char *text)
{
    struct iovec parts[] = {{(void *)kind, strlen(kind)}, {(void *)text, strlen(text)}, {"\n", 1}};
    ssize_t written = writev(STDERR_FILENO, parts, 3);

    (void)written; /* there is nowhere else to say it */
}

void panic_say(const char *text)
{
    say("panic: ", text);
}

_Noreturn void panic_fatal(const char *text)
{
    say("fatal error: ", text);
    abort();
}

_Noreturn void panic(const char *text)
{
    panic_say(text);
    abort();
}
