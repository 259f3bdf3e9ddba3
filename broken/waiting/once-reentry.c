/* SPDX-License-Identifier: MIT */
/*
 * once-reentry - the function that reads the settings asks for the settings
 *
 * Family:  waiting
 * Bug:     settings() reads the file at its first use, by pthread_once(). Reading writes a line
 *          into the log, the log wants to know its colour, and asks settings(). The second call
 *          waits for the end of the first one, which waits for it.
 * Fix:     what runs inside the once function does not need its result: the log gets what it needs.
 * Refs:    the Go documentation of sync.Once.Do: "it will deadlock"
 * Expect:  gridlock=once-reentry tsan=hang
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

struct settings {
    bool colour;
    int columns;
};

static struct settings values = {.colour = false, .columns = 80};
static pthread_once_t values_read = PTHREAD_ONCE_INIT;

static const struct settings *settings(void);

static void log_line(const char *text, bool colour)
{
    printf(colour ? "\033[1m%s\033[0m\n" : "%s\n", text);
}

static void read_settings(void)
{
    log_line("reading the settings", settings()->colour);
    values.columns = 100;
}

static const struct settings *settings(void)
{
    pthread_once(&values_read, read_settings);
    return &values;
}

static void *editor(void *unused)
{
    (void)unused;
    printf("a line has %d columns\n", settings()->columns);
    return NULL;
}

int main(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, editor, NULL);
    pthread_join(thread, NULL);
    log_line("saved", settings()->colour);
    return 0;
}
