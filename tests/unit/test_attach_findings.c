/* SPDX-License-Identifier: MIT */
/*
 * What do two looks at a process, or one at a core, amount to?
 *
 * Each story is a process of made-up threads at real mutexes and a condition of this glibc. What is
 * told as a deadlock has neighbours in which somebody can go on: there only the snapshot is told.
 */
#include "tests/unit/fake_image.h"

#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "detector/cli/attach/findings.h"
#include "detector/cli/finding/finding.h"

enum { PLAIN = FUTEX_WAIT | FUTEX_PRIVATE_FLAG };
enum { BITSET = FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME };

static pthread_mutex_t mutexes[4];
static uint32_t words[4]; /* futexes of which nothing is known */

static struct look first, second;
static struct finding **findings;
static size_t count;

/* A living process without signal handlers: this one. */
static struct image *start(void)
{
    struct image *image = fake_image();

    image->live = true;
    image->pid = image->alive = getpid();
    memset(mutexes, 0, sizeof(mutexes));
    fake_memory(mutexes, sizeof(mutexes));
    fake_memory(words, sizeof(words));
    return image;
}

/* Thread `tid` waits for mutex `number`, which `owner` holds. */
static struct image_thread *wait_for_mutex(struct image *image, int tid, size_t number, int owner)
{
    struct image_thread *t = fake_thread(image, tid,
                                         "__lll_lock_wait pthread_mutex_lock | transfer");

    mutexes[number].__data.__lock = 2;
    mutexes[number].__data.__owner = owner;
    fake_futex(t, &mutexes[number], PLAIN, 2, false);
    return t;
}

static struct image_thread *wait_for_word(struct image *image, int tid, size_t number)
{
    struct image_thread *t = fake_thread(image, tid, "syscall | park");

    fake_futex(t, &words[number], PLAIN, words[number], false);
    return t;
}

static struct image_thread *sleep_some_time(struct image *image, int tid)
{
    struct image_thread *t = fake_thread(image, tid, "nanosleep sleep | main");

    t->call = SYS_clock_nanosleep;
    return t;
}

static void forget_findings(void)
{
    for (size_t i = 0; i < count; i++)
        finding_free(findings[i]);
    free(findings);
    findings = NULL;
    count = 0;
    look_free(&first);
    look_free(&second);
}

static void conclude(const struct image *image)
{
    forget_findings();
    look_at(&first, image);
    look_at(&second, image);
    findings = attach_findings(&first, &second, &count);
    assert_true(count > 0);
    assert_string_equal(findings[count - 1]->name, "snapshot");
    assert_string_equal(findings[count - 1]->severity, "note");
    assert_int_equal(findings[count - 1]->thread_count, image->thread_count);
}

static void only_snapshot(const struct image *image)
{
    conclude(image);
    assert_int_equal(count, 1);
}

static const struct finding *one_error_as(const struct image *image, const char *name,
                                          const char *confidence)
{
    conclude(image);
    assert_int_equal(count, 2);
    assert_string_equal(findings[0]->severity, "error");
    assert_string_equal(findings[0]->confidence, confidence);
    assert_string_equal(findings[0]->name, name);
    return findings[0];
}

static const struct finding *one_error(const struct image *image, const char *name)
{
    return one_error_as(image, name, "certain");
}

/* --- rings --- */

static struct image *abba(void)
{
    struct image *image = start();

    sleep_some_time(image, 10);
    wait_for_mutex(image, 11, 0, 12);
    wait_for_mutex(image, 12, 1, 11);
    return image;
}

