/* SPDX-License-Identifier: MIT */
/*
 * family.c - a program of several processes: who hangs, and who started whom?
 *
 * Usage: family SCENARIO [VICTIM WHAT]      VICTIM: another program to start, with one argument
 *
 * Every process that hangs is ended by SIGALRM after LIMIT seconds, if nobody ends it before; a parent
 * prints how each child ended, and the family ends with status 5.
 */
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 4, STATUS = 5 };

extern char **environ;

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static char *victim, *what;

static _Noreturn void fail(const char *text)
{
    perror(text);
    exit(99);
}

static void limit(void)
{
    const char *seconds = getenv("LIMIT");

    alarm(seconds == NULL ? 15 : (unsigned)atoi(seconds));
}

static void hang(void)
{
    limit();
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&first);
}

static void hang_elsewhere(void)
{
    limit();
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&second);
}

static void work(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
}

static void tell(const char *who, int status)
{
    if (WIFSIGNALED(status))
        printf("%s: signal %d\n", who, WTERMSIG(status));
    else
        printf("%s: status %d\n", who, WEXITSTATUS(status));
}

static void wait_for(const char *who, pid_t child)
{
    int status;

    if (child < 0 || waitpid(child, &status, 0) != child)
        fail("waitpid");
    tell(who, status);
}

static pid_t start(void (*body)(void))
{
    pid_t child = fork();

    if (child != 0)
        return child;
    prctl(PR_SET_NAME, "worker");
    body();
    _exit(0);
}

/* ---------------------------------------------------------------- forks */

static void child_hangs(void)
{
    wait_for("child", start(hang));
}

static void both_hang(void)
{
    wait_for("child", start(hang));
    fflush(stdout);
    hang_elsewhere();
}

static void prefork(void (*body)(void))
{
    pid_t workers[WORKERS];

    for (int i = 0; i < WORKERS; i++)
        workers[i] = start(body);
    for (int i = 0; i < WORKERS; i++)
        wait_for("worker", workers[i]);
}

static void workers_hang(void)
{
    prefork(hang);
}

static void workers_work(void)
{
    prefork(work);
}

static void *forks(void *arg)
{
    pid_t child = start(hang);

    wait_for("child", child);
    return arg;
}

/* A thread with a name of its own forks: the parent is still the process. */
static void thread_forks(void)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, forks, NULL) != 0)
        fail("pthread_create");
    pthread_setname_np(thread, "acceptor");
    pthread_join(thread, NULL);
}

/* Hangs when the file that VICTIM names is there: the first process has long ended then. */
static void daemon_hangs(void)
{
    if (fork() != 0)
        return;
    setsid();
    if (fork() != 0)
        _exit(0);
    while (access(victim, F_OK) != 0)
        usleep(10000);
    if (what != NULL)
        execl(what, what, "hang", (char *)NULL);
    hang();
    _exit(0);
}

/* ---------------------------------------------------------------- other programs */

static void run_it(void)
{
    execl(victim, victim, what, (char *)NULL);
    _exit(98);
}

static void fork_exec(void)
{
    wait_for("child", start(run_it));
}

static void vfork_exec(void)
{
    pid_t child = vfork();

    if (child == 0)
        run_it();
    wait_for("child", child);
}

static void spawn(void)
{
    char *argv[] = {victim, what, NULL};
    pid_t child;

    if (posix_spawn(&child, victim, NULL, NULL, argv, environ) != 0)
        fail("posix_spawn");
    wait_for("child", child);
}

static void spawn_without_environment(void)
{
    char *argv[] = {victim, what, NULL}, *none[] = {(char *)"LIMIT=1", NULL};
    pid_t child;

    if (posix_spawn(&child, victim, NULL, NULL, argv, none) != 0)
        fail("posix_spawn");
    wait_for("child", child);
}

static char *command_line(void)
{
    static char line[4096];

    snprintf(line, sizeof(line), "'%s' %s", victim, what);
    return line;
}

static void call_system(void)
{
    tell("system", system(command_line()));
}

static void call_popen(void)
{
    FILE *stream = popen(command_line(), "r");
    char line[100];

    while (stream != NULL && fgets(line, sizeof(line), stream) != NULL)
        printf("popen: %s", line);
    tell("popen", pclose(stream));
}

static void become_it(void)
{
    fflush(stdout);
    run_it();
}

static const struct scenario {
    const char *name;
    void (*run)(void);
} scenarios[] = {
    {"hang", hang},
    {"work", work},
    {"child-hangs", child_hangs},
    {"both-hang", both_hang},
    {"workers-hang", workers_hang},
    {"workers-work", workers_work},
    {"thread-forks", thread_forks},
    {"daemon-hangs", daemon_hangs},
    {"fork-exec", fork_exec},
    {"vfork-exec", vfork_exec},
    {"spawn", spawn},
    {"spawn-without-environment", spawn_without_environment},
    {"system", call_system},
    {"popen", call_popen},
    {"exec", become_it},
};

int main(int argc, char **argv)
{
    victim = argc > 2 ? argv[2] : NULL;
    what = argc > 3 ? argv[3] : NULL;
    for (size_t i = 0; argc > 1 && i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
        if (strcmp(scenarios[i].name, argv[1]) == 0) {
            scenarios[i].run();
            return STATUS;
        }
    return 97;
}
