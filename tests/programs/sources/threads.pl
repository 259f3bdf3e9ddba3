# SPDX-License-Identifier: MIT
# Interpreter threads: every one is a clone of the whole interpreter.
use strict;
use threads;
use threads::shared;
use Thread::Queue;

my $total : shared = 0;
my $queue = Thread::Queue->new;
my @workers = map {
    threads->create(sub {
        while (defined(my $n = $queue->dequeue)) { lock($total); $total += $n; cond_signal($total) }
    })
} 1 .. 4;
$queue->enqueue($_) for 1 .. 500;
{ lock($total); cond_wait($total) while $total < 125250; }
$queue->end;
$_->join for @workers;
print "$total\n";
