# SPDX-License-Identifier: MIT
#
# areas.sh - findings from files that are whole, torn, cut off or no findings at all

./bank both.area cycle deadlock
./bank torn_middle.area cycle torn deadlock
./bank torn_end.area cycle torn
try $gridlock report --format=json both.area
cp out both.jsonl

# STATUS FINDINGS FILE
while read -r wanted findings file; do
    case $file in
    cut.area) head -c 20000 torn_end.area | head -c -30 >cut.area ;;
    header.area) head -c 30 both.area >header.area ;;
    no_end.jsonl) head -c -1 both.jsonl >no_end.jsonl ;;
    half.jsonl) head -c -100 both.jsonl >half.jsonl ;;
    bad_middle.jsonl) { head -n 1 both.jsonl; echo '{"schema":'; tail -n 1 both.jsonl; } >bad_middle.jsonl ;;
    other_schema.jsonl) echo '{"schema":"other/9","name":"deadlock"}' >other_schema.jsonl ;;
    nameless.jsonl) echo '{"schema":"gridlock-finding/1"}' >nameless.jsonl ;;
    bare.jsonl) echo '{"schema":"gridlock-finding/1","name":"deadlock","severity":"error"}' >bare.jsonl ;;
    words.txt) echo "these are words" >words.txt ;;
    blank_lines.jsonl) { echo; cat both.jsonl; echo; } >blank_lines.jsonl ;;
    binary) head -c 5000 /bin/sh >binary ;;
    esac
    status_is "$file" "$wanted" $gridlock report "$file"
    equal "$file: findings" "$findings" "$(grep -c '\[[a-z-]*\]$' out)"
    [ "$wanted" -ne 2 ] || equal "$file: one line" 1 "$(grep -vc 'finding.* (' err)"
done <<'TABLE'
66 2 both.area
66 2 both.jsonl
66 2 no_end.jsonl
66 2 blank_lines.jsonl
66 1 bare.jsonl
2  2 torn_middle.area
2  1 torn_end.area
2  1 half.jsonl
2  2 bad_middle.jsonl
2  0 header.area
2  0 other_schema.jsonl
2  0 nameless.jsonl
2  0 words.txt
2  0 binary
TABLE

status_is "from a pipe" 66 sh -c "cat both.area | $gridlock report -"
equal "from a pipe: findings" 2 "$(grep -c '\[[a-z-]*\]$' out)"

# What has been rendered to JSON and read again is the same.
try $gridlock report --format=json both.jsonl
if cmp -s out both.jsonl; then pass; else fail "JSON of JSON is another"; fi
$gridlock report both.area >direct 2>/dev/null
$gridlock report both.jsonl >again 2>/dev/null
if cmp -s direct again; then pass; else
    fail "text of JSON is another"
    diff direct again | head -n 10
fi

# The library's helper prints where the program's errors go.
status_is "--helper" 66 $gridlock report --helper both.area
has err "--helper" "[deadlock]"
equal "--helper leaves stdout alone" "" "$(cat out)"
GRIDLOCK_OPTIONS=wrong=1:exitcode=9 status_is "--helper with bad options" 9 $gridlock report \
    --helper both.area
has err "--helper with bad options" "[deadlock]"

# The same finding is printed once, and counted.
./bank thrice.area cycle cycle cycle
try $gridlock report thrice.area
equal "once" 1 "$(grep -c '\[lock-order-cycle\]' out)"
has err "counted" "was seen 3 times"
has err "summary" "gridlock: 1 finding (1 warning)"

# A damaged area must not take the command down. Without its file the sample is quickly read.
cp bank gone && ./gone gone.area cycle deadlock misuse note heap && rm gone
if ./mutate $gridlock gone.area 360 >out; then pass; else fail "damaged areas: $(cat out)"; fi
./handles handles.area used && $gridlock report --format=json handles.area >handles.jsonl 2>/dev/null
if ./mutate $gridlock handles.area 40 >out; then pass; else fail "damaged areas: $(cat out)"; fi
if ./mutate $gridlock handles.jsonl 400 >out; then pass; else fail "damaged lines: $(cat out)"; fi
if ./mutate $gridlock both.area 40 >out; then pass; else fail "damaged areas: $(cat out)"; fi
if ./mutate $gridlock both.jsonl 1600 >out; then pass; else fail "damaged lines: $(cat out)"; fi
