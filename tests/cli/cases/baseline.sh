# SPDX-License-Identifier: MIT
#
# baseline.sh - only what is new is told and fails

./bank cycle.area cycle
./bank both.area cycle deadlock
./bank all.area cycle deadlock misuse
json() { $gridlock report --format=json "$@" 2>/dev/null; }
json cycle.area >cycle.jsonl
json both.area >both.jsonl
: >empty

# The same program with every line further down, as after an edit above; and its functions renamed.
moved() {
    mkdir -p "$1/samples"
    cp "$here"/samples/record* "$1/samples"
    sed "$2" "$here/samples/bank.c" >"$1/samples/bank.c"
    (here=$work/$1 && compile "$work/$1/bank" gcc bank.c -O0)
}
moved lower '1i\\n\n\n' && (cd lower && ./bank ../lower.area cycle deadlock)
moved renamed 's/transfer/remittance/' && (cd renamed && ./bank ../renamed.area cycle deadlock)

# STATUS FOUND SUMMARY...: what is left of the summary behind "gridlock: "
while IFS='|' read -r wanted found base area summary; do
    base=$(echo $base) area=$(echo $area)
    status_is "$area against $base" $((wanted)) $gridlock report --baseline=$base $area
    equal "$area against $base: findings" $((found)) "$(grep -c '\[[a-z-]*\]$' out)"
    equal "$area against $base: summary" "$summary" "$(sed 's/^gridlock: //' err | paste -sd '|')"
done <<'TABLE'
0 |0| both.jsonl  | both.area  |no new findings, 2 known from both.jsonl
0 |0| both.jsonl  | lower.area |no new findings, 2 known from both.jsonl
66|2| both.jsonl  | renamed.area |2 new findings (1 error, 1 warning)|2 findings of both.jsonl did not occur
66|1| both.jsonl  | all.area   |1 new finding (1 warning), 2 known from both.jsonl
0 |0| both.jsonl  | cycle.area |no new findings, 1 known from both.jsonl|1 finding of both.jsonl did not occur
66|1| cycle.jsonl | both.area  |1 new finding (1 error), 1 known from cycle.jsonl
66|2| empty       | both.area  |2 new findings (1 error, 1 warning)
0 |0| both.jsonl  | empty      |2 findings of both.jsonl did not occur
0 |0| empty       | empty      |
TABLE

# One entry stands for one finding: a second fault in the same functions is new, wherever its lines are.
cat both.jsonl >twice.jsonl
json lower.area >>twice.jsonl
status_is "a second one, in the same functions" 66 $gridlock report --baseline=both.jsonl twice.jsonl
equal "a second one" "gridlock: 2 new findings (1 error, 1 warning), 2 known from both.jsonl" "$(cat err)"
status_is "both were known" 0 $gridlock report --baseline=twice.jsonl twice.jsonl
cat both.jsonl both.jsonl >doubled.jsonl
status_is "the same twice is one" 66 $gridlock report --baseline=doubled.jsonl twice.jsonl
status_is "and did not stay away" 0 $gridlock report --baseline=doubled.jsonl both.jsonl
has_not err "and did not stay away" "did not occur"

# Fingerprints alone, of either kind, and what an older file does not say.
print() { sed -n "s/.*\"$1\":\"\([0-9a-f]*\)\".*/\1/p" cycle.jsonl; }
{ echo '# known'; echo; print fingerprint; } >prints
status_is "a list of fingerprints" 0 $gridlock report --baseline=prints cycle.area
status_is "it says nothing of moved lines" 66 $gridlock report --baseline=prints lower.area
print loose_fingerprint >prints
status_is "a list of loose fingerprints" 0 $gridlock report --baseline=prints cycle.area
sed 's/"loose_fingerprint":"[0-9a-f]*",//' both.jsonl >older.jsonl
status_is "without loose fingerprints" 0 $gridlock report --baseline=older.jsonl lower.area

# For programs known findings are there too, and marked; so that the new output is the next baseline.
try $gridlock report --format=json --baseline=cycle.jsonl both.area
equal "marked" "known new" "$(sed 's/.*"baseline":"\([a-z]*\)".*/\1/' out | tr '\n' ' ' | sed 's/ $//')"
cp out next.jsonl
status_is "the next baseline" 0 $gridlock report --baseline=next.jsonl both.area
has_not both.jsonl "no baseline, no mark" '"baseline"'

# run, and the environment; what is suppressed has occurred.
FAKE_FINDINGS=both.area status_is "run, known" 3 $gridlock run --baseline=both.jsonl sh -c 'exit 3'
FAKE_FINDINGS=both.area status_is "run, new" 66 $gridlock run --baseline=cycle.jsonl true
FAKE_FINDINGS=both.area GRIDLOCK_OPTIONS=baseline=both.jsonl status_is "from the environment" 0 \
    $gridlock run true
echo '*:file:bank.c # known' >list
status_is "suppressed" 0 $gridlock report --baseline=both.jsonl --suppressions=list both.area
equal "suppressed" "gridlock: no new findings, 2 suppressed" "$(cat err)"

# A baseline that cannot be believed.
mkdir -p folder
head -c -100 both.jsonl >cut.jsonl
head -c 300 /bin/sh >binary
echo 0123 >short
echo 'these are words' >words
for bad in missing folder cut.jsonl binary short words both.area; do
    status_is "baseline $bad" 2 $gridlock report --baseline=$bad both.area
    one_line "baseline $bad"
    has err "baseline $bad" "$bad"
done
status_is "run with a missing baseline" 2 $gridlock run --baseline=missing true
one_line "run with a missing baseline"
has err "the line is told" "cannot read the baseline missing: No such file or directory"
try $gridlock report --baseline=cut.jsonl both.area
has err "the line is told" "gridlock: cut.jsonl:2: not a JSON object"
