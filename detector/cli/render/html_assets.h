/* SPDX-License-Identifier: MIT */
/*
 * html_assets.h - the files of render/html, which every page carries whole
 *
 * Layer:    detector/cli/render
 * Memory:   static
 * Locking:  none
 * Errors:   none
 */
#ifndef CLI_HTML_ASSETS_H
#define CLI_HTML_ASSETS_H

extern const char html_style[];  /* style.css */
extern const char html_script[]; /* player.js */

#endif
