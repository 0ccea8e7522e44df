// Drives programs in a pseudo-terminal, in turn, and prints what a person and a thin line would see of each.
//   bench COLUMNSxLINES RUNS FIRST LAST -- PROGRAM ARGS… [-- PROGRAM ARGS…]
// FIRST and LAST are the site ids that say that the first, or the last, rows are on the screen. The first program is the
// floor: the others are shown beside it, with their ratio. Times are medians, in milliseconds, and end with the last byte.
#define _GNU_SOURCE
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROGRAMS = 4, KEYS = 40, SAMPLES = 4096 };
enum { QUIET = 25 }; // Milliseconds without a byte after which a paint is over.

enum Figure {
    START, CPU, DOWN, DOWN_95, IN_PAGE, SCROLLING, PAGE, PAGE_BYTES, HELD, HELD_BYTES, ECHOED, SEARCHED, TO_LAST, MEMORY, IDLE,
    FIGURES
};
static const struct { const char *name, *unit; } figures[FIGURES] = {
    {"exec to rows", "ms"}, {"CPU to rows", "ms"}, {"Down", "ms"}, {"Down, 95 of 100", "ms"},
    {"Down in the page", "bytes"}, {"Down that scrolls", "bytes"}, {"PgDn", "ms"}, {"PgDn", "bytes"},
    {"200 held Downs", "ms"}, {"200 held Downs", "bytes"}, {"search: echo of a letter", "ms"}, {"search: rows of a letter", "ms"},
    {"G, to the last row", "ms"}, {"peak memory", "MiB"}, {"idle for 2 s", "bytes"},
};

typedef struct { double values[SAMPLES]; int count; } Samples;
typedef struct { double first, last; int bytes; } Paint; // Milliseconds after the key; both 0 where nothing came.

static struct winsize size;
static Samples samples[PROGRAMS][FIGURES];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static void note(int program, enum Figure figure, double value) {
    Samples *s = &samples[program][figure];
    if (s->count < SAMPLES) s->values[s->count++] = value;
}

// One read: the bytes, 0 after `patience` milliseconds without any, -1 at the end. The time is taken before anything else.
static int take(int terminal, int patience, char *buffer, int room, double *when) {
    struct pollfd entry = {terminal, POLLIN, 0};
    if (poll(&entry, 1, patience) <= 0) return 0;
    int count = read(terminal, buffer, room);
    *when = now();
    return count > 0 ? count : -1;
}

// Presses keys, and takes in what comes until `quiet` milliseconds nothing more does.
static Paint press(int terminal, const char *keys, int quiet) {
    char buffer[1 << 16];
    Paint paint = {0};
    double when, start = now();
    if (write(terminal, keys, strlen(keys)) < 0) return paint;
    for (int count; (count = take(terminal, paint.bytes ? quiet : 1000, buffer, sizeof buffer, &when)) > 0;) {
        if (!paint.bytes) paint.first = when - start;
        paint.last = when - start;
        paint.bytes += count;
    }
    return paint;
}

// Waits for a text; answers when it came, or -1. Site ids are drawn whole, so no terminal has to be played for this.
static double await(int terminal, const char *text) {
    static char seen[1 << 20];
    int length = 0;
    for (double when; length < (int)sizeof seen;) {
        int count = take(terminal, 20000, seen + length, sizeof seen - length, &when);
        if (count <= 0) return -1;
        length += count;
        if (memmem(seen, length, text, strlen(text))) return when;
    }
    return -1;
}

static double cpu(pid_t process) {
    char path[64];
    long long nanoseconds = 0;
    snprintf(path, sizeof path, "/proc/%d/schedstat", process);
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%lld", &nanoseconds) != 1) nanoseconds = 0;
    if (file) fclose(file);
    return nanoseconds / 1e6;
}

static double peak(pid_t process) {
    char path[64], text[256];
    double kilobytes = 0;
    snprintf(path, sizeof path, "/proc/%d/status", process);
    FILE *file = fopen(path, "r");
    while (file && fgets(text, sizeof text, file)) sscanf(text, "VmHWM: %lf", &kilobytes);
    if (file) fclose(file);
    return kilobytes / 1024;
}

