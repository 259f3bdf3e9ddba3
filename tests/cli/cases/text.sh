# SPDX-License-Identifier: MIT
#
# text.sh - does the report say what a person needs, in the forms that were agreed on?

cat >bank.c <<'C'
static void transfer(struct account *from, struct account *to)
{
    pthread_mutex_lock(&from->lock);
	pthread_mutex_lock(&to->lock);   /* a tab in front */
}

static void *phil(void *arg)
{
    pthread_mutex_lock(left); pthread_mutex_lock(right);
    std::lock_guard<std::mutex> guard(table.mutex);
    if (queue->mutex.try_lock() && ready)
        pthread_cond_wait(&queue->more,
                          &queue->mutex);
    return NULL;
}
C
file=$work/bank.c

# frame LINE COLUMN FUNCTION: a stack of one
frame() { printf '[{"function":"%s","file":"%s","line":%d,"column":%d,"module":"/bin/bank"}]' "$3" "$file" "$1" "$2"; }
head='"schema":"gridlock-finding/1","process":"bank"'
advice='"lesson":"deadlocks/abba-lock-order"'

# --- a possible deadlock
cat >cycle.jsonl <<JSON
{$head,"name":"lock-order-cycle","severity":"warning","confidence":"possible","message":"two locks are taken in both orders; it did not hang in this run",$advice,"threads":[{"id":2,"name":"teller-1"},{"id":3,"name":"teller-2"}],"objects":[{"id":1,"kind":"mutex","name":"accounts[0].lock"},{"id":2,"kind":"mutex","name":"accounts[1].lock"}],"places":[{"thread":3,"text":"teller-2 took accounts[1].lock here and kept it","primary":false,"stack":$(frame 3 5 transfer)},{"thread":3,"text":"then asked for accounts[0].lock","primary":true,"stack":$(frame 4 2 transfer)}],"interleaving":[{"turn":1,"thread":2,"operation":"lock","object":1,"waits_for":0,"stack":$(frame 3 5 transfer)},{"turn":2,"thread":3,"operation":"lock","object":2,"waits_for":0,"stack":$(frame 3 5 transfer)},{"turn":3,"thread":2,"operation":"lock","object":2,"waits_for":3,"stack":$(frame 4 2 transfer)},{"turn":4,"thread":3,"operation":"lock","object":1,"waits_for":2,"stack":$(frame 4 2 transfer)}]}
JSON
try $gridlock report cycle.jsonl
while IFS= read -r line; do has_words out "possible deadlock" "$line"; done <<'LINES'
warning: lock-order-cycle: two locks are taken in both orders; it did not hang in this run
  --> bank.c:4, in transfer()                                                               possible
    3 |     pthread_mutex_lock(&from->lock);
      |     ------------------------------- teller-2 took accounts[1].lock here and kept it
    4 |     pthread_mutex_lock(&to->lock);   /* a tab in front */
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ then asked for accounts[0].lock
  It hangs when the turns fall like this:
     turn   teller-1                         teller-2
       1    lock accounts[0].lock   bank.c:3
       2                                     lock accounts[1].lock   bank.c:3
       3    lock accounts[1].lock   bank.c:4   waits for teller-2
       4                                     lock accounts[0].lock   bank.c:4   waits for teller-1
            ===== nobody can move =====
  help: take these locks in one order everywhere
  lesson: deadlocks/abba-lock-order      more: gridlock explain lock-order-cycle
bank.c:4: warning: two locks are taken in both orders [lock-order-cycle]
LINES
equal "the last line is the editor's" "bank.c:4: warning: two locks are taken in both orders [lock-order-cycle]" \
    "$(grep -v '^$' out | tail -n 1)"

# columns: each step starts below its thread
column() { grep -e "^ *$1 " out | head -n 1 | sed "s/$2.*//" | wc -c; }
equal "first column" "$(column turn teller-1)" "$(column 1 lock)"
equal "second column" "$(column turn teller-2)" "$(column 2 lock)"

