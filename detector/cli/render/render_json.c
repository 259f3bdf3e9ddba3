/* SPDX-License-Identifier: MIT */
/*
 * render_json.c - a finding as one line of JSON, schema gridlock-finding/1
 *
 * A line is written whole and flushed, so that a killed program still leaves valid lines.
 */
#include "detector/cli/render/json_parts.h"
#include "detector/cli/render/render.h"

static void print(struct rendering *r, struct finding *f)
{
    json_print(r->stream, json_finding(f), JSON_COMPACT);
}

const struct renderer render_json = {
    .name = "json", .remarks = true, .known = true, .pure = true, .finding = print};
