/* SPDX-License-Identifier: MIT */
/*
 * html_assets.h - the files of render/html, which every page carries whole
 *
 * Layer:    detector/cli/render/html
 * Memory:   static
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_HTML_ASSETS_H
#define CLI_HTML_ASSETS_H

extern const char html_style[];  /* style.css */
extern const char html_script[]; /* player.js */

/* The script's SHA-256 in base64: the page's policy lets no other script run, whatever may have got into
 * the page. tests/html compares it, and says the new one when player.js has changed. */
#define HTML_SCRIPT_HASH "sha256-zG2IgOYVTBE0vkWsoz26jEKqfO5Gk1mTm7+dctEbxIM="

#endif
