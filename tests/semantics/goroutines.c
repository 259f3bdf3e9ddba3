/* SPDX-License-Identifier: MIT */
/*
 * Points 40 to 44: how goroutines and the program end, and what is said of those that wait.
 */
#include "semantics.h"

#include <unistd.h>

CHAN_TYPE(int_chan, int);

static void receive(void *arg)
{
    int_chan *c = arg;

    chan_recv(*c, NULL);
}

static int_chan forgotten(void)
{
    static int_chan c;

    if (!c.chan)
        c = chan_make(int_chan, 0);
    return c;
}

/* A goroutine that nobody will ever serve. */
static void leave_one_blocked(void)
{
    static struct task task;
    static int_chan c;

    c = forgotten();
    task_start_asleep(&task, receive, &c);
}

/* --- starting --- */

static int started;

static void count_up(void *arg)
{
    __atomic_fetch_add(&started, *(int *)arg, __ATOMIC_RELAXED);
}

static void go_runs_each_once(void)
{
    enum { MANY = 300 };
    static struct task tasks[MANY];
    static int numbers[MANY];

    for (int i = 0; i < MANY; i++) {
        numbers[i] = i;
        task_start(&tasks[i], count_up, &numbers[i]);
    }
    for (int i = 0; i < MANY; i++)
        task_join(&tasks[i]);
    CHECK_INT(started, MANY * (MANY - 1) / 2);
}

static void leave_early(void *arg)
{
    count_up(arg);
    pthread_exit(NULL);
}

static void await_count(size_t count)
{
    for (int64_t end = now_ns() + 15 * SECOND; go_count() != count; usleep(100))
        CHECK(now_ns() < end);
}

static void count_is_of_those_alive(void)
{
    int_chan c = chan_make(int_chan, 0);
    struct task tasks[5];
    int one = 1;

    CHECK_INT((int)go_count(), 1);
    for (int i = 0; i < 5; i++) {
        task_start_asleep(&tasks[i], receive, &c);
        CHECK_INT((int)go_count(), i + 2);
    }
    for (int i = 5; i > 0; i--) {
        chan_send(c, 1);
        await_count((size_t)i);
    }
    go_named("early", leave_early, &one); /* its end counts, whichever way it takes */
    await_count(1);
    CHECK_INT(flag_get(&started), 1);
    chan_free(c);
}

/* --- 40 --- */

static void run_for_ever(void *running)
{
    for (flag_set(running, 1);;)
        usleep(100);
}

static void main_returns(void)
{
    static int running;

    leave_one_blocked();
    go(run_for_ever, &running);
    flag_await(&running, 1);
}

/* --- 41 --- */

static void main_alone(void)
{
    chan_recv(forgotten(), NULL);
}

static void wait_for_waitgroup(void *wg)
{
    waitgroup_wait(wg);
}

static void all_in_different_waits(void)
{
    static struct task task;
    static struct waitgroup wg = WAITGROUP_INIT;

    waitgroup_add(&wg, 1);
    leave_one_blocked();
    task_start_asleep(&task, wait_for_waitgroup, &wg);
    chan_send(chan_make(int_chan, 0), 1);
}

/* Longer than the detector waits before it believes that somebody is stuck. */
static int64_t a_while(void)
{
    return rounds(1200) * MILLISECOND;
}

/* Who sleeps until some time is not stuck, and neither is who waits for it. */
static void sleep_and_send(void *arg)
{
    int_chan *c = arg;

    time_sleep(a_while());
    chan_send(*c, 1);
}

static void wait_for_a_timer(void *arg)
{
    int_chan *never = arg;

    CHECK_INT(chan_select(RECV(*never, NULL), RECV(time_after(a_while()), NULL)), 1);
}

static void sleeper_will_come(void)
{
    int_chan c = chan_make(int_chan, 0), never = chan_make(int_chan, 0);
    struct task tasks[2];

    task_start(&tasks[0], sleep_and_send, &c);
    task_start(&tasks[1], wait_for_a_timer, &never);
    CHECK(chan_recv(c, NULL));
    task_join(&tasks[0]);
    task_join(&tasks[1]);
    chan_free(c);
    chan_free(never);
}

/* --- 42 --- */

static void end_the_program(void *arg)
{
    task_join(arg);
    _exit(0);
}

static void go_on_without_main(void)
{
    static struct task task;
    static int_chan c;

    c = chan_make(int_chan, 1);
    task_start(&task, sleep_and_send, &c);
    go(end_the_program, &task);
    pthread_exit(NULL);
}

static void main_leaves_stuck_goroutines(void)
{
    leave_one_blocked();
    pthread_exit(NULL);
}

/* --- 43 --- */

static void close_nil(void *unused)
{
    (void)unused;
    chan_close((int_chan){NULL});
}

