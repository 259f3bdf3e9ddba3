# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# lib.sh - what the cases of tests/formats share

python=/usr/bin/python3 # Debian's packages are this one's
passed=0 failed=0

pass() { passed=$((passed + 1)); }

fail() {
    failed=$((failed + 1))
    echo "FAIL $case_file: $*"
}

# check WHAT COMMAND...: one check; what the command says is shown if it fails
check() {
    what=$1
    shift
    if "$@" >"$work/said" 2>&1; then pass; else
        fail "$what"
        head -n 10 "$work/said"
    fi
}

# counted FILE: adds the "passed failed" of a checker
counted() {
    read -r more_passed more_failed <"$1" || { fail "the checker broke off"; more_passed=0 more_failed=0; }
    passed=$((passed + more_passed)) failed=$((failed + more_failed))
}
