# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # IN is the inputs' folder: the script `one` sets it
#
# compress.sh - programs that compress with several threads: queues, conditions, joins

program pigz "pigz"
run_pigz()
{
    gl pigz -p 4 -c "$IN/text" > text.gz && sha256sum < text.gz && gl pigz -d -c text.gz | sha256sum
}

program pbzip2 "pbzip2"
run_pbzip2()
{
    gl pbzip2 -p4 -c "$IN/text" > text.bz2 && sha256sum < text.bz2
    gl pbzip2 -p4 -d -c text.bz2 | sha256sum
}

program lbzip2 "lbzip2"
run_lbzip2()
{
    gl lbzip2 -n 4 -c "$IN/text" > text.bz2 && sha256sum < text.bz2
    gl lbzip2 -n 4 -d -c text.bz2 | sha256sum
}

program xz "xz-utils"
run_xz()
{
    head -c 8000000 "$IN/text" > text
    gl xz -2 -T2 --block-size=1MiB -c text > text.xz && sha256sum < text.xz
    gl xz -T2 -d -c text.xz | sha256sum
}

program zstd "zstd"
run_zstd()
{
    gl zstd -q -9 -T2 -c "$IN/text" > text.zst && sha256sum < text.zst
    gl zstd -q -d -c text.zst | sha256sum
    gl zstd -q -T4 -3 --long -c "$IN/text" | sha256sum
}

program 7z "p7zip-full"
run_7z()
{
    head -c 6000000 "$IN/text" > text
    gl 7z a -mmt=4 -mx=3 -bd out.7z text | grep -c 'Everything is Ok'
    gl 7z x -so out.7z | sha256sum
    gl 7z a -mmt=4 -m0=bzip2 -bd second.7z text | grep -c 'Everything is Ok'
}

program plzip "plzip"
run_plzip()
{
    head -c 8000000 "$IN/text" | gl plzip -1 -n 4 -B 1MiB -c > text.lz && sha256sum < text.lz
    gl plzip -d -n 4 -c text.lz | sha256sum
}

program pixz "pixz"
run_pixz()
{
    head -c 8000000 "$IN/text" > text
    gl pixz -1 -p 4 text text.xz && gl pixz -d -p 4 text.xz out && sha256sum < out
}

program lrzip "lrzip"
run_lrzip()
{
    head -c 8000000 "$IN/text" > text
    gl lrzip -q -f -p 4 -g -o text.lrz text > log && gl lrzip -q -f -d -p 4 -o out text.lrz > log &&
        sha256sum < out
}

program mksquashfs "squashfs-tools"
defect mksquashfs thread-not-joined "the reader thread ends after the last file, and
    nobody joins it: mksquashfs.c, initialise_threads()"
run_mksquashfs()
{
    gl mksquashfs "$IN/tree" tree.sqfs -no-progress -quiet -processors 4 -mkfs-time 0 \
        -all-time 0 -noappend && sha256sum < tree.sqfs
    gl unsquashfs -q -n -p 4 -d out tree.sqfs && diff -r "$IN/tree" out && echo identical
}

# Another allocator comes by LD_PRELOAD too, and is older than the program's first lock.
program jemalloc "libjemalloc2 pigz"
run_jemalloc()
{
    export LD_PRELOAD=libjemalloc.so.2
    gl pigz -p 4 -c "$IN/text" > text.gz && unset LD_PRELOAD && sha256sum < text.gz
}

program tcmalloc "libtcmalloc-minimal4 pbzip2"
run_tcmalloc()
{
    head -c 5000000 "$IN/text" > text
    export LD_PRELOAD=libtcmalloc_minimal.so.4
    gl pbzip2 -p4 -c text > text.bz2 && unset LD_PRELOAD && sha256sum < text.bz2
}
