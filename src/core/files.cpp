#include "core/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

#include "core/error.hpp"

namespace cadrecode {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

[[noreturn]] void failReading(const std::string& path, int error) {
  const char* type = error == ENOENT   ? "FileNotFoundError"
                     : error == EACCES ? "PermissionError"
                     : error == EISDIR ? "IsADirectoryError"
                                       : "OSError";
  throw Error(ErrorCode::input, type, fmt::format("cannot read '{}': {}", path, reason(error)));
}

[[noreturn]] void failWriting(const std::string& path, int error) {
  ErrorCode code = error == ENOSPC || error == EDQUOT || error == EFBIG || error == EMFILE ? ErrorCode::resources
                   : error == ENOENT || error == ENOTDIR || error == EISDIR                ? ErrorCode::input
                                                                                           : ErrorCode::failure;
  throw Error(code, "OSError", fmt::format("cannot write '{}': {}", path, reason(error)));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  // Closes now, to learn of errors that only closing reports.
  int close() {
    int result = ::close(number_);
    number_ = -1;
    return result;
  }

 private:
  int number_;
};

void writeAll(int descriptor, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) failWriting(path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

// The file a symbolic link leads to, so that renaming replaces the file and not the link.
std::string followLink(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) return path;
  std::filesystem::path target = std::filesystem::canonical(path, error);
  return error ? path : target.string();
}

// Removes the temporary file unless it was renamed.
struct TemporaryFile {
  std::string path;
  bool renamed = false;
  ~TemporaryFile() {
    if (!renamed) ::unlink(path.c_str());
  }
};

}  // namespace

std::string readFile(const std::string& path, std::size_t maxBytes) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) failReading(path, errno);
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) failReading(path, errno);
  if (S_ISDIR(facts.st_mode)) failReading(path, EISDIR);
  std::string bytes;
  // One byte more than the size announces the end without growing the string.
  std::size_t size = S_ISREG(facts.st_mode) ? static_cast<std::size_t>(facts.st_size) + 1 : 65536;
  for (std::size_t used = 0;;) {
    if (used > maxBytes || (S_ISREG(facts.st_mode) && size > maxBytes + 1)) {
      throw Error(ErrorCode::input, "OSError",
                  fmt::format("cannot read '{}': it is larger than {} bytes", path, maxBytes));
    }
    if (bytes.size() < size) bytes.resize(size);
    ssize_t count = ::read(file.get(), bytes.data() + used, bytes.size() - used);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) failReading(path, errno);
    used += static_cast<std::size_t>(count);
    if (count == 0) {
      bytes.resize(used);
      return bytes;
    }
    if (used == bytes.size()) size = used * 2;
  }
}

void writeFileAtomically(const std::string& path, std::string_view bytes) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) == 0 && !S_ISREG(facts.st_mode)) {
    Descriptor stream(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (stream.get() < 0) failWriting(path, errno);
    writeAll(stream.get(), bytes, path);
    return;
  }
  const std::filesystem::path target = followLink(path);
  const std::string folder = target.has_parent_path() ? target.parent_path().string() : ".";
  static std::atomic<unsigned> counter{0};
  const std::string name = fmt::format("{}/.{}.{}-{}.tmp", folder, target.filename().string(), ::getpid(), counter++);
  Descriptor file(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.get() < 0) failWriting(path, errno);
  TemporaryFile temporary{name};
  writeAll(file.get(), bytes, path);
  if (::fsync(file.get()) != 0) failWriting(path, errno);
  if (file.close() != 0) failWriting(path, errno);
  if (::rename(name.c_str(), target.c_str()) != 0) failWriting(path, errno);
  temporary.renamed = true;
  Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() >= 0) ::fsync(directory.get());
}

void removeTemporaryFiles(const std::string& folder) {
  std::vector<std::filesystem::path> left;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(".") && name.ends_with(".tmp")) left.push_back(entry.path());
  }
  std::error_code ignored;
  for (const std::filesystem::path& path : left) std::filesystem::remove(path, ignored);
}

void makeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw Error("OSError", fmt::format("cannot make the folder '{}': {}", path, error.message()));
}

}  // namespace cadrecode
