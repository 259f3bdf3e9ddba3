# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# findings.sh - recorded findings in every format

lessons="deadlocks/abba-lock-order deadlocks/lock-cycle-n deadlocks/circular-channel-wait
    deadlocks/chan-op-under-lock deadlocks/wait-for-own-end deadlocks/callback-under-lock
    locks/double-lock-self locks/missing-unlock-early-return locks/unlock-by-other-thread
    locks/destroy-in-use waiting/lost-wakeup waiting/barrier-misuse waiting/once-reentry
    waiting/wg-negative lifetime/leak-blocked-send lifetime/join-detach-misuse
    lifetime/range-without-close channels/nil-channel channels/double-close channels/close-by-receiver
    context/forgotten-cancel"

# record SIDE/LESSON NAME: its findings as JSON Lines
record() {
    program=$(lesson_program "$1" gcc-O0) &&
        run_gridlock "$program" "$work/lessons/$2" 20
    [ -s "$work/lessons/$2.json" ]
}

# render FILE: in every format but JSON, beside it
render() {
    for format in sarif github brief dot; do
        "$GRIDLOCK" report --all --format=$format --output="${1%.json}.$format" "$1" 2>"$work/stderr"
        status=$?
        [ $status -eq 0 ] || [ $status -eq 66 ] ||
            fail "$(basename "$1") as $format: status $status: $(head -n 1 "$work/stderr")"
    done
}

for lesson in $lessons; do
    check "broken/$lesson has findings" record "broken/$lesson" "$(basename "$lesson")"
done

"$python" tests/formats/hostile.py "$work/hostile" || fail "hostile.py broke off"

for file in "$work"/lessons/*.json "$work"/hostile/*.json; do render "$file"; done
"$python" tests/formats/check.py "$work/lessons" "$work/hostile" 2>"$work/counted"
counted "$work/counted"
[ "$failed" -eq 0 ] || cat "$work/counted"

# What the lessons' own tests have left, if they ran: every finding of every lesson.
check "the schema knows every key of the lessons' findings" "$python" tests/formats/recorded.py build/tests/lessons
