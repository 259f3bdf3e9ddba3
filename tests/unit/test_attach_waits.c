/* SPDX-License-Identifier: MIT */
/*
 * What does a thread wait for, by its frames and by the words in memory?
 *
 * The objects are real ones of this glibc, locked by this very thread; who waits for them is made up.
 * Each has neighbours that only look like it: there nothing more must be said than what is true.
 */
#include "tests/unit/fake_image.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

#include "detector/cli/attach/look.h"
#include "detector/cli/attach/primitive.h"

enum { PLAIN = FUTEX_WAIT | FUTEX_PRIVATE_FLAG, SHARED = FUTEX_WAIT };
enum { BITSET = FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME };

static struct look look;

/* The last thread of the image, as one look sees it. */
static const struct waiting *seen(const struct image *image)
{
    look_free(&look);
    look_at(&look, image);
    return &look.waits[image->thread_count - 1];
}

static void is_futex(const struct waiting *w)
{
    assert_string_equal(w->operation, "futex-wait");
    assert_string_equal(w->kind, "futex");
    assert_int_equal(w->owner_state, OWNER_NONE);
}

static uint64_t address(const void *object)
{
    return (uint64_t)(uintptr_t)object;
}

static void is_object(const struct waiting *w, const char *operation, const char *kind,
                      const void *object)
{
    assert_string_equal(w->operation, operation);
    assert_string_equal(w->kind, kind);
    assert_int_equal(w->object, address(object));
}

/* Thread 0 is this one: it holds what the test has locked. */
static struct image *with_this_thread(void)
{
    struct image *image = fake_image();

    fake_thread(image, gettid(), "pause | main")->thread_pointer = (uint64_t)pthread_self();
    return image;
}

/* --- names --- */

