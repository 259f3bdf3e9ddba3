# SPDX-License-Identifier: MIT
#
# cores.sh - cores of the kernel and of gcore; and all that is none, or damaged

stuck="deadlock: forwards and backwards wait for each other"

# core_is WHAT FILE [PROGRAM]: tells what hangs, with lines
core_is() {
    what=$1
    shift
    look_at_core "$@"
    status_is "$what" 66
    has out "$what" "$stuck"
    has out "$what" "* forwards first lock second two.c:16 backwards"
    has out "$what" "main - join backwards"
}

# rejected WHAT FILE TEXT
rejected() {
    look_at_core "$2"
    refused "$1" 2 "$3"
}

# A small stack makes a small core. (Not for this shell: some versions of wc need more.)
cp "$bin/two" program
hang sh -c 'ulimit -s 256 && exec ./program'
if command -v gcore >/dev/null; then
    gcore -o made "$pid" >gcore.out 2>&1
    mv made."$pid" made
    core_is "gcore's" made
else
    skip "gcore: there is no gdb"
fi

case $(cat /proc/sys/kernel/core_pattern) in
core | core.%p)
    (ulimit -s 256 && ulimit -c unlimited && exec ./program) >kernel.out 2>&1 &
    dies=$!
    wait_for_line kernel.out ready || fail "the program is not ready"
    kill -ABRT $dies
    wait $dies 2>/dev/null
    mv core* kernel 2>/dev/null
    core_is "the kernel's" kernel
    ;;
*) skip "the kernel's cores go to $(cat /proc/sys/kernel/core_pattern)" ;;
esac
release

core=made
[ -e made ] || core=kernel
if [ -e "$core" ]; then
    # The executable: somewhere else, changed, and the wrong one.
    mv program elsewhere
    look_at_core $core
    status_is "without its program" 66
    has err "without its program" "cannot be read: frames in it have no names. Give the right program"
    core_is "with its program" $core elsewhere
    cp "$bin/many" program
    look_at_core $core
    has err "its program was built anew" "has changed since this core was made"
    has_not out "its program was built anew" "many.c"
    look_at_core $core program
    refused "another program" 2 "program is not the program of this core"
    look_at_core $core nothing
    refused "no program" 2 "nothing cannot be read"
    look_at_core nothing
    refused "no core" 2 "nothing: No such file or directory"
    mv elsewhere program

    # Cut off, at many lengths: told, never a crash; whoever is whole in it is told too.
    size=$(wc -c <$core)
    for length in 0 1 4 16 63 64 65 100 120 200 1000 2000 5000 10000 20000 \
        $((size / 10)) $((size / 4)) $((size / 2)) $((size * 3 / 4)) $((size - 70000)) \
        $((size - 40000)) $((size - 20000)) $((size - 5000)); do
        head -c $length $core >short
        look_at_core short
        case $status in
        2) equal "$length bytes: lines" 1 "$(wc -l <err)" ;;
        0 | 66) has err "$length bytes" "short is cut off: $length of " ;;
        *) fail "$length bytes: status $status" ;;
        esac
    done

    # Damaged: a byte here and there in the headers and the notes.
    notes=$(readelf -lW $core | awk '$1 == "NOTE" { print $2; exit }')
    for step in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24; do
        cp $core damaged
        for at in $((16 + step)) $((64 + step * 13)) $((notes + step * 37)) $((notes + step * 411)); do
            printf "\\$(printf %o $(((step * 47 + at) % 256)))" |
                dd of=damaged bs=1 seek=$at conv=notrunc 2>/dev/null
        done
        look_at_core damaged
        case $status in
        0 | 2 | 66 | 125) pass ;;
        *) fail "damaged $step: status $status" ;;
        esac
    done

    cp $core foreign
    printf '\267' | dd of=foreign bs=1 seek=18 conv=notrunc 2>/dev/null # EM_AARCH64
    rejected "of another machine" foreign "this core is of another kind of processor"
fi

rejected "a program" "$bin/two" "not a core: it is a program or a library"
echo "not at all" >text
rejected "a text" text "not a core: it is no ELF file"
: >empty
rejected "an empty file" empty "not a core: it is too short"
rejected "a folder" . "not a core: it is no file"
printf '\050\265\057\375 and more' >packed
rejected "compressed" packed "packed is compressed. Unpack it first: zstd -d packed"
"$gridlock" core >out 2>err
status=$?
refused "nothing given" 2 "core needs a FILE"
