// The floor: the simplest list of tenants that ncurses and libpq can make. What landlord takes longer than this is its own.
//   floor CONNINFO      Down, PgDn, G to the last, / and letters to search as one types, Esc, q
#include <libpq-fe.h>
#include <locale.h>
#include <ncurses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 50, MOST = 4000 };

static PGconn *line;
static char *rows[MOST], *keys[MOST]; // What is shown of each row held, and its site id.
static int held, top, selected;
static char sought[64];

#define COLUMNS "SELECT site_id, rpad(tenant_name, 28), rpad(contact_email, 28), state, updated_at::date FROM landlord.tenants "

static void forget(int count) {
    for (int i = 0; i < count; i++) {
        free(rows[i]);
        free(keys[i]);
    }
    held -= count;
    memmove(rows, rows + count, held * sizeof *rows);
    memmove(keys, keys + count, held * sizeof *keys);
}

// Adds the rows of a statement to those held, the other way round where it came from the end.
static void add(const char *sql, const char *value, int reversed) {
    PGresult *result = PQexecParams(line, sql, value ? 1 : 0, NULL, &value, NULL, NULL, 0);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        endwin();
        fputs(PQerrorMessage(line), stderr);
        exit(1);
    }
    int count = PQntuples(result);
    for (int i = 0; i < count && held < MOST; i++) {
        int row = reversed ? count - 1 - i : i;
        char text[256];
        snprintf(text, sizeof text, "  %-16.16s %s %s %s %s", PQgetvalue(result, row, 0), PQgetvalue(result, row, 1),
                 PQgetvalue(result, row, 2), PQgetvalue(result, row, 3), PQgetvalue(result, row, 4));
        keys[held] = strdup(PQgetvalue(result, row, 0));
        rows[held++] = strdup(text);
    }
    PQclear(result);
}

static void load(void) {
    forget(held);
    top = selected = 0;
    if (*sought)
        add(COLUMNS "WHERE tenant_name ILIKE '%' || $1 || '%' LIMIT 50", sought, 0);
    else
        add(COLUMNS "ORDER BY site_id LIMIT 50", NULL, 0);
}

static void move_by(int count) {
    if (selected + count >= held && held && !*sought) {
        if (held + PAGE > MOST) {
            forget(MOST / 2);
            top -= MOST / 2;
            selected -= MOST / 2;
        }
        add(COLUMNS "WHERE site_id > $1 ORDER BY site_id LIMIT 50", keys[held - 1], 0);
    }
    selected = selected + count < held ? selected + count : held - 1;
}

static void draw(void) {
    int height = LINES - 2;
    if (selected >= top + height) top = selected - height + 1;
    for (int i = 0; i < height; i++) {
        move(1 + i, 0);
        if (top + i < held) {
            addch(top + i == selected ? '>' : ' ');
            addnstr(rows[top + i] + 1, COLS - 1);
        }
        clrtoeol();
    }
    mvprintw(LINES - 1, 0, "/%s", sought);
    clrtoeol();
    refresh();
}

int main(int count, char **arguments) {
    setlocale(LC_ALL, "");
    line = PQconnectdb(count > 1 ? arguments[1] : "");
    if (PQstatus(line) != CONNECTION_OK) {
        fputs(PQerrorMessage(line), stderr);
        return 1;
    }
    initscr();
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    idlok(stdscr, TRUE);
    set_escdelay(25);
    mvprintw(0, 0, "  %-16s %-28s %-28s", "SITE", "NAME", "EMAIL");
    load();
    draw();
    for (int key, typing = 0; (key = getch()) != ERR;) {
        int length = strlen(sought);
        if (typing && key == 27) {
            typing = *sought = 0;
            load();
        } else if (typing && key > 31 && key < 127 && length < 60) {
            sought[length] = key;
            sought[length + 1] = 0;
            load();
        } else if (key == KEY_DOWN)
            move_by(1);
        else if (key == KEY_NPAGE)
            move_by(LINES - 3);
        else if (key == '/')
            typing = 1;
        else if (key == 'G') {
            forget(held);
            top = 0;
            add(COLUMNS "ORDER BY site_id DESC LIMIT 50", NULL, 1);
            selected = held - 1;
        } else if (key == 'q')
            break;
        // What was typed meanwhile is read first, then painted once.
        nodelay(stdscr, TRUE);
        int next = getch();
        nodelay(stdscr, FALSE);
        if (next == ERR)
            draw();
        else
            ungetch(next);
    }
    endwin();
}
