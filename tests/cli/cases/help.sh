# SPDX-License-Identifier: MIT
#
# Help: a page for each command, and of what the command really takes.

$gridlock --help >overview
for page in $($gridlock help --plain | cut -f1); do
    status_is "help $page" 0 $gridlock help "$page"
    cp out page
    has page "help $page" "Usage: gridlock $page "
    has page "help $page" "Exit status:"
    has overview "the overview" "  gridlock $page "
    equal "help $page: no line is too long" "" "$(awk 'length > 100' page)"
    for option in --help -h; do
        status_is "$page $option" 0 $gridlock "$page" $option
        equal "$page $option is the same" "$(cat page)" "$(cat out err)"
    done

    # What the page names, the command takes: it may dislike the rest, but not the option.
    for option in $($gridlock help --plain "$page" | cut -f1 | tr , ' '); do
        [ "$option" = --hang ] && continue # it does what it says; tests/doctor tries it
        try $gridlock "$page" "$option"
        has_not err "$page takes $option" "unknown option"
    done
done

# And the other way round: what options.c reads, the pages name. --helper is between the library and
# the command, --colour another spelling.
for option in $(sed -n 's/^ *{"\([a-z-]*\)", [a-z]*_argument, .*/\1/p' "$root/detector/cli/options.c"); do
    case $option in helper | colour) continue ;; esac
    $gridlock help --plain run >listed
    has listed "help run" "--$option"
done

status_is "--help behind other options" 0 $gridlock run --all -h false
has out "--help behind other options" "Usage: gridlock run"
status_is "--help behind an option with a value" 0 $gridlock report -o x --format json --help
has out "--help behind an option with a value" "Usage: gridlock report"
status_is "--help as a value" 0 $gridlock run -o --help true
silent "--help as a value"
status_is "the program's own --help" 0 $gridlock run env --help
has_not out "the program's own --help" "gridlock"
status_is "--help of nothing" 0 $gridlock --help
has out "--help of nothing" "why do these threads stop?"
status_is "help of something else" 2 $gridlock help nothing
one_line "help of something else"
status_is "help of two things" 2 $gridlock help run report
one_line "help of two things"
status_is "help suppressions" 0 $gridlock help suppressions
has out "help suppressions" "FINDING:FIELD:PATTERN"
status_is "help --plain of something else" 2 $gridlock help --plain nothing
one_line "help --plain of something else"
$gridlock help --plain run >listed
equal "formats as a choice" "text|brief|json" \
    "$(sed -n 's/^--format\t\(text|brief|json\).*\t.*/\1/p' listed)"
equal "three columns for each option" "" "$(awk -F'\t' 'NF != 3' listed)"
equal "all findings" "$($gridlock explain --list | sed -n 's/^  \([a-z-]*\) .*/\1/p')" \
    "$($gridlock help --plain findings | cut -f1)"
