# SPDX-License-Identifier: MIT
#
# channels.sh - are waits for channels, selects and WaitGroups told in words that a student knows?

cat >pipe.c <<'C'
static void stage1(void *arg)
{
    chan_send(mid, next());
    chan_send(
        out,          /* the receiver has gone */
        twice(n));
    struct chan_case c[] = {RECV(jobs, &n)};
    chan_select_cases(c, 1);
    if (ready(x) && chan_recv(jobs, &n)) chan_send(out, n);
    PUT(out, 1);
    chan_select(RECV(one, &n), SEND(two, (struct job){.id = 1}), RECV_OK(three, &n, &ok));
    waitgroup_wait(&s->done);
}
C
file=$work/pipe.c
at() { printf '[{"function":"%s","file":"%s","line":%d,"column":%d,"module":"/bin/pipe"}]' "$3" "$file" "$1" "$2"; }
head='"schema":"gridlock-finding/1","process":"pipe","name":"deadlock","severity":"error","confidence":"likely"'

# stuck ID NAME FOR WAIT-KEYS: a stuck thread; waiting: one that is not part of it; simple ID NAME STATE
stuck() { printf '{"id":%d,"name":"%s","state":"blocked","part":true,"waits":{%s,"for":[%s],"stack":%s}}' "$1" "$2" "$4" "$3" "$(at 10 5 f)"; }
simple() { printf '{"id":%d,"name":"%s","state":"%s"}' "$@"; }
waiting() { stuck "$@" | sed 's/"part":true/"part":false/'; }
channel() { printf '{"id":%d,"kind":"channel","name":"%s","capacity":%d,"closed":false,"sent":4,"received":2}' "$1" "$2" "$3"; }

# --- the column "waits for": one row a kind of wait
objects="$(channel 1 mid 2),$(channel 2 out 0),$(channel 3 jobs 8),{\"id\":4,\"kind\":\"waitgroup\",\"name\":\"wg\",\"count\":2},{\"id\":5,\"kind\":\"context\",\"name\":\"ctx\",\"capacity\":0},{\"id\":6,\"kind\":\"waitgroup\",\"count\":1},{\"id\":7,\"kind\":\"channel\",\"capacity\":1,\"seen_at\":$(at 40 1 main)},{\"id\":8,\"kind\":\"channel\",\"name\":\"old\"}"
while IFS='|' read -r wait text label; do
    printf '{%s,"message":"m","threads":[%s],"objects":[%s]}\n' "$head" \
        "$(stuck 2 worker '' "$wait")" "$objects" >wait.jsonl
    try $gridlock report wait.jsonl
    has_words out "$wait" " * worker $text pipe.c:10"
    has out "$wait" " worker $label"
    try $gridlock report --format=json wait.jsonl
    cp out again.jsonl && try $gridlock report --format=json again.jsonl
    equal "$wait: JSON of JSON" "$(cat again.jsonl)" "$(cat out)"
done <<'TABLE'
"operation":"send","object":1|send mid (capacity 2, full)|waits here to send on mid (capacity 2, full)
"operation":"send","object":2|send out (unbuffered)|waits here to send on out (unbuffered)
"operation":"receive","object":2|receive out (unbuffered)|waits here to receive from out (unbuffered)
"operation":"receive","object":3|receive jobs (empty)|waits here to receive from jobs (empty)
"operation":"receive","object":5|receive ctx (not cancelled)|waits here for the cancellation of ctx
"operation":"receive","object":8|receive old|waits here to receive from old
"operation":"send","object":7|send channel #7 made at pipe.c:40 (capacity 1, full)|waits here to send on channel #7 made at pipe.c:40
"operation":"waitgroup-wait","object":4|WaitGroup wg (2 not done)|waits here for the tasks of wg (2 not done)
"operation":"waitgroup-wait","object":6|WaitGroup #6 (1 not done)|waits here for the tasks of WaitGroup #6 (1 not done)
"operation":"sleep"|sleep|sleeps here
"operation":"select","cases":[]|select without cases|waits here for ever: no case of this select can ever happen
"operation":"select","cases":[{"operation":"receive","object":3},{"operation":"receive","object":5}]|select: receive jobs, receive ctx|waits here for one of: receive jobs, receive ctx
"operation":"send","nil":true,"nil_name":"answers"|send answers (nil channel)|waits here for ever: answers is a nil channel
"operation":"receive","nil":true,"nil_name":"a.b"|receive a.b (nil channel)|waits here for ever: a.b is a nil channel
TABLE

