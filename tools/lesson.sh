# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# lesson.sh - what the lesson runner, `make race` and `make run-NAME` share: sourced, not run
#
# A lesson is a pair of files, broken/FAMILY/NAME.c and fixed/FAMILY/NAME.c, below LESSON_ROOT.
# What it shows is said by its own header:
#
#   Expect:  gridlock=WHAT tsan=WHAT [explore=WHAT] [output="LINE; LINE"]
#
# docs/lessons.md explains the grammar; expect_matches and expect_faults below are the whole of it.

LESSON_ROOT=${LESSON_ROOT:-} # empty, or a directory with its slash
LESSON_BUILDS=${LESSON_BUILDS:-build/lessons}
GRIDLOCK=${GRIDLOCK:-build/gridlock}
GRIDLOCK_LIBRARIES=${GRIDLOCK_LIBRARIES:-$(cd "$(dirname "$GRIDLOCK")" 2>/dev/null && pwd)}
CLANG=${CLANG:-clang}
LESSON_WARNINGS="-Wall -Wextra -Werror"

# ---------------------------------------------------------------- finding lessons

# Every lesson as FAMILY/NAME, also one that has only one of its two files.
lesson_all() {
    (cd "${LESSON_ROOT:-.}" && find broken fixed -mindepth 2 -name '*.c' 2>/dev/null) |
        sed 's,^[a-z]*/,,; s,\.c$,,' | sort -u
}

# lesson_find NAME: FAMILY/NAME, given the name alone or with its family
lesson_find() {
    lesson_all | awk -v name="${1%.c}" '$0 == name || substr($0, index($0, "/") + 1) == name'
}

# lesson_title FILE: the sentence behind the name in the header
lesson_title() {
    sed -n '1,3s/^ \* [a-z0-9-]* - //p' "$1"
}

# lesson_expect FILE KEY: the value of a key of the Expect line, nothing if it is not there
lesson_expect() {
    line=$(sed -n 's/^ \* Expect:[[:space:]]*//p' "$1" | head -n 1)
    case $2 in
    output) printf '%s\n' "$line" | sed -n 's/.* output="\([^"]*\)".*/\1/p' ;;
    *) printf ' %s\n' "${line%% output=*}" | sed -n "s/.* $2=\([^ ]*\).*/\1/p" ;;
    esac
}

# expect_faults SIDE FILE: what is wrong with the Expect line itself, one sentence a line
expect_faults() {
    gridlock=$(lesson_expect "$2" gridlock)
    tsan=$(lesson_expect "$2" tsan)
    output=$(lesson_expect "$2" output)
    explore=$(lesson_expect "$2" explore)
    if [ -z "$gridlock" ] || [ -z "$tsan" ]; then
        echo "no line 'Expect:  gridlock=... tsan=...' in the header"
        return
    fi
    sed -n 's/^ \* Expect:[[:space:]]*//p' "$2" | head -n 1 | sed 's/ *output=".*"$//' | tr ' ' '\n' |
        sed -n '/^gridlock=./d; /^tsan=./d; /^explore=./d; /./s/.*/the Expect line has "&", which nobody understands/p'
    if [ "$1" = fixed ]; then
        [ "$gridlock/$tsan" = silent/silent ] ||
            echo "a fixed program is silent under both tools; it expects $gridlock, $tsan"
        [ -n "$output" ] || echo 'no output="..." in the Expect line'
        [ -z "$explore" ] || echo "nothing is left to explore in a fixed program: explore=$explore"
    elif [ "$gridlock/$tsan/$output$explore" = silent/silent/ ]; then
        echo 'a broken program that both tools are silent about has output="..." or explore='
    fi
}

# ---------------------------------------------------------------- saying what happened

# expect_matches EXPECTED SEEN: is the set of names that were seen one of those expected?
# EXPECTED: alternatives split by "|"; each a set of names joined by "+", or "silent".
# SEEN: the names in any order, one a line; empty means silent.
expect_matches() {
    seen=$(printf '%s\n' "$2" | sort -u | paste -sd+ -)
    [ -n "$1" ] || return 1
    printf '%s\n' "$1" | tr '|' '\n' | while read -r alternative; do
        wanted=$(printf '%s\n' "$alternative" | tr '+' '\n' | sort -u | paste -sd+ -)
        [ "$wanted" = "${seen:-silent}" ] && echo yes
    done | grep -q yes
}

# gridlock_names FILE: the names of the findings in a file of JSON Lines, one a line. A line that
# is no finding is a name that nobody expects.
gridlock_names() {
    sed 's/^{"schema": *"gridlock-finding\/[0-9]*", *"name": *"\([a-z0-9-]*\)".*/\1/; t
         s/.*/unreadable-finding/' "$1" | sort -u
}

