# SPDX-License-Identifier: MIT
#
# builds.sh - and what is told of a C++ program, of a static one, of a stripped one?
#
# Names and lines get fewer; who waits for whom does not.

# told PROGRAM WAY STATUS PATTERN...
told() {
    what="${1##*/} $2" wanted=$3
    hang "$1" "$2"
    sleep 0.3
    look
    release
    status_is "$what" "$wanted"
    shift 3
    for pattern; do matches out "$what" "$pattern"; done
}

# line MARK: hang.cc:N
line() { echo "hang\\.cc:$(grep -n "AT $1 \*/" "$here/hang.cc" | cut -d: -f1)"; }

if g++ -std=c++17 -Wall -Wextra -O1 -fno-optimize-sibling-calls -g -o cxx "$here/hang.cc" -pthread; then
    told ./cxx abba 66 'deadlock: debit and credit wait for each other' \
        "debit from.lock lock to.lock $(line transfer) credit"
    told ./cxx condition 66 'deadlock: take waits for a signal of more, and nobody is left' \
        "cond more $(line take)"
    told ./cxx condition-timed 0 'cond more .*\(ends by itself\)'
    told ./cxx shared 66 'deadlock: change waits for table, and nobody is left to give it back' \
        "write-lock table $(line change) 1 reader; glibc does not record who"
    told ./cxx once 66 'deadlock: main and once_more wait for each other' "once flag $(line once) main"
    told ./cxx future 66 'deadlock: main waits for a wake on .*, and nobody is left' "$(line future)"
else
    fail "hang.cc does not build"
fi

if gcc -static -O2 -g -D_GNU_SOURCE -fno-optimize-sibling-calls -o static "$here/hang.c" -pthread; then
    told ./static abba 66 'deadlock: left and right wait for each other' 'left east lock west .* right'
    told ./static abba-timed 0 'snapshot: 3 threads: 1 waits for a lock, 1 waits with a time limit'
    told ./static relock 66 'outer_consumer west lock east .* main'
    told ./static stream 66 'logger east lock stdout .* main'
    told ./static once-self 66 'once-reentry: once_self_thread waits for the end of first_once'
else
    skip "a static program: no libc.a"
fi

cp "$bin/hang" stripped && strip stripped
told ./stripped abba 66 'deadlock: thread-2 and thread-3 wait for each other' \
    'thread-2 mutex #2 lock mutex #1 stripped\+0x[0-9a-f]+ thread-3'
told ./stripped join-under-lock 66 'deadlock: main and thread-2 wait for each other' \
    'main mutex #1 join thread-2 stripped\+0x'
told ./stripped lost-signal 66 'thread-2 waits for a signal of cond #1, and nobody is left'
told ./stripped signal-later 0 'cond #1 stripped\+0x'
