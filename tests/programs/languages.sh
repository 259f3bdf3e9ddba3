# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # PROGRAMS is this folder
#
# languages.sh - runtimes of other languages: their locks, schedulers, collectors and signals
#
# The programs are in sources/.

program python "python3"
run_python()
{
    gl python3 "$PROGRAMS/sources/threads.py"
}

program numpy "python3-numpy"
run_numpy()
{
    export OPENBLAS_NUM_THREADS=4 OMP_NUM_THREADS=4
    gl /usr/bin/python3 -c '
import numpy, threading
a = numpy.arange(90000, dtype=float).reshape(300, 300) % 7
sums = [0] * 4
def multiply(i): sums[i] = float((a @ a.T).sum())
threads = [threading.Thread(target=multiply, args=(i,)) for i in range(4)]
[t.start() for t in threads]
[t.join() for t in threads]
print(sums)'
}

program pypy "pypy3"
run_pypy()
{
    gl pypy3 "$PROGRAMS/sources/threads.py"
}

program java "default-jdk-headless"
defect java exit-holding-lock "HotSpot's VM Thread ends with Threads_lock held, on purpose:
    no Java thread shall run on while the process ends: vmThread.cpp, VMThread::run(),
    'let VM thread exit at Safepoint'"
run_java()
{
    gl javac -d . "$PROGRAMS/sources/Threads.java" && gl java -Xmx128m Threads
}

program java-zgc "default-jdk-headless"
defect java-zgc exit-holding-lock "HotSpot's VM Thread ends with Threads_lock held, on purpose:
    no Java thread shall run on while the process ends: vmThread.cpp, VMThread::run(),
    'let VM thread exit at Safepoint'"
run_java-zgc()
{
    javac -d . "$PROGRAMS/sources/Threads.java" && gl java -XX:+UseZGC -Xmx256m Threads
}

program node "nodejs" "node"
run_node()
{
    gl node "$PROGRAMS/sources/threads.js"
}

# A static program: gridlock cannot see into it, says so in one line, and does not run it (2).
program go-static "golang-go"
run_go-static()
{
    CGO_ENABLED=0 go build -o threads "$PROGRAMS/sources/threads.go" && ./threads
    [ "$MODE" = native ] && return
    gl ./threads > unexpected 2> said
    [ -s unexpected ] && echo "it ran"
    [ "$(wc -l < said)" -eq 1 ] || cat said
}

program go-cgo "golang-go gcc"
run_go-cgo()
{
    CGO_ENABLED=1 go build -o threads "$PROGRAMS/sources/threads_cgo.go" && gl ./threads
}

program rust "rustc gcc"
run_rust()
{
    gl /usr/bin/rustc -O -o threads "$PROGRAMS/sources/threads.rs" && gl ./threads
}

program ruby "ruby"
run_ruby()
{
    gl ruby "$PROGRAMS/sources/threads.rb"
}

program perl "perl"
run_perl()
{
    gl perl "$PROGRAMS/sources/threads.pl"
}

program guile "guile-3.0"
run_guile()
{
    gl guile --no-auto-compile "$PROGRAMS/sources/threads.scm"
}

program sbcl "sbcl"
defect sbcl thread-not-joined "join-thread waits for the Lisp thread only; the system's is
    joined when the next one is made, the last one never: src/code/target-thread.lisp"
run_sbcl()
{
    gl sbcl --script "$PROGRAMS/sources/threads.lisp"
}

program mono "mono-runtime mono-mcs"
run_mono()
{
    mcs -out:threads.exe "$PROGRAMS/sources/Threads.cs" && gl mono threads.exe
}

program ocaml "ocaml-nox gcc"
run_ocaml()
{
    cp "$PROGRAMS/sources/threads.ml" . &&
        ocamlfind ocamlopt -package threads.posix -linkpkg -o threads threads.ml 2> log ||
        ocamlopt -I +threads -o threads unix.cmxa threads.cmxa threads.ml && gl ./threads
}

program erlang "erlang-base"
run_erlang()
{
    gl erl +S 2 +A 4 -noshell -eval '
        Me = self(),
        [spawn(fun() -> Me ! lists:sum(lists:seq(1, N)) end) || N <- lists:seq(1, 1000)],
        io:format("~p~n", [lists:sum([receive X -> X end || _ <- lists:seq(1, 1000)])]),
        halt().'
}

program php "php-cli"
run_php()
{
    gl php -r 'echo md5(str_repeat("gridlock", 1000)), "\n";'
}