# A select that is too long for one row has a row a case, each with its state.
printf '{%s,"message":"m","threads":[%s],"objects":[%s]}\n' "$head" \
    "$(stuck 2 worker '' '"operation":"select","cases":[{"operation":"receive","object":3},{"operation":"send","object":1},{"operation":"send","nil":true},{"operation":"receive","object":5}]')" \
    "$objects" >select.jsonl
try $gridlock report select.jsonl
equal "a row a case" '     thread   waits for
   * worker   select, one of:                pipe.c:10
                receive jobs (empty)
                send mid (capacity 2, full)
                send on a nil channel
                receive ctx (not cancelled)' "$(grep -A5 '^ *thread' out)"
has out "a long select in the excerpt" "^ worker waits here in this select"

# With locks in it, the rows of both columns go together.
printf '{%s,"message":"m","threads":[%s],"objects":[%s,{"id":9,"kind":"mutex","name":"m1"},{"id":10,"kind":"mutex","name":"m2"}]}\n' "$head" \
    "$(stuck 2 worker '' '"operation":"select","cases":[{"operation":"receive","object":3},{"operation":"send","object":1},{"operation":"receive","object":8},{"operation":"receive","object":2}]' |
        sed "s|\"waits\"|\"holds\":[{\"object\":9,\"stack\":$(at 3 5 w)},{\"object\":10,\"stack\":$(at 3 5 w)}],\"waits\"|")" \
    "$objects" >both.jsonl
try $gridlock report both.jsonl
equal "rows of both" '     thread   holds             waits for
   * worker   m1     pipe.c:3   select, one of:                pipe.c:10
              m2     pipe.c:3     receive jobs (empty)
                                  send mid (capacity 2, full)
                                  receive old
                                  receive out (unbuffered)' "$(grep -A5 '^ *thread' out)"

# --- the chain; who waits for the stuck is told from who is idle
S='"operation":"send","object"' R='"operation":"receive","object"'
while IFS='|' read -r what threads chain; do
    printf '{%s,"message":"m","threads":[%s],"objects":[%s]}\n' "$head" "$(eval "echo $threads")" "$objects" >chain.jsonl
    try $gridlock report chain.jsonl
    equal "$what" "$chain" "$(grep -e ' -> ' out | sed 's/^ *//' | tr '\n' ';' | sed 's/;$//')"
