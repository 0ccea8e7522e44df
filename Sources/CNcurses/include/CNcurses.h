#pragma once
// Wide-character ncurses, and the few things Swift's importer cannot see (macros, variadics, globals).
#define NCURSES_WIDECHAR 1
#include <ncurses.h>
