/* SPDX-License-Identifier: MIT */
/*
 * steady.c - a program that notices when somebody disturbs it
 *
 * A thread for each kind of blocking call makes that call again and again, with a time
 * limit, and watches how it ends: with the limit, not before it, never with EINTR. One counts, one
 * sums up, and one dances between running and epoll_wait. Prints `ready` once all are on their way.
 * SIGUSR1 ends it: then it prints `undisturbed` or what went wrong, and exits with 7.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT_MS = 300, EXIT = 7 };

static atomic_bool over;
static atomic_int faults;
static int shared_queue, shared_semaphores;
static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void fault(const char *who, const char *what, long number)
{
    printf("%s: %s (%ld)\n", who, what, number);
    faults++;
}

static struct timespec limit(void)
{
    return (struct timespec){0, LIMIT_MS * 1000000L};
}

static struct timespec deadline(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_nsec += LIMIT_MS * 1000000L;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

/* ---------------------------------------------------------------- calls that end with their limit */

/* Each returns 0 if the call ended as it does when its time is up, else errno. */

static int by_errno(long result, int wanted)
{
    return result == -1 && errno == wanted ? 0 : result == -1 ? errno : -1;
}

static int in_epoll(void)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC), result;
    struct epoll_event event;

    result = epoll_wait(epoll, &event, 1, LIMIT_MS);
    result = result == 0 ? 0 : errno;
    close(epoll);
    return result;
}

static int in_receive(void)
{
    struct timeval t = {0, LIMIT_MS * 1000};
    int ends[2], result;
    char byte;

    socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
    result = by_errno(recv(ends[0], &byte, 1, 0), EAGAIN);
    close(ends[0]);
    close(ends[1]);
    return result;
}

static int in_socket_read(void)
{
    struct timeval t = {0, LIMIT_MS * 1000};
    int ends[2], result;
    char byte;

    socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
    result = by_errno(read(ends[0], &byte, 1), EAGAIN);
    close(ends[0]);
    close(ends[1]);
    return result;
}

static int in_send(void)
{
    struct timeval t = {0, LIMIT_MS * 1000};
    static char much[1 << 16];
    int ends[2], result;

    socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    while (send(ends[0], much, sizeof(much), MSG_DONTWAIT) > 0)
        ;
    setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
    result = by_errno(send(ends[0], much, sizeof(much), 0), EAGAIN);
    close(ends[0]);
    close(ends[1]);
    return result;
}

static int in_accept(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX}; /* an abstract one, chosen by the kernel */
    struct timeval t = {0, LIMIT_MS * 1000};
    int s = socket(AF_UNIX, SOCK_STREAM, 0), result;

    bind(s, (struct sockaddr *)&name, sizeof(sa_family_t));
    listen(s, 1);
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
    result = by_errno(accept(s, NULL, NULL), EAGAIN);
    close(s);
    return result;
}

static int in_semtimedop(void)
{
    struct sembuf take = {0, -1, 0};
    struct timespec t = limit();

    return by_errno(semtimedop(shared_semaphores, &take, 1, &t), EAGAIN);
}

static int in_sigtimedwait(void)
{
    struct timespec t = limit();
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    return by_errno(sigtimedwait(&set, NULL, &t), EAGAIN);
}

static int in_nanosleep(void)
{
    struct timespec t = limit();

    return nanosleep(&t, NULL) == 0 ? 0 : errno;
}

static int in_poll(void)
{
    return poll(NULL, 0, LIMIT_MS) == 0 ? 0 : errno;
}

static int in_ppoll(void)
{
    struct timespec t = limit();

    return ppoll(NULL, 0, &t, NULL) == 0 ? 0 : errno;
}

static int in_select(void)
{
    struct timeval t = {0, LIMIT_MS * 1000};

    return select(0, NULL, NULL, NULL, &t) == 0 ? 0 : errno;
}

static int in_pselect(void)
{
    struct timespec t = limit();

    return pselect(0, NULL, NULL, NULL, &t, NULL) == 0 ? 0 : errno;
}

static int in_sem_timedwait(void)
{
    struct timespec t = deadline();
    sem_t s;

    sem_init(&s, 0, 0);
    return by_errno(sem_timedwait(&s, &t), ETIMEDOUT);
}

static int in_cond_timedwait(void)
{
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t c = PTHREAD_COND_INITIALIZER;
    struct timespec t = deadline();
    int result;

    pthread_mutex_lock(&m);
    result = pthread_cond_timedwait(&c, &m, &t);
    pthread_mutex_unlock(&m);
    return result == ETIMEDOUT ? 0 : result == 0 ? -1 : result;
}

static int in_timedlock(void)
{
    struct timespec t = deadline();
    int result = pthread_mutex_timedlock(&held, &t);

    return result == ETIMEDOUT ? 0 : result == 0 ? -1 : result;
}

struct timed {
    const char *name;
    int (*call)(void);
};

static const struct timed timed[] = {
    {"epoll_wait", in_epoll},
    {"recv", in_receive},
    {"read of a socket", in_socket_read},
    {"send", in_send},
    {"accept", in_accept},
    {"semtimedop", in_semtimedop},
    {"sigtimedwait", in_sigtimedwait},
    {"nanosleep", in_nanosleep},
    {"poll", in_poll},
    {"ppoll", in_ppoll},
    {"select", in_select},
    {"pselect", in_pselect},
    {"sem_timedwait", in_sem_timedwait},
    {"pthread_cond_timedwait", in_cond_timedwait},
    {"pthread_mutex_timedlock", in_timedlock},
};

