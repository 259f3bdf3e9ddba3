# SPDX-License-Identifier: MIT
#
# foreign.sh - and of programs that nobody wrote for this test?

# seen_as WHAT STATUS PATTERN...: of the program $pid
seen_as() {
    what=$1 wanted=$2
    sleep 0.5
    look
    release
    status_is "$what" "$wanted"
    shift 2
    for pattern; do matches out "$what" "$pattern"; done
}

python=/usr/bin/python3
if [ -x $python ]; then
    workers='
import queue, select, signal, sys, threading, time
tasks = queue.Queue()
def work():
    while True: tasks.get()
def count():
    while True: pass
for i in range(4): threading.Thread(target=work, daemon=True).start()
def ready(): print("ready", flush=True)
'
    hang $python -c "$workers
ready(); time.sleep(3600)"
    seen_as "python, idle" 0 'snapshot: 5 threads' 'and 3 like it'

    hang $python -c "$workers
threading.Thread(target=count, daemon=True).start()
ready(); time.sleep(3600)"
    seen_as "python, busy" 0 'snapshot: 6 threads'

    hang $python -c "$workers
signal.signal(signal.SIGINT, signal.default_int_handler)
ready(); queue.Queue().get()"
    seen_as "python, waits for ever, but for a signal" 0 \
        'only a handler of a signal \(SIGINT\) could wake one'

    hang $python -c "$workers
signal.signal(signal.SIGINT, signal.SIG_DFL)
ready(); queue.Queue().get()"
    seen_as "python, waits for ever" 66 'deadlock: 5 threads wait, and nobody is left to wake them'
else
    skip "no $python"
fi

# A program of channels: which operation, not which channel. The detector's own thread is no reason.
cc -O2 -g -I"$root/include" -o channels "$root/broken/deadlocks/circular-channel-wait.c" \
    -L"$root/build" -lgridlock -Wl,-rpath,"$root/build" -pthread || fail "channels does not build"
GRIDLOCK_OPTIONS=on_deadlock=wait ./channels >/dev/null 2>&1 </dev/null &
pid=$!
sleep 1
seen_as "channels" 66 'deadlock: main and cook wait, and nobody is left to wake them' \
    'main send circular-channel-wait.c' 'gridlock watch for deadlocks'

# Its own shell, which waits for a child.
sleep 3600 &
child=$!
pid=$$
look
kill $child
status_is "a shell" 0
matches out "a shell" 'snapshot: 1 thread'
