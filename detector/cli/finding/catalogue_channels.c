/* SPDX-License-Identifier: MIT */
/*
 * catalogue_channels.c - findings about channels and contexts used wrongly
 */
#include "detector/cli/finding/catalogue.h"

static const struct entry entries[] = {
    {
        .name = "send-on-closed",
        .summary = "a value is sent on a channel that is closed",
        .idea = "Closing a channel is a message to the receivers: no more values will come. A send "
                "afterwards breaks that promise, so it panics, as in Go; a sender that is blocked "
                "when the channel is closed panics too. It happens where somebody closes who does "
                "not know whether all senders are done: a receiver that has enough, or one of "
                "several senders that believes it is the last.",
        .example = "CHAN_TYPE(int_chan, int);\n"
                   "\n"
                   "static void take_one(void *arg)\n"
                   "{\n"
                   "    int_chan *jobs = arg;\n"
                   "    int job;\n"
                   "\n"
                   "    chan_recv(*jobs, &job);\n"
                   "    chan_close(*jobs);          /* \"I have enough\" */\n"
                   "}\n"
                   "\n"
                   "int main(void)\n"
                   "{\n"
                   "    int_chan jobs = chan_make(int_chan, 0);\n"
                   "\n"
                   "    go(take_one, &jobs);\n"
                   "    chan_send(jobs, 1);\n"
                   "    chan_send(jobs, 2);         /* panics: send on closed channel */\n"
                   "}",
        .help = "let only the sender close, after its last send",
        .fix = "The sending side owns the closing. One sender closes after its last send. Several "
               "senders share a WaitGroup, and one goroutine waits for it and then closes. A "
               "receiver that wants no more must not close; it tells the senders by another way: "
               "it cancels a context, or closes a `done` channel, that each sender has as a second "
               "case in the select around its send.",
        .refs = "Go 101, Common Concurrent Programming Mistakes; Tu et al., ASPLOS 2019",
        .lesson = "channels/close-by-receiver",
    },
    {
        .name = "close-of-closed",
        .summary = "a channel is closed a second time",
        .idea = "A channel can be closed once; the second close panics, as in Go. It shows that "
                "two places believe they own the closing: an error path and the common exit, two "
                "senders, a sender and a receiver.",
        .example = "CHAN_TYPE(int_chan, int);\n"
                   "\n"
                   "static void finish(int_chan_sender out, bool failed)\n"
                   "{\n"
                   "    if (failed)\n"
                   "        chan_close(out);        /* the way out for errors */\n"
                   "    chan_close(out);            /* the way out for all: the second close */\n"
                   "}\n"
                   "\n"
                   "int main(void)\n"
                   "{\n"
                   "    int_chan numbers = chan_make(int_chan, 1);\n"
                   "\n"
                   "    finish(numbers.sender, true);\n"
                   "}",
        .help = "close in one place only",
        .fix = "Give the closing one owner: the only sender, or the goroutine that waits for all "
               "senders. There DEFER(chan_close_it, c.chan) or a single exit closes it on every "
               "path. If two threads must be able to say \"stop\", let them cancel a context: "
               "that may be done any number of times.",
        .refs = "Go 101, Common Concurrent Programming Mistakes; Tu et al., ASPLOS 2019",
        .lesson = "channels/double-close",
    },
    {
        .name = "close-of-nil",
        .summary = "a channel is closed that was never made",
        .idea = "The handle holds no channel: it is nil. Nobody called chan_make() for it, or the "
                "result went into another variable. Closing it panics, as in Go. (A send or a "
                "receive on it would block for ever; that is nil-channel.)",
        .example = "CHAN_TYPE(int_chan, int);\n"
                   "\n"
                   "struct pool {\n"
                   "    int_chan jobs, results;\n"
                   "};\n"
                   "\n"
                   "int main(void)\n"
                   "{\n"
                   "    struct pool p = {.jobs = chan_make(int_chan, 8)};\n"
                   "\n"
                   "    chan_close(p.jobs);\n"
                   "    chan_close(p.results);      /* nobody made it */\n"
                   "}",
        .help = "make the channel before anybody can close it",
        .fix = "Make every channel of a struct in the function that sets the struct up, and hand "
               "the struct out only then. A handle that may be nil on purpose is closed under "
               "`if (c.chan)`.",
        .refs = "the Go language specification, Close",
        .lesson = "channels/nil-channel",
    },
    {
        .name = "close-by-receiver",
        .summary = "a channel is closed by a thread that only received from it",
        .idea = "A receiver cannot know whether a sender is about to send. If one is, it panics "
                "with \"send on closed channel\". That it did not in this run is luck.",
        .example = "CHAN_TYPE(int_chan, int);\n"
                   "\n"
                   "static void first_only(void *arg)\n"
                   "{\n"
                   "    int_chan *numbers = arg;\n"
                   "    int n;\n"
                   "\n"
                   "    chan_recv(*numbers, &n);\n"
                   "    chan_close(*numbers);       /* a second send would panic */\n"
                   "}\n"
                   "\n"
                   "int main(void)\n"
                   "{\n"
                   "    int_chan numbers = chan_make(int_chan, 0);\n"
                   "\n"
                   "    go(first_only, &numbers);\n"
                   "    chan_send(numbers, 1);\n"
                   "    time_sleep(10 * MILLISECOND);\n"
                   "}",
        .help = "let the sender close; tell it to stop by a context or a second channel",
        .fix = "Turn it round: the receiver cancels a context (or closes a `done` channel, on "
               "which it is the sending side), the sender has that in its select, stops, and "
               "closes this channel itself. Give a receiver only the receiving direction, "
               "int_chan_receiver: then chan_close() on it does not compile.",
        .refs = "Go 101, Common Concurrent Programming Mistakes; Tu et al., ASPLOS 2019",
        .lesson = "channels/close-by-receiver",
    },
    {
        .name = "nil-channel",
        .summary = "a thread sends on or receives from a channel that was never made",
        .idea = "A handle without a channel is nil, and a send or a receive on it blocks for ever, "
                "as in Go: no error, just silence. Mostly a chan_make() is missing, comes after "
                "the goroutine was started with a copy of the handle, or fills another variable. "
                "In a select a nil channel has its use: its case is switched off.",
        .example = "CHAN_TYPE(int_chan, int);\n"
                   "\n"
                   "struct pool {\n"
                   "    int_chan jobs, results;\n"
                   "};\n"
                   "\n"
                   "static void work(void *arg)\n"
                   "{\n"
                   "    struct pool *p = arg;\n"
                   "\n"
                   "    chan_send(p->results, 42);  /* for ever: nobody made it */\n"
                   "}\n"
                   "\n"
                   "int main(void)\n"
                   "{\n"
                   "    struct pool p = {.jobs = chan_make(int_chan, 8)};\n"
                   "\n"
                   "    go(work, &p);\n"
                   "    time_sleep(10 * MILLISECOND);\n"
                   "}",
        .help = "make the channel with chan_make() before using it",
        .fix = "Make the channels first, then start the goroutines that use them. If a channel is "
               "made later on purpose, do not use it alone until then, but as one of several "
               "cases of a select.",
        .refs = "100 Go Mistakes, number 66; the Go language specification, Channel types",
        .lesson = "channels/nil-channel",
    },
    {
        .name = "missing-cancel",
        .summary = "a context was made and never cancelled",
        .idea = "A context that can be cancelled stays in its parent, and one with a deadline "
                "keeps a timer, until it is cancelled. Goroutines that wait for its end wait on. A "
                "path that returns without cancelling leaves all that behind; in a server it adds "
                "up, request by request.",
        .example = "static int answer(struct context *parent, int question)\n"
                   "{\n"
                   "    struct context *ctx = context_with_cancel(parent);\n"
                   "\n"
                   "    if (question < 0)\n"
                   "        return -1;              /* ctx is never cancelled */\n"
                   "    context_cancel(ctx);\n"
                   "    context_free(ctx);\n"
                   "    return 42;\n"
                   "}\n"
                   "\n"
                   "int main(void)\n"
                   "{\n"
                   "    return answer(context_background(), -1) > 0;\n"
                   "}",
        .help = "write DEFER(context_cancel, ctx) directly below the line that makes the context",
        .fix = "Below the line that makes it write DEFER(context_free, ctx) and then "
               "DEFER(context_cancel, ctx): at the end of the block, however it is left, the "
               "context is first cancelled and then given back. Cancelling twice does no harm, so "
               "an earlier context_cancel() may stay.",
        .refs = "CWE-772; 100 Go Mistakes, number 60",
        .lesson = "context/forgotten-cancel",
    },
};

const struct chapter catalogue_channels = {"Channels and contexts used wrongly", entries,
                                           sizeof(entries) / sizeof(*entries)};
