#pragma once
// Signal handlers. They are C because Swift promises nothing about what its code does behind the scenes
// (locks, allocation, reference counts), and a handler may only make async-signal-safe calls (signal-safety(7)).
#include <stddef.h>
#include <termios.h>

// Installs handlers that write the signal's number as one byte to `descriptor`, which must not block.
// SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT, SIGTSTP. -1 and errno where that fails.
int landlord_signals_to(int descriptor);

// Gives those signals back what they did before.
void landlord_signals_restore(void);

// Ends the process by `signal`, as if no handler had been there, but without a core file.
void landlord_die_of(int signal) __attribute__((noreturn));

// Stops the process group as Ctrl-z in a shell does; returns when it is continued, of which no event comes.
void landlord_stop(void);

// From now on a crash (SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE) first writes `reset` to `terminal`, gives it
// back `modes`, and copies what was written to `held_errors` to `errors`; then it kills as ever, without a core file.
// `reset` is copied (at most 512 bytes). -1 for a descriptor that is not there.
void landlord_rescue_arm(
    int terminal, const struct termios *modes, const char *reset, size_t length, int held_errors, int errors);

// The terminal needs no rescue any more.
void landlord_rescue_disarm(void);

// From now on a crash leaves a note at `path`: `version`, the signal, the place, the instruction's address in the program, and
// nothing of anybody's. Only its owner can read it; folders that are missing are made; an older note goes. A line on standard
// error says so and names `shown`, which is the path as it can be printed. All three are copied.
void landlord_note_arm(const char *path, const char *shown, const char *version);

// Where the person is, for that note: a word of ours, copied (at most 31 bytes). Empty: nowhere.
void landlord_note_place(const char *place);

// Appends what `held_errors` holds to `errors` and empties it.
void landlord_pass_on(int held_errors, int errors);

// A file in memory for them. -1 and errno on failure.
int landlord_error_file(void);
