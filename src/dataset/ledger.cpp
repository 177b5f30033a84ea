#include "dataset/ledger.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "core/files.hpp"

namespace cadrecode::dataset {
namespace {

using Json = nlohmann::ordered_json;

std::string lineOf(const std::string& id, const LedgerEntry& entry) {
  Json json = {{"id", id}, {"status", entry.status}, {"source", entry.source}, {"recipe", entry.recipe}};
  if (!entry.reason.empty()) json["reason"] = entry.reason;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<std::pair<std::string, LedgerEntry>> parseLine(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  auto text = [&](const char* key) -> std::string {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (text("id").empty() || text("status").empty()) return std::nullopt;
  return std::pair{text("id"), LedgerEntry{text("status"), text("source"), text("recipe"), text("reason")}};
}

[[noreturn]] void fail(const std::string& path, int error) {
  throw Error(error == ENOSPC ? ErrorCode::resources : ErrorCode::failure, "OSError",
              path + ": " + std::strerror(error));
}

}  // namespace

Ledger::Ledger(std::string path) : path_(std::move(path)) {
  const std::string lockPath = path_ + ".lock";
  lock_ = ::open(lockPath.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock_ < 0) fail(lockPath, errno);
  // A lock of this process, which the workers forked from it do not keep alive as they would one of flock().
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(lock_, F_SETLK, &whole) != 0) {
    ::close(lock_);
    throw Error(ErrorCode::failure, "RuntimeError", path_ + ": another run is at work on this cache");
  }
  if (std::filesystem::exists(path_)) {
    const std::string text = readFile(path_);
    for (std::size_t start = 0; start < text.size();) {
      const std::size_t end = std::min(text.find('\n', start), text.size());
      if (auto entry = parseLine(std::string_view(text).substr(start, end - start))) {
        entries_[entry->first] = std::move(entry->second);
      }
      start = end + 1;
    }
  }
  rewrite();  // without a broken last line
}

Ledger::~Ledger() {
  if (file_ >= 0) ::close(file_);
  if (lock_ >= 0) ::close(lock_);
}

const LedgerEntry* Ledger::find(const std::string& id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second;
}

void Ledger::record(const std::string& id, LedgerEntry entry) {
  const std::string line = lineOf(id, entry);
  entries_[id] = std::move(entry);
  for (std::size_t done = 0; done < line.size();) {
    const ssize_t count = ::write(file_, line.data() + done, line.size() - done);
    if (count < 0 && errno != EINTR) fail(path_, errno);
    if (count > 0) done += static_cast<std::size_t>(count);
  }
}

void Ledger::rewrite() {
  std::string text;
  for (const auto& [id, entry] : entries_) text += lineOf(id, entry);
  writeFileAtomically(path_, text);
  if (file_ >= 0) ::close(file_);
  file_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (file_ < 0) fail(path_, errno);
}

}  // namespace cadrecode::dataset
