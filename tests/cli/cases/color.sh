# SPDX-License-Identifier: MIT
#
# color.sh - who decides about colour: NO_COLOR, then CLICOLOR_FORCE, then --color, then the terminal

./bank color.area cycle
escape=$(printf '\033')

# COLORED NO_COLOR CLICOLOR_FORCE --color (- is unset)
while read -r wanted no_color force choice; do
    set -- env
    [ "$no_color" = - ] || set -- "$@" NO_COLOR="${no_color#=}"
    [ "$force" = - ] || set -- "$@" CLICOLOR_FORCE="$force"
    set -- "$@" $gridlock report
    [ "$choice" = - ] || set -- "$@" --color="$choice"
    try "$@" color.area
    colored=no
    grep -q "$escape" out && colored=yes
    equal "NO_COLOR $no_color, CLICOLOR_FORCE $force, --color $choice" "$wanted" "$colored"
done <<'TABLE'
no  - - -
no  - - auto
yes - - always
no  - - never
yes - 1 -
yes - 1 auto
yes - 1 never
no  - 0 -
yes - 0 always
no  1 - -
no  1 1 -
no  1 1 always
yes = - always
TABLE

# On a terminal.
if command -v script >/dev/null; then
    TERM=xterm script -qec "$gridlock report color.area" /dev/null >out 2>err </dev/null
    has out "on a terminal" "$escape[1;33m"
    NO_COLOR=1 TERM=xterm script -qec "$gridlock report color.area" /dev/null >out 2>err </dev/null
    has_not out "on a terminal with NO_COLOR" "$escape["
    TERM=dumb script -qec "$gridlock report color.area" /dev/null >out 2>err </dev/null
    has_not out "on a dumb terminal" "$escape["
fi
