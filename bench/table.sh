# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# table.sh - from samples to an aligned table: medians, ratios, memory, and the machine
#
# A sample is a line "column name repetition ns kib". The list of measurements (bench --list) comes
# on standard input: "name|label|aim|limit|unit".

# Read by both programs below. mawk has no sort: insertion is fast enough for a handful of samples.
median_awk='
function median(list, i, j, n, part, swap) {
    n = split(list, part, " ")
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && part[j - 1] + 0 > part[j] + 0; j--) {
            swap = part[j]; part[j] = part[j - 1]; part[j - 1] = swap
        }
    return n == 0 ? "" : n % 2 ? part[(n + 1) / 2] : (part[n / 2] + part[n / 2 + 1]) / 2
}'

# print_table SAMPLES COLUMN...: ns of native, then every other column as a ratio to it.
print_table()
{
    local samples=$1
    shift
    awk -F '|' -v samples="$samples" -v columns="$*" "$median_awk"'
    function cell(value) { return sprintf(value < 10 ? "%.2f" : "%.0f", value) }
    BEGIN {
        count = split(columns, column, " ")
        while ((getline line < samples) > 0) {
            split(line, f, " ")
            ns[f[1], f[2]] = ns[f[1], f[2]] " " f[4]
            if (f[1] == "native") native[f[2], f[3]] = f[4]
            else if (native[f[2], f[3]] > 0)
                ratio[f[1], f[2]] = ratio[f[1], f[2]] " " f[4] / native[f[2], f[3]]
        }
        printf "%-42s %9s", "operation", "native ns"
        for (c = 2; c <= count; c++) printf " %9s", column[c]
        printf " %8s %8s %9s\n", "aim", "limit", "gridlock ns"
    }
    ("native", $1) in ns {
        printf "%-42s %9s", $2, cell(median(ns["native", $1]))
        for (c = 2; c <= count; c++) {
            r = median(ratio[column[c], $1])
            printf " %9s", r == "" ? "-" : cell(r)
        }
        mine = median(ns["gridlock", $1])
        printf " %8s %8s %9s\n", $3 ($3 == "-" ? "" : $5), $4 ($4 == "-" ? "" : $5),
            mine == "" ? "-" : cell(mine)
    }'
}

# print_memory SAMPLES: how much higher the peak of the resident memory is under gridlock.
print_memory()
{
    awk -F '|' -v samples="$1" "$median_awk"'
    BEGIN {
        while ((getline line < samples) > 0) {
            split(line, f, " ")
            kib[f[1], f[2]] = kib[f[1], f[2]] " " f[5]
        }
        printf "%-42s %9s %9s %9s\n", "peak memory, KiB", "native", "gridlock", "more"
    }
    $1 ~ /^(small|thousand|life|live|pairs-cold|all-cold)$/ && ("gridlock", $1) in kib {
        a = median(kib["native", $1]); b = median(kib["gridlock", $1])
        printf "%-42s %9d %9d %+9d\n", $2, a, b, b - a
    }'
}

describe_machine()
{
    echo "machine: $(nproc) processors, $(uname -m), $(getconf GNU_LIBC_VERSION), kernel" \
        "$(uname -r | cut -d . -f 1-2), ${CC:-cc} $(${CC:-cc} -dumpversion), load" \
        "$(cut -d ' ' -f 1 /proc/loadavg); ${reps:-?} repetitions, medians of ratios"
}
