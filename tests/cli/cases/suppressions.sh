# SPDX-License-Identifier: MIT
#
# suppressions.sh - what a suppression matches, and what is no suppression

./bank suppress.area cycle
print=$($gridlock report --format=json suppress.area 2>/dev/null | sed 's/.*"fingerprint":"\([0-9a-f]*\)".*/\1/')

# STATUS LINE
while IFS= read -r row; do
    wanted=${row%% *} line=$(echo "${row#* }" | sed "s/PRINT/$print/; s/^ *//")
    echo "$line" >list
    status_is "$line" "$wanted" $gridlock report --suppressions=list suppress.area
    case $wanted in
    0) one_line "$line" && equal "$line" "gridlock: no findings, 1 suppressed" "$(cat err)" ;;
    66) has err "$line" "list:1: note: this suppression matched nothing" ;;
    2) one_line "$line" && has err "$line" "list:1: " ;;
    esac
done <<'TABLE'
0  lock-order-cycle:function:transfer  # known
0  lock-order-cycle:function:trans*    # known
0  lock-order-*:function:*             # known
0  *:function:main                     # known
0  lock-order-cycle:file:bank.c        # known
0  lock-order-cycle:file:samples/bank.c   # known
0  lock-order-cycle:file:*/bank.[ch]   # known
0  lock-order-cycle:module:bank        # known
0  lock-order-cycle:object:accounts\[0\].lock   # known
0  lock-order-cycle:object:accounts*   # known
0  lock-order-cycle:lock:accounts\[0\].lock   # a lock is an object
0  lock-order-cycle:thread:teller-?    # known
0  lock-order-cycle:fingerprint:PRINT	# known
0  lock-order-cycle:function:transfer  # a reason with # and : in it
66 deadlock:function:transfer          # another finding
66 lock-order-cycle:function:transf    # not the whole name
66 lock-order-cycle:function:Transfer  # case matters
66 lock-order-cycle:file:ank.c         # not the whole name
66 lock-order-cycle:object:lock        # not the whole name
66 lock-order-cycle:lock:accounts\[7\].lock   # no such lock
66 lock-order-cycle:thread:main        # not in it
66 lock-order-cycle:fingerprint:0*0    # not that
2  lock-order-cycle:function:transfer
2  lock-order-cycle:function:transfer  #
2  lock-order-cycle:function:transfer  # #
2  lock-order-cycle:function:transfer# no blank in front
2  lock-order-cycle:where:transfer     # no such field
2  lock-order-cycle:function           # no pattern
2  lock-order-cycle:function:          # no pattern
2  lock-order-cycle                    # no field
2  :function:transfer                  # no finding
TABLE

printf '# a comment\n\n   \n  # another\nlock-order-cycle:function:transfer # known\r\ndeadlock:object:x # old\n' >list
status_is "comments and blank lines" 0 $gridlock report --suppressions=list suppress.area
has err "the line that is not used" "list:6: note"
equal "only that line" 1 "$(grep -vc suppressed err)"

printf 'deadlock:object:x # old\n' >other
try $gridlock report --suppressions=list --suppressions=other suppress.area
equal "several files" 2 "$(grep -c 'matched nothing' err)"

# What is hidden is counted: each fault once, beside what is shown.
./bank both.area cycle cycle deadlock
echo 'lock-order-cycle:lock:accounts* # known' >list
status_is "one of two" 66 $gridlock report --suppressions=list both.area
equal "one of two" "gridlock: 1 finding (1 error), 1 suppressed" "$(cat err)"
has_not out "one of two" "[lock-order-cycle]"

# The report itself says what to write, when asked.
try $gridlock report --verbose suppress.area
sed -n 's/^  suppress: //p' out >list
equal "--verbose gives the line" "lock-order-cycle:fingerprint:$print  # why" "$(cat list)"
status_is "and it works" 0 $gridlock report --suppressions=list suppress.area

# A suppressed finding leaves the program's own status.
FAKE_FINDINGS=suppress.area status_is "run" 3 $gridlock run --suppressions=list sh -c 'exit 3'
