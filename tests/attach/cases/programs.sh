# SPDX-License-Identifier: MIT
#
# programs.sh - programs of all kinds, and processes in all kinds of places

stuck="deadlock: forwards and backwards wait for each other"

# found WHAT: what `look` must say of two.c
found() {
    status_is "$1" 66
    has out "$1" "$stuck"
    equal "$1: nobody traces it" "0 " "$(tracers "$pid")"
}

build() { gcc -g "$@" "$here/two.c" -pthread || fail "cannot build $*"; }

hang "$bin/two"
look
found "as it is"
has out "as it is" "* forwards first lock second two.c:16 backwards"
# By the number of a thread, too.
thread=$(ls "/proc/$pid/task" | tail -n 1)
timeout 60 "$gridlock" attach --format=brief "$thread" >out 2>err
equal "by a thread's number" 66 $?
release

build -O2 -static -o static
hang ./static
look
found "a static program"
has out "a static program" "* forwards first lock second two.c:16 backwards"
release

build -O2 -s -o stripped
hang ./stripped
look
status_is "a stripped program" 66
has out "a stripped program" "wait for each other"
release

# An upgrade replaces the file while the program runs.
cp "$bin/two" replaced
hang ./replaced
rm replaced
cp /bin/true replaced
look
found "a program whose file was replaced"
has out "a program whose file was replaced" "* forwards first lock second two.c:16 backwards"
release

# In a PID namespace of its own glibc keeps other thread numbers than we see.
if unshare --pid --fork --mount-proc true 2>/dev/null; then
    : >hang.out
    unshare --pid --fork --mount-proc --kill-child "$bin/two" >hang.out 2>hang.err &
    outer=$!
    wait_for_line hang.out ready || fail "two is not ready in its namespace"
    pid=$(child "$outer")
    look
    found "in another PID namespace"
    kill -KILL "${pid:-$outer}"
    wait "$outer" 2>/dev/null
else
    skip "PID namespaces: unshare is not allowed here"
fi

# In a container its paths are its own.
if [ "$(id -u)" -eq 0 ] && unshare --mount true 2>/dev/null; then
    mkdir -p inside
    cp static inside/program
    : >hang.out
    unshare --mount sh -c 'mount --bind inside /mnt && exec /mnt/program' >hang.out 2>hang.err &
    pid=$!
    wait_for_line hang.out ready || fail "two is not ready in its mount namespace"
    look
    found "where only it sees its files"
    has out "where only it sees its files" "two.c:16"
    release
else
    skip "mount namespaces: unshare is not allowed here"
fi

if command -v musl-gcc >/dev/null; then
    for how in "" -static; do
        musl-gcc -g -O1 $how -o musl "$here/two.c" || fail "cannot build for musl"
        hang ./musl
        look
        status_is "musl $how" 125
        has out "musl $how" "4 threads"
        has out "musl $how" "the program uses musl"
        has err "musl $how" "whether it hangs for ever is not known"
        release
    done
else
    skip "musl: there is no musl-gcc (apt-get install musl-tools)"
fi

# Two hundred threads, one behind the other; the last one holds on.
hang "$bin/many" 200
look
status_is "two hundred threads" 0
has out "two hundred threads" "201 threads"
for again in 1 2 3; do look --format=brief; done
status_is "two hundred threads, again" 0
kill -USR1 "$pid"
wait "$pid"
equal "two hundred threads end well" 0 $?
