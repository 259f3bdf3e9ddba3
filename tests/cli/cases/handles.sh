# SPDX-License-Identifier: MIT
#
# handles.sh - do channels, WaitGroups and contexts get their names, however it was compiled?

wanted_made='plain
a
b
on_the_next_line
wide
jobs
back
macro
numbers.out
squares.out
ctx
queue
p->results[1]
p->jobs
tasks
workers.done
p->done'
# In alphabetical order: arguments of a call are evaluated in any.
wanted_used='channel #6 made at handles.c:
in
out->results[0]
p->jobs
until (#1)
until (#2)'

for compiler in gcc clang; do
    for flags in "-O0" "-O2" "-O2 -fno-pie -no-pie" "-O1 -gdwarf-4" "-O0 -g3"; do
        what="$compiler $flags"
        # shellcheck disable=SC2086
        compile built_handles "$compiler" handles.c $flags 2>err || { fail "$what: no build"; continue; }
        ./built_handles made.area made && ./built_handles used.area used
        try $gridlock report --format=json made.area
        equal "$what: names where they are made" "$wanted_made" "$(object_names out)"
        try $gridlock report --format=json used.area
        equal "$what: names where they are used" "$wanted_used" \
            "$(object_names out | sed 's/\(handles.c:\)[0-9]*$/\1/' | LC_ALL=C sort)"
        try $gridlock report used.area
        while IFS= read -r line; do has_words out "$what" "$line"; done <<'LINES'
 * chooser select, one of: handles.c:
 receive in (unbuffered)
 send out->results[0] (capacity 2, full)
 receive off (nil channel)
 receive until (#1) (not cancelled)
 * sender send p->jobs (capacity 1, full) handles.c:
 * nobody send answers (nil channel) handles.c:
 * waiter receive until (#2) (not cancelled) handles.c:
 waiter waits here for the cancellation of until (#2)
 nobody waits here for ever: answers is a nil channel
 chan_recv(context_done(until), NULL);
LINES
    done
done

# Where a wait stands in a function called wait_for_it(), the line is still the wait's.
has out "no wrapper" "waiter    wait_for_it(), called by named_where_used()"

# A select of two lines, and a call: what is underlined ends with the code.
has out "carets: no comment" "             ^^^^^^^^^^^^^^^^^^^^^^^^^ chooser waits here in this select"
has out "carets: first line" "     ^^^^^^^^^^^^^^^^^^^^^^^^^ sender waits here"

# Less and less is known. Never an address, and never a wrong name.
cp built_handles bare_handles && objcopy --strip-debug bare_handles
./bare_handles bare.area made && try $gridlock report --format=json bare.area
equal "symbols only" "channel #1 made in named_where_made() context #11 made in named_where_made() tasks" \
    "$(object_names out | sed -n '1p;11p;15p' | tr '\n' ' ' | sed 's/ $//')"
cp built_handles stripped_handles && strip stripped_handles
./stripped_handles bare.area made && try $gridlock report --format=json bare.area
equal "stripped" "channel #1 context #11 WaitGroup #15" \
    "$(object_names out | sed -n '1p;11p;15p' | tr '\n' ' ' | sed 's/ $//')"
./stripped_handles bare.area used && try $gridlock report bare.area
has_words out "stripped: nil" "send on a nil channel"
if grep -E '0x[0-9a-f]{9,}' out; then fail "stripped: an address"; else pass; fi

# The source is not there any more.
mkdir -p moved && cp "$here/samples/handles.c" moved/ && (
    cd moved && gcc -I"$root" -I"$root/include" -D_GNU_SOURCE -g -O0 -o ../moved_handles handles.c \
        ../built_handles.record.o ../built_handles.runtime.o && rm handles.c
)
./moved_handles moved.area used && try $gridlock report --format=json moved.area
has out "no source" '"name":"channel #1 made at handles.c:'