# tsan_names FILE STATUS: what ThreadSanitizer reported, in kebab case, and "hang" if the watchdog
# had to end the program, "exit-N" if it ended badly for another reason than a report
tsan_names() {
    {
        sed -n 's/.*WARNING: ThreadSanitizer: \([a-z -]*[a-z]\).*/\1/p' "$1" | tr ' ' '-'
        sed -n 's/.*\(FATAL\|ERROR\): ThreadSanitizer: .*/tsan-failed/p' "$1"
        case $2 in
        0|66) ;;
        124|137) echo hang ;;
        *) echo "exit-$2" ;;
        esac
    } | sort -u
}

# output_has FILE "LINE; LINE": these lines are in the output, in this order
output_has() {
    printf '%s\n' "$2" | sed 's/; */\n/g' | awk -v output="$1" '
        { wanted[NR] = $0 }
        END {
            next_one = 1
            while ((getline line < output) > 0)
                if (next_one <= NR && line == wanted[next_one])
                    next_one++
            exit next_one <= NR
        }'
}

# ---------------------------------------------------------------- building and running

# lesson_build FILE PROGRAM COMPILER FLAGS...: a program that includes gridlock.h is linked with the
# library; for ThreadSanitizer with the runtime that was compiled for it
lesson_build() {
    built_from=$1 built=$2
    shift 2
    mkdir -p "$(dirname "$built")"
    libraries=
    if grep -q '^#include <gridlock.h>' "$built_from"; then
        libraries="-L$GRIDLOCK_LIBRARIES -Wl,-rpath,$GRIDLOCK_LIBRARIES -lgridlock"
        case " $* " in *" -fsanitize=thread "*) libraries=$GRIDLOCK_LIBRARIES/libgridlock_tsan.a ;; esac
        set -- "$@" -std=gnu11 -Iinclude
    fi
    # shellcheck disable=SC2086
    "$@" -g -pthread $LESSON_WARNINGS -o "$built" "$built_from" $libraries
}

# lesson_program SIDE/FAMILY/NAME BUILD: the path of the program, which is built if it is not up to
# date. BUILD: gcc-O0, gcc-O2, clang-O0, clang-O2 or tsan. What the compiler says goes to stderr.
lesson_program() {
    source_file=$LESSON_ROOT$1.c built_program=$LESSON_BUILDS/$1.$2
    case $2 in
    tsan) with="$CLANG -O0 -fsanitize=thread" ;;
    clang*) with="$CLANG -${2#*-}" ;;
    *) with="${2%-*} -${2#*-}" ;;
    esac
    made="$with $GRIDLOCK_LIBRARIES"
    echo "$built_program"
    [ "$built_program" -nt "$source_file" ] && [ "$(cat "$built_program.with" 2>/dev/null)" = "$made" ] &&
        ! lesson_outdated "$built_program" "$2" && return
    rm -f "$built_program"
    # shellcheck disable=SC2086
    lesson_build "$source_file" "$built_program.$$" $with || return 1
    echo "$made" >"$built_program.with"
    mv "$built_program.$$" "$built_program"
}

# A header is newer, or the archive that is linked in.
lesson_outdated() {
    for part in include/gridlock.h include/gridlock/*.h; do
        [ "$part" -nt "$1" ] && return 0
    done
    [ "$2" = tsan ] && [ "$GRIDLOCK_LIBRARIES/libgridlock_tsan.a" -nt "$1" ] &&
        grep -q '^#include <gridlock.h>' "$source_file"
}

# run_gridlock PROGRAM PREFIX SECONDS: leaves PREFIX.json, PREFIX.out, PREFIX.err; its exit status
run_gridlock() {
    rm -f "$2.json"
    timeout -k 1 "$3" "$GRIDLOCK" run --format=json --output="$2.json" "$1" >"$2.out" 2>"$2.err" </dev/null
}

# run_tsan PROGRAM PREFIX SECONDS: leaves PREFIX.tsan, PREFIX.out; the exit status.
# Where addresses are more random than this ThreadSanitizer can map, it is run without that, and
# build/race/fixed-addresses says so.
run_tsan() {
    launcher=
    [ -e build/race/fixed-addresses ] && launcher="setarch -R"
    run_tsan_once "$@"
    status=$?
    if grep -q 'ThreadSanitizer: unexpected memory mapping' "$2.tsan" && [ -z "$launcher" ]; then
        mkdir -p build/race
        : >build/race/fixed-addresses
        launcher="setarch -R"
        run_tsan_once "$@"
        status=$?
    fi
    return $status
}

# The report goes to stderr and not to TSAN_OPTIONS=log_path: a failure at start is said there.
# It sleeps at the end, for racing threads to be seen; a second each time is too long for so many runs.
run_tsan_once() {
    # shellcheck disable=SC2086
    TSAN_OPTIONS="second_deadlock_stack=1 atexit_sleep_ms=50 ${TSAN_OPTIONS:-}" \
        timeout -k 1 "$3" $launcher "$1" >"$2.out" 2>"$2.tsan" </dev/null
}