static void test_names(void **state)
{
    static const struct {
        const char *name;
        enum primitive what;
    } rows[] = {
        {"pthread_mutex_lock", MUTEX_LOCK},
        {"__GI___pthread_mutex_lock", MUTEX_LOCK},
        {"___pthread_mutex_lock", MUTEX_LOCK},
        {"__pthread_mutex_lock_full", MUTEX_LOCK},
        {"__pthread_mutex_cond_lock", MUTEX_LOCK},
        {"__pthread_mutex_clocklock_common", MUTEX_LOCK},
        {"___pthread_mutex_timedlock64", MUTEX_LOCK},
        {"mtx_lock", MUTEX_LOCK},
        {"pthread_cond_wait@@GLIBC_2.3.2", COND_WAIT},
        {"__pthread_cond_wait_common", COND_WAIT},
        {"___pthread_cond_timedwait64", COND_WAIT},
        {"__pthread_rwlock_rdlock_full64", READ_LOCK},
        {"___pthread_rwlock_wrlock", WRITE_LOCK},
        {"__new_sem_wait_slow64.constprop.0", SEMAPHORE_WAIT},
        {"__new_sem_wait", SEMAPHORE_WAIT},
        {"sem_clockwait", SEMAPHORE_WAIT},
        {"pthread_barrier_wait", BARRIER_WAIT},
        {"__pthread_once_slow", ONCE},
        {"__pthread_clockjoin_ex", JOIN},
        {"thrd_join", JOIN},
        {"pthread_spin_lock", SPIN_LOCK},
        {"__GI___lll_lock_wait_private", LIBC_LOCK},
        {"chan_send_from", CHANNEL_SEND},
        /* not these */
        {"pthread_mutex_lock_twice", PRIMITIVE_NONE},
        {"my_pthread_mutex_lock", PRIMITIVE_NONE},
        {"pthread_mutex_unlock", PRIMITIVE_NONE},
        {"pthread_cond_signal", PRIMITIVE_NONE},
        {"sem_wait_all", PRIMITIVE_NONE},
        {"sem_post", PRIMITIVE_NONE},
        {"__lll_lock_wait", PRIMITIVE_NONE},
        {"", PRIMITIVE_NONE},
        {NULL, PRIMITIVE_NONE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (primitive_named(rows[i].name) != rows[i].what)
            fail_msg("%s", rows[i].name == NULL ? "(null)" : rows[i].name);
}

static void test_frames(void **state)
{
    static const struct {
        const char *frames;
        enum primitive what;
        size_t caller;
    } rows[] = {
        {"__lll_lock_wait pthread_mutex_lock | transfer", MUTEX_LOCK, 2},
        {"? ? pthread_cond_wait | consume", COND_WAIT, 3},
        {"__lll_lock_wait __pthread_mutex_cond_lock pthread_cond_wait | consume", MUTEX_LOCK, 3},
        {"futex_wait pthread_mutex_lock mtx_lock | worker", MUTEX_LOCK, 3},
        {"? __pthread_clockjoin_ex pthread_join thrd_join | main", JOIN, 4},
        {"| __lll_lock_wait pthread_mutex_lock worker", MUTEX_LOCK, 2}, /* a static program */
        {"| park chan_recv_into consume", CHANNEL_RECEIVE, 2},
        {"park send | consume", PRIMITIVE_NONE, 2}, /* in libc, not in our library */
        /* a futex of the program's own, below a function that pthread_once() called */
        {"syscall | my_wait init __pthread_once_slow main", PRIMITIVE_NONE, 1},
        {"| my_wait init __pthread_once_slow main", PRIMITIVE_NONE, 0},
        {"read | main", PRIMITIVE_NONE, 1},
        {"", PRIMITIVE_NONE, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct primitive_site site = primitive_of(fake_thread(fake_image(), 5, rows[i].frames));

        if (site.what != rows[i].what || site.caller != rows[i].caller)
            fail_msg("%s: %d, caller %zu", rows[i].frames, (int)site.what, site.caller);
    }
}

/* --- mutex --- */

static pthread_mutex_t mutex_of(int type, int protocol, int robust, int shared)
{
    pthread_mutexattr_t attributes;
    pthread_mutex_t mutex;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutexattr_setprotocol(&attributes, protocol);
    pthread_mutexattr_setrobust(&attributes, robust);
    pthread_mutexattr_setpshared(&attributes, shared);
    memset(&mutex, 0, sizeof(mutex));
    assert_int_equal(pthread_mutex_init(&mutex, &attributes), 0);
    return mutex;
}

enum { NORMAL = PTHREAD_MUTEX_NORMAL, NOT_ROBUST = PTHREAD_MUTEX_STALLED };
enum { PRIVATE = PTHREAD_PROCESS_PRIVATE, NO_PROTOCOL = PTHREAD_PRIO_NONE };

/* A waiter for the mutex: with the futex call that glibc makes for it. */
static struct image *waiter_for(const pthread_mutex_t *mutex, bool inherits)
{
    struct image *image = with_this_thread();
    struct image_thread *t = fake_thread(image, 99, "__lll_lock_wait pthread_mutex_lock | worker");

    fake_memory(mutex, sizeof(*mutex));
    fake_futex(t, mutex, inherits ? FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG : PLAIN,
               (uint32_t)mutex->__data.__lock, false);
    return image;
}

static void test_mutex_kinds(void **state)
{
    static const struct {
        int type, protocol, robust;
    } rows[] = {
        {PTHREAD_MUTEX_NORMAL, NO_PROTOCOL, NOT_ROBUST},
        {PTHREAD_MUTEX_RECURSIVE, NO_PROTOCOL, NOT_ROBUST},
        {PTHREAD_MUTEX_ERRORCHECK, NO_PROTOCOL, NOT_ROBUST},
        {PTHREAD_MUTEX_ADAPTIVE_NP, NO_PROTOCOL, NOT_ROBUST},
        {PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_INHERIT, NOT_ROBUST},
        {PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_INHERIT, NOT_ROBUST},
        {PTHREAD_MUTEX_NORMAL, NO_PROTOCOL, PTHREAD_MUTEX_ROBUST},
        {PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_ROBUST},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        pthread_mutex_t mutex = mutex_of(rows[i].type, rows[i].protocol, rows[i].robust, PRIVATE);
        const struct waiting *w;

        assert_int_equal(pthread_mutex_lock(&mutex), 0);
        w = seen(waiter_for(&mutex, rows[i].protocol == PTHREAD_PRIO_INHERIT));
        is_object(w, "lock", "mutex", &mutex);
        assert_int_equal(w->end, ENDS_BY_OWNER);
        assert_int_equal(w->owner_state, OWNER_KNOWN);
        assert_int_equal(w->owner, 0);
        assert_int_equal(w->caller, 2);
        assert_int_equal(pthread_mutex_unlock(&mutex), 0);
    }
}

/* A mutex of this glibc whose owner is thread `tid`. */
static pthread_mutex_t owned_by(int tid, int robust, int shared)
{
    pthread_mutex_t mutex = mutex_of(NORMAL, NO_PROTOCOL, robust, shared);

    mutex.__data.__owner = tid;
    mutex.__data.__lock = robust == PTHREAD_MUTEX_ROBUST ? tid : 2;
    return mutex;
}

static void test_mutex_without_owner(void **state)
{
    static const struct {
        const char *what;
        int robust, shared;
        enum wait_end end;
        enum owner_state owner;
    } rows[] = {
        {"ended", NOT_ROBUST, PRIVATE, ENDS_NEVER, OWNER_ENDED},
        {"ended, robust", PTHREAD_MUTEX_ROBUST, PRIVATE, ENDS_BY_ITSELF, OWNER_NONE},
        {"another process'", NOT_ROBUST, PTHREAD_PROCESS_SHARED, ENDS_BY_ITSELF, OWNER_NONE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        pthread_mutex_t mutex = owned_by(4000001, rows[i].robust, rows[i].shared);
        const struct waiting *w = seen(waiter_for(&mutex, false));

        is_object(w, "lock", "mutex", &mutex);
        if (w->end != rows[i].end || w->owner_state != rows[i].owner)
            fail_msg("%s: end %d, owner %d", rows[i].what, (int)w->end, (int)w->owner_state);
    }
}

static void test_mutex_of_zombie(void **state)
{
    pthread_mutex_t mutex = owned_by(7, NOT_ROBUST, PRIVATE);
    struct image *image = waiter_for(&mutex, false);

    (void)state;
    image->threads[0].inner_tid = 7;
    image->threads[0].state = 'Z';
    assert_int_equal(seen(image)->owner_state, OWNER_ENDED);
    assert_int_equal(look.waits[0].end, HAS_ENDED);
}

static void test_mutex_forked(void **state)
{
    pthread_mutex_t mutex = owned_by(getppid(), NOT_ROBUST, PRIVATE);
    struct image *image = waiter_for(&mutex, false);

    (void)state;
    image->live = true;
    image->pid = image->alive = getpid();
    assert_int_equal(seen(image)->owner_state, OWNER_FORKED);
    assert_int_equal(look.waits[1].end, ENDS_NEVER);
}

static void test_mutex_neighbours(void **state)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    struct image *image = waiter_for(&mutex, false);

    (void)state;
    is_futex(seen(image)); /* nobody has it */

    mutex = owned_by(0, NOT_ROBUST, PRIVATE); /* somebody just takes it */
    assert_int_equal(seen(waiter_for(&mutex, false))->end, ENDS_BY_ITSELF);

    mutex = owned_by(gettid(), NOT_ROBUST, PRIVATE);
    mutex.__data.__kind = 0x12345;
    is_futex(seen(waiter_for(&mutex, false)));

    mutex = owned_by(gettid(), NOT_ROBUST, PRIVATE);
    mutex.__data.__lock = 17; /* no mutex has that */
    is_futex(seen(waiter_for(&mutex, false)));

    mutex = owned_by(-3, NOT_ROBUST, PRIVATE);
    is_futex(seen(waiter_for(&mutex, false)));
}

/* Who is about to go on is not stuck, whoever has the mutex. */
static void test_mutex_soon(void **state)
{
    pthread_mutex_t mutex = owned_by(gettid(), NOT_ROBUST, PRIVATE);
    struct image *image = waiter_for(&mutex, false);

    (void)state;
    assert_int_equal(seen(image)->end, ENDS_BY_OWNER);
    image->threads[1].arguments[3] = 0x7000; /* a time limit */
    assert_int_equal(seen(image)->end, ENDS_BY_ITSELF);
    assert_true(look.waits[1].timed);
    assert_int_equal(look.waits[1].owner, 0);
    image->threads[1].arguments[3] = 0;
    image->threads[1].arguments[2] = 1; /* it slept while the word was 1, now it is 2 */
    assert_int_equal(seen(image)->end, ENDS_BY_ITSELF);
    image->threads[1].arguments[2] = 2;
    image->threads[1].state = 'R';
    assert_int_equal(seen(image)->end, ENDS_BY_ITSELF);
}

/* The kernel found a ring of inheriting mutexes: glibc sleeps for ever on a word of its own stack. */
static void test_mutex_refused(void **state)
{
    pthread_mutex_t mutex = mutex_of(NORMAL, PTHREAD_PRIO_INHERIT, NOT_ROBUST, PRIVATE);
    pthread_mutex_t other = mutex;
    static uint64_t stack[16];
    struct image *image = with_this_thread();
    struct image_thread *t = fake_thread(image, 99, "? pthread_mutex_lock | worker");

    (void)state;
    mutex.__data.__lock = other.__data.__lock = gettid();
    t->sp = address(&stack[1]);
    t->frames[0].cfa = address(&stack[6]);
    t->frames[1].cfa = address(&stack[12]);
    stack[4] = address(&mutex);
    stack[8] = 0;
    fake_memory(stack, sizeof(stack));
    fake_memory(&mutex, sizeof(mutex));
    fake_memory(&other, sizeof(other));
    fake_futex(t, &stack[8], BITSET, 0, false);
    is_object(seen(image), "lock", "mutex", &mutex);
    assert_int_equal(look.waits[1].owner, 0);
    assert_int_equal(look.waits[1].end, ENDS_BY_OWNER);

    stack[5] = address(&other); /* two: which one is it? */
    is_object(seen(image), "lock", "mutex", &stack[8]);
    assert_int_equal(look.waits[1].owner_state, OWNER_NONE);
    assert_int_equal(look.waits[1].end, ENDS_NEVER);

    fake_futex(t, &stack[14], BITSET, 0, false); /* not on libc's part of the stack */
    is_futex(seen(image));
}

static void test_foreign_libc(void **state)
{
    pthread_mutex_t mutex = owned_by(gettid(), NOT_ROBUST, PRIVATE);
    struct image *image = waiter_for(&mutex, false);
    const struct waiting *w;

    (void)state;
    image->libc = IMAGE_MUSL;
    w = seen(image);
    is_object(w, "lock", "mutex", NULL);
    assert_int_equal(w->owner_state, OWNER_NONE);
    assert_int_equal(w->end, ENDS_BY_ANYBODY);
}

/* --- rwlock --- */

static const struct waiting *at_rwlock(const char *function, const pthread_rwlock_t *lock,
                                       const unsigned *word, uint32_t expected)
{
    struct image *image = with_this_thread();
    struct image_thread *t = fake_thread(image, 99, function);

    fake_memory(lock, sizeof(*lock));
    fake_futex(t, word, BITSET, expected, false);
    return seen(image);
}

static void test_rwlock_written(void **state)
{
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER, sound;
    const struct waiting *w;

    (void)state;
    assert_int_equal(pthread_rwlock_wrlock(&lock), 0);
    sound = lock;
    lock.__data.__wrphase_futex = 3;
    w = at_rwlock("? pthread_rwlock_rdlock | reader", &lock, &lock.__data.__wrphase_futex, 3);
    is_object(w, "read-lock", "rwlock", &lock);
    assert_int_equal(w->owner, 0);
    assert_int_equal(w->end, ENDS_BY_OWNER);

    lock.__data.__writers_futex = 3;
    w = at_rwlock("? pthread_rwlock_wrlock | writer", &lock, &lock.__data.__writers_futex, 3);
    is_object(w, "write-lock", "rwlock", &lock);
    assert_int_equal(w->owner, 0);

    /* the writer has ended */
    lock.__data.__cur_writer = 4000001;
    w = at_rwlock("? pthread_rwlock_wrlock | writer", &lock, &lock.__data.__writers_futex, 3);
    assert_int_equal(w->owner_state, OWNER_ENDED);
    assert_int_equal(w->end, ENDS_NEVER);

    /* no lock at all */
    lock.__data.__flags = 77;
    is_futex(at_rwlock("? pthread_rwlock_wrlock | w", &lock, &lock.__data.__writers_futex, 3));
    lock = sound;
    assert_int_equal(pthread_rwlock_unlock(&lock), 0);
}

static void test_rwlock_read(void **state)
{
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
    const struct waiting *w;

    (void)state;
    lock.__data.__readers = 2 << 3;
    lock.__data.__wrphase_futex = 2;
    w = at_rwlock("? pthread_rwlock_wrlock | writer", &lock, &lock.__data.__wrphase_futex, 2);
    is_object(w, "write-lock", "rwlock", &lock);
    assert_int_equal(w->owner_state, OWNER_NONE);
    assert_int_equal(w->end, ENDS_BY_ANYBODY);
    assert_non_null(strstr(w->detail, "2 readers"));

    /* a reader that lets writers pass waits at the count itself */
    lock.__data.__readers |= 4;
    w = at_rwlock("? pthread_rwlock_rdlock | reader", &lock, &lock.__data.__readers,
                  lock.__data.__readers);
    is_object(w, "read-lock", "rwlock", &lock);
}

/* --- condition --- */

/* The stack of pthread_cond_wait(), with or without the record of what it waits for. */
static uint64_t cond_stack[16];

static struct image *at_cond(const void *word, uint32_t expected, int how, const void *cond,
                             const void *mutex)
{
    struct image *image = with_this_thread();
    struct image_thread *t = fake_thread(image, 99, "? pthread_cond_wait | consume");

    memset(cond_stack, 0, sizeof(cond_stack));
    cond_stack[5] = address(cond);
    cond_stack[6] = address(mutex);
    t->frames[0].cfa = address(&cond_stack[1]);
    t->frames[1].cfa = address(&cond_stack[12]);
    t->frames[2].cfa = address(&cond_stack[15]);
    fake_memory(cond_stack, sizeof(cond_stack));
    fake_futex(t, word, how, expected, false);
    return image;
}

static void test_cond(void **state)
{
    static const unsigned places[] = {40, 44, 32, 36}; /* of the word, in glibc's versions */
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

    (void)state;
    for (size_t i = 0; i < COUNT(places); i++) {
        struct image *image = at_cond((char *)&cond + places[i], 0, BITSET, &cond, &mutex);
        const struct waiting *w;

        fake_memory(&cond, sizeof(cond));
        fake_memory(&mutex, sizeof(mutex));
        w = seen(image);
        is_object(w, "cond-wait", "cond", &cond);
        assert_int_equal(w->mutex, address(&mutex));
        assert_int_equal(w->end, ENDS_BY_ANYBODY);
        assert_int_equal(w->owner_state, OWNER_NONE);
    }
}

static void test_cond_neighbours(void **state)
{
    pthread_mutex_t mutex = owned_by(gettid(), NOT_ROBUST, PRIVATE);
    pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
    struct image *image = at_cond(&mutex, 2, PLAIN, &cond, &mutex);
    const struct waiting *w;

    (void)state;
    fake_memory(&mutex, sizeof(mutex)); /* signalled, and waits for the mutex */
    w = seen(image);
    is_object(w, "lock", "mutex", &mutex);
    assert_int_equal(w->owner, 0);

    image = at_cond((char *)&cond + 40, 0, PLAIN, &cond, &mutex); /* so before glibc 2.34 */
    fake_memory(&cond, sizeof(cond));
    fake_memory(&mutex, sizeof(mutex));
    is_object(seen(image), "cond-wait", "cond", &cond);

    image = at_cond((char *)&cond + 40, 0, BITSET, NULL, NULL); /* no record: which condition? */
    fake_memory(&cond, sizeof(cond));
    w = seen(image);
    is_object(w, "cond-wait", "cond", NULL);
    assert_int_equal(w->end, ENDS_BY_ANYBODY);

    image = at_cond((char *)&cond + 40, 0, BITSET, &cond, &mutex);
    cond.__data.__g_signals[0] = 2; /* the signal is there */
    fake_memory(&cond, sizeof(cond));
    fake_memory(&mutex, sizeof(mutex));
    assert_int_equal(seen(image)->end, ENDS_BY_ITSELF);
}

/* --- semaphore, barrier, once, join --- */

static const struct waiting *at_object(const char *frames, const void *object, size_t size,
                                       const void *word, int how)
{
    struct image *image = with_this_thread();
    struct image_thread *t = fake_thread(image, 99, frames);

    fake_memory(object, size);
    fake_futex(t, word, how, *(const uint32_t *)word, false);
    return seen(image);
}

static void test_semaphore(void **state)
{
    struct {
        uint32_t value, waiters;
        int private, padding;
    } words = {.value = 0, .waiters = 1};
    sem_t semaphore;
    const struct waiting *w;

    (void)state;
    memcpy(&semaphore, &words, sizeof(words));
    w = at_object("? sem_wait | worker", &semaphore, sizeof(semaphore), &semaphore, BITSET);
    is_object(w, "sem-wait", "semaphore", &semaphore);
    assert_int_equal(w->end, ENDS_BY_ANYBODY);

    words.private = FUTEX_PRIVATE_FLAG; /* shared with other processes: the word is called so */
    memcpy(&semaphore, &words, sizeof(words));
    w = at_object("? sem_wait | worker", &semaphore, sizeof(semaphore), &semaphore, BITSET);
    assert_int_equal(w->end, ENDS_BY_ITSELF);

    words.private = 0;
    words.value = 5; /* nobody sleeps on such a semaphore */
    memcpy(&semaphore, &words, sizeof(words));
    is_futex(at_object("? sem_wait | w", &semaphore, sizeof(semaphore), &semaphore, BITSET));

    words.value = 0;
    words.private = 4711;
    memcpy(&semaphore, &words, sizeof(words));
    is_futex(at_object("? sem_wait | w", &semaphore, sizeof(semaphore), &semaphore, BITSET));
}

static void test_barrier(void **state)
{
    unsigned words[8] = {2, 0, 3, 0, 0}; /* two have come, of three */
    const struct waiting *w;

    (void)state;
    w = at_object("? pthread_barrier_wait | worker", words, sizeof(words), &words[1], PLAIN);
    is_object(w, "barrier-wait", "barrier", words);
    assert_string_equal(w->detail, "2 of 3 have come");
    assert_int_equal(w->end, ENDS_BY_ANYBODY);

    words[2] = 0; /* for nobody */
    is_futex(at_object("? pthread_barrier_wait | w", words, sizeof(words), &words[1], PLAIN));
}

static struct image *at_once(const int *once, const char *runner, bool runs)
{
    static uint64_t stack[16];
    struct image *image = with_this_thread();
    struct image_thread *run = fake_thread(image, 98, runner);
    struct image_thread *t = fake_thread(image, 99, "__pthread_once_slow pthread_once | worker");

    stack[2] = runs ? FAKE_CODE : 0x77; /* a saved register, and what lies before it */
    stack[3] = address(once);
    for (size_t i = 0; i < run->frame_count; i++)
        run->frames[i].cfa = address(&stack[i == 0 ? 1 : 4 + i]);
    fake_memory(stack, sizeof(stack));
    fake_memory(once, sizeof(*once));
    fake_futex(t, once, PLAIN, (uint32_t)*once, false);
    return image;
}

static void test_once(void **state)
{
    int once = 5, done = 2; /* in progress, after one fork */
    const struct waiting *w;

    (void)state;
    w = seen(at_once(&once, "? pause __pthread_once_slow pthread_once | main", true));
    is_object(w, "once", "once", &once);
    assert_int_equal(w->owner, 1);
    assert_int_equal(w->end, ENDS_BY_OWNER);
    /* with libc's dynamic names alone */
    assert_int_equal(seen(at_once(&once, "? pause ? pthread_once | main", true))->owner, 1);
    /* it came back to it, through a function that ended by jumping there */
    w = seen(at_once(&once, "__pthread_once_slow __pthread_once_slow | main", true));
    assert_int_equal(w->owner, 1);
    /* the other waits for it too, or runs another */
    w = seen(at_once(&once, "__pthread_once_slow pthread_once | main", false));
    assert_int_equal(w->owner_state, OWNER_NONE);
    assert_int_equal(w->end, ENDS_BY_ANYBODY);
    is_futex(seen(at_once(&done, "? pause __pthread_once_slow pthread_once | main", true)));
}

static void test_join(void **state)
{
    static const char frames[] = "? __pthread_clockjoin_ex pthread_join | main";
    int tid = gettid(), gone = 4000001, none = 0;
    const struct waiting *w = at_object(frames, &tid, sizeof(tid), &tid, FUTEX_WAIT_BITSET);

    (void)state;
    assert_string_equal(w->operation, "join");
    assert_int_equal(w->owner, 0);
    assert_int_equal(w->end, ENDS_BY_OWNER);
    /* no thread of this process has that number: then it is no thread's word */
    is_futex(at_object(frames, &gone, sizeof(gone), &gone, FUTEX_WAIT_BITSET));
    is_futex(at_object(frames, &none, sizeof(none), &none, FUTEX_WAIT_BITSET));
}

/* --- libc's own, and futexes --- */

static void test_stream(void **state)
{
    FILE *stream = tmpfile();
    char *lock;
    const struct waiting *w;

    (void)state;
    assert_non_null(stream);
    flockfile(stream);
    memcpy(&lock, (char *)stream + 0x88, sizeof(lock));
    w = at_object("__lll_lock_wait_private _IO_puts | log", stream,
                  (size_t)(lock + 16 - (char *)stream), lock, PLAIN);
    is_object(w, "lock", "object", lock);
    assert_non_null(strstr(w->name, "stream of fd "));
    assert_int_equal(w->owner, 0);
    funlockfile(stream);
    fclose(stream);
}

static void test_libc_lock(void **state)
{
    uint64_t arena[4] = {2, 0, 0, 0};
    const struct waiting *w;

    (void)state;
    w = at_object("__lll_lock_wait_private malloc | work", arena, sizeof(arena), arena, PLAIN);
    is_object(w, "lock", "object", arena);
    assert_int_equal(w->owner_state, OWNER_NONE);
    assert_int_equal(w->end, ENDS_BY_ANYBODY);
}

static void test_futex(void **state)
{
    static const char frames[] = "syscall | my_wait main";
    uint32_t word = 3;
    const struct waiting *w = at_object(frames, &word, sizeof(word), &word, PLAIN);

    (void)state;
    is_futex(w);
    assert_int_equal(w->object, address(&word));
    assert_int_equal(w->end, ENDS_BY_ANYBODY);
    assert_int_equal(at_object(frames, &word, sizeof(word), &word, SHARED)->end, ENDS_BY_ITSELF);
}

static void test_no_futex(void **state)
{
    struct image *image = with_this_thread();
    struct image_thread *t = fake_thread(image, 99, "read | main");
    uint32_t word = 1;

    (void)state;
    t->call = 0; /* read(2) */
    t->arguments[0] = 3;
    assert_string_equal(seen(image)->operation, "system-call");
    assert_string_equal(look.waits[1].detail, "read from fd 3");
    assert_int_equal(look.waits[1].end, ENDS_BY_ITSELF);
    t->call = -1;
    t->state = 'R';
    assert_null(seen(image)->operation);
    assert_int_equal(look.waits[1].end, ENDS_BY_ITSELF);
    fake_futex(t, &word, FUTEX_WAKE, 1, false); /* wakes others */
    fake_memory(&word, sizeof(word));
    assert_string_equal(seen(image)->operation, "system-call");
    fake_futex(t, &image, PLAIN, 1, false); /* a word that is not there */
    assert_string_equal(seen(image)->operation, "system-call");
}

static void test_spin(void **state)
{
    struct image *image = with_this_thread();
    struct image_thread *t = fake_thread(image, 99, "pthread_spin_lock | worker");

    (void)state;
    t->state = 'R';
    t->arguments[0] = 0x4242;
    is_object(seen(image), "spin-lock", "spin", (void *)0x4242);
    assert_int_equal(look.waits[1].end, ENDS_BY_ITSELF);
}

static int forget(void **state)
{
    (void)state;
    look_free(&look);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_mutex_kinds),
        cmocka_unit_test(test_mutex_without_owner),
        cmocka_unit_test(test_mutex_of_zombie),
        cmocka_unit_test(test_mutex_forked),
        cmocka_unit_test(test_mutex_neighbours),
        cmocka_unit_test(test_mutex_soon),
        cmocka_unit_test(test_mutex_refused),
        cmocka_unit_test(test_foreign_libc),
        cmocka_unit_test(test_rwlock_written),
        cmocka_unit_test(test_rwlock_read),
        cmocka_unit_test(test_cond),
        cmocka_unit_test(test_cond_neighbours),
        cmocka_unit_test(test_semaphore),
        cmocka_unit_test(test_barrier),
        cmocka_unit_test(test_once),
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_stream),
        cmocka_unit_test(test_libc_lock),
        cmocka_unit_test(test_futex),
        cmocka_unit_test(test_no_futex),
        cmocka_unit_test(test_spin),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
