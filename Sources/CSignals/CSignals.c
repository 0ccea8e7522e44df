#define _GNU_SOURCE
#include "CSignals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static const int passed[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT, SIGTSTP};
enum { PASSED = sizeof passed / sizeof passed[0] };
static struct sigaction before[PASSED];
static volatile sig_atomic_t installed;
static volatile int pipe_end = -1;

static void pass(int number) {
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    // A full pipe has plenty of signals in it already.
    if (write(pipe_end, &byte, 1) < 0) {}
    errno = saved;
}

int landlord_signals_to(int descriptor) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = pass;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    pipe_end = descriptor;
    for (int i = 0; i < PASSED; i++) {
        struct sigaction old;
        if (sigaction(passed[i], &action, installed ? &old : &before[i]) < 0) return -1;
        // nohup: a program told to survive its terminal does.
        if (!installed && before[i].sa_handler == SIG_IGN && passed[i] != SIGCONT && passed[i] != SIGWINCH)
            sigaction(passed[i], &before[i], NULL);
    }
    installed = 1;
    return 0;
}

void landlord_signals_restore(void) {
    if (!installed) return;
    for (int i = 0; i < PASSED; i++) sigaction(passed[i], &before[i], NULL);
    installed = 0;
}

static void make_default(int number, struct sigaction *old) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, old);
}

static void unblock(int number) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void landlord_die_of(int number) {
    // SIGQUIT would leave a core file, and memory holds what people typed.
    prctl(PR_SET_DUMPABLE, 0);
    make_default(number, NULL);
    unblock(number);
    kill(getpid(), number);
    _exit(128 + number);
}

void landlord_stop(void) {
    struct sigaction old, old_continue;
    make_default(SIGTSTP, &old);
    // Who called knows that we went on: told by the signal, too, it would take the terminal a second time, whose cursor is ours then.
    make_default(SIGCONT, &old_continue);
    // The whole group, as the terminal would: a script that started us stops, too, and its shell sees it.
    // Where nobody could continue us (no shell above) the kernel leaves us running.
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &old, NULL);
    sigaction(SIGCONT, &old_continue, NULL);
}
