# SPDX-License-Identifier: MIT
#
# lib.sh - what the cases of tests/attach are made of
#
# A case starts a program with `hang`, which leaves its number in $pid, looks at it with `look`, and
# ends it with `release`. $bin has the programs, $work is the current folder.

passed=0 failed=0 skipped=0

pass() { passed=$((passed + 1)); }

fail() {
    failed=$((failed + 1))
    echo "FAIL $case_file: $*"
}

# skip WHY: what cannot be tried here
skip() {
    skipped=$((skipped + 1))
    echo "SKIP $case_file: $*"
}

# hang PROGRAM ARGUMENTS...: starts it, waits until it prints `ready`. Its output is in $pid.out.
hang() {
    : >hang.out # now: the child would do it later, and the last one's `ready` be read
    "$@" >hang.out 2>hang.err </dev/null &
    pid=$!
    wait_for_line hang.out ready || fail "$1 is not ready: $(head -n 2 hang.err)"
}

# wait_for_line FILE WORD: up to 20 s
wait_for_line() {
    tries=0
    until grep -q "^$2" "$1" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 1000 ] || return 1
        sleep 0.02
    done
}

# release: ends what `hang` has started
release() {
    kill -KILL "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
}

# look [OPTIONS]: gridlock attach; out, err and $status
look() {
    timeout 60 "$gridlock" attach "$@" "$pid" >out 2>err </dev/null
    status=$?
}

# look_at_core FILE [PROGRAM]
look_at_core() {
    timeout 60 "$gridlock" core "$@" >out 2>err </dev/null
    status=$?
}

# status_is WHAT STATUS
status_is() {
    if [ "$status" -eq "$2" ]; then pass; else
        fail "$1: status $status, not $2"
        head -n 5 err out
    fi
}

# has FILE WHAT TEXT: the text is a part of the file, any number of blanks as good as one
has() {
    if tr -s ' ' <"$1" | grep -qF -e "$3"; then pass; else
        fail "$2: no \`$3\` in $1:"
        head -n 40 "$1"
    fi
}

has_not() {
    if tr -s ' ' <"$1" | grep -qF -e "$3"; then
        fail "$2: \`$3\` in $1:"
        grep -nF -e "$3" "$1" | head -n 5
    else pass; fi
}

# matches FILE WHAT PATTERN
matches() {
    if tr -s ' ' <"$1" | grep -qE -e "$3"; then pass; else
        fail "$2: nothing like \`$3\` in $1:"
        head -n 40 "$1"
    fi
}

# equal WHAT WANTED GOT
equal() {
    if [ "$2" = "$3" ]; then pass; else
        fail "$1:"
        printf '    wanted: %s\n    got:    %s\n' "$2" "$3"
    fi
}

# refused WHAT STATUS TEXT: one line on stderr with the text, nothing else
refused() {
    status_is "$1" "$2"
    has err "$1" "$3"
    equal "$1: lines" "1 0" "$(wc -l <err | tr -d ' ') $(wc -l <out | tr -d ' ')"
}

# tracers PID: those of all its threads, each once
tracers() { sed -n 's/^TracerPid:[[:space:]]*//p' /proc/"$1"/task/*/status | sort -u | tr '\n' ' '; }

# child PID: its first child
child() {
    grep -l "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status 2>/dev/null | sed -n 's|/proc/\([0-9]*\)/.*|\1|p;q'
}

# states PID: how many threads are in which state
states() {
    for file in /proc/"$1"/task/*/stat; do
        sed 's/.*) \(.\) .*/\1/' "$file"
    done | sort | uniq -c | tr -s ' \n' ' '
}

# wait_for_states WANTED: up to 10 s, until the threads of $pid are in these states, as `states` tells
wait_for_states() {
    tries=0
    until [ "$(states "$pid" | sed 's/^ *//; s/ *$//')" = "$1" ]; do
        tries=$((tries + 1))
        [ $tries -lt 500 ] || return 1
        sleep 0.02
    done
}
