/* SPDX-License-Identifier: MIT */
/*
 * close-done - the done channel of a context is the context's
 *
 * gcc:      has no member named 'can_close'
 * clang:    no member named 'can_close' in 'done_chan_receiver'
 */
#include "common.h"

void example(void)
{
#ifdef MISTAKE
    chan_close(context_done(ctx));
#else
    context_cancel(ctx);
#endif
}
