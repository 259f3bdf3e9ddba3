# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # IN is the inputs' folder: the script `one` sets it
#
# files.sh - programs on files: sorting, searching, copying, version control

program sort "coreutils"
run_sort()
{
    gl sort --parallel=4 -S 20M "$IN/text" | sha256sum
}

program ripgrep "ripgrep"
run_ripgrep()
{
    gl rg -j 4 --count-matches '[a-z]+_t\b' "$IN/tree" | sort | sha256sum
}

program rsync "rsync"
run_rsync()
{
    gl rsync -a "$IN/tree/" copy/ && diff -r "$IN/tree" copy && echo identical
    gl rsync -a --delete "$IN/tree/part1/" copy/ && diff -r "$IN/tree/part1" copy && echo identical
}

make_repository()
{
    cp -r "$IN/tree" repository && cd repository || return
    export GIT_AUTHOR_DATE='2020-01-01T00:00:00Z' GIT_COMMITTER_DATE='2020-01-01T00:00:00Z'
    export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org
    export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
    git init -q . && git add . && git commit -q -m first
}

program git-grep "git"
run_git-grep()
{
    make_repository && gl git grep --threads=4 -c define | sha256sum
    gl git -c core.preloadIndex=true status --short | wc -l
}

program git-pack "git"
run_git-pack()
{
    make_repository || return
    # Which delta a thread finds depends on the turns: what is in the pack does not.
    git rev-list --objects --all | gl git pack-objects --threads=4 -q ../pack > ../name
    gl git index-pack --threads=4 -o ../out.idx ../pack-*.pack > ../hash
    git show-index < ../out.idx | cut -d ' ' -f 2 | sha256sum
    gl git -c pack.threads=4 gc -q && gl git fsck --full 2>&1
    gl git clone -q . ../clone && ls ../clone | wc -l
}

program curl "curl"
run_curl()
{
    for ((i = 0; i < 20; i++)); do
        printf 'url = "file://%s/tree/part%d/file%d.h"\noutput = "out%d"\n' "$IN" $i $i $i
    done > config
    gl curl -sS -Z --parallel-max 8 -K config && cat out* | sha256sum
    gl curl -sS http://localhost:1/ 2> error    # the resolver is a thread of its own
    echo "status $?"
}

program tmux "tmux"
run_tmux()
{
    gl tmux -S ./socket -f /dev/null new-session -d -s one 'seq 1000 > numbers; echo done > end'
    until_works test -e end && sha256sum < numbers
}

program gdb "gdb gcc"
run_gdb()
{
    gcc -g -o small "$IN"/c/*.c
    gl gdb -q -batch -nx -ex 'break f7' -ex run -ex bt -ex c small 2> /dev/null |
        grep -E '^#|^-?[0-9]+$' | sed 's/0x[0-9a-f]*/ADDRESS/g'
}

program stress-ng "stress-ng"
run_stress-ng()
{
    gl stress-ng -q --mutex 2 --sem 2 --timeout 1s 2>&1
    gl stress-ng -q --pthread 2 --futex 1 --timeout 1s 2>&1
    echo "status $?"
}

program fio "fio"
run_fio()
{
    gl fio --name=a --directory=. --rw=randrw --size=4M --bs=4k --numjobs=4 --thread \
        --verify=crc32c --ioengine=psync --group_reporting --output-format=terse --randseed=1 |
        awk -F ';' '/^3;/ { print "error", $5, "KiB", $6 + $47 }'
}

program qemu-img "qemu-utils"
run_qemu-img()
{
    gl qemu-img convert -O qcow2 -m 8 -W "$IN/text" text.qcow2 && gl qemu-img check text.qcow2 |
        head -n 1
    gl qemu-img convert -O raw text.qcow2 out && head -c 24000000 out | sha256sum
}

program hashdeep "hashdeep"
run_hashdeep()
{
    gl hashdeep -r -l -j 4 "$IN/tree" | sort | sha256sum
}

program openssl "openssl"
run_openssl()
{
    gl openssl speed -multi 2 -seconds 1 -bytes 64 sha256 2> log | grep -c '^sha256'
}

program sysbench "sysbench"
run_sysbench()
{
    gl sysbench mutex --threads=4 --mutex-num=64 --mutex-locks=5000 run | grep -c 'execution time'
    gl sysbench threads --threads=4 --thread-locks=4 --events=1000 --time=0 run |
        grep -c 'execution time'
}

program samtools "samtools"
run_samtools()
{
    {
        printf '@HD\tVN:1.6\n@SQ\tSN:one\tLN:1000000\n'
        awk 'BEGIN { srand(1); for (i = 0; i < 100000; i++) {
            printf "r%d\t0\tone\t%d\t60\t10M\t*\t0\t0\tACGTACGTAC\tIIIIIIIIII\n", i,
                1 + int(rand() * 900000) } }'
    } > reads.sam
    gl samtools sort -@ 4 -m 2M --no-PG -o sorted.bam reads.sam 2> log &&
        gl samtools index -@ 4 sorted.bam && gl samtools view -@ 4 --no-PG sorted.bam | sha256sum
}

program doxygen "doxygen"
run_doxygen()
{
    printf 'INPUT = %s/c\nNUM_PROC_THREADS = 4\nGENERATE_LATEX = NO\nQUIET = YES\n' "$IN" > conf
    printf 'EXTRACT_ALL = YES\nHAVE_DOT = NO\nTIMESTAMP = NO\n' >> conf
    gl doxygen conf 2> log && find html -name '*.html' | wc -l
}
