// The list of system calls a worker may make once it is warm: memory, time, reading and writing on its own socket,
// ending. All others, opening files and sockets among them, end the process. By seccomp, through libseccomp.
#pragma once

#include <string>

namespace cadrecode::sandbox {

// False where the code is instrumented by a sanitizer, which needs calls of its own: the filter is left out there.
extern const bool filterIsBuiltIn;

// From here on only the list is allowed to this process; reading from `socket` only, writing to it, 1 and 2 only.
// False, with the reason in errno, when the kernel has no seccomp.
bool installSystemCallFilter(int socket);

// "openat"; the number as text when it has no name.
std::string systemCallName(int number);

}  // namespace cadrecode::sandbox
