/* SPDX-License-Identifier: MIT */
/*
 * stranger.c - a library of another version: it signs the findings area as VERSION, and no more
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "detector/report/findings_area.h"

__attribute__((constructor)) static void sign(void)
{
    struct findings_header header = {.magic = FINDINGS_MAGIC, .version = VERSION};
    const char *area = getenv("GRIDLOCK_FINDINGS");
    int fd = area == NULL ? -1 : open(area, O_WRONLY);

    if (fd < 0 || write(fd, &header, sizeof header) < 0)
        _exit(1);
    close(fd);
}
