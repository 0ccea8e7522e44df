#define _GNU_SOURCE
#include "CPages.h"

#include <link.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static int release(struct dl_phdr_info *file, size_t size, void *unused) {
    (void)size;
    (void)unused;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < file->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &file->dlpi_phdr[i];
        // What may be written is ours alone and in no file. The others are as their file has them: no compiler of today makes
        // code that is changed while it is loaded (DT_TEXTREL).
        if (part->p_type != PT_LOAD || part->p_flags & PF_W) continue;
        uintptr_t start = (file->dlpi_addr + part->p_vaddr) & ~(page - 1);
        uintptr_t end = (file->dlpi_addr + part->p_vaddr + part->p_memsz + page - 1) & ~(page - 1);
        madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void landlord_release_pages(void) { dl_iterate_phdr(release, NULL); }
