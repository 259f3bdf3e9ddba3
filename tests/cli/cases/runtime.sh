# SPDX-License-Identifier: MIT
#
# runtime.sh - the command and the real library, on goroutines that stop

# link OUT SOURCE: with the runtime
link() { gcc -g -O1 -I"$root/include" -o "$1" "$2" -L"$root/build" -Wl,-rpath,"$root/build" -lgridlock -pthread; }
link talk "$here/samples/talk.c"

# STATUS STATUS-WITHOUT-THE-COMMAND FINDINGS WHAT. A panic ends a program with SIGABRT, 134: under the
# command what counts is that it was found. An abort() of the program's own was not found.
while read -r wanted alone names what; do
    [ "$names" != - ] || names=
    try timeout 20 "$real" run ./talk "$what"
    equal "$what: status" "$wanted" "$status"
    equal "$what: findings" "$names" "$(grep -o '\[[a-z-]*\]$' err | sort | tr -d '[]\n')"
    cp err "err.$what"
    try timeout 20 ./talk "$what"
    equal "$what: status without the command" "$alone" "$status"
    equal "$what: findings without the command" "$names" "$(grep -o '\[[a-z-]*\]$' err | sort | tr -d '[]\n')"
done <<'TABLE'
66  66  deadlock                          both
66  66  leaked-thread                     leak
66  66  deadlock                          pipeline
66  66  deadlock                          choose
66  66  nil-channel                       nil
66  66  deadlock                          locked
66  134 close-of-closed                   close_twice
66  134 close-by-receiversend-on-closed   send_on_closed
66  134 waitgroup-negative                done_twice
66  66  missing-cancel                    forget
66  66  deadlock                          named
134 134 -                                 abort
3   3   -                                 fine
TABLE

# WHAT: what the report says
while IFS=: read -r what line; do
    cp "err.$what" err
    has_words err "$what" "$line"
done <<'LINES'
both:fatal error: all goroutines are asleep - deadlock!
both: * ping send there (unbuffered) talk.c:
both: * pong send back (unbuffered) talk.c:
both: main WaitGroup players (2 not done) talk.c:
both:(needs ping and pong)
leak: chan_send(*answers, 42);
leak: * fetch-1 send answers (unbuffered) talk.c:
leak: * fetch-2 send answers (unbuffered) talk.c:
leak:fetch-1 was started here
leak: chan_recv(answers, NULL);
leak:the only receiver of answers, was here last
pipeline: square send squares (unbuffered) talk.c:
pipeline: source send numbers (capacity 2, full) talk.c:
pipeline:(needs square)
pipeline: main sleep talk.c:
pipeline: collect (has ended)
pipeline: source -> numbers -> square -> squares -> nobody
choose: * main select, one of: talk.c:
choose: receive jobs (unbuffered)
choose: send results (capacity 1, full)
choose: receive nothing (nil channel)
choose: receive ctx (not cancelled)
nil: * main send answers (nil channel) talk.c:
nil: chan_send(answers, 1);
locked: announce state talk.c:
locked: send events (unbuffered) talk.c:
locked: main -> state -> announce -> events -> nobody
close_twice:panic: close of closed channel
close_twice: closes out,
send_on_closed:panic: send on closed channel
send_on_closed: sends on jobs,
done_twice:panic: sync: negative WaitGroup counter
forget: context_with_cancel(context_background());
named: receive the mailbox (unbuffered) talk.c:
LINES
cp err.pipeline err
has_not err "a partial deadlock" "fatal error"
has_not err "who waits for the stuck is not idle" "(idle"
equal "the heading is the first line" "fatal error: all goroutines are asleep - deadlock!" \
    "$(head -n 1 err.both)"
equal "the heading comes once" 1 "$(grep -c 'fatal error' err.both)"
for what in both leak pipeline choose nil locked close_twice send_on_closed done_twice named; do
    equal "$what: columns" "" "$(grep -v '\[[a-z-]*\]$' "err.$what" | grep -E '.{101}')"
    cp "err.$what" err
    has_not err "$what" "libgridlock"
    if grep -qE '0x[0-9a-f]{6,}' err; then fail "$what: an address"; else pass; fi
done

# --exitcode=0 leaves the program's own status, also of a panic.
status_is "--exitcode=0, a leak" 5 timeout 20 "$real" run --exitcode=0 ./talk leak 5
status_is "--exitcode=0, a panic" 134 timeout 20 "$real" run --exitcode=0 ./talk close_twice

# The same fault has the same fingerprint, whoever came first.
print_of() { timeout 20 "$real" run --format=json ./talk "$1" 2>&1 | grep -o '"fingerprint":"[0-9a-f]*"'; }
for what in both leak pipeline choose locked send_on_closed; do
    one=$(print_of "$what" | sort | tr '\n' ' ')
    other=$(print_of "$what" | sort | tr '\n' ' ')
    equal "$what: the fingerprint stays" "$one" "$other"
done

# A suppression by the name of a channel, a function, a goroutine.
while read -r wanted what suppression; do
    echo "$suppression # the test wants it" >list
    status_is "$what, $suppression" "$wanted" timeout 20 "$real" run --exitcode=9 \
        --suppressions=list ./talk "$what"
done <<'TABLE'
3   leak           leaked-thread:object:answers
3   leak           leaked-thread:function:fetch
3   leak           leaked-thread:thread:fetch-*
9   leak           leaked-thread:object:answer
3   forget         missing-cancel:function:forget
134 close_twice    close-of-closed:object:out
134 done_twice     waitgroup-negative:object:wg
9   send_on_closed send-on-closed:object:jobs
TABLE

# Linked statically, the frames of the library are in the program; they stay hidden.
if [ -e "$root/build/libgridlock.a" ]; then
    gcc -g -O1 -I"$root/include" -o static_talk "$here/samples/talk.c" "$root/build/libgridlock.a" -pthread
    try timeout 20 "$real" run ./static_talk leak
    has err "linked statically" "[leaked-thread]"
    has_not err "linked statically" "go.c:"
    try timeout 20 "$real" run --verbose ./static_talk leak
    has err "linked statically, --verbose" "go.c:"
fi

# What explain shows compiles, and is found; the timing of waitgroup-reused is nobody's.
while read -r name found; do
    { echo '#include <gridlock.h>'; "$real" explain "$name" | sed -n '/^Example/,/^How to/ { s/^    //p; /^$/p }'; } >example.c
    if gcc -std=gnu11 -Wall -Wextra -Werror -g -I"$root/include" -o example example.c -L"$root/build" \
        -Wl,-rpath,"$root/build" -lgridlock -pthread 2>err; then pass; else
        fail "the example of $name"
        head -n 5 err
        continue
    fi
    [ -n "$found" ] || continue
    try timeout 20 "$real" run ./example
    if grep -qE "\[($found)\]\$" err; then pass; else fail "the example of $name is not found"; fi
done <<'TABLE'
deadlock            deadlock
leaked-thread       leaked-thread
wait-under-lock     wait-under-lock|deadlock
destroy-in-use      destroy-in-use
waitgroup-negative  waitgroup-negative
waitgroup-reused
send-on-closed      send-on-closed
close-of-closed     close-of-closed
close-of-nil        close-of-nil
close-by-receiver   close-by-receiver
nil-channel         nil-channel
missing-cancel      missing-cancel
TABLE
