# SPDX-License-Identifier: MIT
#
# told-apart.sh - whose finding is it, how often was it seen, and what is the status?

pid='[0-9]+'

watch "" ./family hang
equal "one process: status" 66 "$status"
equal "one process: nothing about processes" 0 "$(grep -c '(pid' report err | awk -F: '{ n += $2 } END { print n }')"
equal "one process: summary" "gridlock: 1 finding (1 error), written to report" "$(cat err)"

watch "" ./family child-hangs
equal "in the child: status" 66 "$status"
equal "in the child: the parent goes on, and sees it" "child: status 66" "$(cat out)"
like "in the child" "^      in worker \(pid $pid, forked by family $pid\)$" report
like "in the child: last line" "^.*family.c:[0-9]+: error: .*, in worker \(pid $pid\) \[self-deadlock\]$" report
like "in the child: summary" "^gridlock: 1 finding \(1 error\) in worker \(pid $pid\), written to report$" err

watch --exitcode=0 ./family child-hangs
equal "--exitcode=0: the program's own" 5 "$status"

watch "" ./family both-hang
equal "in both: status" 66 "$status"
like "in both: the child" "^      in worker \(pid $pid, forked by family $pid\)$" report
like "in both: the parent" "^      in family \(pid $pid\): ./family both-hang$" report
like "in both: summary" "^gridlock: 2 findings \(2 errors\) in 2 processes: worker \(pid $pid\), family \(pid $pid\), " err
equal "in both: the parent of one is the other" \
    "$(sed -nE 's/.*forked by family ([0-9]+).*/\1/p' report)" \
    "$(sed -nE 's/^      in family \(pid ([0-9]+)\).*/\1/p' report)"

for i in 1 2 3; do
    watch "" ./family workers-hang
    equal "prefork $i: status" 66 "$status"
    equal "prefork $i: printed once" 1 "$(grep -c '\[self-deadlock\]$' report)"
    like "prefork $i: counted" "^gridlock: self-deadlock at .*family.c:[0-9]+ was seen 4 times, in 4 processes$" err
    like "prefork $i: summary" "in 4 processes: worker \(pid $pid\), worker \(pid $pid\), worker \(pid $pid\), worker" err
    equal "prefork $i: all were ended" "4 worker: status 66" "$(uniq -c out | sed 's/^ *//')"
done

watch --format=json ./family workers-hang
equal "JSON: once" 1 "$(wc -l <report)"
like "JSON: keys" "\"process\":\"worker\",\"pid\":$pid,\"command\":\"./family workers-hang\",\"one_of_several\":true,\"parent_pid\":$pid,\"parent\":\"family\",\"forked\":true" report

watch "" ./family thread-forks
like "a thread forks" "^      in worker \(pid $pid, forked by family $pid\)$" report

LIMIT=1 watch --on-deadlock=wait ./family child-hangs
equal "--on-deadlock=wait: the child is left alone" "66 child: signal 14" "$status $(cat out)"

as_alone "silent prefork" "" ./family workers-work
as_alone "silent, alone" "" ./family work
for scenario in child-hangs workers-hang thread-forks; do
    as_alone "--follow=none $scenario" --follow=none ./family $scenario
done
as_alone "silent prefork, --follow=none" --follow=none ./family workers-work
LIMIT=1 watch --follow=none ./family both-hang
equal "--follow=none: the first process is watched" "66 1" "$status $(grep -c '\[self-deadlock\]$' report)"
equal "--follow=none: one process, as far as is seen" "gridlock: 1 finding (1 error), written to report" "$(cat err)"
equal "--follow=none: the child ended as it would" "child: signal 14" "$(cat out)"

# Several processes do not disturb what else the report says.
echo '*:file:family.c  # known' >list
watch --suppressions=list ./family workers-hang
equal "suppressed in all" "5 gridlock: no findings, 1 suppressed, written to report" "$status $(grep summary -v err)"
"$gridlock" run --format=json --output=base.jsonl ./family workers-hang >/dev/null 2>&1
watch --baseline=base.jsonl ./family workers-hang
equal "known in all: status" 5 "$status"
like "known in all" "^gridlock: no new findings, 1 known from base.jsonl" err
watch --suppressions=list ./family hang
equal "ended, though hidden: status" 66 "$status"
like "ended, though hidden" "^gridlock: status 66: the program was ended, since it was stuck; --on-deadlock=wait" err
