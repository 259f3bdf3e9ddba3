# SPDX-License-Identifier: MIT
#
# busy.sh - long work is told on a terminal, and nowhere else

./bank cycle.area cycle
gcc -D_GNU_SOURCE -shared -fPIC -o slow.so "$here/samples/slow_reading.c"
printf '#!/bin/sh\nsleep 1.6\nexit 1\n' >slow-compiler && chmod +x slow-compiler
cp "$root/broken/deadlocks/abba-lock-order.c" .
slow="env LD_PRELOAD=$work/slow.so"
report="$slow $gridlock report --color=never cycle.area"
check="env CC=$work/slow-compiler $real check abba-lock-order.c"
told="gridlock: reading the debug information of bank ..."
erased="<erase>$told<erase>"

# All of them at once, since each takes its time. piped NAME COMMAND: its streams in NAME.out, NAME.err
piped() { { sh -c "$2" >"$1.out" 2>"$1.err" </dev/null; echo $? >"$1.status"; } & }

# seen NAME COMMAND: what a terminal got, in NAME.out, with a word for what erases a line
seen() {
    {
        TERM=${terminal:-xterm} script -qec "$2" /dev/null </dev/null >"$1.raw" 2>&1
        echo $? >"$1.status"
        sed 's/\r\x1b\[K/<erase>/g' "$1.raw" >"$1.out"
    } &
}

piped report "$report"
piped check "$check"
if command -v script >/dev/null; then
    seen terminal-report "$report"
    seen terminal-check "$check"
    seen after-program "FAKE_FINDINGS=cycle.area $slow $gridlock run --color=never true"
    seen during-program "FAKE_FINDINGS=cycle.area $slow $gridlock run --color=never sleep 4"
    seen helper "$slow $gridlock report --helper --color=never cycle.area"
    seen quick "$gridlock report --color=never cycle.area"
    terminal=dumb seen dumb "$report"
    seen background "set -m; $report & wait"
fi
wait

# In a pipe not a word, and not a byte of a terminal's language.
equal "report in a pipe: status" 66 "$(cat report.status)"
equal "report in a pipe" "gridlock: 1 finding (1 warning)" "$(cat report.err)"
equal "check in a pipe" "1 " "$(cat check.status) $(cat check.err)"
has_not check.out "check in a pipe" "compiling"

if command -v script >/dev/null; then
    equal "report on a terminal: status" 66 "$(cat terminal-report.status)"
    has terminal-report.out "report on a terminal" "$erased"
    has terminal-report.out "it is erased before the report" "<erase>warning: lock-order-cycle:"
    equal "check on a terminal: status" 1 "$(cat terminal-check.status)"
    has terminal-check.out "check on a terminal" "<erase>gridlock: compiling yours (gcc-O0) ...<erase>"

    # While the program runs the terminal is its own; afterwards not. The helper's program always runs.
    has after-program.out "run, at the end" "$erased"
    # What is quick, a terminal that cannot erase, a background job: nothing.
    for name in during-program helper quick dumb background; do
        has $name.out "$name" "[lock-order-cycle]"
        has_not $name.out "$name" "<erase>"
    done
else
    echo "SKIP: no script(1), so no terminal"
fi