# --- an actual deadlock, with bystanders
wait_json() { printf '{"operation":"%s","object":%d,"for":[%s],"stack":%s}' "$1" "$2" "$3" "$4"; }
cat >deadlock.jsonl <<JSON
{$head,"name":"deadlock","severity":"error","confidence":"certain","after_ms":230,"message":"teller-1 and teller-2 wait for each other",$advice,"threads":[{"id":1,"name":"main","state":"blocked","part":false,"waits":$(wait_json join 0 2 "$(frame 14 5 main)")},{"id":2,"name":"teller-1","state":"blocked","part":true,"holds":[{"object":1,"mode":"exclusive","stack":$(frame 3 5 transfer)}],"waits":$(wait_json lock 2 3 "$(frame 4 2 transfer)")},{"id":3,"name":"teller-2","state":"blocked","part":true,"holds":[{"object":2,"mode":"shared","stack":$(frame 3 5 transfer)}],"waits":$(wait_json lock 1 2 "$(frame 4 2 transfer)")},{"id":4,"name":"logger","state":"blocked","part":false,"waits":$(wait_json cond-wait 3 "" "$(frame 12 9 phil)")},{"id":5,"name":"counter","state":"running","part":false},{"id":6,"name":"early","state":"exited","part":false}],"objects":[{"id":1,"kind":"mutex","name":"accounts[0].lock"},{"id":2,"kind":"mutex","name":"accounts[1].lock"},{"id":3,"kind":"cond","name":"log.more"}]}
JSON
try $gridlock report deadlock.jsonl
while IFS= read -r line; do has_words out "actual deadlock" "$line"; done <<'LINES'
error: deadlock: teller-1 and teller-2 wait for each other                      certain, after 0.2 s
     thread     holds                               waits for                       held by
   * teller-1   accounts[0].lock         bank.c:3   lock accounts[1].lock  bank.c:4   teller-2
   * teller-2   accounts[1].lock (read)  bank.c:3   lock accounts[0].lock  bank.c:4   teller-1
     main       -                                   join teller-1          bank.c:14
     logger     -                                   cond log.more          bank.c:12  (idle)
     counter    -                                   (runs)
     early      -                                   (has ended)
      |     ------------------------------- teller-1 took accounts[0].lock here
      |                                     teller-2 took accounts[1].lock here
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ teller-1 waits here for accounts[1].lock
bank.c:4: error: teller-1 and teller-2 wait for each other [deadlock]
LINES

# --- what is underlined: LINE COLUMN CARETS
while read -r line column carets; do
    cat >call.jsonl <<JSON
{$head,"name":"destroy-locked","severity":"warning","confidence":"certain","message":"m","places":[{"text":"here","primary":true,"stack":$(frame "$line" "$column" phil)}]}
JSON
    try $gridlock report call.jsonl
    under=$(grep -A1 "^ *$line |" out | tail -n 1 | sed 's/^ *| *//; s/ here//')
    start=$(grep -A1 "^ *$line |" out | tail -n 1 | sed 's/\^.*//' | wc -c)
    text=$(grep "^ *$line |" out | cut -c"$start-$((start + ${#under} - 1))")
    equal "underlined in line $line, column $column" "$carets" "$text"
