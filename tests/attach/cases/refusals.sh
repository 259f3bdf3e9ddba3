# SPDX-License-Identifier: MIT
#
# refusals.sh - one clear line where there is nothing to look at, or it is not allowed

"$gridlock" attach >out 2>err
status=$?
refused "no number" 2 "attach needs one PID"
pid=bank
look
refused "a name" 2 "\`bank\` is no process number"
pid=4194305 # no number of a process is as high
look
refused "no such process" 2 "there is no process 4194305"
pid=99999999999999999999
look
refused "a number that is none" 2 "no process number"

# Somebody else's process, and what only root may look at.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    cp "$gridlock" "$bin/two" /tmp 2>/dev/null
    as_nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
    hang "$bin/two"
    $as_nobody /tmp/gridlock attach "$pid" >out 2>err
    status=$?
    refused "root's process" 125 "cannot look at process $pid: it belongs to root: run gridlock as that user, or with sudo"
    release

    scope=$(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0)
    hang $as_nobody /tmp/two
    $as_nobody /tmp/gridlock attach "$pid" >out 2>err
    status=$?
    if [ "$scope" -eq 0 ]; then
        status_is "one's own process" 66
    else
        refused "one's own process" 125 "kernel.yama.ptrace_scope is $scope"
    fi
    release
    # root without the capability, as in a container
    hang $as_nobody /tmp/two
    setpriv --bounding-set=-sys_ptrace --inh-caps=-all "$gridlock" attach "$pid" >out 2>err
    status=$?
    refused "root without CAP_SYS_PTRACE" 125 "root has no CAP_SYS_PTRACE here"
    release
    rm -f /tmp/gridlock /tmp/two
else
    skip "users: this takes root and setpriv"
fi

# A thread of the kernel: kthreadd is number 2, if this is no container.
if [ "$(cat /proc/2/comm 2>/dev/null)" = kthreadd ] && [ "$(id -u)" -eq 0 ]; then
    pid=2
    look
    refused "a thread of the kernel" 125 "process 2 is a thread of the kernel"
else
    skip "threads of the kernel: there are none here"
fi

# A zombie: its parent does not ask for its status.
sh -c 'sleep 0.1 & echo $! >zombie; exec sleep 100' &
parent=$!
sleep 0.4
pid=$(cat zombie)
look
refused "a zombie" 125 "process $pid has ended already; its parent $parent (sleep) has not asked how"
kill -KILL $parent
wait $parent 2>/dev/null

# Under a debugger: everything that needs no stop is still there.
if command -v strace >/dev/null; then
    : >hang.out
    strace -f -o strace.out "$bin/two" >hang.out 2>hang.err &
    tracer=$!
    wait_for_line hang.out ready || fail "two is not ready under strace"
    pid=$(child $tracer)
    look
    status_is "under strace" 66
    has out "under strace" "forwards and backwards wait for each other"
    has err "under strace" "is traced by $tracer (strace)"
    kill -KILL "$pid"
    wait $tracer 2>/dev/null
else
    skip "strace: it is not here"
fi

# A program for 32 bits, where one can be built.
if echo 'int main(void) { for (;;) ; }' | gcc -m32 -x c -o small - 2>/dev/null; then
    ./small &
    pid=$!
    sleep 0.2
    look
    refused "a 32-bit program" 125 "process $pid is a 32-bit program"
    release
fi

# It ends between the two looks.
hang "$bin/two"
"$gridlock" attach "$pid" >out 2>err &
looking=$!
sleep 0.15
release
wait $looking
status=$?
case $status in
125) has err "it ends between the looks" "process $pid has ended meanwhile" ;;
2) has err "it ended before the first look" "there is no process $pid" ;;
66) pass ;; # a slow machine: both looks were over
*) fail "it ends meanwhile: status $status" ;;
esac
