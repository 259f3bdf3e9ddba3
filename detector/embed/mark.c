/* SPDX-License-Identifier: MIT */
/*
 * How does one see that a program has the library in itself? By an ELF note, which stays with the
 * program wherever it is copied, is in memory while it runs, and is shown by `readelf -n`.
 */
#include "detector/interpose/embedded.h"

/* Its alignment is said, or the compiler would choose a larger one, and then it is no note. */
__attribute__((section(EMBEDDED_SECTION), aligned(4),
               used)) static const struct embedded_mark mark = {
    .name_bytes = sizeof EMBEDDED_NAME,
    .name = EMBEDDED_NAME,
};
