# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# run.sh - documents that `gridlock run` writes itself

cat >"$work/sarif.py" <<'EOF'
import json, sys
document = json.load(open(sys.argv[1]))
run, wanted = document["runs"][0], json.loads(sys.argv[2])
run["found"] = [result["ruleId"] for result in run["results"]]
run["states"] = [result.get("baselineState") for result in run["results"]]
run["remarks"] = [one["descriptor"]["id"]
                  for one in run["invocations"][0]["toolExecutionNotifications"]]
got = {key: run["invocations"][0].get(key, run.get(key)) for key in wanted}
sys.exit(None if got == wanted else f"wanted {wanted}, got {got}")
EOF

# sarif_is WHAT FILE JSON: these keys of the run or its invocation have these values
sarif_is() { check "$1" "$python" "$work/sarif.py" "$2" "$3"; }

abba=$(lesson_program broken/deadlocks/abba-lock-order gcc-O0)
mended=$(lesson_program fixed/deadlocks/abba-lock-order gcc-O0)

"$GRIDLOCK" run --format=sarif "$abba" "it's" '' x=1 >/dev/null 2>"$work/alone.sarif"
sarif_is "alone on the standard error, with the command and the status" "$work/alone.sarif" \
    "{\"commandLine\": \"gridlock run $abba 'it'\\\\''s' '' x=1\", \"exitCode\": 66, \"executionSuccessful\": true,
      \"arguments\": [\"run\", \"$abba\", \"it's\", \"\", \"x=1\"], \"found\": [\"lock-order-cycle\"]}"

"$GRIDLOCK" run --format=sarif --output="$work/none.sarif" "$mended" >/dev/null
sarif_is "no findings" "$work/none.sarif" '{"found": [], "exitCode": 0, "executionSuccessful": true}'

GRIDLOCK_OPTIONS=statistics=1 "$GRIDLOCK" run --format=sarif --output="$work/statistics.sarif" "$mended" >/dev/null 2>&1
sarif_is "a remark is no result" "$work/statistics.sarif" '{"found": [], "remarks": ["statistics"]}'

"$GRIDLOCK" report --format=sarif --baseline="$work/lessons/lock-cycle-n.json" --output="$work/known.sarif" \
    "$work/lessons/lock-cycle-n.json" 2>/dev/null
sarif_is "what the baseline knows is unchanged" "$work/known.sarif" '{"states": ["unchanged"]}'
"$GRIDLOCK" report --format=sarif --baseline="$work/lessons/abba-lock-order.json" --output="$work/new.sarif" \
    "$work/lessons/lock-cycle-n.json" 2>/dev/null
sarif_is "what it does not know is new" "$work/new.sarif" '{"states": ["new"]}'
sarif_is "without a baseline there is no state" "$work/alone.sarif" '{"states": [null]}'

printf '{"schema":"gridlock-finding/1","name":"caf\351"}\n' >"$work/damaged"
"$GRIDLOCK" report --format=sarif --output="$work/damaged.sarif" "$work/damaged" 2>/dev/null
sarif_is "damage is told" "$work/damaged.sarif" '{"executionSuccessful": false, "remarks": ["damage"]}'

"$GRIDLOCK" run --format=dot "$abba" 2>"$work/alone.dot" >/dev/null
check "dot alone on the standard error" dot -Tsvg -o "$work/alone.svg" "$work/alone.dot"
"$GRIDLOCK" run --format=dot --output="$work/none.dot" "$mended" >/dev/null
check "an empty graph" dot -Tsvg -o "$work/none.svg" "$work/none.dot"

# Annotations are named from the repository's root, wherever the step runs.
in_folder() (
    cd tests && GITHUB_WORKSPACE=$root/ "$root/$GRIDLOCK" report --format=github \
        "$work/lessons/abba-lock-order.json" | grep -q '^::warning file=broken/deadlocks/abba-lock-order.c,'
)
check "github: paths from the repository's root" in_folder

# A file's name may be any bytes: a URI can say them.
mkdir -p "$work/latin"
latin=$(printf '%s/latin/caf\351.c' "$work")
cp broken/deadlocks/abba-lock-order.c "$latin"
check "a program of a source whose name is no UTF-8" gcc -g -pthread -o "$work/latin/cafe" "$latin"
"$GRIDLOCK" run --format=sarif --output="$work/latin.sarif" "$work/latin/cafe" >/dev/null 2>&1
check "sarif: a name that is no UTF-8" grep -q '"uri": "build/tests/formats/latin/caf%E9.c"' "$work/latin.sarif"
check "sarif: the lines of that file" grep -q '"text": "pthread_mutex_lock(&to->lock)"' "$work/latin.sarif"
for format in json github dot; do
    "$GRIDLOCK" run --format=$format --output="$work/latin.$format" "$work/latin/cafe" >/dev/null 2>&1
    check "$format of it is UTF-8" iconv -f UTF-8 -t UTF-16 "$work/latin.$format"
done
check "json: the rest of that name" grep -q "/caf$(printf '\357\277\275').c" "$work/latin.json"