static void *do_timed(void *own)
{
    const struct timed *t = own;

    while (!over) {
        int64_t start = now_us(), took;
        int error = t->call();

        took = now_us() - start;
        if (error != 0)
            fault(t->name, error == -1 ? "ended too well" : strerror(error), error);
        if (took < (LIMIT_MS - 2) * 1000)
            fault(t->name, "ended early, after us", (long)took);
        if (took > 2 * LIMIT_MS * 1000 + 2000000)
            fault(t->name, "ended late, after us", (long)took);
    }
    return NULL;
}

/* ---------------------------------------------------------------- calls that somebody ends */

static int feed[2], full[2];
static atomic_bool written;

static void *read_pipe(void *own)
{
    char byte;

    (void)own;
    for (ssize_t got; (got = read(feed[0], &byte, 1)) != 0;)
        if (got < 0)
            fault("read of a pipe", strerror(errno), errno);
    return NULL;
}

static void *write_pipe(void *own)
{
    static const char much[1 << 18];
    ssize_t put = write(full[1], much, sizeof(much));

    (void)own;
    written = true;
    if (put != sizeof(much))
        fault("write to a pipe", strerror(errno), (long)put);
    return NULL;
}

static void *receive_message(void *own)
{
    struct {
        long type;
        char text[8];
    } message;

    (void)own;
    if (msgrcv(shared_queue, &message, sizeof(message.text), 0, 0) < 0)
        fault("msgrcv", strerror(errno), errno);
    return NULL;
}

static void *wait_for_child(void *own)
{
    pid_t child = *(pid_t *)own;
    int status;

    if (waitpid(child, &status, 0) != child)
        fault("waitpid", strerror(errno), errno);
    return NULL;
}

/* ---------------------------------------------------------------- who runs */

static void *dance(void *own)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event;

    (void)own;
    while (!over) {
        volatile int work;

        for (work = 0; work < 20000; work++)
            ;
        if (epoll_wait(epoll, &event, 1, 1) != 0)
            fault("epoll_wait of 1 ms", strerror(errno), errno);
    }
    return NULL;
}

static uint64_t sum_up(void)
{
    uint64_t x = 88172645463325252u, sum = 0;

    for (int i = 0; i < 300000; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        sum += x;
    }
    return sum;
}

static void *calculate(void *own)
{
    const uint64_t wanted = sum_up(); /* nobody looks yet */

    (void)own;
    while (!over)
        if (sum_up() != wanted)
            fault("a sum", "is wrong", 0);
    return NULL;
}

static void *tick(void *own)
{
    struct timespec next;
    long ticks = 0;

    (void)own;
    clock_gettime(CLOCK_MONOTONIC, &next);
    while (!over) {
        next.tv_nsec += 10 * 1000 * 1000;
        if (next.tv_nsec >= 1000000000) {
            next.tv_sec++;
            next.tv_nsec -= 1000000000;
        }
        if (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL) != 0)
            fault("clock_nanosleep", "was interrupted", ticks);
        ticks++;
    }
    return NULL;
}

/* ---------------------------------------------------------------- all together */

enum { MOST = 40 };
static pthread_t threads[MOST];
static int thread_count;

static void start(void *(*function)(void *), void *own)
{
    if (pthread_create(&threads[thread_count++], NULL, function, own) != 0)
        fault("pthread_create", "failed", thread_count);
}

static void release(void)
{
    struct {
        long type;
        char text[8];
    } message = {1, "end"};
    static char all[1 << 18];

    over = true;
    close(feed[1]);
    fcntl(full[0], F_SETFL, O_NONBLOCK);
    for (int i = 0; i < 2000 && !written; i++) {
        while (read(full[0], all, sizeof(all)) > 0)
            ;
        usleep(1000);
    }
    msgsnd(shared_queue, &message, sizeof(message.text), 0);
}

int main(void)
{
    pid_t child;
    sigset_t set;
    int signal;

    alarm(100);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    shared_queue = msgget(IPC_PRIVATE, 0600);
    shared_semaphores = semget(IPC_PRIVATE, 1, 0600);
    if (pipe(feed) != 0 || pipe(full) != 0 || (child = fork()) < 0)
        return 1;
    if (child == 0) {
        close(feed[1]);
        pause();
        _exit(0);
    }
    pthread_mutex_lock(&held);
    for (size_t i = 0; i < sizeof(timed) / sizeof(timed[0]); i++)
        start(do_timed, (void *)&timed[i]);
    start(read_pipe, NULL);
    start(write_pipe, NULL);
    start(receive_message, NULL);
    start(wait_for_child, &child);
    start(dance, NULL);
    start(calculate, NULL);
    start(tick, NULL);
    printf("ready\n");
    fflush(stdout);
    sigdelset(&set, SIGUSR2);
    if (sigwait(&set, &signal) != 0)
        fault("sigwait", strerror(errno), errno);
    kill(child, SIGKILL);
    release();
    for (int i = 0; i < thread_count; i++)
        pthread_join(threads[i], NULL);
    msgctl(shared_queue, IPC_RMID, NULL);
    semctl(shared_semaphores, 0, IPC_RMID);
    printf("%s\n", faults == 0 ? "undisturbed" : "disturbed");
    return EXIT;
}
