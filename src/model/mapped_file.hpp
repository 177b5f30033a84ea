// A whole file in memory without reading it: pages come when they are looked at. Writes stay private to the process and
// never reach the file. Owns the mapping; movable; the bytes may be read from any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace cadrecode::model {

class MappedFile {
 public:
  // Throws Error(input) when the file is missing or not a regular file.
  explicit MappedFile(const std::string& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;

  std::span<std::byte> bytes() const { return bytes_; }
  // Maps all pages now, which is quicker than one after the other when they are looked at. Needs nothing and changes
  // nothing else; a kernel that cannot do it does not.
  void populate() const;

 private:
  std::span<std::byte> bytes_;
};

// Lets the system take back the pages within a part of a mapping; they are read from the file again when they are
// looked at. Only for bytes nobody wrote to.
void releasePages(std::span<std::byte> bytes);

}  // namespace cadrecode::model
