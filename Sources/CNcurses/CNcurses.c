#define _GNU_SOURCE
#include "CNcurses.h"

#include <sys/mman.h>
#include <unistd.h>

FILE *landlord_memory_file(void) {
    int descriptor = memfd_create("landlord-screen", MFD_CLOEXEC);
    if (descriptor < 0) return NULL;
    FILE *file = fdopen(descriptor, "w+");
    if (!file) close(descriptor);
    return file;
}
