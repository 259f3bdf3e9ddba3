# SPDX-License-Identifier: MIT
#
# sanitized.sh - the same inputs, with the compiler's own checks in the command

sanitized=$root/build/asan-cli/gridlock
if (cd "$root" && make BUILD=build/asan-cli SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=all" \
    CFLAGS="-O1 -g" build/asan-cli/gridlock) >make.log 2>&1; then pass; else
    fail "no build: $(tail -n 5 make.log)"
fi

export ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99
./bank asan.area cycle torn deadlock misuse note heap
./names asan_names.area
$gridlock report --format=json asan_names.area >asan.jsonl 2>/dev/null
./handles asan_made.area made
./handles asan_used.area used
$gridlock report --format=json asan_used.area >asan_used.jsonl 2>/dev/null
echo 'deadlock:function:transfer  # known' >asan.list

# STATUS COMMAND (of the sanitized command)
while read -r wanted arguments; do
    # shellcheck disable=SC2086
    status_is "$arguments" "$wanted" "$sanitized" $arguments
done <<'TABLE'
2  report --all asan.area
2  report --verbose --color=always asan.area
2  report --format=json --suppressions=asan.list asan.area
66 report asan_names.area
66 report asan.jsonl
66 report asan_made.area
66 report asan_used.area
66 report asan_used.jsonl
66 report --format=sarif asan_used.area
2  report --format=sarif --all asan.area
2  report --format=dot --all asan.area
2  report --format=github --all asan.area
2  report --format=html --all asan.area
0  explain --list
0  explain deadlock
2  explain deedlok
2  run --exitcode=999 true
127 run no-such-program
TABLE

for area in asan.area asan_names.area asan.jsonl asan_made.area asan_used.area asan_used.jsonl; do
    if ./mutate "$sanitized" $area 60 >out; then pass; else fail "damaged: $(cat out)"; fi
done
