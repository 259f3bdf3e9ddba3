# SPDX-License-Identifier: MIT
#
# options.sh - GRIDLOCK_OPTIONS: every key, each way to get it wrong, and what the helper makes of it

./bank both.area cycle deadlock
echo '*:file:bank.c # known' >list
$gridlock report --format=json both.area >known.jsonl 2>/dev/null

# report OPTIONS [ARGUMENT...]: with these options in the environment
report() {
    options=$1
    shift
    try env GRIDLOCK_OPTIONS="$options" $gridlock report "$@" both.area
}

report format=brief
equal "format" 2 "$(wc -l <out)"
report format=brief --format=json
has out "the command line wins" '"schema":"gridlock-finding/1"'
report output=written.txt
equal "output: nothing else" "" "$(cat out)"
has written.txt "output" "[deadlock]"
report verbose=1
has out "verbose" "suppress: "
report color=always
has out "color" "$(printf '\033[')"
report suppressions=list
equal "suppressions" "0 gridlock: no findings, 2 suppressed" "$status $(cat err)"
report baseline=known.jsonl
equal "baseline" "0 gridlock: no new findings, 2 known from known.jsonl" "$status $(cat err)"
report exitcode=7
equal "exitcode" 7 "$status"
report ::format=brief::exitcode=7:
equal "empty pairs are none" "7 2" "$status $(wc -l <out)"
report on_deadlock=wait:follow=none:all=1:statistics=1
equal "keys that a report does not need" 66 "$status"

# OPTIONS and what is said of them
while IFS='|' read -r options said; do
    status_is "$options" 2 env GRIDLOCK_OPTIONS="$options" $gridlock run true
    one_line "$options"
    equal "$options" "gridlock: $said" "$(sed 's/there are [a-z_, ]*$/there are KEYS/' err)"
    status_is "$options, report" 2 env GRIDLOCK_OPTIONS="$options" $gridlock report both.area
done <<'TABLE'
on-deadlock=wait|GRIDLOCK_OPTIONS: key `on-deadlock`: there is no such key; did you mean on_deadlock?
exitcod=3|GRIDLOCK_OPTIONS: key `exitcod`: there is no such key; did you mean exitcode?
surpressions=x|GRIDLOCK_OPTIONS: key `surpressions`: there is no such key; did you mean suppressions?
colour=never|GRIDLOCK_OPTIONS: key `colour`: there is no such key; did you mean color?
suppresions|GRIDLOCK_OPTIONS: key `suppresions`: there is no such key; did you mean suppressions?
helper=1|GRIDLOCK_OPTIONS: key `helper`: there is no such key; there are KEYS
history_size=7|GRIDLOCK_OPTIONS: key `history_size`: there is no such key; there are KEYS
all=1:wrong=1|GRIDLOCK_OPTIONS: key `wrong`: there is no such key; there are KEYS
=1|GRIDLOCK_OPTIONS: key ``: there is no such key; there are KEYS
verbose|GRIDLOCK_OPTIONS: key `verbose`: needs a value: verbose=VALUE
all=yes|GRIDLOCK_OPTIONS: all `yes`: must be 0 or 1
exitcode=256|GRIDLOCK_OPTIONS: exitcode `256`: must be a number from 0 to 255
follow=all|GRIDLOCK_OPTIONS: follow `all`: must be children or none
on_deadlock=stay|GRIDLOCK_OPTIONS: on_deadlock `stay`: must be exit, abort or wait
color=blue|GRIDLOCK_OPTIONS: color `blue`: must be auto, always or never
output=|GRIDLOCK_OPTIONS: output ``: must be the name of a file
suppressions=missing|cannot read the suppressions missing: No such file or directory
baseline=missing|cannot read the baseline missing: No such file or directory
TABLE
status_is "format=xml" 2 env GRIDLOCK_OPTIONS=format=xml $gridlock run true
has err "format=xml" "gridlock: GRIDLOCK_OPTIONS: format \`xml\`: must be text, brief"

# What `run` hands on: to the library, to the helper, to the program's other processes.
told() { sed -n "$1p" told; }
FAKE_ENVIRONMENT=told try $gridlock run --follow=none --suppressions=list --baseline=known.jsonl \
    --verbose --color=never --output=there true
equal "to the library" "on_deadlock=exit:exitcode=66:all=0:follow=none" "$(told 1)"
equal "to the helper" \
    "suppressions=$work/list:baseline=$work/known.jsonl:verbose=1:color=never:all=0" "$(told 4)"
if [ "$(told 5)" -gt 1 ] 2>/dev/null; then pass; else fail "the first process: $(told 5)"; fi
FAKE_ENVIRONMENT=told GRIDLOCK_ROOT=1 try $gridlock run true
equal "children are followed" "(null)" "$(told 5)"
cp list 'a:list'
FAKE_ENVIRONMENT=told try $gridlock run '--suppressions=a:list' true
equal "a colon cannot be told" "all=0" "$(told 4)"

# The helper goes on whatever it reads: bad keys the library has told already.
helper() { try env "$1" $gridlock report --helper both.area; }
helper GRIDLOCK_OPTIONS=wrong=1:exitcode=9
equal "helper: a wrong key" "9 1" "$status $(grep -c '^gridlock' err)"
helper GRIDLOCK_OPTIONS=suppressions=missing:format=xml:exitcode=9
equal "helper: wrong values" "9 3" "$status $(grep -c '^gridlock' err)"
has err "helper: wrong values" "[deadlock]"
helper GRIDLOCK_OPTIONS=suppressions=list
equal "helper: suppressions" "gridlock: no findings, 2 suppressed" "$(cat err)"
echo '*:file:other.c # nothing' >unused
helper GRIDLOCK_OPTIONS=suppressions=unused:baseline=known.jsonl
equal "helper: it sees a part of the run only" "gridlock: no new findings, 2 known from known.jsonl" \
    "$(cat err)"
GRIDLOCK_OPTIONS=exitcode=9 helper GRIDLOCK_HELPER=suppressions=list:
equal "helper: the command has told it" "0 gridlock: no findings, 2 suppressed" "$status $(cat err)"

# It comes once for each finding: lines are added, a document is never overwritten.
rm -f lines
helper GRIDLOCK_OPTIONS=output=lines:format=brief
helper GRIDLOCK_OPTIONS=output=lines:format=brief
equal "helper: lines are added" 4 "$(wc -l <lines)"
status_is "the command begins anew" 66 $gridlock report --output=lines --format=brief both.area
equal "the command begins anew" 2 "$(wc -l <lines)"
helper GRIDLOCK_OPTIONS=output=page.dot:format=dot
cp page.dot first.dot
helper GRIDLOCK_OPTIONS=output=page.dot:format=dot
if cmp -s page.dot first.dot && cmp -s page-2.dot first.dot; then pass; else
    fail "helper: a document was overwritten, or there is no second one: $(ls page*)"
fi
