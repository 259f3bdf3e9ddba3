# SPDX-License-Identifier: MIT
#
# waits.sh - is every way to hang told, and none where somebody can go on?
#
# Every program of hang.c is started, built by both compilers with and without optimisation; all of
# them hang side by side, and are looked at four at a time. Then the same again of their cores.

# NAME | STATUS | what the report must match, each after a `|`. `@left`: the line of hang.c marked AT left
ways="
abba            | 66 | deadlock: left and right wait for each other | left east lock west @left right | main - join left @join
abba-recursive  | 66 | deadlock: left and right wait for each other | right west lock east @right left
abba-errorcheck | 66 | deadlock: left and right wait for each other | left east lock west @left right
abba-adaptive   | 66 | deadlock: left and right wait for each other | left east lock west @left right
abba-robust     | 66 | deadlock: left and right wait for each other | left east lock west @left right
abba-timed      | 0  | snapshot: 3 threads: 1 waits for a lock, 1 waits with a time limit | right west lock east @right left_in_time
abba-inherit    | 66 | deadlock: [a-z]+ waits for ever for [a-z]+, which the kernel refused it | lock [a-z]+ hang.c:[0-9]+ the kernel refused it | main - join left
inherit         | 66 | deadlock: main and waiter wait for each other | waiter - lock east @waiter main
self            | 66 | self-deadlock: main waits for east, which it holds itself | main east lock east @self main | sleeper - sleep
c11             | 66 | deadlock: main and c11_left wait for each other | c11_left - lock nut @c11 main
join-under-lock | 66 | deadlock: main and waiter wait for each other | main east join waiter @join-under-lock | held by | lesson: locks/blocking-while
abandoned       | 66 | deadlock: main waits for east, whose owner, thread [0-9]+, has ended | lock east @abandoned thread [0-9]+, which has ended
main-ended      | 66 | deadlock: left and right wait for each other | main - \(has ended\)
forked          | 66 | fork-holding-lock: main waits for north, which thread [0-9]+ of the parent process held
rwlocks         | 66 | deadlock: reader and writer wait for each other | reader table read-lock chair @reader writer | writer chair write-lock table @writer reader
readers         | 0  | late_writer write-lock table .* 1 reader; glibc does not record who
lost-signal     | 66 | deadlock: consumer waits for a signal of more, and nobody is left | \* consumer cond more @consumer | main join consumer
signal-later    | 0  | consumer cond more @consumer | sleeper sleep
cond-timed      | 0  | consumer_in_time cond more .*\(ends by itself\)
relock          | 66 | deadlock: main and outer_consumer wait for each other | outer_consumer west lock east @relock main
semaphore       | 66 | deadlock: main waits for a post of slots, and nobody is left | main sem slots @semaphore
semaphore-later | 0  | main sem slots @semaphore
semaphore-timed | 0  | sem slots .*\(ends by itself\)
semaphore-shared  | 0  | sem slots
semaphore-handler | 0  | sem slots | only a handler of a signal \(SIGUSR1\) could wake one
barrier         | 66 | deadlock: rower-1, rower-2 and rower-3 wait at start_line: 3 of 4 have come | rower-1 barrier start_line @barrier \(3 of 4 have come\)
barrier-late    | 0  | rower-1 and 2 like it barrier start_line @barrier \(3 of 4 have come\)
futex           | 66 | deadlock: main waits for a wake on word, and nobody is left | main futex word @futex
once-self       | 66 | once-reentry: once_self_thread waits for the end of first_once, which it runs itself
once-abba       | 66 | deadlock: once_left and once_right wait for each other | once_right second_once once first_once .*once_left
stream          | 66 | deadlock: main and logger wait for each other | logger east lock stdout @stream main
calls           | 0  | main east read from fd 3 \(a pipe\) @read | waiter - lock east @waiter main
pool            | 66 | deadlock: 150 threads wait for a signal of more | consumer-1 and 149 others wait here | \* consumer-1 and 149 like it cond more | main join consumer-150 @pool
many            | 0  | 151 threads: 150 wait to be woken | consumer-1 and 149 like it cond more @consumer
"
# They take a processor each: after the others.
busy_ways="
spin            | 0  | spinner .*lock wheel .*not recorded; it spins | 1 runs
work            | 0  | 4 threads: | main .*join busy-1
"

# What a core tells less: no signal handlers, no parent, no fd, no names of its own.
less_of_core() {
    case $1 in
        lost-signal | semaphore | barrier | futex | pool) echo "0 | a core does not tell" ;;
        forked) echo "66 | deadlock: main waits for north, whose owner, thread [0-9]+, has ended" ;;
        semaphore-handler | calls) echo "0 | note: snapshot" ;;
    esac
}

# names_of WAYS
names_of() { printf '%s\n' "$1" | sed -n 's/^\([a-z0-9-]*\) *|.*/\1/p'; }

# start_all BUILD NAMES: each in a folder of its own, with its number in the file pid
start_all() {
    program=$1
    shift
    for way; do
        mkdir -p "$way"
        "$program" "$way" >"$way/hang.out" 2>&1 </dev/null &
        echo $! >"$way/pid"
        echo $! >>all.pids
    done
    for way; do
        wait_for_line "$way/hang.out" ready || fail "$build $way is not ready"
        sed -n 's/^child //p' "$way/hang.out" >"$way/child"
        [ ! -s "$way/child" ] || { cp "$way/child" "$way/pid" && cat "$way/child" >>all.pids; }
    done
}

