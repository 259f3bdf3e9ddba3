# SPDX-License-Identifier: MIT
#
# lib.sh - what the cases of tests/cli are made of
#
# $gridlock is the command under test, beside a library that is a stand-in; every check counts once.

passed=0 failed=0
gridlock=bin/gridlock

# compile OUT COMPILER SOURCE FLAGS...: a sample with the recorder in it
compile() {
    out=$1 compiler=$2 source=$3
    shift 3
    case $source in *.cc) set -- -std=c++17 "$@" ;; handles.c) set -- "$@" "$out.runtime.o" ;; esac
    for part in record runtime; do
        gcc -I"$root" -I"$root/include" -D_GNU_SOURCE -O1 -g -o "$out.$part.o" \
            -c "$here/samples/record$([ $part = record ] || echo _$part).c" || return 1
    done
    "$compiler" -I"$root" -I"$root/include" -D_GNU_SOURCE -g "$@" -o "$out" \
        "$here/samples/$source" "$out.record.o" -pthread
}

build_samples() {
    cp "$real" "$work/bin/gridlock" &&
        gcc -I"$root" -D_GNU_SOURCE -O1 -g -shared -fPIC -o "$work/bin/libgridlock.so" \
            "$here/samples/fake_library.c" &&
        gcc -O1 -g -o "$work/mutate" "$here/samples/mutate.c" &&
        compile "$work/bank" gcc bank.c -O0 &&
        compile "$work/names" g++ names.cc -O0 &&
        compile "$work/handles" gcc handles.c -O0
}

fail() {
    failed=$((failed + 1))
    echo "FAIL $case_file: $*"
}

pass() { passed=$((passed + 1)); }

# try COMMAND...: its output in out and err, its status in $status
try() {
    "$@" >out 2>err </dev/null
    status=$?
}

# status_is WHAT STATUS COMMAND...
status_is() {
    what=$1 wanted=$2
    shift 2
    try "$@"
    if [ "$status" -eq "$wanted" ]; then pass; else
        fail "$what: status $status, not $wanted"
        head -n 5 err
    fi
}

# one_line WHAT: what went wrong is told in one line, and nothing else
one_line() {
    if [ "$(wc -l <err)" -eq 1 ] && [ ! -s out ]; then pass; else
        fail "$1: not one line on stderr"
        head -n 5 out err
    fi
}

# silent WHAT: nothing on either stream
silent() {
    if [ ! -s out ] && [ ! -s err ]; then pass; else
        fail "$1: not silent"
        head -n 5 out err
    fi
}

# has FILE WHAT TEXT: the text is a part of the file
has() {
    if grep -qF -e "$3" "$1"; then pass; else
        fail "$2: no \`$3\` in $1:"
        head -n 40 "$1"
    fi
}

has_not() {
    if grep -qF -e "$3" "$1"; then
        fail "$2: \`$3\` in $1:"
        grep -nF -e "$3" "$1" | head -n 5
    else pass; fi
}

# has_words FILE WHAT TEXT: as has, but any number of blanks is as good as one
has_words() {
    tr -s ' ' <"$1" >squeezed
    has squeezed "$2" "$(printf '%s' "$3" | tr -s ' ')"
}

# equal WHAT WANTED GOT
equal() {
    if [ "$2" = "$3" ]; then pass; else
        fail "$1:"
        printf '    wanted: %s\n    got:    %s\n' "$2" "$3"
    fi
}

# object_names FILE: the names in a line of finished JSON, in order
object_names() {
    sed 's/.*"objects":\[//; s/\],"cycle".*//' "$1" | grep -o '"name":"[^"]*"' |
        sed 's/"name":"//; s/"$//'
}
