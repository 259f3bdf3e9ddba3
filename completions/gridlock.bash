# SPDX-License-Identifier: MIT
#
# bash completion for gridlock; installed as share/bash-completion/completions/gridlock
#
# What there is, the command itself is asked: `gridlock help --plain`. Where no word fits, bash's own
# completion of files remains (-o default); behind `run PROGRAM` it is the program's.

# _gridlock_offer: of the words on stdin those that fit, and no files
_gridlock_offer() {
    compopt +o default +o bashdefault 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -W "$(cat)" -- "$cur")
}

# A process by its number or its name; several are shown with both.
_gridlock_processes() {
    local pid what fits=()

    compopt +o default +o bashdefault 2>/dev/null
    COMPREPLY=()
    while IFS=$'\t' read -r pid what; do
        [[ $pid == "$cur"* || $what == "$cur"* ]] || continue
        COMPREPLY+=("$pid")
        fits+=("$pid ($what)")
    done < <("$gridlock" help --plain processes 2>/dev/null)
    ((${#COMPREPLY[@]} < 2)) || COMPREPLY=("${fits[@]}")
}

# _gridlock_value OPTION: the choices of its value, or files
_gridlock_value() {
    local name value rest

    while IFS=$'\t' read -r name value rest; do
        [[ ",$name," == *",$1,"* && $value == *'|'* ]] || continue
        _gridlock_offer <<<"${value//|/$'\n'}"
    done <<<"$options"
}

# _gridlock_option_names: a value follows behind =, without a blank
_gridlock_option_names() {
    local name value rest words=

    while IFS=$'\t' read -r name value rest; do
        [[ $value == - ]] && value= || value='='
        words+=${name%%,*}$value$'\n'
    done <<<"$options"
    _gridlock_offer <<<"$words"
    [[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
}

# Without bash-completion's help there are only files behind the program.
_gridlock_program() {
    if ((first == COMP_CWORD)); then
        mapfile -t COMPREPLY < <(compgen -c -- "$cur")
        [[ $cur != */* ]] || COMPREPLY=() # then it is a file
    elif declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$first"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$first"
    fi
}

# Is that an option whose value is the next word? --name=value is one word of gridlock's, three of bash's.
_gridlock_takes_value() {
    local name value rest

    while IFS=$'\t' read -r name value rest; do
        [[ ",$name," == *",$1,"* && $value != - ]] && return 0
    done <<<"$options"
    return 1
}

# Sets first (the first argument that is no option, or the current word) and count (such arguments before
# the current word). In pending: the option whose value the current word is.
_gridlock_scan() {
    local i=2 word

    first=$COMP_CWORD count=0 pending=
    while ((i < COMP_CWORD)); do
        word=${COMP_WORDS[i]}
        if ((count == 0)) && [[ $word == -?* && $word != -- ]]; then
            if [[ ${COMP_WORDS[i + 1]} == = ]]; then
                ((i + 2 < COMP_CWORD)) || pending=$word
                ((i += 2))
            elif _gridlock_takes_value "$word"; then
                ((i + 1 < COMP_CWORD)) || pending=$word
                ((++i))
            fi
        elif [[ $word != -- || $count -gt 0 ]]; then
            ((count++ > 0)) || first=$i
        fi
        ((++i))
    done
}

_gridlock() {
    local gridlock=${COMP_WORDS[0]/#\~/$HOME} cur=${COMP_WORDS[COMP_CWORD]}
    local command=${COMP_WORDS[1]} options first count pending

    COMPREPLY=()
    [[ $cur != = ]] || cur=
    if ((COMP_CWORD == 1)); then
        _gridlock_offer < <("$gridlock" help --plain 2>/dev/null | cut -f1; echo '--help --version')
        return
    fi
    options=$("$gridlock" help --plain "$command" 2>/dev/null)
    _gridlock_scan
    if [[ $pending ]]; then
        _gridlock_value "$pending"
        return
    fi
    if [[ $cur == -* && $count -eq 0 && ${COMP_WORDS[COMP_CWORD - 1]} != -- ]]; then
        _gridlock_option_names
        return
    fi
    case $command:$count in
    run:*) _gridlock_program ;;
    explain:0) _gridlock_offer < <("$gridlock" help --plain findings 2>/dev/null | cut -f1) ;;
    practice:0) _gridlock_offer < <("$gridlock" help --plain lessons 2>/dev/null | cut -f1) ;;
    help:0) _gridlock_offer < <("$gridlock" help --plain 2>/dev/null | cut -f1; echo suppressions) ;;
    attach:0) _gridlock_processes ;;
    check:[1-9]*) # a lesson, or else another file
        mapfile -t COMPREPLY < <("$gridlock" help --plain lessons 2>/dev/null | cut -f1 | grep "^$cur")
        ;;
    report:0 | check:0 | core:[01] | doctor:0) ;; # files
    *) compopt +o default +o bashdefault 2>/dev/null ;;
    esac
}

complete -o bashdefault -o default -F _gridlock gridlock
