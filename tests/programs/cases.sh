# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# cases.sh - the table of programs
#
# A case is a line `program NAME "PACKAGES"` and a function run_NAME. `gl COMMAND` runs a command
# under gridlock, `serve` does so in the background. What the function prints is compared: so it
# prints what was computed (a checksum, a count), never a time or a process id. It ends with 0.
# A third argument names the commands that will do where they do not come from packages.

#
# `defect NAME FINDING "WHAT, WHERE"` after it says that a finding there is right: a real defect of
# the program, with its place in the source. Only that finding is then accepted.

declare -a names=()
declare -A packages=() commands=() defects=()

program()
{
    names+=("$1")
    packages[$1]=$2
    commands[$1]=${3:-}
}

defect()
{
    defects[$1]+="$2 "
}

is_known()
{
    [ -n "${packages[$1]:-}" ]
}

for table in compress files builders languages media servers databases; do
    # shellcheck source=/dev/null
    . "$PROGRAMS/$table.sh"
done
unset table