end_all() {
    # shellcheck disable=SC2046
    kill -KILL $(cat all.pids) 2>/dev/null
    wait
    rm -f all.pids
}

# four at a time: COMMAND NAMES, COMMAND gets one name
four_at_a_time() {
    command=$1 under_way=
    shift
    for way; do
        "$command" "$way" &
        under_way="$under_way $!"
        if [ "$(echo $under_way | wc -w)" -eq 4 ]; then
            wait $under_way
            under_way=
        fi
    done
    [ -z "$under_way" ] || wait $under_way
}

attach_one() {
    timeout 60 "$gridlock" attach "$(cat "$1/pid")" >"$1/out" 2>"$1/err" </dev/null
    echo $? >"$1/status"
}

# Without libc's debug symbols, as on most machines: there its inner functions have no names.
attach_bare() {
    timeout 60 unshare -m sh -c 'mount -t tmpfs none /usr/lib/debug && exec "$@"' sh \
        "$gridlock" attach "$(cat "$1/pid")" >"$1/out" 2>"$1/err" </dev/null
    echo $? >"$1/status"
}

core_one() {
    gcore -o "$1/core" "$(cat "$1/pid")" >"$1/gcore.log" 2>&1
    timeout 60 "$gridlock" core "$1"/core.* >"$1/out" 2>"$1/err" </dev/null
    echo $? >"$1/status"
    rm -f "$1"/core.*
}

# with_lines PATTERN: @left becomes hang\.c:92
with_lines() {
    text=$1
    while mark=$(expr "$text" : '.*@\([a-z0-9-]*\)') && [ -n "$mark" ]; do
        line=$(grep -n "AT $mark \*/" "$here/hang.c" | cut -d: -f1)
        text=$(printf '%s' "$text" | sed "s/@$mark\([^a-z0-9-]\|\$\)/hang\\\\.c:$line\1/")
    done
    printf '%s' "$text"
}

# judge WHAT ROW: NAME | STATUS | PATTERNS
judge() {
    name=$(echo "${2%%|*}" | tr -d ' ') rest=${2#*|}
    if [ "$1" = core ] && [ -n "$(less_of_core "$name")" ]; then
        rest=" $(less_of_core "$name")"
    fi
    wanted=$(echo "${rest%%|*}" | tr -d ' ') row_of="$1 $build $name"
    status=$(cat "$name/status") out=$name/out
    [ "$status" -eq "$wanted" ] && pass || {
        fail "$row_of: status $status, not $wanted"
        cat "$name/out" "$name/err"
    }
    while [ "$rest" != "${rest#*|}" ]; do
        rest=${rest#*|}
        matches "$out" "$row_of" "$(with_lines "$(echo "${rest%%|*}" | sed 's/^ *//; s/ *$//')")"
    done
}

# all_of WHAT COMMAND WAYS
all_of() {
    # shellcheck disable=SC2046
    set -- "$1" "$2" "$3" $(names_of "$3")
    what=$1 command_of_one=$2 rows=$3
    shift 3
    start_all "$work/hang.$build" "$@"
    four_at_a_time "$command_of_one" "$@"
    end_all
    printf '%s\n' "$rows" | grep . >rows
    while read -r row <&3; do judge "$what" "$row"; done 3<rows
}

# A function that ends by calling another is no frame: the lines would be those of its callers.
for build in gcc-O0 gcc-O2 clang-O0 clang-O2; do
    "${build%-*}" -Wall -D_GNU_SOURCE "-${build#*-}" -fno-optimize-sibling-calls -g \
        -o "$work/hang.$build" "$here/hang.c" -pthread || fail "$build does not build"
done
build=gcc-O0
all_of attach attach_one "$ways"
build=clang-O2
all_of attach attach_one "$(printf '%s\n' "$ways" | grep -vE '^(abba-[rea]|semaphore-|many|pool|.*-timed)')"
build=gcc-O2
all_of attach attach_one "$busy_ways"
command -v gcore >/dev/null || CC=${CC:-gcc} "$root/tools/setup" gdb
if command -v gcore >/dev/null; then
    all_of core core_one "$(printf '%s\n' "$ways" | grep -vE '^(many|main-ended|abba-[rea]|.*timed|.*later)')"
else
    skip "cores: no gcore"
fi
build=clang-O0
all_of attach attach_one "$(printf '%s\n' "$ways" | grep -E '^(abba |relock|rwlocks|once-self|stream|lost-signal|barrier )')"
if [ ! -d /usr/lib/debug ]; then
    : # all of the above was without them
elif unshare -m true 2>/dev/null; then
    build=gcc-O2
    all_of "attach without debug symbols" attach_bare "$(printf '%s\n' "$ways" |
        grep -E '^(abba |abba-robust|inherit|join-under-lock|semaphore |semaphore-shared|barrier|once-|lost-signal|relock)')"
else
    skip "without libc's debug symbols: they are here, and may not be hidden"
fi