static void run(int program, char **command, const char *first, const char *last) {
    int terminal;
    double start = now();
    pid_t process = forkpty(&terminal, NULL, NULL, &size);
    if (process == 0) {
        execvp(command[0], command);
        _exit(127);
    }
    double rows = await(terminal, first);
    if (rows < 0) {
        fprintf(stderr, "%s showed no rows\n", command[0]);
        exit(1);
    }
    note(program, START, rows - start);
    press(terminal, "", 200);
    note(program, CPU, cpu(process));
    for (int i = 0; i < KEYS + size.ws_row; i++) {
        Paint paint = press(terminal, "\033OB", QUIET);
        note(program, DOWN, paint.last);
        // The first rows of a page and those that scroll it; those between depend on how many lines are not rows.
        if (i < size.ws_row - 8) note(program, IN_PAGE, paint.bytes);
        if (i > size.ws_row) note(program, SCROLLING, paint.bytes);
    }
    for (int i = 0; i < KEYS; i++) {
        Paint paint = press(terminal, "\033[6~", QUIET);
        note(program, PAGE, paint.last);
        note(program, PAGE_BYTES, paint.bytes);
    }
    char held[200 * 3 + 1] = "";
    for (int i = 0; i < 200; i++) memcpy(held + 3 * i, "\033OB", 4);
    Paint paint = press(terminal, held, 150);
    note(program, HELD, paint.last);
    note(program, HELD_BYTES, paint.bytes);
    press(terminal, "/", 100);
    for (const char *letter = "juniper"; *letter; letter++) {
        paint = press(terminal, (char[]){*letter, 0}, 250);
        note(program, ECHOED, paint.first);
        note(program, SEARCHED, paint.last);
    }
    press(terminal, "\033", 250);
    double pressed = now();
    if (write(terminal, "G", 1) == 1) note(program, TO_LAST, await(terminal, last) - pressed);
    press(terminal, "", 200);
    char buffer[1 << 16];
    double when;
    int count = take(terminal, 2000, buffer, sizeof buffer, &when);
    note(program, IDLE, count > 0 ? count : 0);
    note(program, MEMORY, peak(process));
    if (write(terminal, "q", 1) < 0) kill(process, SIGTERM);
    for (double end = now() + 2000; now() < end && take(terminal, 100, buffer, sizeof buffer, &when) >= 0;) continue;
    kill(process, SIGKILL);
    waitpid(process, NULL, 0);
    close(terminal);
}

static int ascending(const void *a, const void *b) {
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

static double quantile(Samples *s, double share) {
    if (!s->count) return 0;
    qsort(s->values, s->count, sizeof(double), ascending);
    return s->values[(int)((s->count - 1) * share)];
}

static void print(char **names, int programs) {
    printf("%-26s", "");
    for (int p = 0; p < programs; p++) printf("%12s%8s", names[p], p ? "ratio" : "");
    printf("\n");
    for (int f = 0; f < FIGURES; f++) {
        printf("%-26s", figures[f].name);
        double floor = 0;
        for (int p = 0; p < programs; p++) {
            double value = f == DOWN_95 ? quantile(&samples[p][DOWN], .95) : quantile(&samples[p][f], .5);
            int isWhole = !strcmp(figures[f].unit, "bytes");
            printf("%12.*f", isWhole ? 0 : value < 10 ? 2 : 1, value);
            if (p == 0) floor = value;
            if (p && floor > 0) printf("%8.2f", value / floor);
            else printf("%8s", "");
        }
        printf("  %s\n", figures[f].unit);
    }
}

int main(int count, char **arguments) {
    int columns, lines, programs = 0;
    char **commands[PROGRAMS], *names[PROGRAMS];
    if (count < 7 || sscanf(arguments[1], "%dx%d", &columns, &lines) != 2) {
        fprintf(stderr, "bench COLUMNSxLINES RUNS FIRST LAST -- PROGRAM ARGS… [-- PROGRAM ARGS…]\n");
        return 64;
    }
    size = (struct winsize){.ws_row = lines, .ws_col = columns};
    for (int i = 5; i < count; i++) {
        if (strcmp(arguments[i], "--")) continue;
        arguments[i] = NULL; // The end of the command before.
        if (programs == PROGRAMS || i + 1 == count) break;
        commands[programs] = &arguments[i + 1];
        const char *slash = strrchr(arguments[i + 1], '/');
        names[programs++] = slash ? (char *)slash + 1 : arguments[i + 1];
    }
    for (int r = 0; r < atoi(arguments[2]); r++)
        for (int p = 0; p < programs; p++) run(p, commands[p], arguments[3], arguments[4]);
    print(names, programs);
}
