# SPDX-License-Identifier: MIT
#
# stacks.sh - are the stacks gdb's, although nobody was stopped for them?
#
# gdb stops everybody and has all registers. Of each thread the addresses of its frames must agree.

# same_as_gdb WHAT
same_as_gdb() {
    timeout 60 "$bin/show" "$pid" >show.out
    timeout 60 gdb -p "$pid" -batch -iex "set debuginfod enabled off" -x "$here/frames.py" \
        >gdb.out 2>gdb.err </dev/null
    awk '/^thread/ { thread = $2 } /^ *#/ { print thread, $2 }' show.out | sort -s -k1,1n >ours.list
    sed -n 's/^FRAME //p' gdb.out | sort -s -k1,1n >gdbs.list
    if [ -s ours.list ] && cmp -s ours.list gdbs.list; then pass; else
        fail "$1: gdb has other frames"
        diff ours.list gdbs.list | head -n 10
    fi
}

make -s -C "$root" build/libattach.a >make.out 2>&1 || fail "cannot make the archive: $(cat make.out)"
gcc -I"$root" -D_GNU_SOURCE -g -o "$bin/show" "$here/show.c" "$root/build/libattach.a" \
    -ldw -lelf -ljansson -pthread || fail "cannot build show"

if command -v gdb >/dev/null; then
    for how in -O0 -O1 -O2 "-O2 -fno-omit-frame-pointer" "-O2 -static" "-O0 -static" "-O2 -s"; do
        gcc -g -D_GNU_SOURCE $how -o asleep "$here/asleep.c" -pthread || fail "cannot build asleep $how"
        hang ./asleep
        same_as_gdb "asleep $how"
        equal "asleep $how: stopped" "stopped 0" "$(grep -o 'stopped [0-9]*' show.out)"
        release
    done
    hang "$bin/two"
    same_as_gdb "two"
    release
else
    skip "there is no gdb"
fi