done <<'TABLE'
a chain|$(stuck 2 stage1 3 "$S:1"),$(stuck 3 stage2 "" "$S:2")|stage1 -> mid -> stage2 -> out -> nobody
from its beginning|$(stuck 2 stage2 "" "$S:2"),$(stuck 3 stage1 2 "$S:1")|stage1 -> mid -> stage2 -> out -> nobody
a ring|$(stuck 2 ping 3 "$S:1"),$(stuck 3 pong 2 "$S:2")|ping -> mid -> pong -> out -> ping
two chains|$(stuck 2 a "" "$S:2"),$(stuck 3 b 2 "$S:1"),$(stuck 4 c 2 "$S:1")|b -> mid -> a -> out -> nobody;c -> mid -> a
who is not of the core|$(stuck 2 a "" "$S:2"),$(waiting 3 b 2 "$S:1")|b -> mid -> a -> out -> nobody
a channel listed twice|$(stuck 2 a "" "\"operation\":\"select\",\"cases\":[{$S:1},{$R:1},{$R:3},{\"nil\":true}]"),$(stuck 3 b 2 "$S:2")|b -> out -> a -> mid or jobs -> nobody
tasks of nobody knows whom|$(stuck 2 a 3 "$R:3"),$(stuck 3 b "" "\"operation\":\"waitgroup-wait\",\"object\":4")|
tasks of one|$(stuck 2 a 3 "$R:3"),$(stuck 3 b 2 "\"operation\":\"waitgroup-wait\",\"object\":4")|a -> jobs -> b -> wg -> a
one thread alone|$(stuck 2 a "" "$S:2")|
two could help|$(stuck 2 a "3,4" "$S:1"),$(stuck 3 b "" "$S:2"),$(stuck 4 c "" "$S:2")|
the helper runs|$(stuck 2 a 3 "$S:1"),$(simple 3 b running)|
the helper has gone|$(stuck 2 a "3,4" "$S:1"),$(simple 3 b exited),$(stuck 4 c "" "$S:2")|a -> mid -> c -> out -> nobody
a join on the way|$(stuck 2 a 3 "\"operation\":\"join\""),$(stuck 3 b "" "$S:2")|a -> b -> out -> nobody
locks only|$(stuck 2 a 3 "\"operation\":\"lock\",\"object\":9"),$(stuck 3 b 2 "\"operation\":\"lock\",\"object\":9")|
TABLE
printf '{%s,"message":"m","threads":[%s],"objects":[%s]}\n' "$head" \
    "$(stuck 2 a '' "$S:2"),$(waiting 3 b 2 "$S:1"),$(waiting 4 c 3 "$S:1"),$(waiting 5 d '' "$R:3"),$(waiting 6 e 2 "$R:3,\"timed\":true"),$(waiting 7 f '2,5' "$R:3")" "$objects" >idle.jsonl
try $gridlock report idle.jsonl
for row in "b send mid (capacity 2, full) pipe.c:10 (needs a)" "c send mid (capacity 2, full) pipe.c:10 (needs b)" \
    "d receive jobs (empty) pipe.c:10 (idle" "e receive jobs (empty) pipe.c:10 (ends by itself)" \
    "f receive jobs (empty) pipe.c:10 (idle"; do
    has_words out "idle or not" "     $row"
done

# --- the heading stands first, alone, in text only
printf '{%s,"message":"m","heading":"fatal error: all goroutines are asleep - deadlock!"}\n' "$head" >heading.jsonl
try $gridlock report heading.jsonl
equal "heading" "fatal error: all goroutines are asleep - deadlock!||error: deadlock: m" \
    "$(head -n 3 out | tr '\n' '|' | sed 's/  .*//; s/|$//')"
try $gridlock report --format=json heading.jsonl
has out "heading in JSON" '"heading":"fatal error: all goroutines are asleep - deadlock!"'
try $gridlock report --format=json wait.jsonl
has out "no heading in JSON" '"heading":null'

# --- the words of turns
printf '{%s,"message":"m","threads":[{"id":1,"name":"main"},{"id":2,"name":"worker"}],"objects":[%s],"interleaving":[%s]}\n' "$head" "$objects" \
    "$(i=0; for step in '1,"operation":"make","object":3' '2,"operation":"receive","object":3' '2,"operation":"close","object":3' '1,"operation":"send","object":3' '1,"operation":"cancel","object":5' '2,"operation":"waitgroup-wait","object":4'; do
        i=$((i + 1)); printf '%s{"turn":%d,"thread":%s,"stack":%s}' "$([ $i = 1 ] || echo ,)" $i "$step" "$(at $((i + 2)) 5 f)"; done)" >turns.jsonl
try $gridlock report turns.jsonl
for words in "1 make jobs" "2 receive jobs" "3 close jobs" "4 send jobs" "5 cancel ctx" "6 WaitGroup wg"; do
    has_words out "turns" " $words"
done

# --- texts of source lines that are no simple call: LINE COLUMN OPERATION NAME
while read -r line column operation name; do
    printf '{%s,"message":"m","threads":[{"id":2,"name":"w","part":true,"state":"blocked","waits":{"operation":"%s","object":1,"stack":%s}}],"objects":[{"id":1,"kind":"%s"}]}\n' \
        "$head" "$operation" "$(at "$line" "$column" stage1)" "$([ "$operation" = waitgroup-wait ] && echo waitgroup || echo channel)" >text.jsonl
    try $gridlock report --format=json text.jsonl
    equal "line $line, $operation" "$name" "$(object_names out)"
