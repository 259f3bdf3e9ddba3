/* SPDX-License-Identifier: MIT */
/*
 * catalogue_channels.c - findings about channels and contexts used wrongly
 */
#include "detector/cli/catalogue.h"

static const struct entry entries[] = {
    {
        .name = "send-on-closed",
        .summary = "a value is sent on a channel that is closed",
        .idea = "Closing says: no more values will come. A send afterwards breaks that promise, "
                "and panics, as in Go. It happens where somebody other than the last sender "
                "closes.",
        .example = "chan_close(jobs);                   /* by a worker that saw an error */\n"
                   "chan_send(jobs, next);              /* by the producer */",
        .help = "let only the sender close, after its last send",
        .fix = "The sender owns the closing. With several senders, a thread that waits for all of "
               "them closes. A receiver that wants no more says so by other means: a context that "
               "it cancels, a `done` channel that it closes.",
        .refs = NULL,
        .lesson = "channels/close-by-receiver",
    },
    {
        .name = "close-of-closed",
        .summary = "a channel is closed a second time",
        .idea = "A channel can be closed once; the second time panics. It means that two places "
                "believe they own the closing.",
        .example = "if (error) chan_close(out);\n"
                   "...\n"
                   "chan_close(out);                    /* at the end, in any case */",
        .help = "close in one place only",
        .fix = "Give the closing one owner: the only sender, or the thread that waits for all "
               "senders.",
        .refs = NULL,
        .lesson = "channels/double-close",
    },
    {
        .name = "close-of-nil",
        .summary = "a channel is closed that was never made",
        .idea = "The handle holds no channel: chan_make() was not called, or its result went "
                "elsewhere. Closing it panics.",
        .example = "int_chan c = {NULL};\n"
                   "chan_close(c);",
        .help = "make the channel before anybody can close it",
        .fix = "Make channels where they are declared; pass them on as handles.",
        .refs = NULL,
        .lesson = "channels/nil-channel",
    },
    {
        .name = "close-by-receiver",
        .summary = "a channel is closed by a thread that receives from it",
        .idea = "The receiver cannot know whether a sender is about to send: it may be in the "
                "middle of it, and then it panics. That it went well this time was luck.",
        .example = "while (chan_recv(c, &v))\n"
                   "    if (v < 0)\n"
                   "        chan_close(c);              /* the sender sends on */",
        .help = "let the sender close; tell it to stop by a context or a second channel",
        .fix = "Cancel a context that the sender looks at in its select, or close a `done` channel "
               "in the other direction; then the sender closes this one. With directional handles "
               "the compiler refuses a close by the receiver.",
        .refs = NULL,
        .lesson = "channels/close-by-receiver",
    },
    {
        .name = "nil-channel",
        .summary = "a thread sends on or receives from a channel that was never made",
        .idea = "A send or a receive on a handle without a channel blocks for ever, as in Go. In a "
                "select that is useful to switch a case off; alone it is a hang.",
        .example = "int_chan results = {NULL};\n"
                   "chan_send(results, 1);              /* for ever */",
        .help = "make the channel with chan_make() before using it",
        .fix = "Make the channel before the threads that use it start, and hand it to them.",
        .refs = NULL,
        .lesson = "channels/nil-channel",
    },
    {
        .name = "missing-cancel",
        .summary = "a context was made and never cancelled",
        .idea = "A context with a cancellation or a deadline keeps a timer, a place in its parent, "
                "and perhaps waiting threads, until it is cancelled. A path that returns without "
                "cancelling leaves all that behind.",
        .example = "struct context *ctx = context_with_cancel(parent);\n"
                   "if (n < 0)\n"
                   "    return n;                       /* ctx is never cancelled */",
        .help = "write DEFER(context_cancel, ctx) directly below the line that makes the context",
        .fix = "Cancel on every path, also when all went well: DEFER does it at the end of the "
               "block. Cancelling twice does no harm.",
        .refs = "CWE-772",
        .lesson = "context/forgotten-cancel",
    },
};

const struct chapter catalogue_channels = {"Channels and contexts used wrongly", entries,
                                           sizeof(entries) / sizeof(*entries)};
