# SPDX-License-Identifier: MIT
#
# names.sh - are functions, lines, locks and threads found, however the program was compiled?

wanted_names='accounts[1].lock
workers.queue.mutex
workers.queue.more
workers.unnamed_inside
grid[1][2]
table
g_mutex
slots
bank::vault
bank::rates
bank::Branch::counter_lock
bank::main_street.door
counter.lock
ledger->lock
page
local
one->lock
other->lock'

# What every build must show; only the tail call of -Os may hide a caller.
wanted_callers='teller-1   transfer(), called by both_ways() bank.c:40, play() bank.c:55, main() bank.c:71
teller-2   transfer(), called by both_ways() bank.c:42, play() bank.c:55, main() bank.c:71'

for compilers in "gcc g++" "clang clang++"; do
    for flags in "-O0" "-O2" "-O0 -fno-pie -no-pie" "-O2 -fno-pie -no-pie" "-O2 -gdwarf-4" "-g3 -O1"; do
        what="${compilers% *} $flags"
        # shellcheck disable=SC2086
        compile built_bank "${compilers% *}" bank.c $flags 2>err &&
            compile built_names "${compilers#* }" names.cc $flags 2>err || { fail "$what: no build"; continue; }
        ./built_bank built.area cycle && ./built_names names.area
        try $gridlock report built.area
        equal "$what: callers" "$wanted_callers" "$(sed -n 's/^ *\(teller-[12]   transfer\)/\1/p' out)"
        has out "$what: first place" "teller-2 took accounts[1].lock here and kept it"
        has out "$what: second place" "bank.c:24, in transfer()"
        try $gridlock report --format=json names.area
        equal "$what: objects" "$wanted_names" "$(object_names out)"
    done
done

# Heap objects: a text that means two locks names neither alone.
./bank heap.area heap
try $gridlock report --format=json heap.area
equal "two locks, one text" "from->lock (#1) from->lock (#2)" "$(object_names out | tr '\n' ' ' | sed 's/ $//')"

# Debug information in a file of its own, found by the link in the program.
cp bank split_bank && objcopy --only-keep-debug split_bank split_bank.debug &&
    objcopy --strip-all --add-gnu-debuglink=split_bank.debug split_bank
./split_bank split.area cycle && try $gridlock report split.area
has out "separate debug file" "accounts[0].lock"
has out "separate debug file" "bank.c:24, in transfer()"

# Less and less is known: symbols, then nothing. Never an address.
cp bank bare_bank && objcopy --strip-debug bare_bank
./bare_bank bare.area cycle && try $gridlock report bare.area
has out "symbols only" "accounts+8"
has out "symbols only" "--> transfer() of bare_bank"
has out "symbols only: last line" "sample: warning: "
cp bank stripped_bank && strip stripped_bank
./stripped_bank stripped.area cycle && try $gridlock report stripped.area
has out "stripped" "mutex #1 and mutex #2"
has out "stripped" "stripped_bank+0x"
compile mangled g++ names.cc -g0 -O0 && ./mangled mangled.area &&
    try $gridlock report --format=json mangled.area
equal "C++ symbols only" "accounts+56 bank::vault counter.lock" \
    "$(object_names out | grep -E '^(accounts|bank::vault|counter)' | tr '\n' ' ' | sed 's/ $//')"
for area in heap bare stripped mangled; do
    try $gridlock report $area.area
    if grep -E 'lock +0x|0x[0-9a-f]{9,}' out; then fail "$area: an address"; else pass; fi
done

# The source is not there any more: no excerpt, everything else.
mkdir -p moved && cp "$here/samples/bank.c" moved/ && (
    cd moved && gcc -I"$root" -D_GNU_SOURCE -g -O0 -o ../moved_bank bank.c ../bank.record.o && rm bank.c
)
./moved_bank moved.area cycle && try $gridlock report moved.area
has out "no source" "bank.c:23, in transfer(): teller-2 took"
has_not out "no source" "^^^"
has out "no source: the last line" "moved/bank.c:24: warning: "

# The source was edited since.
cp "$here/samples/bank.c" edited.c && gcc -I"$root" -D_GNU_SOURCE -g -o edited edited.c bank.record.o
./edited edited.area cycle && try $gridlock report edited.area
has_not out "source as it was" "is newer than"
touch -d '+1 hour' edited.c && try $gridlock report edited.area
has out "source edited" "edited.c is newer than edited"

# The program itself is not there any more.
cp bank gone_bank && ./gone_bank gone_bank.area cycle && rm gone_bank
try $gridlock report gone_bank.area
has out "program is gone" "gone_bank+0x"

# Threads.
cat >threads.jsonl <<'JSON'
{"schema":"gridlock-raw/1","name":"deadlock","message":"{thread:1} {thread:2} {thread:3} {thread:4} {thread:5} {thread:9} {object:7} {x}","threads":[{"id":1},{"id":2,"name":"io"},{"id":4,"name":"io"},{"id":3,"name":"log"},{"id":5}]}
JSON
try $gridlock report threads.jsonl
has out "threads" "main io-1 log io-2 thread-5 another thread an unknown object {x}"
