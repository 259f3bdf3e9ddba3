# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # IN is the inputs' folder: the script `one` sets it
#
# builders.sh - programs that build others: many short processes, exec, threaded linkers

write_makefile()
{
    cp "$IN"/c/*.c . && cat > Makefile <<'MAKE'
objects = $(patsubst %.c,%.o,$(wildcard *.c))
small: $(objects)
	gcc -o $@ $(objects)
%.o: %.c
	gcc -O1 -c -o $@ $<
MAKE
}

program make "make gcc"
run_make()
{
    write_makefile && gl make -s -j4 && ./small
}

program ninja "ninja-build gcc"
run_ninja()
{
    cp "$IN"/c/*.c . && {
        printf 'rule cc\n  command = gcc -O1 -c -o $out $in\n'
        printf 'rule link\n  command = gcc -o $out $in\n'
        for file in *.c; do echo "build ${file%.c}.o: cc $file"; done
        echo "build small: link $(echo *.c | sed 's/\.c/.o/g')"
    } > build.ninja
    gl ninja -j 4 > log && ./small
}

program cmake "cmake make gcc"
run_cmake()
{
    cp "$IN"/c/*.c . && cat > CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.10)
project(small C)
file(GLOB sources *.c)
add_executable(small ${sources})
CMAKE
    gl cmake -S . -B out > log && gl cmake --build out -j 4 >> log && out/small
}

program gcc-lto "gcc"
run_gcc-lto()
{
    gl gcc -O2 -flto=2 -o small "$IN"/c/*.c && ./small
}

program gold "binutils gcc"
run_gold()
{
    gcc -c "$IN"/c/*.c &&
        gl gcc -fuse-ld=gold -Wl,--threads,--thread-count=4 -o small ./*.o && ./small
}

program lld "lld gcc" "ld.lld"
run_lld()
{
    gcc -c "$IN"/c/*.c && gl gcc -fuse-ld=lld -Wl,--threads=4 -o small ./*.o && ./small
}

program mold "mold gcc"
run_mold()
{
    gcc -c "$IN"/c/*.c && gl gcc -fuse-ld=mold -Wl,--thread-count=4 -o small ./*.o && ./small
}

program clang "clang" "clang"
run_clang()
{
    gl clang -O2 -flto=thin -fuse-ld=lld -o small "$IN"/c/*.c && ./small
}