done <<'TABLE'
3 5 pthread_mutex_lock(&from->lock)
3 0 pthread_mutex_lock(&from->lock)
4 2 pthread_mutex_lock(&to->lock)
9 5 pthread_mutex_lock(left)
9 31 pthread_mutex_lock(right)
10 33 std::lock_guard<std::mutex> guard(table.mutex)
11 9 queue->mutex.try_lock()
12 9 pthread_cond_wait(&queue->more,
14 5 return NULL;
TABLE

# --- many threads, long names, and never more than 100 columns but in the editor's line
# ring COUNT NAME: each thread holds one fork and wants the next
ring() {
    ring_threads='' ring_objects='' ring_steps='' i=1
    while [ "$i" -le "$1" ]; do
        next=$((i % $1 + 1))
        ring_threads="$ring_threads,{\"id\":$((i + 1)),\"name\":\"$2$i\",\"state\":\"blocked\",\"part\":true,\"holds\":[{\"object\":$i,\"stack\":$took}],\"waits\":$(wait_json lock $next $((next + 1)) "$wants")}"
        ring_objects="$ring_objects,{\"id\":$i,\"kind\":\"mutex\",\"name\":\"$3[$i]\"}"
        ring_steps="$ring_steps,{\"turn\":$i,\"thread\":$((i + 1)),\"operation\":\"lock\",\"object\":$i,\"waits_for\":0,\"stack\":$took}"
        ring_steps="$ring_steps,{\"turn\":$((i + $1)),\"thread\":$((i + 1)),\"operation\":\"lock\",\"object\":$next,\"waits_for\":$((next + 1)),\"stack\":$wants}"
        i=$((i + 1))
    done
    echo "{$head,\"name\":\"deadlock\",\"severity\":\"error\",\"confidence\":\"certain\",\"message\":\"$1 threads wait in a ring\",\"threads\":[${ring_threads#,}],\"objects\":[${ring_objects#,}],\"interleaving\":[${ring_steps#,}]}"
}
took=$(frame 9 5 phil) wants=$(frame 9 31 phil)
long=a_name_that_nobody_would_like_to_read_twice_in_the_same_report_but_it_may_well_occur
for threads in 2 3 5 8 20; do
    for name in fork long_name_of_a_lock_in_a_program "$long"; do
        for thread in phil- "$long"; do
            ring "$threads" "$thread" "$name" >ring.jsonl
            try $gridlock report ring.jsonl
            widest=$(grep -v '\[deadlock\]$' out | awk '{ if (length > widest) widest = length } END { print widest }')
            if [ "$widest" -le 100 ]; then pass; else
                fail "$threads threads $thread, locks $name: $widest columns"
                grep -v '\[deadlock\]$' out | grep -E '.{101}' | head -n 3
            fi
        done
    done
done
ring 3 phil- fork >ring.jsonl && try $gridlock report ring.jsonl
has out "three columns" "     turn   phil-1                  phil-2                  phil-3"
has out "steps in the order of their turns" "       3                                                    lock fork[3]   line 9"
equal "turns" "1 2 3 4 5 6" "$(sed -n 's/^       \([0-9]\) .*/\1/p' out | tr '\n' ' ' | sed 's/ $//')"
ring 12 phil- fork >ring.jsonl && try $gridlock report ring.jsonl
has out "a list" "     turn   thread"

# --- notes, reasons, limits
echo "{$head,\"name\":\"lock-order-cycle\",\"severity\":\"note\",\"confidence\":\"possible\",\"message\":\"an order\",\"reason\":\"a gate lock guards both\"}" >note.jsonl
try $gridlock report note.jsonl
equal "a note without --all" "" "$(cat out err)"
try $gridlock report --all note.jsonl
has out "a note with --all" "reason: a gate lock guards both"
has_not out "a note with --all" "help:"
has err "a note with --all" "gridlock: 1 finding (1 note)"
echo "{$head,\"name\":\"limit\",\"severity\":\"note\",\"message\":\"5 stacks were dropped\"}" >limit.jsonl
status_is "a limit is no finding" 0 $gridlock report limit.jsonl
has out "a limit is always told" "gridlock: limit: 5 stacks were dropped"

# --- what comes from outside cannot talk to the terminal
printf '{%s,"name":"deadlock","severity":"error","message":"a\\u001b[31mb\\u009bc\\rd\\u00e9"}\n' "$head" >escape.jsonl
try $gridlock report escape.jsonl
has out "control characters" "a?[31mb?c?dé"
LC_ALL=C try $gridlock report escape.jsonl
has out "ASCII locale" "a?[31mb?c?d?"

# --- whole stacks
./bank both.area cycle
try $gridlock report --verbose both.area
has out "--verbose" "__libc_start"
try $gridlock report both.area
has_not out "without --verbose" "__libc_start"
