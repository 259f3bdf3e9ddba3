# SPDX-License-Identifier: MIT
#
# programs.sh - what other programs start: watched as well, or as if nobody looked

pid='[0-9]+'

# SCENARIO STARTER
while read -r scenario starter; do
    watch "" ./family "$scenario" ./victim hang
    equal "$scenario: status" 66 "$status"
    like "$scenario" "^      in victim \(pid $pid, started by $starter $pid\): ./victim hang$" report
    like "$scenario: the starter sees it" "^[a-z]+: status 66$" out
    as_alone "$scenario, silent" "" ./family "$scenario" ./victim work
    as_alone "$scenario, --follow=none" --follow=none ./family "$scenario" ./victim hang
done <<'TABLE'
fork-exec   family
vfork-exec  family
spawn       family
system      sh
popen       sh
TABLE

# The first process may become another program; it stays the first.
for follow in children none; do
    watch --follow=$follow ./family exec ./victim hang
    equal "exec, $follow: status" 66 "$status"
    equal "exec, $follow: there is one process" "gridlock: 1 finding (1 error), written to report" "$(cat err)"
done
as_alone "exec, silent" "" ./family exec ./victim work

# Who takes the environment away takes gridlock away.
as_alone "no environment" "" ./family spawn-without-environment ./victim hang
as_alone "env -i" "" sh -c 'env -i LIMIT=1 ./victim hang; echo $?'

# Shells, make, Python: pipelines and jobs.
watch "" bash -c './victim work | cat; ./victim hang | cat; echo "${PIPESTATUS[*]}"'
equal "a pipeline: status" 66 "$status"
like "a pipeline" "^      in victim \(pid $pid, started by bash $pid\): ./victim hang$" report
equal "a pipeline: bash sees it" "66 0" "$(cat out)"
as_alone "a silent pipeline" "" bash -c './victim work | cat; echo "${PIPESTATUS[*]}"; exit 3'
as_alone "a pipeline, --follow=none" --follow=none bash -c './victim hang | cat; echo "${PIPESTATUS[*]}"; exit 3'

printf 'all: a b c\na b:\n\t./victim hang # %s\nc:\n\t./victim work || true\n' '$@' >jobs.mk
watch "" make -k -s -j2 -f jobs.mk
equal "make -j: status" 66 "$status"
equal "make -j: printed once" 1 "$(grep -c '\[self-deadlock\]$' report)"
like "make -j: counted" "was seen 2 times, in 2 processes$" err
like "make -j" "^      in victim \(pid $pid, started by (make|sh) $pid\): ./victim hang$" report
printf 'all: a b c\na b c:\n\t@./victim work || echo %s\n' '$@' >quiet.mk
as_alone "make, silent" "" make -s -f quiet.mk

python=/usr/bin/python3
if [[ -x $python ]]; then
    printf 'import subprocess, sys\nr = [subprocess.run(["./victim", sys.argv[1]]).returncode for i in range(2)]\nprint(r)\n' >start.py
    watch "" $python start.py hang
    equal "Python: status" 66 "$status"
    like "Python" "^      in victim \(pid $pid, started by python3[.0-9]* $pid\): ./victim hang$" report
    equal "Python sees it" "[66, 66]" "$(cat out)"
    as_alone "Python, silent" "" $python start.py work
    as_alone "Python, --follow=none" --follow=none $python start.py hang
else
    echo "SKIP: no $python"
fi
