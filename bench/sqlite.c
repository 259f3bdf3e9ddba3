/* SPDX-License-Identifier: MIT */
/*
 * sqlite.c - what does watching cost a real library that locks all the time?
 *
 *   hammer THREADS ROUNDS
 *
 * Each thread has its own database in memory and runs inserts, look-ups by key and sums over it.
 * SQLite in its default, serialized mode takes several mutexes for each of these calls, and all
 * threads share the mutexes of its page cache and of its allocator. The output is a checksum.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

struct job {
    pthread_t thread;
    int number, rounds;
    long long sum;
};

static void check(sqlite3 *db, int result)
{
    if (result != SQLITE_OK && result != SQLITE_DONE && result != SQLITE_ROW) {
        fprintf(stderr, "hammer: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *text)
{
    sqlite3_stmt *statement;

    check(db, sqlite3_prepare_v2(db, text, -1, &statement, NULL));
    return statement;
}

static void one_round(sqlite3 *db, struct job *job, int round)
{
    sqlite3_stmt *insert = prepare(db, "INSERT INTO t (n, text) VALUES (?1, 'row ' || ?1)");
    sqlite3_stmt *find = prepare(db, "SELECT length(text) FROM t WHERE n = ?1");

    check(db, sqlite3_exec(db, "BEGIN", NULL, NULL, NULL));
    for (int i = 0; i < 50; i++) {
        sqlite3_bind_int(insert, 1, round * 50 + i);
        check(db, sqlite3_step(insert));
        sqlite3_reset(insert);
    }
    check(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
    for (int i = 0; i < 200; i++) {
        sqlite3_bind_int(find, 1, i * 7919 % (round * 50 + 50));
        check(db, sqlite3_step(find));
        job->sum += sqlite3_column_int(find, 0);
        sqlite3_reset(find);
    }
    sqlite3_finalize(insert);
    sqlite3_finalize(find);
}

static void *hammer(void *arg)
{
    struct job *job = arg;
    sqlite3 *db;

    check(NULL, sqlite3_open(":memory:", &db));
    check(db, sqlite3_exec(db, "CREATE TABLE t (n INTEGER PRIMARY KEY, text)", NULL, NULL, NULL));
    for (int round = 0; round < job->rounds; round++)
        one_round(db, job, round);
    sqlite3_close(db);
    return NULL;
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 4;
    struct job jobs[64] = {0};
    long long sum = 0;

    if (threads < 1 || threads > 64)
        return 2;
    for (int i = 0; i < threads; i++) {
        jobs[i].number = i;
        jobs[i].rounds = argc > 2 ? atoi(argv[2]) : 1000;
        if (pthread_create(&jobs[i].thread, NULL, hammer, &jobs[i]))
            return 1;
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(jobs[i].thread, NULL);
        sum += jobs[i].sum;
    }
    printf("%lld\n", sum);
    return 0;
}