static void panic_in_goroutine(void)
{
    leave_one_blocked();
    go(close_nil, NULL);
    for (;;)
        usleep(1000); /* main would never end */
}

/* --- 44 --- */

static const int_chan nil = {NULL};

static void in_send(void)
{
    chan_send(forgotten(), 1);
}

static void in_receive(void)
{
    chan_recv(forgotten(), NULL);
}

static void in_send_nil(void)
{
    chan_send(nil, 1);
}

static void in_receive_nil(void)
{
    chan_recv(nil, NULL);
}

static void in_select(void)
{
    chan_select(RECV(forgotten(), NULL), SEND(nil, 1));
}

static void in_select_nothing(void)
{
    chan_select();
}

static void in_waitgroup(void)
{
    static struct waitgroup wg = WAITGROUP_INIT;

    waitgroup_add(&wg, 1);
    waitgroup_wait(&wg);
}

static void lock_and_keep(void *mutex)
{
    static int_chan never;

    never = forgotten();
    pthread_mutex_lock(mutex);
    receive(&never);
}

static void in_mutex(void)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static struct task task;

    task_start_asleep(&task, lock_and_keep, &mutex);
    pthread_mutex_lock(&mutex);
}

static void write_lock_and_keep(void *rwlock)
{
    static int_chan never;

    never = forgotten();
    pthread_rwlock_wrlock(rwlock);
    receive(&never);
}

static pthread_rwlock_t kept = PTHREAD_RWLOCK_INITIALIZER;

static void in_read_lock(void)
{
    static struct task task;

    task_start_asleep(&task, write_lock_and_keep, &kept);
    pthread_rwlock_rdlock(&kept);
}

static void in_write_lock(void)
{
    static struct task task;

    task_start_asleep(&task, write_lock_and_keep, &kept);
    pthread_rwlock_wrlock(&kept);
}

static void in_condition(void)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

    pthread_mutex_lock(&mutex);
    for (;;)
        pthread_cond_wait(&condition, &mutex);
}

/* Somebody who sleeps is named as what the stuck one is not: the program as a whole goes on. */
static void sleep_long(void *unused)
{
    (void)unused;
    time_sleep(INT64_MAX);
}

static void leaves_a_sleeper(void)
{
    static struct task task;

    task_start_asleep(&task, sleep_long, NULL);
}

#define ASLEEP "fatal error: all goroutines are asleep - deadlock!\n"

static const struct test tests[] = {
    {"go", "each goroutine runs once, with its argument", go_runs_each_once, RETURNS, NULL},
    {"go", "go_count() is of those alive", count_is_of_those_alive, RETURNS, NULL},
    {"40", "main returns: status 0, whatever is blocked", main_returns, LEAVES, NULL},
    {"40", "and who nobody could serve any more is told", leave_one_blocked, FINDS,
     "leaked-thread"},
    {"41", "main alone", main_alone, FINDS, ASLEEP},
    {"41", "main and two goroutines", all_in_different_waits, FINDS, ASLEEP},
    {"41", "select of nothing", in_select_nothing, FINDS, ASLEEP},
    {"41", "a nil channel", in_receive_nil, FINDS, ASLEEP},
    {"41", "nobody is stuck while somebody sleeps", sleeper_will_come, RETURNS, NULL},
    {"42", "goroutines go on after main has left", go_on_without_main, LEAVES, NULL},
    {"42", "and if they are stuck, it is told", main_leaves_stuck_goroutines, FINDS, "deadlock"},
    {"43", "a panic in a goroutine ends the program", panic_in_goroutine, PANICS,
     "close of nil channel"},
    {"44", "chan send", in_send, WAITS_IN, "send"},
    {"44", "chan receive", in_receive, WAITS_IN, "receive"},
    {"44", "chan send (nil chan)", in_send_nil, WAITS_IN, "send"},
    {"44", "chan receive (nil chan)", in_receive_nil, WAITS_IN, "receive"},
    {"44", "select", in_select, WAITS_IN, "select"},
    {"44", "select (no cases)", in_select_nothing, WAITS_IN, "select"},
    {"44", "sync.WaitGroup.Wait", in_waitgroup, WAITS_IN, "waitgroup-wait"},
    {"44", "sync.Mutex.Lock", in_mutex, WAITS_IN, "lock"},
    {"44", "sync.RWMutex.RLock", in_read_lock, WAITS_IN, "read-lock"},
    {"44", "sync.RWMutex.Lock", in_write_lock, WAITS_IN, "write-lock"},
    {"44", "sync.Cond.Wait", in_condition, WAITS_IN, "cond-wait"},
    {"44", "sleep: no leak, and no finding", leaves_a_sleeper, RETURNS, NULL},
};

const struct section goroutines = SECTION(tests);