done <<'TABLE'
3 5 send mid
3 0 send mid
4 5 send out
9 0 receive jobs
9 21 receive jobs
9 42 send out
9 5 send out
10 5 send channel #1
8 5 receive channel #1
12 5 waitgroup-wait s->done
TABLE
for i in 0 1 2; do
    cases='{"operation":"receive"},{"operation":"send"},{"operation":"receive"}'
    cases=$(echo "$cases" | awk -v n=$i -F'},' '{ for (k = 1; k <= NF; k++) { sub(/}$/, "", $k); printf "%s%s%s", $k, k == n + 1 ? ",\"object\":1}" : ",\"nil\":true}", k < NF ? "," : "" } }')
    for line in 11 8; do
        printf '{%s,"message":"m","threads":[{"id":2,"name":"w","part":true,"state":"blocked","waits":{"operation":"select","cases":[%s],"stack":%s}}],"objects":[{"id":1,"kind":"channel"}]}\n' "$head" "$cases" "$(at $line 5 stage1)" >text.jsonl
        try $gridlock report --format=json text.jsonl
        [ $line = 8 ] && name="channel #1" || name=$(echo one two three | cut -d' ' -f$((i + 1)))
        equal "case $i of line $line" "$name" "$(object_names out)"
    done
done
# The line shows three cases, the wait has four: a macro hides one. Then no case has a name.
sed 's/"line":8/"line":11/; s/"cases":\[/&{"operation":"send","nil":true},/' text.jsonl >hidden.jsonl
try $gridlock report --format=json hidden.jsonl
equal "a hidden case" "channel #1" "$(object_names out)"
has_not out "a hidden case" '"nil_name":"'

# --- channels that share a name
made() { printf '{"id":%d,"kind":"channel","seen_at":%s}' "$1" "$(at "$2" "$3" "$4")"; }
cat >made.c <<'C'
int_chan out = chan_make(int_chan, 0);
results[i] = chan_make(int_chan, 0);
int_chan a = chan_make(int_chan, 0), b = chan_make(int_chan, 0);
start(chan_make(int_chan, 0));
if (c.chan == chan_make(int_chan, 0).chan) x = 1;
int_chan_receiver t = time_after(2 * SECOND);
chan_select(RECV(time_after(3 * SECOND), NULL));
C
file=$work/made.c
while IFS='|' read -r objects names; do
    printf '{%s,"message":"m","objects":[%s]}\n' "$head" "$(eval "echo $objects")" >made.jsonl
    try $gridlock report --format=json made.jsonl
    equal "$objects" "$names" "$(object_names out | tr '\n' ' ' | sed 's/ $//')"
