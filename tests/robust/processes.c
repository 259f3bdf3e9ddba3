/* SPDX-License-Identifier: MIT */
/*
 * processes.c - daemons, exec, closed descriptors, other roots: where does the report go?
 *
 * The findings must not depend on a descriptor, a path, an environment variable or a privilege
 * that the program may give away after it has started.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/matrix/scenario.h"

extern char **environ;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void lock_and_unlock(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

static void make_finding(void)
{
    lock_and_unlock();
    pthread_mutex_unlock(&mutex);
}

static void hang(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&mutex);
}

static void *works(void *arg)
{
    for (int i = 0; i < 100; i++)
        lock_and_unlock();
    return arg;
}

static void use_threads(void)
{
    pthread_t threads[4];

    for (int i = 0; i < 4; i++)
        threads[i] = start(works, NULL);
    for (int i = 0; i < 4; i++)
        join(threads[i]);
}

static void must_exit_0(pid_t child)
{
    int status;

    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        fail("the child failed");
}

/* ---------------------------------------------------------------- daemons */

/* Forks twice, as daemons do; the first process waits on a pipe for the daemon's end, so that the
 * test is over when it is. */
static void run_daemon(void (*body)(void))
{
    int ends[2];
    char byte;

    if (pipe(ends) != 0)
        fail("pipe");
    if (fork() == 0) {
        setsid();
        if (fork() != 0)
            _exit(0);
        close(ends[0]);
        body();
        if (write(1, "daemon\n", 7) != 7)
            _exit(3);
        _exit(0);
    }
    close(ends[1]);
    while (wait(NULL) > 0)
        ;
    if (read(ends[0], &byte, 1) != 0)
        fail("read");
}

static void daemon_works(void)
{
    run_daemon(use_threads);
}

static void daemon_hangs(void)
{
    run_daemon(hang);
}

/* ---------------------------------------------------------------- descriptors */

/* Keeps stdout, so that "done" can be printed. */
static void close_others(void)
{
    for (int fd = 0; fd < 1024; fd++)
        if (fd != 1)
            close(fd);
}

static void close_all(void)
{
    close_others();
    use_threads();
}

static void close_all_hang(void)
{
    close_others();
    close(1);
    hang();
}

static void close_range_finding(void)
{
    close_range(3, ~0u, 0);
    make_finding();
}

/* open() gives the lowest free number: it tells whether somebody else has one open. */
static void descriptor_numbers(void)
{
    int fd;

    use_threads();
    fd = open("/dev/null", O_RDONLY);
    printf("the first descriptor is %d\n", fd);
    close(fd);
}

/* ---------------------------------------------------------------- exec and environment */

static void run_exec(void)
{
    use_threads();
    execl("/bin/echo", "echo", "from", "echo", (char *)NULL);
    fail("execl");
}

static const char *own_path(void)
{
    static char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (length < 0)
        fail("readlink");
    path[length] = 0;
    return path;
}

static void exec_self(const char *scenario)
{
    execl(own_path(), "processes", scenario, (char *)NULL);
    fail("execl");
}

static void hang_now(void)
{
    hang();
}

/* A launcher that becomes a launcher that becomes the program that hangs. */
static void exec_chain_hang(void)
{
    execl("/bin/sh", "sh", "-c", "exec \"$0\" exec-to-hang", own_path(), (char *)NULL);
}

static void exec_to_hang(void)
{
    exec_self("hang-now");
}

/* What was found before the exec is not forgotten by it. */
static void exec_after_finding(void)
{
    make_finding();
    exec_self("quiet");
}

static void quiet(void)
{
    use_threads();
}

static void clear_environment(void)
{
    clearenv();
    use_threads();
    printf("%d variables\n", environ == NULL ? 0 : environ[0] != NULL);
}

static void clear_environment_finding(void)
{
    clearenv();
    make_finding();
}

/* ---------------------------------------------------------------- children */

static void child_works(void)
{
    pid_t child = fork();

    if (child == 0) {
        use_threads();
        _exit(0);
    }
    must_exit_0(child);
}

static void *works_until_told(void *arg)
{
    for (int i = 0; i < 20; i++) {
        usleep(1000);
        works(arg);
    }
    return arg;
}

/* Children of a process whose other threads are busy. A child makes the lock anew, since its owner
 * may have been one of the threads that it does not have; Python, for one, does so. */
