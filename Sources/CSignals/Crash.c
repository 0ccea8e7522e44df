// What a crash leaves behind: the terminal as it was, a line for the person, a note for the makers, and no core file.
#define _GNU_SOURCE
#include "CSignals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <ucontext.h>
#include <unistd.h>

static const struct { int number; const char *name; } crashes[] = {
    {SIGILL, "SIGILL"}, {SIGTRAP, "SIGTRAP"}, {SIGABRT, "SIGABRT"},
    {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGFPE, "SIGFPE"},
};
enum { CRASHES = sizeof crashes / sizeof crashes[0] };
static struct sigaction before[CRASHES];
static volatile sig_atomic_t installed, armed, noted;

static int rescue_terminal, rescue_held, rescue_errors;
static struct termios rescue_modes;
static char rescue_reset[512];
static size_t rescue_length;

static char note_path[1024], note_shown[1024], note_version[32], note_place[32];

// A crash may be a stack overflow: the handler needs a stack of its own. That of the thread which arms; another thread that
// overflows its stack ends the process without a word.
static char handler_stack[64 * 1024];

static void write_all(int file, const char *bytes, size_t length) {
    for (size_t sent = 0; sent < length;) {
        ssize_t now = write(file, bytes + sent, length - sent);
        if (now < 0 && errno == EINTR) continue;
        if (now < 0 && errno == EAGAIN) {
            struct pollfd waiting = {.fd = file, .events = POLLOUT};
            if (poll(&waiting, 1, 1000) > 0) continue;
        }
        if (now <= 0) return;
        sent += now;
    }
}

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
        write_all(errors, bytes, count);
    }
    if (ftruncate(held, 0) < 0) {}
}

// Text that grows; what does not fit is left out.
struct text {
    size_t length;
    char bytes[2048];
};

static void append(struct text *text, const char *more) {
    while (*more && text->length < sizeof text->bytes) text->bytes[text->length++] = *more++;
}

static void append_hexadecimal(struct text *text, uintptr_t value) {
    char digits[2 * sizeof value + 1];
    char *digit = digits + sizeof digits - 1;
    *digit = 0;
    do {
        *--digit = "0123456789abcdef"[value & 15];
        value >>= 4;
    } while (value);
    append(text, digit);
}

// Where in the program it happened, counted from where it was loaded; 0 for a signal that was sent, and elsewhere.
static uintptr_t instruction(const siginfo_t *info, const void *context) {
    extern const char __executable_start, etext;
    uintptr_t start = (uintptr_t)&__executable_start, at = 0;
    if (info->si_code <= 0) return 0;
#if defined(__x86_64__)
    at = (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    at = (uintptr_t)((const ucontext_t *)context)->uc_mcontext.pc;
#endif
    return at > start && at < (uintptr_t)&etext ? at - start : 0;
}

static int write_note(const char *signal, uintptr_t at) {
    struct text text = {0};
    append(&text, "landlord ");
    append(&text, note_version);
    append(&text, "\nsignal ");
    append(&text, signal);
    if (note_place[0]) {
        append(&text, "\nplace ");
        append(&text, note_place);
    }
    if (at) {
        append(&text, "\nat +0x");
        append_hexadecimal(&text, at);
    }
    append(&text, "\n");
    for (char *slash = note_path + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = 0;
        mkdir(note_path, 0700);
    }
    // Whatever lies there (an older note, a link, a pipe) goes, or stays and then there is no note.
    unlink(note_path);
    int file = open(note_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return -1;
    write_all(file, text.bytes, text.length);
    close(file);
    return 0;
}

static void leave_note(const char *signal, uintptr_t at, int errors) {
    struct text line = {0};
    append(&line, "landlord: crashed (");
    append(&line, signal);
    append(&line, ")");
    if (write_note(signal, at) == 0) {
        append(&line, "; a note of it, without any data, is in ");
        append(&line, note_shown);
    }
    append(&line, "\n");
    write_all(errors, line.bytes, line.length);
}

static void rescue(int number, siginfo_t *info, void *context) {
    int errors = STDERR_FILENO;
    if (armed) {
        armed = 0;
        write_all(rescue_terminal, rescue_reset, rescue_length);
        tcsetattr(rescue_terminal, TCSANOW, &rescue_modes);
        landlord_pass_on(rescue_held, rescue_errors);
        if (rescue_errors >= 0) errors = rescue_errors;
    }
    if (noted) {
        noted = 0;
        const char *name = "";
        for (int i = 0; i < CRASHES; i++) if (crashes[i].number == number) name = crashes[i].name;
        leave_note(name, instruction(info, context), errors);
    }
    signal(number, SIG_DFL);
    // Back in the faulting instruction it kills; a signal that was sent must be sent again.
    raise(number);
}

static void install(void) {
    if (installed) return;
    installed = 1;
    stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack, .ss_flags = 0};
    sigaltstack(&stack, NULL);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = rescue;
    action.sa_flags = SA_ONSTACK | SA_SIGINFO;
    // A crash of the handler itself kills at once.
    for (int i = 0; i < CRASHES; i++) sigaddset(&action.sa_mask, crashes[i].number);
    for (int i = 0; i < CRASHES; i++) sigaction(crashes[i].number, &action, &before[i]);
}

static void uninstall(void) {
    if (!installed || armed || noted) return;
    installed = 0;
    for (int i = 0; i < CRASHES; i++) sigaction(crashes[i].number, &before[i], NULL);
}

void landlord_rescue_arm(
    int terminal, const struct termios *modes, const char *reset, size_t length, int held, int errors) {
    rescue_terminal = terminal;
    rescue_modes = *modes;
    rescue_length = length < sizeof rescue_reset ? length : sizeof rescue_reset;
    memcpy(rescue_reset, reset, rescue_length);
    rescue_held = held;
    rescue_errors = errors;
    install();
    armed = 1;
}

void landlord_rescue_disarm(void) {
    armed = 0;
    uninstall();
}

static void copy(char *place, size_t room, const char *text) {
    size_t length = strnlen(text, room - 1);
    memcpy(place, text, length);
    place[length] = 0;
}

void landlord_note_arm(const char *path, const char *shown, const char *version) {
    // A path that is cut would be another's.
    if (strlen(path) >= sizeof note_path) return;
    copy(note_path, sizeof note_path, path);
    copy(note_shown, sizeof note_shown, shown);
    copy(note_version, sizeof note_version, version);
    install();
    // No core file: memory holds secrets and what tenants are. From now on, since a thread whose stack is full ends without `rescue`.
    prctl(PR_SET_DUMPABLE, 0);
    noted = 1;
}

void landlord_note_place(const char *place) { copy(note_place, sizeof note_place, place); }
