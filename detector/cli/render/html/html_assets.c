/* SPDX-License-Identifier: MIT */
/*
 * html_assets.c - files of this tree as strings of the program
 *
 * The assembler reads them: they stay files that an editor knows, and no generator is needed. Their
 * paths are relative to the top of the tree, where every compiler of this project is started.
 */
#include "detector/cli/render/html/html_assets.h"

#define EMBED(name, path)                            \
    __asm__(".pushsection .rodata\n"                 \
            ".global " #name "\n"                    \
            ".type " #name ", %object\n" #name ":\n" \
            ".incbin \"" path "\"\n"                 \
            ".byte 0\n"                              \
            ".size " #name ", . - " #name "\n"       \
            ".popsection\n")

EMBED(html_style, "detector/cli/render/html/style.css");
EMBED(html_script, "detector/cli/render/html/player.js");