static void test_ring(void **state)
{
    const struct finding *f = one_error(abba(), "deadlock");

    (void)state;
    assert_string_equal(f->message, "{thread:2} and {thread:3} wait for each other");
    assert_int_equal(f->cycle_count, 2);
    assert_int_equal(f->cycle[0].thread, 2);
    assert_int_equal(f->cycle[0].wants, f->cycle[1].holds);
    assert_int_equal(f->cycle[1].wants, f->cycle[0].holds);
    assert_int_equal(f->place_count, 2);
    assert_int_equal(f->thread_count, 3);
    assert_true(f->threads[0].part && f->threads[1].part && !f->threads[2].part);
    assert_int_equal(f->threads[0].tid, 11);
    assert_int_equal(f->threads[0].hold_count, 1);
    assert_int_equal(f->threads[0].waits->for_threads[0], 3);
    assert_string_equal(f->lesson, "deadlocks/abba-lock-order");
}

/* The same waits, but one of them is not for ever, or not of both looks. */
static void test_ring_neighbours(void **state)
{
    struct image *image = abba();

    (void)state;
    image->threads[1].arguments[3] = 0x7000;
    only_snapshot(image);

    image = abba();
    image->threads[2].state = 'R';
    only_snapshot(image);

    image = abba();
    mutexes[1].__data.__owner = 10; /* the sleeper */
    only_snapshot(image);

    image = abba();
    mutexes[1].__data.__lock = 1; /* just given on */
    only_snapshot(image);
}

static void test_two_looks(void **state)
{
    struct image *image = abba();
    struct image_thread threads[3];
    struct image before;

    (void)state;
    mutexes[1].__data.__owner = 10; /* between the looks it has got another owner */
    forget_findings();
    look_at(&first, image);
    mutexes[1].__data.__owner = 11;
    look_at(&second, image);
    findings = attach_findings(&first, &second, &count);
    assert_int_equal(count, 1);

    /* It ran in between; that it waits for the same again proves nothing. */
    before = *image;
    memcpy(threads, image->threads, sizeof(threads));
    before.threads = threads;
    forget_findings();
    look_at(&first, &before);
    image->threads[2].switches++;
    look_at(&second, image);
    findings = attach_findings(&first, &second, &count);
    assert_int_equal(count, 1);
}

static void test_core(void **state)
{
    struct image *image = abba();

    (void)state;
    image->live = false;
    forget_findings();
    look_at(&first, image);
    findings = attach_findings(&first, NULL, &count);
    assert_int_equal(count, 2);
    assert_string_equal(findings[0]->name, "deadlock");
}

static void test_self(void **state)
{
    struct image *image = start();
    const struct finding *f;

    (void)state;
    sleep_some_time(image, 10);
    wait_for_mutex(image, 11, 0, 11);
    f = one_error(image, "self-deadlock");
    assert_string_equal(f->message, "{thread:2} waits for {object:1}, which it holds itself");
}

static void test_two_rings(void **state)
{
    struct image *image = abba();

    (void)state;
    wait_for_mutex(image, 13, 2, 14);
    wait_for_mutex(image, 14, 3, 13);
    conclude(image);
    assert_int_equal(count, 3);
    assert_string_equal(findings[0]->message, "{thread:2} and {thread:3} wait for each other");
    assert_string_equal(findings[1]->message, "{thread:4} and {thread:5} wait for each other");
}

static void test_abandoned(void **state)
{
    struct image *image = start();
    const struct finding *f;

    (void)state;
    sleep_some_time(image, 10);
    wait_for_mutex(image, 11, 0, 4000001);
    f = one_error_as(image, "deadlock", "likely"); /* main might unlock, in another's place */
    assert_string_equal(f->message,
                        "{thread:2} waits for {object:1}, whose owner, thread 4000001, has ended");

    image = start();
    wait_for_mutex(image, 10, 0, 4000001);
    one_error(image, "deadlock");

    image = start();
    sleep_some_time(image, 10);
    wait_for_mutex(image, 11, 0, getppid());
    one_error_as(image, "fork-holding-lock", "likely");
}

/* --- everybody at rest --- */

static struct image *at_rest(void)
{
    struct image *image = start();

    wait_for_word(image, 10, 0);
    wait_for_word(image, 11, 1);
    wait_for_mutex(image, 12, 0, 11);
    return image;
}

