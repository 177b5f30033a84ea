// Whole files in and out. Reading reports what is wrong with a path in words; writing is atomic: a reader sees the old
// file or the whole new one, also after a crash or a full disk. Stateless, any thread.
#pragma once

#include <string>
#include <string_view>

namespace cadrecode {

// The bytes of a regular file or a stream such as a pipe. Error(input) when it is missing, a directory, unreadable or
// larger than `maxBytes`.
std::string readFile(const std::string& path, std::size_t maxBytes = std::size_t{4} << 30);

// Writes to a temporary file beside `path`, flushes it to the disk and renames it over `path`; then flushes the folder,
// so that the name survives a power cut too. What is no regular file (/dev/null, a pipe) is written in place.
// Error(input) for a folder that does not exist, Error(resources) for a full disk, Error(failure) otherwise.
void writeFileAtomically(const std::string& path, std::string_view bytes);

// Removes what killed writers left below `folder`: files under the names that writeFileAtomically writes first. Only
// for whoever alone writes there.
void removeTemporaryFiles(const std::string& folder);

// Makes a folder and its parents; Error(failure) with the reason.
void makeFolder(const std::string& path);

}  // namespace cadrecode
