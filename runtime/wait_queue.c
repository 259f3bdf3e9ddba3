/* SPDX-License-Identifier: MIT */
/*
 * Who is next? Waiters stand in the order in which they came; who cannot be decided any more (a
 * select that went on elsewhere, a timeout) is passed over.
 */
#include "runtime/chan.h"

void chan_enqueue(struct wait_queue *queue, struct waiter *waiter)
{
    waiter->next = NULL;
    waiter->previous = queue->last;
    if (queue->last)
        queue->last->next = waiter;
    else
        queue->first = waiter;
    queue->last = waiter;
    waiter->queued = true;
}

void chan_unqueue(struct wait_queue *queue, struct waiter *waiter)
{
    if (!waiter->queued)
        return;
    if (waiter->previous)
        waiter->previous->next = waiter->next;
    else
        queue->first = waiter->next;
    if (waiter->next)
        waiter->next->previous = waiter->previous;
    else
        queue->last = waiter->previous;
    waiter->queued = false;
}

struct waiter *chan_dequeue(struct wait_queue *queue)
{
    struct waiter *waiter;

    while ((waiter = queue->first)) {
        chan_unqueue(queue, waiter);
        if (waiting_decide(waiter->waiting, waiter->index))
            return waiter;
    }
    return NULL;
}