static void fork_with_threads(void)
{
    pthread_t busy[2];

    for (int i = 0; i < 2; i++)
        busy[i] = start(works_until_told, NULL);
    for (int i = 0; i < 10; i++) {
        pid_t child = fork();

        if (child == 0) {
            pthread_mutex_init(&mutex, NULL);
            use_threads();
            _exit(0);
        }
        must_exit_0(child);
    }
    for (int i = 0; i < 2; i++)
        join(busy[i]);
}

static void nest(int depth, void (*body)(void))
{
    pid_t child;

    if (depth == 0) {
        body();
        return;
    }
    use_threads();
    child = fork();
    if (child == 0) {
        nest(depth - 1, body);
        _exit(0);
    }
    must_exit_0(child);
}

static void fork_nested(void)
{
    nest(5, use_threads);
}

static void fork_nested_finding(void)
{
    nest(5, make_finding);
}

/* Thousands of children, so that their ids get far away from the parent's own. */
static void fork_many(void)
{
    use_threads();
    for (int i = 0; i < 4200; i++) {
        pid_t child = fork();

        if (child == 0) {
            lock_and_unlock();
            _exit(0);
        }
        must_exit_0(child);
    }
}

static void vfork_exec(void)
{
    pid_t child;

    use_threads();
    child = vfork();
    if (child == 0) {
        execl("/bin/echo", "echo", "from vfork", (char *)NULL);
        _exit(3);
    }
    must_exit_0(child);
    use_threads();
}

static void spawn(void)
{
    char *argv[] = {"echo", "from posix_spawn", NULL};
    pid_t child;

    use_threads();
    if (posix_spawn(&child, "/bin/echo", NULL, NULL, argv, environ) != 0)
        fail("posix_spawn");
    must_exit_0(child);
    use_threads();
}

static void call_system(void)
{
    use_threads();
    printf("system: %d\n", WEXITSTATUS(system("echo from the shell; exit 9")));
    child_works();
}

static void call_popen(void)
{
    char line[100] = "";
    FILE *shell = popen("echo through a pipe", "r");

    if (shell == NULL || fgets(line, sizeof(line), shell) == NULL)
        fail("popen");
    printf("popen: %s", line);
    printf("pclose: %d\n", pclose(shell));
    use_threads();
}

/* ---------------------------------------------------------------- another user, another root */

/* Without root's rights these scenarios test the same thing less well; they do not fail. */
static void drop_privileges(void)
{
    if (geteuid() != 0)
        return;
    if (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0)
        fail("setuid");
}

static void drop_privileges_finding(void)
{
    drop_privileges();
    make_finding();
}

static void drop_privileges_hang(void)
{
    drop_privileges();
    hang();
}

static void change_root(void)
{
    const char *parent = getenv("TMPDIR");
    char empty[4096];

    if (geteuid() != 0)
        return;
    snprintf(empty, sizeof(empty), "%s/root-XXXXXX", parent != NULL ? parent : "/tmp");
    if (mkdtemp(empty) == NULL || chroot(empty) != 0 || chdir("/") != 0)
        fail("chroot");
}

static void chroot_finding(void)
{
    change_root();
    make_finding();
}

static void chroot_hang(void)
{
    change_root();
    hang();
}

const struct scenario scenarios[] = {
    {"daemon", daemon_works},
    {"daemon-hang", daemon_hangs},
    {"close-all", close_all},
    {"close-all-hang", close_all_hang},
    {"close-range-finding", close_range_finding},
    {"descriptor-numbers", descriptor_numbers},
    {"exec", run_exec},
    {"exec-chain-hang", exec_chain_hang},
    {"exec-to-hang", exec_to_hang},
    {"hang-now", hang_now},
    {"exec-after-finding", exec_after_finding},
    {"quiet", quiet},
    {"clear-environment", clear_environment},
    {"clear-environment-finding", clear_environment_finding},
    {"fork-with-threads", fork_with_threads},
    {"fork-nested", fork_nested},
    {"fork-nested-finding", fork_nested_finding},
    {"fork-many", fork_many},
    {"vfork-exec", vfork_exec},
    {"posix-spawn", spawn},
    {"system", call_system},
    {"popen", call_popen},
    {"drop-privileges-finding", drop_privileges_finding},
    {"drop-privileges-hang", drop_privileges_hang},
    {"chroot-finding", chroot_finding},
    {"chroot-hang", chroot_hang},
    {NULL, NULL},
};
