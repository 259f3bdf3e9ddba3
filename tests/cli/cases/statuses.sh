# SPDX-License-Identifier: MIT
#
# statuses.sh - which exit status, and is what is wrong told in one line?

./bank cycle.area cycle
./bank note.area note
: >empty
printf 'no program\0\1' >garbage && chmod +x garbage
printf '#!/nonexistent/interpreter\n' >orphan && chmod +x orphan
printf '#!/bin/sh\nexit 7\n' >script && chmod +x script
printf 'exit 8\n' >bare_text && chmod +x bare_text
printf '#!/bin/sh\n' >not_executable
mkdir -p folder
printf 'int main(void) { return 0; }\n' >nothing.c
gcc -static -o static_program nothing.c 2>/dev/null || : >no_static
gcc -o dynamic_program nothing.c
head -c 100 dynamic_program >cut && chmod +x cut
# The loader's name and the machine (i386, but in a 64-bit file), changed in place.
loader=$(readelf -l dynamic_program | sed -n 's/.*interpreter: \(.*\)]/\1/p')
zeros=$(printf '%*s' $((${#loader} - 8)) '' | sed 's/ /\\x00/g')
sed "s|$loader|/ld-musl$zeros|" dynamic_program >musl
cp dynamic_program foreign && printf '\003' | dd of=foreign bs=1 seek=18 conv=notrunc 2>/dev/null
chmod +x musl foreign

# STATUS LINES WHAT COMMAND...: LINES "one" (one line on stderr) or "any"
while read -r wanted lines command; do
    case $wanted in '' | '#'*) continue ;; esac
    # shellcheck disable=SC2086
    status_is "$command" "$wanted" $command
    [ "$lines" = one ] && one_line "$command"
    [ "$lines" = silent ] && silent "$command"
done <<'TABLE'
# wrong usage
2    one     bin/gridlock
2    one     bin/gridlock wrong
2    one     bin/gridlock run
2    one     bin/gridlock run --
2    one     bin/gridlock run --wrong true
2    one     bin/gridlock run -x true
2    one     bin/gridlock run --format=xml true
2    one     bin/gridlock run --format
2    one     bin/gridlock run --all=yes true
2    one     bin/gridlock run --exitcode=-1 true
2    one     bin/gridlock run --exitcode=256 true
2    one     bin/gridlock run --exitcode=6x true
2    one     bin/gridlock run --on-deadlock=panic true
2    one     bin/gridlock run --color=blue true
2    one     bin/gridlock run --suppressions=missing true
2    one     env GRIDLOCK_OPTIONS=wrong=1 bin/gridlock run true
2    one     env GRIDLOCK_OPTIONS=exitcode=x bin/gridlock run true
2    one     env GRIDLOCK_OPTIONS=on_deadlock=stay bin/gridlock run true
2    one     env GRIDLOCK_OPTIONS=all bin/gridlock run true
2    one     env GRIDLOCK_OPTIONS=statistics=2 bin/gridlock run true
2    one     bin/gridlock practice one two
2    one     bin/gridlock check
2    one     bin/gridlock check --runs=0 bank.c
2    one     bin/gridlock report
2    one     bin/gridlock report one two
2    one     bin/gridlock report missing
2    one     bin/gridlock report folder
2    one     bin/gridlock explain
2    one     bin/gridlock explain no-such-finding
# what cannot be started or watched
127  one     bin/gridlock run no-such-program
127  one     bin/gridlock run ./no-such-program
127  one     bin/gridlock run folder/no-such-program
126  one     bin/gridlock run ./folder
126  one     bin/gridlock run ./not_executable
126  one     bin/gridlock run ./garbage
126  one     bin/gridlock run ./orphan
126  one     bin/gridlock run ./foreign
126  one     bin/gridlock run ./cut
125  one     bin/gridlock run ./musl
125  one     bin/gridlock run --output=folder/none/x true
125  one     bin/gridlock run --output=folder true
# the program's own status, and silence
0    silent  bin/gridlock run true
0    silent  bin/gridlock run -- true
1    silent  bin/gridlock run false
7    silent  bin/gridlock run ./script
8    silent  bin/gridlock run ./bare_text
42   silent  bin/gridlock run sh -c exit${IFS}42
0    silent  env GRIDLOCK_OPTIONS=exitcode=3:on_deadlock=wait:all=1:statistics=1 bin/gridlock run true
# something was found
66   any     env FAKE_FINDINGS=cycle.area bin/gridlock run true
66   any     env FAKE_FINDINGS=cycle.area bin/gridlock run false
9    any     env FAKE_FINDINGS=cycle.area bin/gridlock run --exitcode=9 true
1    any     env FAKE_FINDINGS=cycle.area bin/gridlock run --exitcode=0 false
5    any     env FAKE_FINDINGS=cycle.area GRIDLOCK_OPTIONS=exitcode=5 bin/gridlock run true
6    any     env FAKE_FINDINGS=cycle.area GRIDLOCK_OPTIONS=exitcode=5 bin/gridlock run --exitcode=6 true
66   any     bin/gridlock report cycle.area
9    any     bin/gridlock report --exitcode=9 cycle.area
0    silent  bin/gridlock report empty
# a note alone is no finding
0    silent  env FAKE_FINDINGS=note.area bin/gridlock run true
0    any     env FAKE_FINDINGS=note.area bin/gridlock run --all true
# information
0    any     bin/gridlock --help
0    any     bin/gridlock help
0    any     bin/gridlock help suppressions
0    any     bin/gridlock explain --list
TABLE

status_is "killed by a signal" 137 $gridlock run sh -c 'kill -9 $$'
status_is "segmentation fault" 139 $gridlock run sh -c 'kill -11 $$'
status_is "findings of a killed program" 66 env FAKE_FINDINGS=cycle.area $gridlock run \
    sh -c 'kill -9 $$'
has err "findings of a killed program" "[lock-order-cycle]"

status_is "own options are the program's" 3 $gridlock run sh -c 'exit $#' sh --format=xml -a --
try $gridlock --version
equal "--version" "gridlock $(sed -n "s,^VERSION := ,,p" "$root/Makefile")" "$(cat out)"

if [ -x static_program ]; then
    status_is "static program" 125 $gridlock run ./static_program
    one_line "static program"
fi

# Set-uid counts only where it would take effect: not for its owner, not on a nosuid mount.
cp dynamic_program setuid && chmod 4755 setuid
status_is "set-uid, own" 0 $gridlock run ./setuid
if [ "$(id -u)" -eq 0 ] && chown 65534 setuid && chmod 4755 setuid &&
    ! findmnt -no OPTIONS -T . 2>/dev/null | grep -q nosuid; then
    status_is "set-uid, another's" 125 $gridlock run ./setuid
    one_line "set-uid, another's"
fi

mkdir -p elsewhere && cp bin/gridlock elsewhere/
if [ ! -e /usr/local/lib/libgridlock.so ]; then
    status_is "library missing" 125 elsewhere/gridlock run true
    one_line "library missing"
fi
mkdir -p 'a blank' && cp bin/* 'a blank/'
status_is "library behind a blank" 125 'a blank/gridlock' run true
one_line "library behind a blank"
mkdir -p prefix/bin prefix/lib && cp bin/gridlock prefix/bin/ && cp bin/libgridlock.so prefix/lib/
status_is "library in ../lib" 0 prefix/bin/gridlock run true
