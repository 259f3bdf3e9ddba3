# SPDX-License-Identifier: MIT
#
# fish completion for gridlock; installed as share/fish/vendor_completions.d/gridlock.fish
#
# What there is, the command itself is asked: `gridlock help --plain` writes what `complete -a` reads.
# Behind `run PROGRAM` the completion is the program's.

set -g __gridlock gridlock
command -q $__gridlock; or set -g __gridlock (commandline -opc 2>/dev/null)[1]
command -q $__gridlock; or return

# The words behind the subcommand that are no options nor their values, one a line; fails if the subcommand
# is not $argv[1].
function __gridlock_arguments
    set -l tokens (commandline -opc)
    test "$tokens[2]" = $argv[1]; or return 1
    set -l valued (__gridlock_valued $argv[1])
    set -l skip 0
    set -l seen 0
    for token in $tokens[3..]
        if test $skip = 1
            set skip 0
        else if test $seen = 0; and contains -- $token $valued
            set skip 1
        else if test $seen = 0; and string match -q -- '-?*' $token
            continue
        else
            set seen 1
            echo $token
        end
    end
    return 0
end

# The options of a command that take the next word.
function __gridlock_valued
    $__gridlock help --plain $argv[1] 2>/dev/null | while read -l -d \t names value text
        test "$value" != -; and string split -- , $names
    end
end

# __gridlock_at COMMAND N: is the current word the command's N-th argument?
function __gridlock_at
    set -l before (__gridlock_arguments $argv[1]); or return
    test (count $before) = (math $argv[2] - 1)
end

function __gridlock_in_program
    set -l before (__gridlock_arguments run); or return
    test (count $before) -gt 0
end

function __gridlock_program
    set -l before (__gridlock_arguments run)
    complete -C (string join ' ' -- (string escape -- $before) (commandline -ct))
end

complete -c gridlock -f
complete -c gridlock -n __fish_use_subcommand -a '($__gridlock help --plain 2>/dev/null)'
complete -c gridlock -n __fish_use_subcommand -s h -l help -d 'an overview'
complete -c gridlock -n __fish_use_subcommand -l version -d 'which gridlock it is'

# One line for each option of each command; a letter follows the name behind a comma.
for __gridlock_command in ($__gridlock help --plain 2>/dev/null | string replace -r '\t.*' '')
    $__gridlock help --plain $__gridlock_command 2>/dev/null | while read -l -d \t names value text
        set -l words -l (string replace -r -- '--([^,]*).*' '$1' $names)
        string match -q '*,-?' -- $names; and set -a words -s (string sub -s -1 -- $names)
        switch $value
            case -
            case '*|*'
                set -a words -x -a (string replace -a "|" " " -- $value)
            case FILE
                set -a words -r -F
            case '*'
                set -a words -x
        end
        complete -c gridlock -n "__gridlock_at $__gridlock_command 1" $words -d $text
    end
end
set -e __gridlock_command

complete -c gridlock -n '__gridlock_at run 1' -a '(__fish_complete_command)'
complete -c gridlock -n __gridlock_in_program -a '(__gridlock_program)'
complete -c gridlock -n '__gridlock_at report 1' -F
complete -c gridlock -n '__gridlock_at explain 1' -a '($__gridlock help --plain findings 2>/dev/null)'
complete -c gridlock -n '__gridlock_at practice 1' -a '($__gridlock help --plain lessons 2>/dev/null)'
complete -c gridlock -n '__gridlock_arguments check >/dev/null' -F
complete -c gridlock -n '__gridlock_at check 2' -a '($__gridlock help --plain lessons 2>/dev/null)'
complete -c gridlock -n '__gridlock_at attach 1' -a '($__gridlock help --plain processes 2>/dev/null)'
complete -c gridlock -n '__gridlock_at core 1' -F
complete -c gridlock -n '__gridlock_at core 2' -F
complete -c gridlock -n '__gridlock_at doctor 1' -F
complete -c gridlock -n '__gridlock_at help 1' -a '($__gridlock help --plain 2>/dev/null; echo suppressions)'
