#include "sandbox/item_files.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "core/files.hpp"
#include "sandbox/line_reader.hpp"

namespace cadrecode::sandbox {
namespace {

namespace fs = std::filesystem;
using cadquery::Status;

constexpr std::size_t kMaxFileBytes = std::size_t{1} << 30;

bool hasEnding(const fs::path& path, const std::vector<std::string>& endings) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

std::vector<Input> listFolder(const fs::path& folder, const std::vector<std::string>& endings) {
  std::vector<Input> inputs;
  std::error_code error;
  const auto options = fs::directory_options::follow_directory_symlink;
  for (auto entry = fs::recursive_directory_iterator(folder, options, error); !error && entry != fs::end(entry);
       entry.increment(error)) {
    if (!entry->is_regular_file() || !hasEnding(entry->path(), endings)) continue;
    fs::path id = entry->path().lexically_relative(folder);
    inputs.push_back({Input::Kind::file, entry->path().string(), id.replace_extension().generic_string()});
  }
  if (error) {
    throw Error(ErrorCode::input, "OSError", fmt::format("cannot read '{}': {}", folder.string(), error.message()));
  }
  if (inputs.empty()) {
    throw Error(ErrorCode::input, "FileNotFoundError",
                fmt::format("no {} files below '{}'", fmt::join(endings, ", "), folder.string()));
  }
  std::sort(inputs.begin(), inputs.end(), [](const Input& a, const Input& b) { return a.path < b.path; });
  return inputs;
}

std::string jsonId(const nlohmann::json& id) { return id.is_string() ? id.get<std::string>() : id.dump(); }

}  // namespace

std::string DistinctIds::distinct(const std::string& id) {
  std::string candidate = id;
  for (int copy = 2; !insert(std::hash<std::string>()(candidate)); ++copy) candidate = fmt::format("{}#{}", id, copy);
  return candidate;
}

bool DistinctIds::insert(std::uint64_t hash) {
  if (used_ * 2 >= table_.size()) grow();
  hash = std::max<std::uint64_t>(hash, 1);
  std::size_t place = hash % table_.size();
  while (table_[place] != 0 && table_[place] != hash) place = (place + 1) % table_.size();
  if (table_[place] == hash) return false;
  table_[place] = hash;
  ++used_;
  return true;
}

void DistinctIds::grow() {
  std::vector<std::uint64_t> old =
      std::exchange(table_, std::vector<std::uint64_t>(std::max<std::size_t>(64, table_.size() * 2)));
  used_ = 0;
  for (std::uint64_t hash : old) {
    if (hash != 0) insert(hash);
  }
}

std::string safePath(const std::string& id) {
  std::string safe, part;
  auto endPart = [&] {
    // No part may be empty, hidden or lead upwards.
    if (part.empty()) return;
    if (part.front() == '.') part.front() = '_';
    if (part.size() > 200) part.resize(200);
    safe += (safe.empty() ? "" : "/") + part;
    part.clear();
  };
  for (char c : id) {
    auto code = static_cast<unsigned char>(c);
    if (c == '/') {
      endPart();
    } else {
      bool plain = code >= 0x80 || std::isalnum(code) || std::string_view("._-+#=@ ").find(c) != std::string_view::npos;
      part += plain ? c : '_';
    }
  }
  endPart();
  return safe.empty() ? "_" : safe;
}

std::vector<Input> listInputs(const std::vector<std::string>& arguments, const std::vector<std::string>& endings) {
  std::vector<Input> inputs;
  for (const std::string& argument : arguments) {
    const fs::path path(argument);
    std::error_code error;
    if (argument == "-") {
      inputs.push_back({Input::Kind::stream, argument, "stdin"});
    } else if (fs::is_directory(path, error)) {
      for (Input& input : listFolder(path, endings)) inputs.push_back(std::move(input));
    } else if (!fs::exists(path, error)) {
      throw Error(ErrorCode::input, "FileNotFoundError", fmt::format("no such file or folder: '{}'", argument));
    } else if (path.extension() == ".jsonl") {
      inputs.push_back({Input::Kind::lines, argument, {}});
    } else {
      inputs.push_back({Input::Kind::file, argument, path.stem().string()});
    }
  }
  return inputs;
}

FileSource::FileSource(std::vector<Input> inputs, Task pattern)
    : inputs_(std::move(inputs)), pattern_(std::move(pattern)) {}

FileSource::~FileSource() = default;

int FileSource::descriptor() const { return lines_ ? lines_->descriptor() : -1; }

bool FileSource::readsLines() {
  const Input& input = inputs_.at(current_);
  if (input.kind != Input::Kind::stream) return input.kind == Input::Kind::lines;
  if (!lines_) lines_ = std::make_unique<LineReader>("-");
  char first = 0;
  for (;;) {
    switch (lines_->peek(first)) {
      case LineReader::State::line:
        return first == '{';
      case LineReader::State::end:
        throw Error(ErrorCode::input, "EOFError", "standard input is empty");
      case LineReader::State::wait:
        pollfd waiting{lines_->descriptor(), POLLIN, 0};
        ::poll(&waiting, 1, -1);
    }
  }
}

std::optional<std::uint64_t> FileSource::count() const {
  std::uint64_t items = 0;
  for (const Input& input : inputs_) {
    std::error_code error;
    if (input.kind == Input::Kind::stream) return std::nullopt;
    if (input.kind == Input::Kind::file) {
      ++items;
    } else {
      if (!fs::is_regular_file(input.path, error)) return std::nullopt;
      LineReader lines(input.path);
      for (std::string line; lines.next(line) == LineReader::State::line;) {
        if (line.find_first_not_of(" \t\r") != std::string::npos) ++items;
      }
    }
  }
  return items;
}

void FileSource::fill(Item& item, std::string id, std::string text) {
  item = Item{std::move(id), pattern_, std::nullopt};
  item.task.text = std::move(text);
}

ItemSource::Next FileSource::next(Item& item) {
  while (current_ < inputs_.size()) {
    const Input& input = inputs_[current_];
    Next state = input.kind == Input::Kind::file    ? fromFile(input, item)
                 : input.kind == Input::Kind::lines ? fromLines(item)
                                                    : fromStream(item);
    if (state != Next::end) return state;
    lines_.reset();
    ++current_;
  }
  return Next::end;
}

ItemSource::Next FileSource::fromFile(const Input& input, Item& item) {
  ++current_;
  const std::string id = ids_.distinct(input.id);
  try {
    fill(item, id, readFile(input.path, kMaxFileBytes));
  } catch (const Error& error) {
    fill(item, id, {});
    item.known = failedResult(Status::runtimeError, error.type(), error.what());
  }
  return Next::item;
}

ItemSource::Next FileSource::fromLines(Item& item) {
  if (!lines_) lines_ = std::make_unique<LineReader>(inputs_[current_].path);
  std::string line;
  for (;;) {
    switch (lines_->next(line)) {
      case LineReader::State::wait:
        return Next::wait;
      case LineReader::State::end:
        return Next::end;
      case LineReader::State::line:
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        parseLine(line, item);
        return Next::item;
    }
  }
}

ItemSource::Next FileSource::fromStream(Item& item) {
  if (!lines_) lines_ = std::make_unique<LineReader>("-");
  char first = 0;
  std::string text;
  if (lines_->lineNumber() == 0) {
    switch (lines_->peek(first)) {
      case LineReader::State::wait:
        return Next::wait;
      case LineReader::State::end:
        throw Error(ErrorCode::input, "EOFError", "standard input is empty");
      case LineReader::State::line:
        break;
    }
  }
  if (lines_->lineNumber() > 0 || first == '{') return fromLines(item);
  if (lines_->rest(text) == LineReader::State::wait) return Next::wait;
  fill(item, "stdin", std::move(text));
  lines_.reset();
  ++current_;
  return Next::item;
}

void FileSource::parseLine(const std::string& line, Item& item) {
  const std::string file = lines_->path() == "-" ? "stdin" : lines_->path();
  const std::string place = fmt::format("{}:{}", file, lines_->lineNumber());
  const std::string unnamed = fmt::format("{}:{}", fs::path(file).stem().string(), lines_->lineNumber());
  const bool writesFiles = pattern_.step || pattern_.stl || pattern_.brep;
  const auto give = [&](const std::string& id, std::string text) {
    fill(item, writesFiles ? ids_.distinct(id) : id, std::move(text));
  };
  const auto malformed = [&](const std::string& id, const std::string& what) {
    give(id, {});
    item.known = failedResult(Status::syntaxError, "InputError", fmt::format("{}: {}", place, what));
  };
  if (lines_->tooLong()) return malformed(unnamed, "the line is too long");
  nlohmann::json json;
  try {
    json = nlohmann::json::parse(line);
  } catch (const nlohmann::json::exception& error) {
    return malformed(unnamed, fmt::format("no JSON: {}", error.what()));
  }
  if (!json.is_object()) return malformed(unnamed, "no object {\"id\", \"script\"}");
  const std::string id = json.contains("id") && !json["id"].is_null() ? jsonId(json["id"]) : unnamed;
  if (!json.contains("script") || !json["script"].is_string()) return malformed(id, "no text under \"script\"");
  give(id, json["script"].get<std::string>());
}

}  // namespace cadrecode::sandbox
