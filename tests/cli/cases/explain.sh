# SPDX-License-Identifier: MIT
#
# explain.sh - is every finding explained, in the same form?

names='deadlock self-deadlock leaked-thread lock-order-cycle wait-under-lock recursive-read-lock
lost-wakeup unlock-not-locked unlock-not-owner destroy-locked reinit-locked free-locked
exit-holding-lock cancel-holding-lock fork-holding-lock lock-in-signal-handler rwlock-upgrade
cond-wait-unlocked cond-two-mutexes destroy-in-use double-join thread-not-joined copied-lock
once-reentry send-on-closed close-of-closed close-of-nil close-by-receiver nil-channel
waitgroup-negative waitgroup-reused missing-cancel snapshot'

for name in $names; do
    status_is "$name" 0 $gridlock explain "$name"
    has out "$name" "$name: "
    has out "$name" "Example"
    has out "$name" "How to mend it"
    equal "$name: example is code" yes "$(grep -q '^    .*[;{(]' out && echo yes)"
    equal "$name: columns" "" "$(grep -E '.{101}' out)"
done

try $gridlock explain --list
equal "the list has them all, and no more" "$(printf '%s\n' $names | sort)" \
    "$(sed -n 's/^  \([a-z-]*\) .*/\1/p' out | sort)"

try $gridlock explain lock-order-cicle
has err "the nearest name" "did you mean lock-order-cycle?"
try $gridlock explain self-deadloc
has err "the nearest name" "did you mean self-deadlock?"
try $gridlock explain ''
has err "no name" "no finding is called"
