# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# junit.sh - verdicts and test results as JUnit XML

junit() { "$python" tests/formats/junit.py "$@"; }

# unlike WHAT SED-COMMAND FILE CASE...: spoilt so, it is noticed
unlike() {
    what=$1
    sed "$2" "$3" >"$3.spoilt"
    shift 3
    if cmp -s "$file" "$file.spoilt"; then fail "$what: nothing was spoilt"; fi
    if junit "$file.spoilt" "$@" >/dev/null 2>&1; then fail "$what is not noticed"; else pass; fi
}

# ---------------------------------------------------------------- gridlock check

class=$work/class
mkdir -p "$class/ann" "$class/bob <&\"'>"
cp fixed/deadlocks/abba-lock-order.c "$class/ann/"
cp broken/deadlocks/abba-lock-order.c "$class/bob <&\"'>/"
cp broken/deadlocks/abba-lock-order.c "$class/ann/notes.c"
sed 's/^int main(void)/syntax error/' fixed/channels/double-close.c >"$class/double-close.c"

file=$work/check.xml
"$GRIDLOCK" check --runs=1 --junit="$file" "$class" >"$work/check.out" 2>"$work/check.err"
check "a folder with a refused file: status 1" [ $? -eq 1 ]
set -- "$class/ann/abba-lock-order.c abba-lock-order passed" "$class/ann/notes.c notes.c skipped: no lesson" \
    "$class/bob <&\"'>/abba-lock-order.c abba-lock-order failed: lock-order-cycle" \
    "$class/double-close.c double-close failed: does not compile"
check "check: every file is a case, with the verdict" junit "$file" "$@"
check "check: what it says is the same" grep -q '^1 accepted, 2 refused, 1 of no lesson$' "$work/check.out"
check "check: a file of no lesson is named" grep -q 'no lesson is called `notes`' "$work/check.err"
unlike "a failure that passes" 's,<failure.*</failure>,,' "$file" "$@"
unlike "a count" 's/failures="2"/failures="1"/' "$file" "$@"
unlike "an attribute of the wrong name" 's/classname=/class=/' "$file" "$@"
unlike "an open element" 's,</testcase>,,' "$file" "$@"
unlike "another text" 's/lock-order-cycle/nothing/g' "$file" "$@"

"$GRIDLOCK" check --runs=1 --junit="$work/named.xml" "$class/ann/notes.c" double-close >"$work/check.out" 2>&1
check "check: a lesson named" junit "$work/named.xml" "$class/ann/notes.c double-close failed"
"$GRIDLOCK" check --junit="$work/unknown.xml" "$class/ann/notes.c" >"$work/check.out" 2>&1
check "check: no lesson, status 2" [ $? -eq 2 ]
check "check: a file that is no lesson is an error" junit "$work/unknown.xml" "$class/ann/notes.c notes.c error: no lesson"
CC=/nowhere/gcc "$GRIDLOCK" check --junit="$work/unjudged.xml" "$class/double-close.c" >"$work/check.out" 2>&1
check "check: without a compiler, status 125" [ $? -eq 125 ]
check "check: without a compiler it is no verdict" junit "$work/unjudged.xml" \
    "$class/double-close.c double-close error: no compiler"
"$GRIDLOCK" check --junit=/nowhere/x.xml "$class/ann/notes.c" >/dev/null 2>"$work/check.err"
check "check: a report that cannot be written" grep -q 'cannot write /nowhere/x.xml' "$work/check.err"

# ---------------------------------------------------------------- the lessons' own tests

lessons_root=$work/root
mkdir -p "$lessons_root/broken/channels" "$lessons_root/fixed/channels" "$lessons_root/broken/odd" "$lessons_root/fixed/odd"
for side in broken fixed; do
    cp $side/channels/double-close.c "$lessons_root/$side/channels/"
    sed 's/gridlock=[^ ]*/gridlock=deadlock/' $side/channels/double-close.c >"$lessons_root/$side/odd/lie.c"
done
close="channels/double-close"

LESSON_ROOT=$lessons_root/ LESSON_RESULTS=$work/lessons-run RUNS=1 LESSON_BUILDS=$work/builds \
    tests/lessons/run double-close lie >/dev/null 2>&1
check "tests/lessons" junit "$work/lessons-run.xml" "broken/$close build passed" "fixed/$close build passed" \
    "broken/$close gridlock passed" "fixed/$close gridlock passed" \
    "broken/$close ThreadSanitizer passed" "fixed/$close ThreadSanitizer passed" \
    "broken/odd/lie build passed" "broken/odd/lie ThreadSanitizer passed" \
    "broken/odd/lie gridlock failed: expected deadlock, got close-of-closed" "fixed/odd/lie header failed: silent under both"

LESSON_ROOT=$lessons_root/ LESSON_BUILDS=$work/builds RACE_REPORTS=$work/race JUNIT=$work/race.xml \
    tools/race >/dev/null 2>&1
check "tools/race" junit "$work/race.xml" "broken/$close gridlock passed" "broken/$close ThreadSanitizer passed" \
    "fixed/$close gridlock passed" "fixed/$close ThreadSanitizer passed" "broken/odd/lie ThreadSanitizer passed" \
    "broken/odd/lie gridlock failed: expected deadlock" "fixed/odd/lie ThreadSanitizer passed" \
    "fixed/odd/lie gridlock failed: silent under both"