done <<'TABLE'
$(made 1 1 16 main)|out
$(made 1 1 16 double),$(made 2 1 16 square)|double.out square.out
$(made 1 1 16 main),$(made 2 1 16 main)|out (#1) out (#2)
$(made 1 1 16 f),$(made 2 1 16 f),$(made 3 1 16 g)|f.out (#1) f.out (#2) g.out
$(made 1 2 14 main),$(made 2 2 14 main)|results[i] (#1) results[i] (#2)
$(made 1 3 14 main),$(made 2 3 42 main)|a b
$(made 1 3 0 main)|channel #1 made at made.c:3
$(made 1 4 7 main)|channel #1 made at made.c:4
$(made 1 5 15 main)|channel #1 made at made.c:5
$(made 1 6 23 main)|t
$(made 1 7 18 main)|time_after(3 * SECOND)
$(made 1 99 0 main)|channel #1 made at made.c:99
TABLE

# --- never more than 100 columns
file=$work/pipe.c
long=a_name_that_nobody_would_like_to_read_twice_in_the_same_report_but_it_may_well_occur
for name in mid long_name_of_a_channel_in_a_program "$long"; do
    for thread in w- "$long"; do
        threads=$(for i in 2 3 4 5; do
            printf '%s%s' "$([ $i = 2 ] || echo ,)" "$(stuck $i "$thread$i" $((i + 1)) '"operation":"select","cases":[{"operation":"send","object":1},{"operation":"receive","object":2},{"operation":"send","object":1}]')"
            printf ',%s' "$(stuck $((i + 10)) "$thread$((i + 10))" "$i" '"operation":"send","object":1')"
        done)
        printf '{%s,"message":"m","threads":[%s],"objects":[%s,%s]}\n' "$head" "$threads" "$(channel 1 "$name" 2)" "$(channel 2 "$name$name" 0)" >wide.jsonl
        try $gridlock report wide.jsonl
        equal "columns, $name, $thread" "" "$(grep -v '\[deadlock\]$' out | grep -E '.{101}')"
        [ "$name" = "$long" ] || has_words out "the cases are there" " receive $name$name"
    done
done

# --- suppressions
printf '{%s,"message":"m","threads":[%s],"objects":[%s]}\n' "$head" "$(stuck 2 stage1 3 "$S:1")" "$(channel 1 mid 2)" >suppress.jsonl
for suppression in object:mid function:f thread:stage1; do
    echo "deadlock:$suppression # known" >list
    status_is "$suppression" 0 $gridlock report --suppressions=list suppress.jsonl
done
echo "deadlock:object:out # another" >list
status_is "another channel" 66 $gridlock report --suppressions=list suppress.jsonl
printf '{%s,"message":"m","threads":[%s]}\n' "$head" "$(stuck 2 stage1 '' '"operation":"send","nil":true,"nil_name":"answers"')" >nil.jsonl
echo "deadlock:object:answers # known" >list
status_is "a nil channel" 0 $gridlock report --suppressions=list nil.jsonl
echo "deadlock:object:questions # another" >list
status_is "another nil channel" 66 $gridlock report --suppressions=list nil.jsonl

# --- the fingerprint: who came last at a channel is chance, a lock's other place is not
place() { printf '{"thread":1,"text":"t","primary":%s,"stack":%s}' "$1" "$(at "$2" 1 f)"; }
# print_of KIND MAIN-LINE OTHER-LINE STARTED-LINE
print_of() {
    printf '{%s,"message":"m","places":[%s,%s],"objects":[{"id":1,"kind":"%s","name":"o"}],"threads":[%s]}\n' "$head" \
        "$(place true "$2")" "$(place false "$3")" "$1" \
        "$(stuck 2 w '' "$S:1" | sed "s|^{|{\"goroutine\":true,\"created_at\":$(at "$4" 1 main),|")" >print.jsonl
    $gridlock report --format=json print.jsonl 2>/dev/null | grep -o '"fingerprint":"[0-9a-f]*"'
}
while read -r same what one other; do
    # shellcheck disable=SC2086
    a=$(print_of $(echo $one | tr , ' ')) b=$(print_of $(echo $other | tr , ' '))
    [ "$a" = "$b" ] && got=same || got=another
    equal "fingerprint: $what" "$same" "$got"
done <<'TABLE'
same    the_last_partner     channel,3,8,1 channel,3,9,1
another the_main_place       channel,3,8,1 channel,4,8,1
another where_it_was_started channel,3,8,1 channel,3,8,2
another a_lock               mutex,3,8,1   mutex,3,9,1
TABLE

# --- every key of an object
try $gridlock report --format=json suppress.jsonl
has out "keys of a channel" '"capacity":2,"closed":false,"sent":4,"received":2'
has_not out "keys of a channel" '"count"'
printf '{%s,"message":"m","objects":[{"id":1,"kind":"waitgroup","name":"wg","count":0}],"threads":[{"id":2,"goroutine":true}]}\n' "$head" >keys.jsonl
try $gridlock report --format=json keys.jsonl
has out "keys of a WaitGroup" '"count":0'
has_not out "keys of a WaitGroup" '"capacity"'
has out "a goroutine" '"goroutine":true'
