# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # IN, OUT: folders, ROOT: the project's; the script `one` sets them
#
# databases.sh - databases: the densest use of locks that there is

program sqlite-shell "sqlite3"
run_sqlite-shell()
{
    local insert

    sqlite3 db 'PRAGMA journal_mode = WAL; CREATE TABLE t (who, n);'
    insert='WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20)
        INSERT INTO t SELECT %s, n FROM c;\n'
    for who in 1 2; do
        { echo '.timeout 10000'; for ((i = 0; i < 100; i++)); do
            # shellcheck disable=SC2059 # the format is above
            printf "$insert" $who
        done; } > script$who
    done
    gl sqlite3 db < script1 &
    gl sqlite3 db < script2
    wait $! && gl sqlite3 db 'PRAGMA threads = 4; SELECT who, count(*), sum(n) FROM t GROUP BY who;
        SELECT n FROM t ORDER BY n DESC, who LIMIT 3; PRAGMA integrity_check'
}

program sqlite-threads "libsqlite3-dev gcc"
run_sqlite-threads()
{
    gcc -O2 -I"$ROOT" -o hammer "$ROOT/bench/sqlite.c" -lsqlite3 -pthread && gl ./hammer 4 500
}

program mariadb "mariadb-server"
defect mariadb thread-not-joined "a joinable thread that mysqld_main() itself creates ends at
    shutdown without a join: sql/mysqld.cc"
run_mariadb()
{
    if [ ! -e "$OUT/in/mariadb/mysql" ]; then
        mariadb-install-db --no-defaults --datadir="$OUT/in/mariadb" --user=root \
            --auth-root-authentication-method=normal --skip-test-db > log 2>&1 || return
    fi
    cp -r "$OUT/in/mariadb" data
    serve mariadbd --no-defaults --datadir="$PWD/data" --socket="$PWD/socket" --user=root \
        --skip-networking --innodb-buffer-pool-size=64M --thread-handling=pool-of-threads 2> log
    until_works mariadb-admin --no-defaults -S socket -u root ping
    mariadb-slap --no-defaults -S socket -u root --concurrency=8 --number-of-queries=2000 \
        --auto-generate-sql --auto-generate-sql-load-type=mixed --engine=innodb > slap &&
        grep -c Benchmark slap
    mariadb --no-defaults -S socket -u root -e 'CREATE DATABASE d; CREATE TABLE d.t (n INT);
        USE d;
        INSERT INTO t SELECT seq FROM seq_1_to_1000; SELECT sum(n) FROM t'
    mariadb-admin --no-defaults -S socket -u root shutdown
    wait "$server"
    echo "the server ended with status $?"
    server=
}

program postgresql "postgresql"
run_postgresql()
{
    local bin as=(setpriv --reuid=postgres --regid=postgres --clear-groups)

    bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
    [ "$(id -u)" -eq 0 ] || as=(env)
    if [ ! -e "$OUT/in/postgresql/base" ]; then
        mkdir -p "$OUT/in/postgresql" && chown postgres "$OUT/in/postgresql"
        "${as[@]}" "$bin/initdb" -D "$OUT/in/postgresql" -A trust > log 2>&1 || return
    fi
    cp -a "$OUT/in/postgresql" data
    serve "${as[@]}" "$bin/postgres" -D "$PWD/data" -k "$PWD" -c listen_addresses= 2> log
    until_works "${as[@]}" "$bin/psql" -h "$PWD" postgres -c 'SELECT 1'
    "${as[@]}" "$bin/pgbench" -h "$PWD" -q -i postgres > log2 2>&1
    gl "${as[@]}" "$bin/pgbench" -h "$PWD" -c 4 -j 4 -t 100 postgres 2>&1 |
        grep 'actually processed'
    "${as[@]}" "$bin/psql" -h "$PWD" -At postgres -c 'SELECT count(*) FROM pgbench_history'
    stop INT
}

program rocksdb "rocksdb-tools"
run_rocksdb()
{
    seq 20000 | sed 's/.*/key& ==> value&/' > rows
    gl ldb --db=db --create_if_missing load < rows && gl ldb --db=db compact &&
        gl ldb --db=db scan | sha256sum
}
