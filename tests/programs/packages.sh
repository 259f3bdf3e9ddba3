# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# packages.sh - installs what the cases need, where we may
#
# Debian starts a server when it is installed. A policy-rc.d that answers 101 forbids it; ours goes
# when we are done, another's stays.

is_package_here()
{
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]
}

# A case is installed if all of its packages are, or if all of its commands come from elsewhere.
is_installed()
{
    local package command

    for package in ${packages[$1]}; do
        is_package_here "$package" || {
            for command in ${commands[$1]}; do
                command -v "$command" > /dev/null || return 1
            done
            [ -n "${commands[$1]}" ]
            return
        }
    done
}

install_packages()
{
    local name package policy=/usr/sbin/policy-rc.d made=no
    local -a missing=()

    for name in "$@"; do
        is_known "$name" && ! is_installed "$name" && for package in ${packages[$name]}; do
            is_package_here "$package" || missing+=("$package")
        done
    done
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
        echo "missing; as root: apt-get install --no-install-recommends ${missing[*]}" >&2
        return
    fi
    echo "installing: ${missing[*]}" >&2
    [ -e $policy ] || { printf '#!/bin/sh\nexit 101\n' > $policy && chmod 755 $policy; made=yes; }
    apt-get update -q > "$OUT/apt.log" 2>&1
    # One at a time if all at once fails: a package that is not there must not keep others away.
    local -a apt=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends
        -o DPkg::Lock::Timeout=300)
    "${apt[@]}" "${missing[@]}" >> "$OUT/apt.log" 2>&1 || for package in "${missing[@]}"; do
        "${apt[@]}" "$package" >> "$OUT/apt.log" 2>&1 || echo "could not install $package" >&2
    done
    [ $made = yes ] && rm -f $policy
}
