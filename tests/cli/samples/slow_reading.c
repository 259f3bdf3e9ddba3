/* SPDX-License-Identifier: MIT */
/*
 * slow_reading.c - a libdw that takes a second and a half to open a program, as it does for a big one
 *
 * Preloaded into the command. A signal that is handled meanwhile does not shorten it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

typedef void *report_elf(void *, const char *, const char *, int, unsigned long, bool);

void *dwfl_report_elf(void *dwfl, const char *name, const char *file, int fd, unsigned long base,
                      bool add)
{
    struct timespec left = {1, 600000000};
    report_elf *real = (report_elf *)dlsym(RTLD_NEXT, "dwfl_report_elf");

    while (strstr(file, "bank") != NULL && nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
    return real(dwfl, name, file, fd, base, add);
}
