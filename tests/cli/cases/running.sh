# SPDX-License-Identifier: MIT
#
# running.sh - is the program left alone, and is everything cleaned up?

./bank cycle.area cycle

# What the library is told.
try env FAKE_ENVIRONMENT=told LD_PRELOAD=libc.so.6 $gridlock run --on-deadlock=abort --exitcode=9 \
    --all true
equal "options for the library" "on_deadlock=abort:exitcode=9:all=1" "$(sed -n 1p told)"
equal "own preloads stay, behind ours" "$work/bin/libgridlock.so:libc.so.6" "$(sed -n 3p told)"
case $(sed -n 2p told) in
/*/gridlock-*/findings) pass ;;
*) fail "findings area: $(sed -n 2p told)" ;;
esac

# The standard streams are the program's.
echo "to be copied" | $gridlock run cat >copied 2>err
equal "stdin and stdout" "to be copied" "$(cat copied)"
try $gridlock run sh -c 'echo one; echo two >&2'
equal "stdout" one "$(cat out)"
equal "stderr" two "$(cat err)"
equal "no descriptor of ours" "$(ls -l /proc/self/fd | wc -l)" \
    "$($gridlock run ls -l /proc/self/fd | wc -l)"
equal "argv[0]" "sh" "$($gridlock run sh -c 'cat /proc/$$/cmdline' | tr '\0' '\n' | head -n 1)"

# No folder is left: nothing found, something found, not started, killed, stopped by a signal.
mkdir -p tmp
left() { equal "$1: nothing left in TMPDIR" "" "$(ls tmp)"; }
TMPDIR=$work/tmp
export TMPDIR
try $gridlock run true && left "nothing found"
FAKE_FINDINGS=cycle.area try $gridlock run true
left "something found"
try $gridlock run ./no-such-program
left "not started"
try $gridlock run sh -c 'kill -9 $$'
left "killed"

# A signal to the command goes on to the program, which decides.
cat >patient <<'SH'
#!/bin/sh
trap 'echo asked; exit 5' TERM
echo ready >ready
i=0
while [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
SH
chmod +x patient
rm -f ready
$gridlock run ./patient >out 2>err &
pid=$!
i=0
while [ ! -e ready ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
kill -TERM $pid
wait $pid
equal "SIGTERM is passed on" "5 asked" "$? $(cat out)"
left "stopped by a signal"

# With SIGCHLD ignored by who starts us, the end of the program must still be seen.
status_is "SIGCHLD ignored" 4 sh -c "trap '' CHLD; exec $gridlock run sh -c 'exit 4'"
unset TMPDIR

# A stopped program is no ended program.
rm -f ready
cat >stopper <<'SH'
#!/bin/sh
echo $$ >ready
kill -STOP $$
exit 6
SH
chmod +x stopper
$gridlock run ./stopper &
pid=$!
i=0
while [ ! -s ready ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
sleep 0.3
if kill -0 $pid 2>/dev/null; then pass; else fail "ended while the program was stopped"; fi
kill -CONT "$(cat ready)"
wait $pid
equal "stopped and continued" 6 $?

# Findings appear while the program runs, not at its end.
FAKE_FINDINGS=cycle.area $gridlock run sleep 20 >out 2>err &
pid=$!
i=0
while ! grep -q "\[lock-order-cycle\]" err && [ $i -lt 50 ]; do sleep 0.1; i=$((i + 1)); done
kill -0 $pid 2>/dev/null && has err "live" "[lock-order-cycle]"
kill -TERM $pid
wait $pid
equal "status after SIGTERM with a finding" 66 $?
