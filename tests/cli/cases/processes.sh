# SPDX-License-Identifier: MIT
#
# processes.sh - is each finding's process told, where there were several, and only there?

./bank one.area cycle
$gridlock report --format=json one.area >one.jsonl 2>/dev/null
pid=$(sed 's/.*"pid":\([0-9]*\).*/\1/' one.jsonl)

# from PID PARENT FORKED PARENT_NAME COMMAND: the finding as another process would tell it
from() {
    was='"one_of_several":false,"parent_pid":0,"parent":null,"forked":false'
    is="\"one_of_several\":true,\"parent_pid\":$2,\"parent\":$4,\"forked\":$3"
    sed "s#\"pid\":$pid,\"command\":null,$was#\"pid\":$1,\"command\":$5,$is#" one.jsonl
}

status_is "alone" 66 $gridlock report one.jsonl
has_not out "alone" "(pid"
equal "alone" "gridlock: 1 finding (1 warning)" "$(cat err)"

# PID PARENT FORKED NAME COMMAND | what the report says
while IFS='|' read -r process said; do
    eval "from $process" >other.jsonl
    status_is "$process" 66 $gridlock report other.jsonl
    equal "$process" "      $said" "$(grep '^      in sample' out)"
    has out "$process: last line" ", in sample (pid ${process%% *}) [lock-order-cycle]"
    equal "$process: summary" "gridlock: 1 finding (1 warning) in sample (pid ${process%% *})" "$(cat err)"
    $gridlock report --format=json other.jsonl >again.jsonl 2>/dev/null
    if cmp -s other.jsonl again.jsonl; then pass; else fail "$process: JSON of JSON is another"; fi
done <<'TABLE'
77 0 false null '"./bank one"'|in sample (pid 77): ./bank one
77 70 true '"server"' '"./server --all"'|in sample (pid 77, forked by server 70)
77 70 true null null|in sample (pid 77, forked by 70)
77 70 false '"make"' '"./bank one"'|in sample (pid 77, started by make 70): ./bank one
77 70 false null null|in sample (pid 77, started by 70)
TABLE
try $gridlock report --format=brief other.jsonl
has out "brief" ", in sample (pid 77) [lock-order-cycle]"
from 77 70 false '"make"' "\"./bank $(printf '%0200d' 0)\"" >other.jsonl
try $gridlock report other.jsonl
equal "a long command line is cut" 100 "$(awk '/^      in sample/ { print length }' out)"

# The same fault in several processes is one finding.
for i in 1 2 3; do from 70$i 70 true '"server"' null; done >several.jsonl
status_is "several" 66 $gridlock report several.jsonl
equal "printed once" 1 "$(grep -c '\[lock-order-cycle\]' out)"
equal "counted" "was seen 3 times, in 3 processes" "$(sed -n 's/.*bank.c:24 //p' err)"
has err "summary" "gridlock: 1 finding (1 warning) in 3 processes: sample (pid 701), sample (pid 702), sample (pid 703)"
from 703 70 true '"server"' null >>several.jsonl
try $gridlock report several.jsonl
has err "twice in one of them" "was seen 4 times, in 3 processes"
for i in $(seq 100 120); do from $i 70 true null null; done >many.jsonl
try $gridlock report many.jsonl
has err "many" "in 21 processes: sample (pid 100), "
has err "many" "sample (pid 107) and 13 more"
echo '*:file:bank.c # known' >list
status_is "hidden in all of them" 0 $gridlock report --suppressions=list several.jsonl
equal "hidden in all of them" "gridlock: no findings, 1 suppressed" "$(cat err)"
