/* SPDX-License-Identifier: MIT */
/*
 * What has the program done, in numbers?
 *
 * `gridlock check` asks, to see whether a mended program still does its work in as many threads. A
 * program that leaves by _exit() or by a signal says nothing.
 */
#include "detector/core/statistics.h"

#include "detector/core/finding.h"

unsigned long statistics_threads;

void statistics_report(void)
{
    const struct finding_head head = {
        .name = "statistics", .severity = SEVERITY_NOTE, .confidence = CONFIDENCE_CERTAIN};

    if (!report_options.statistics || !finding_begin(&head))
        return;
    finding_message("%lu threads started", statistics_threads);
    finding_end();
}
