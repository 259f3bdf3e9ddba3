# SPDX-License-Identifier: MIT
#
# undisturbed.sh - the process goes on as if nobody had looked

# verdict: the program ends, with its own status, and says that nothing has happened
verdict() {
    kill -USR1 "$pid"
    wait "$pid"
    equal "its own status" 7 $?
    equal "its own verdict" "ready undisturbed" "$(tr '\n' ' ' <hang.out | sed 's/ $//')"
}

# In each kind of call, with time limits that must hold and without; looked at twenty times.
hang "$bin/steady"
for look in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    timeout 60 "$gridlock" attach "$pid" >out 2>err </dev/null
    status=$?
    [ "$status" -eq 0 ] || break
    [ "$(tracers "$pid")" = "0 " ] || break
done
equal "looks at a process that is fine" 20 "$look"
status_is "the last look" 0
equal "nobody traces it" "0 " "$(tracers "$pid")"
verdict

# gridlock dies in the middle: whoever it had stopped is released by that.
hang "$bin/steady"
for delay in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20; do
    "$gridlock" attach "$pid" >out 2>err </dev/null &
    killed=$!
    sleep 0.0$delay
    kill -KILL "$killed" 2>/dev/null
    wait "$killed" 2>/dev/null
done
equal "nobody traces it after a SIGKILL" "0 " "$(tracers "$pid")"
case $(states "$pid") in
*[tT]*) fail "a thread was left stopped: $(states "$pid")" ;;
*) pass ;;
esac
verdict

# Who is stopped stays stopped, and goes on when told so.
hang "$bin/steady"
kill -STOP "$pid"
sleep 0.1
before=$(states "$pid")
look
equal "a stopped process stays stopped" "$before" "$(states "$pid")"
kill -CONT "$pid"
kill -USR1 "$pid"
wait "$pid"
equal "its own status, after it was stopped" 7 $?

# The deadlock of a stopped process is one all the same.
hang "$bin/two"
wait_for_states "4 S" || fail "two does not hang"
kill -STOP "$pid"
wait_for_states "4 T" || fail "two is not stopped"
look
status_is "a stopped process that hangs" 66
has out "a stopped process that hangs" "forwards and backwards wait for each other"
wait_for_states "4 T" || fail "it is not stopped any more: $(states "$pid")"
release