static void test_at_rest(void **state)
{
    const struct finding *f = one_error(at_rest(), "deadlock");

    (void)state;
    assert_string_equal(f->message,
                        "{thread:1} and {thread:2} wait, and nobody is left to wake them");
    assert_int_equal(f->cycle_count, 0);
    assert_false(f->threads[2].part); /* it waits behind one of them */
}

static void test_alone(void **state)
{
    struct image *image = start();
    const struct finding *f;

    (void)state;
    wait_for_word(image, 10, 0);
    f = one_error(image, "deadlock");
    assert_string_equal(f->message, "{thread:1} waits for a wake on {object:1}, and nobody is left "
                                    "to do that");
}

static void test_at_rest_neighbours(void **state)
{
    struct image *image = at_rest();

    (void)state;
    sleep_some_time(image, 13);
    only_snapshot(image);

    image = at_rest();
    image->threads[0].arguments[3] = 0x7000; /* a time limit */
    only_snapshot(image);

    image = at_rest();
    image->threads[0].arguments[1] = FUTEX_WAIT; /* not private: another process may wake it */
    only_snapshot(image);

    image = at_rest();
    image->threads[0].arguments[2] = 77; /* the word has changed */
    only_snapshot(image);

    image = at_rest();
    image->threads[1].call = -1;
    image->threads[1].state = 'R';
    only_snapshot(image);
}

static void do_nothing(int signal)
{
    (void)signal;
}

/* A signal handler may wake somebody; whether a core's process had one, nobody knows. */
static void test_at_rest_with_handler(void **state)
{
    struct image *image = at_rest();

    (void)state;
    signal(SIGUSR1, do_nothing);
    only_snapshot(image);
    assert_non_null(strstr(findings[0]->reason, "SIGUSR1"));
    one_error(abba(), "deadlock"); /* but it gives no lock back */
    signal(SIGUSR1, SIG_DFL);
    one_error(at_rest(), "deadlock");

    image = at_rest();
    image->live = false;
    forget_findings();
    look_at(&first, image);
    findings = attach_findings(&first, NULL, &count);
    assert_int_equal(count, 1);
    assert_non_null(strstr(findings[0]->reason, "core"));
}

static void test_main_has_ended(void **state)
{
    struct image *image = start();

    (void)state;
    fake_thread(image, 10, "")->state = 'Z';
    wait_for_word(image, 11, 0);
    one_error(image, "deadlock");
    assert_string_equal(findings[1]->message, "2 threads: 1 waits to be woken, 1 has ended");
    assert_string_equal(findings[1]->threads[0].state, "exited");
}

/* --- the snapshot --- */

static void test_snapshot(void **state)
{
    struct image *image = abba();

    (void)state;
    image->threads[2].name = "teller";
    fake_thread(image, 13, "spin | worker")->state = 'R';
    conclude(image);
    assert_string_equal(findings[1]->message,
                        "4 threads: 2 wait for locks, 1 is in a system call, 1 runs");
    assert_string_equal(findings[1]->threads[2].name, "teller");
    assert_null(findings[1]->threads[1].name); /* called like the process: no name of its own */
    assert_null(findings[1]->threads[3].waits);
    assert_int_equal(findings[1]->threads[1].stack.count, 3);
    assert_int_equal(findings[1]->threads[1].waits->stack.count, 1);
}

static int forget(void **state)
{
    (void)state;
    forget_findings();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ring),
        cmocka_unit_test(test_ring_neighbours),
        cmocka_unit_test(test_two_looks),
        cmocka_unit_test(test_core),
        cmocka_unit_test(test_self),
        cmocka_unit_test(test_two_rings),
        cmocka_unit_test(test_abandoned),
        cmocka_unit_test(test_at_rest),
        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_at_rest_neighbours),
        cmocka_unit_test(test_at_rest_with_handler),
        cmocka_unit_test(test_main_has_ended),
        cmocka_unit_test(test_snapshot),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
