#pragma once
// The memory of the program's own file and its libraries' files. It is C because Swift's importer does not see
// dl_iterate_phdr, which glibc declares for _GNU_SOURCE alone.

// Gives back the pages of every loaded file that were only read. What is needed again is mapped again from the page cache.
// Most of them were read once, by the dynamic linker: tables of symbols and of relocations.
void landlord_release_pages(void);
