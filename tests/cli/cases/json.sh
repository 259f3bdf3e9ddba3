# SPDX-License-Identifier: MIT
#
# json.sh - is every line of --format=json a finding with all its keys?

./bank json.area cycle deadlock misuse
try $gridlock report --format=json json.area
equal "one line each" 3 "$(wc -l <out)"
equal "every line is whole" 3 "$(grep -c '^{"schema":"gridlock-finding/1",.*}$' out)"
for key in schema name severity confidence message fingerprint threads objects cycle interleaving \
    lesson process pid after_ms file line places reason help; do
    equal "key $key" 3 "$(grep -c "\"$key\":" out)"
done
for key in id name stack holds waits function file line module kind operation object; do
    equal "key $key" 2 "$(head -n 2 out | grep -c "\"$key\":")"
done
for key in turn thread waits_for; do
    equal "key $key" 1 "$(head -n 1 out | grep -c "\"$key\":")"
done
has_not out "no placeholder" "{object"
has_not out "no address" '"address"'

# The fingerprint is the fault's, not the run's: another load address, another program file.
prints() { $gridlock report --format=json "$1" 2>/dev/null | grep -o '"fingerprint":"[0-9a-f]*"'; }
cp bank other_bank && ./other_bank other.area cycle deadlock misuse
equal "fingerprints stay" "$(prints json.area)" "$(prints other.area)"
equal "fingerprints differ" 3 "$(prints json.area | sort -u | wc -l)"

# To a file; the summary says where, the standard error has no JSON.
FAKE_FINDINGS=json.area status_is "--output" 66 $gridlock run --format=json --output=to_file true
equal "--output: lines" 3 "$(grep -c '^{.*}$' to_file)"
has err "--output: summary" "gridlock: 3 findings (1 error, 2 warnings), written to to_file"
has_not err "--output: stderr" "schema"
FAKE_FINDINGS=json.area status_is "text --output" 66 $gridlock run --output=to_file true
has to_file "text --output" "[lock-order-cycle]"

# To the standard error: nothing but JSON.
FAKE_FINDINGS=json.area try $gridlock run --format=json true
equal "json on stderr" 0 "$(grep -vc '^{.*}$' err)"
