#define _GNU_SOURCE
#include "CSignals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
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

static const int crashes[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE};
enum { CRASHES = sizeof crashes / sizeof crashes[0] };
static struct sigaction crash_before[CRASHES];
static volatile sig_atomic_t armed;
static int rescue_terminal, rescue_held, rescue_errors;
static struct termios rescue_modes;
static char rescue_reset[512];
static size_t rescue_length;
// A crash may be a stack overflow: the handler needs a stack of its own.
static char rescue_stack[64 * 1024];

int landlord_error_file(void) {
    int descriptor = memfd_create("landlord-errors", MFD_CLOEXEC);
    // Several writers share it: each must write at its end.
    if (descriptor >= 0) fcntl(descriptor, F_SETFL, O_APPEND);
    return descriptor;
}

void landlord_pass_on(int held, int errors) {
    char bytes[1024];
    ssize_t count;
    off_t at = 0;
    if (held < 0 || errors < 0) return;
    while ((count = pread(held, bytes, sizeof bytes, at)) > 0) {
        at += count;
        for (ssize_t sent = 0; sent < count;) {
            ssize_t now = write(errors, bytes + sent, count - sent);
            if (now < 0 && errno == EINTR) continue;
            if (now <= 0) return;
            sent += now;
        }
    }
    if (ftruncate(held, 0) < 0) {}
}

static void rescue(int number) {
    if (armed) {
        armed = 0;
        for (size_t sent = 0; sent < rescue_length;) {
            ssize_t now = write(rescue_terminal, rescue_reset + sent, rescue_length - sent);
            if (now < 0 && errno == EINTR) continue;
            if (now < 0 && errno == EAGAIN) {
                struct pollfd waiting = {.fd = rescue_terminal, .events = POLLOUT};
                if (poll(&waiting, 1, 1000) > 0) continue;
            }
            if (now <= 0) break;
            sent += now;
        }
        tcsetattr(rescue_terminal, TCSANOW, &rescue_modes);
        landlord_pass_on(rescue_held, rescue_errors);
    }
    make_default(number, NULL);
    // Back in the faulting instruction it kills; a signal that was sent must be sent again.
    raise(number);
}

void landlord_rescue_arm(
    int terminal, const struct termios *modes, const char *reset, size_t length, int held, int errors) {
    rescue_terminal = terminal;
    rescue_modes = *modes;
    rescue_length = length < sizeof rescue_reset ? length : sizeof rescue_reset;
    memcpy(rescue_reset, reset, rescue_length);
    rescue_held = held;
    rescue_errors = errors;
    if (!armed) {
        stack_t stack = {.ss_sp = rescue_stack, .ss_size = sizeof rescue_stack, .ss_flags = 0};
        sigaltstack(&stack, NULL);
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_handler = rescue;
        action.sa_flags = SA_ONSTACK;
        sigemptyset(&action.sa_mask);
        for (int i = 0; i < CRASHES; i++) sigaction(crashes[i], &action, &crash_before[i]);
    }
    armed = 1;
}

void landlord_rescue_disarm(void) {
    if (!armed) return;
    armed = 0;
    for (int i = 0; i < CRASHES; i++) sigaction(crashes[i], &crash_before[i], NULL);
}
