#pragma once
// Wide-character ncurses, and the few things Swift's importer cannot see (macros, globals that are not concurrency-safe).
#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#include <stdio.h>
#include <term.h>

static inline WINDOW *landlord_screen(void) { return stdscr; }
static inline WINDOW *landlord_terminal_screen(void) { return curscr; }
static inline int landlord_colours(void) { return COLORS; }

static inline attr_t landlord_bold(void) { return A_BOLD; }
static inline attr_t landlord_dim(void) { return A_DIM; }
static inline attr_t landlord_underline(void) { return A_UNDERLINE; }
static inline attr_t landlord_reverse(void) { return A_REVERSE; }

// What plain and erased cells look like. setcchar takes pairs beyond 255 through its last argument.
static inline void landlord_ground(WINDOW *window, int pair) {
    cchar_t blank;
    if (setcchar(&blank, L" ", A_NORMAL, 0, &pair) == OK) wbkgrndset(window, &blank);
}

// Moves the lines from `first` to `last` up by `by`, or down; what comes free is blank. scrollok only for that moment:
// with it a character in the last cell would scroll, too.
static inline void landlord_scroll(WINDOW *window, int first, int last, int by) {
    scrollok(window, TRUE);
    wsetscrreg(window, first, last);
    wscrl(window, by);
    wsetscrreg(window, 0, getmaxy(window) - 1);
    scrollok(window, FALSE);
}

// A string of the terminal's description; NULL where it has none.
static inline const char *landlord_capability(const char *name) {
    char *string = tigetstr(name);
    return string == (char *)-1 ? NULL : string;
}
static inline const char *landlord_move_to(int line, int column) {
    const char *cup = landlord_capability("cup");
    return cup ? tparm(cup, line, column) : NULL;
}

// A file in memory, for ncurses to write to. Glibc's module does not show memfd_create. NULL and errno on failure.
FILE *landlord_memory_file(void);
