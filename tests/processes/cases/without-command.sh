# SPDX-License-Identifier: MIT
#
# without-command.sh - the library alone, preloaded by hand or linked: each process reports for itself

pid='[0-9]+'

# alone OPTIONS PROGRAM...
alone() {
    local options=$1
    shift
    : >report
    try env LD_PRELOAD="$library" GRIDLOCK_OPTIONS="$options" "$@"
}

alone "" ./family child-hangs
equal "in the child: the parent goes on" "5 child: status 66" "$status $(cat out)"
like "in the child" "^      in worker \(pid $pid, forked by family $pid\)$" err
like "in the child: summary" "^gridlock: 1 finding \(1 error\) in worker \(pid $pid\)$" err
alone "" ./family workers-hang
equal "each of four reports" 4 "$(grep -c '\[self-deadlock\]$' err)"
alone "" ./family hang
equal "one process" "66 0" "$status $(grep -c '(pid' err)"
alone "" ./family workers-work
equal "silent" "5 " "$status $(cat err)"

export LIMIT=1
alone follow=none ./family child-hangs
equal "follow=none" "5 child: signal 14" "$status $(cat out err)"
alone follow=none ./family spawn ./victim hang
equal "follow=none, another program" "5 child: signal 14" "$status $(cat out err)"
alone follow=none ./family exec ./victim hang
equal "follow=none, exec" "66 1" "$status $(grep -c '\[self-deadlock\]$' err)"
unset LIMIT

alone exitcod=3 ./family work
equal "a wrong key: told once, and the program goes on" \
    "5 gridlock: GRIDLOCK_OPTIONS: ignored, there is no such key: exitcod=3; did you mean exitcode?" \
    "$status $(cat err)"
alone exitcode=x ./family work
equal "a wrong value" "5 gridlock: GRIDLOCK_OPTIONS: ignored, not understood: exitcode=x" "$status $(cat err)"
alone verbose ./family work
equal "no value" "5 gridlock: GRIDLOCK_OPTIONS: ignored, not understood: verbose" "$status $(cat err)"
alone format=brief:color=never:verbose=0:output=x:suppressions=y:baseline=z:follow=children:all=0:statistics=0 ./family work
equal "all keys are known" "5 " "$status $(cat err)"

rm -f lines
alone format=brief:output=lines:exitcode=9 ./family workers-hang
equal "the helper obeys format and output" 4 "$(grep -c '\[self-deadlock\]$' lines)"
equal "the library obeys exitcode" "4 worker: status 9" "$(uniq -c out | sed 's/^ *//')"
echo '*:file:family.c  # known' >list
alone suppressions=list ./family child-hangs
equal "the helper obeys suppressions" "gridlock: no findings, 1 suppressed" "$(cat err)"
alone suppressions=list:format=xml ./family child-hangs
like "the helper tells of a wrong value, and goes on" "GRIDLOCK_OPTIONS: format .xml.: must be text" err

# Goroutines, whose library is linked in: where it steps aside the runtime works on.
for what in child start; do
    for options in "" --follow=none; do
        watch "$options" ./goroutines $what
        equal "goroutines $what $options" "0  parent: 14" "$status $(cat report) $(head -n 1 out)"
        like "goroutines $what $options: the child" "^(child|parent): 14$" out
        equal "goroutines $what $options: its status" "child: status 0" "$(tail -n 1 out)"
    done
done
for what in leak-in-child start-leak; do
    watch "" ./goroutines $what
    equal "goroutines $what: status" 66 "$status"
    like "goroutines $what" "^      in goroutines \(pid $pid, (forked|started) by goroutines $pid\)" report
    watch --follow=none ./goroutines $what
    equal "goroutines $what, --follow=none" "0  child: status 0" "$status $(cat report) $(tail -n 1 out)"
done
