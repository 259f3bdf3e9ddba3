# SPDX-License-Identifier: MIT
#
# outliving.sh - a daemon that hangs when the first process, and gridlock run, have long ended

pid='[0-9]+'

# daemon OPTIONS [PROGRAM]: its standard error, once it hangs, in daemon.err
daemon() {
    rm -f go daemon.err
    # shellcheck disable=SC2086
    LIMIT=${LIMIT:-15} "$gridlock" run $1 sh -c 'exec 2>daemon.err; exec ./family daemon-hangs go ${0#sh}' "${2:-sh}" \
        >out 2>err </dev/null
    status=$?
    touch go
}

# until PATTERN: daemon.err is like that, or 20 s have gone
until_like() {
    for ((i = 0; i < 200; i++)); do
        grep -qE -e "$1" daemon.err && break
        sleep 0.1
    done
    like "$2" "$1" daemon.err
}

daemon ""
equal "daemon: run has not waited for it" "5 " "$status $(cat out err)"
until_like '^gridlock: 1 finding \(1 error\) in family' "daemon: it shows its finding itself"
like "daemon" "^      in family \(pid $pid, forked by family $pid\)$" daemon.err

daemon "" ./victim
until_like '^gridlock: 1 finding \(1 error\) in victim' "daemon, and another program"
like "daemon, and another program" "^      in victim \(pid $pid[^)]*\)" daemon.err

echo '*:file:family.c  # known' >list
daemon --suppressions=list
until_like '^gridlock: no findings, 1 suppressed$' "daemon: the suppressions are known to it"
equal "daemon: nothing else" 1 "$(wc -l <daemon.err)"

LIMIT=1 daemon --follow=none
sleep 1.5
equal "daemon, --follow=none" "5 " "$status $(cat out err daemon.err)"
LIMIT=1 daemon --follow=none ./victim
sleep 1.5
equal "daemon and another program, --follow=none" "5 " "$status $(cat out err daemon.err)"
equal "nothing is left in TMPDIR" "" "$(ls tmp)"
