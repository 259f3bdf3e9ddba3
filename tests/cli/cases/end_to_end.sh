# SPDX-License-Identifier: MIT
#
# end_to_end.sh - the command and the real library, on a program that neither knows

gcc -g -O1 -o ways "$here/samples/ways.c" -pthread

# STATUS NAME WHAT: NAME is the finding, or - for none
while read -r wanted name what; do
    try timeout 20 "$real" run ./ways "$what"
    equal "$what: status" "$wanted" "$status"
    equal "$what: stdout is the program's" "$what" "$(cat out)"
    if [ "$name" = - ]; then
        equal "$what: nothing found, nothing said" "" "$(cat err)"
    else
        equal "$what: finding" "[$name]" "$(grep -o '\[[a-z-]*\]$' err)"
    fi
done <<'TABLE'
66 deadlock          hang
66 lock-order-cycle  order
66 lock-order-cycle  killed
66 unlock-not-locked unlock
3  -                 safe
TABLE

try timeout 20 "$real" run ./ways hang
for text in "accounts[0].lock" "accounts[1].lock" "in transfer()" "forth" "back" "certain" \
    "waits for accounts[1].lock" "nobody can move" "gridlock: 1 finding (1 error)"; do
    has err "hang" "$text"
done
status_is "--on-deadlock=abort" 66 timeout 20 "$real" run --on-deadlock=abort ./ways hang
status_is "--on-deadlock=wait" 124 timeout --foreground 3 "$real" run --on-deadlock=wait ./ways hang
has err "--on-deadlock=wait" "[deadlock]"
status_is "--exitcode" 9 timeout 20 "$real" run --exitcode=9 ./ways hang
echo '*:function:transfer  # the test wants it' >list
status_is "suppressed" 3 timeout 20 "$real" run --suppressions=list ./ways order
equal "suppressed: counted" "gridlock: no findings, 1 suppressed" "$(cat err)"

# Without the command: the library starts it.
try env LD_PRELOAD="$root/build/libgridlock.so" timeout 20 ./ways hang
equal "preloaded by hand: status" 66 "$status"
has err "preloaded by hand" "[deadlock]"
has err "preloaded by hand" "accounts[1].lock"

# A daemon: the process that the command started is gone, and so is the command; what the daemon
# finds later is shown all the same, on the stderr that it inherited.
cat >daemon.c <<'C'
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
static pthread_mutex_t state = PTHREAD_MUTEX_INITIALIZER;
int main(void)
{
    if (fork() || (setsid(), fork()))
        return 5;
    usleep(700 * 1000);
    pthread_mutex_lock(&state);
    pthread_mutex_lock(&state);
    return 0;
}
C
gcc -g -o daemon daemon.c -pthread
timeout 20 "$real" run ./daemon >out 2>daemon.err </dev/null
equal "daemon: the first process's status" 5 $?
equal "daemon: nothing found so far" "" "$(cat daemon.err)"
for _ in $(seq 50); do
    grep -q "1 finding" daemon.err && break
    sleep 0.1
done
cp daemon.err err
has err "daemon: found after the command has ended" "main waits for state, which it holds itself"

# C++: the user's own lines, not the library's.
cat >cpp.cc <<'CC'
#include <mutex>
#include <shared_mutex>
std::mutex g_log;
std::shared_mutex g_rates;
static void again() { g_log.lock(); }
int main(int argc, char **)
{
    if (argc > 1) {
        std::shared_lock<std::shared_mutex> reading(g_rates);
        std::unique_lock<std::shared_mutex> writing(g_rates);
    }
    std::lock_guard<std::mutex> guard(g_log);
    again();
}
CC
for compiler in "g++ -O0" "g++ -O2" "clang++ -O0" "clang++ -O2"; do
    $compiler -std=c++17 -g -o cpp cpp.cc -pthread 2>/dev/null || { fail "$compiler: no build"; continue; }
    try timeout 20 "$real" run ./cpp
    has err "$compiler" "cpp.cc:5: error: main waits for g_log"
    has err "$compiler" "std::lock_guard<std::mutex> guard(g_log);"
    try timeout 20 "$real" run ./cpp write
    has err "$compiler" "cpp.cc:10: error: "
    has err "$compiler" "g_rates"
done
