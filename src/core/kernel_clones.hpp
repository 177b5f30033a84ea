// CADRECODE_CLONES before a function of plain loops: the compiler makes it once for every width of vectors, and the
// processor's is chosen when the program starts. Empty where the compiler cannot.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CADRECODE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CADRECODE_CLONES
#endif
