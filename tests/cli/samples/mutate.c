/* SPDX-License-Identifier: MIT */
/*
 * mutate.c - does the command survive a damaged findings area?
 *
 * Usage: mutate GRIDLOCK AREA COUNT
 *
 * COUNT times: damage a copy of the area (bytes changed, cut out, doubled, cut off; always the same
 * ones, from a fixed seed), let `GRIDLOCK report` read it, and look at how that ends. It must exit
 * with 0, 2 or 66; a signal or another status is printed with the number of the round, and the
 * damaged area stays as AREA.round.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 1 << 19, SECONDS = 20 };

static uint64_t state = 88172645463325252u;

/* Marsaglia's xorshift. */
static uint32_t dice(uint32_t sides)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % sides;
}

static size_t damage(char *text, size_t length)
{
    static const char favourites[] = "\0{}[]\",:0123456789\\u\n-";
    size_t at = dice((uint32_t)length), part = dice(200) + 1;

    switch (dice(6)) {
    case 0: /* cut off */
        return at + 1;
    case 1: /* cut out */
        if (at + part < length) {
            memmove(text + at, text + at + part, length - at - part);
            return length - part;
        }
        return length;
    case 2: /* a hole */
        memset(text + at, '\0', at + part < length ? part : length - at);
        return length;
    case 3: /* a number grows */
        while (at < length && (text[at] < '0' || text[at] > '9'))
            at++;
        for (size_t i = at; i < length && i < at + 4; i++)
            text[i] = '9';
        return length;
    default: /* single bytes */
        for (uint32_t i = dice(8) + 1; i > 0; i--) {
            at = dice((uint32_t)length);
            text[at] = dice(2) ? (char)dice(256) : favourites[dice(sizeof(favourites) - 1)];
        }
        return length;
    }
}

static size_t load(const char *path, char *text)
{
    FILE *file = fopen(path, "r");
    size_t length = file == NULL ? 0 : fread(text, 1, MOST, file);

    if (length == 0)
        exit(2);
    fclose(file);
    return length;
}

static void save(const char *path, const char *text, size_t length)
{
    FILE *file = fopen(path, "w");

    if (file == NULL || fwrite(text, 1, length, file) != length || fclose(file) != 0)
        exit(2);
}

static int report(const char *command, const char *path)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);

        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        alarm(SECONDS);
        execl(command, command, "report", "--all", path, (char *)NULL);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        exit(2);
    return status;
}

int main(int argc, char **argv)
{
    static char good[MOST], bad[MOST];
    char path[4096];
    size_t length;
    int failed = 0;

    if (argc != 4)
        return 2;
    length = load(argv[2], good);
    for (int round = 0; round < atoi(argv[3]); round++) {
        size_t left = length;
        int status;

        memcpy(bad, good, length);
        for (uint32_t i = dice(3) + 1; i > 0; i--)
            left = damage(bad, left);
        snprintf(path, sizeof(path), "%s.%d", argv[2], round);
        save(path, bad, left);
        status = report(argv[1], path);
        if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 2 ||
                                  WEXITSTATUS(status) == 66)) {
            unlink(path);
            continue;
        }
        failed++;
        printf("round %d: status 0x%x: %s\n", round, (unsigned)status, path);
    }
    return failed > 0;
}
