#include "model/safetensors.hpp"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/error.hpp"

namespace cadrecode::model {

namespace {

using nlohmann::json;

constexpr std::uint64_t greatestHeader = 100'000'000;

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::input, "ValueError", what); }

// Parses the header and refuses a key that occurs twice in one object: which of them counts would be anybody's guess.
json parseHeader(std::string_view text) {
  std::vector<std::set<std::string>> open;
  const auto watch = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key && !open.back().insert(parsed.get<std::string>()).second) {
      fail("name occurs twice in the header: " + parsed.get<std::string>());
    }
    return true;
  };
  try {
    json header = json::parse(text, watch);
    if (!header.is_object()) fail("header is not a JSON object");
    return header;
  } catch (const json::exception& error) {
    fail(std::string("header is not JSON: ") + error.what());
  }
}

std::uint64_t wholeNumber(const json& value, const std::string& where) {
  if (!value.is_number_unsigned()) fail(where + " is not a whole number");
  return value.get<std::uint64_t>();
}

struct Entry {
  TensorView view;
  std::uint64_t begin;
  std::uint64_t end;
};

Entry readEntry(const std::string& name, const json& description) {
  Entry entry{};
  entry.view.name = name;
  const std::string where = "tensor " + name;
  for (const char* key : {"dtype", "shape", "data_offsets"}) {
    if (!description.is_object() || !description.contains(key)) fail(where + " has no " + key);
  }
  const json& type = description["dtype"];
  const auto known = type.is_string() ? elementTypeNamed(type.get<std::string>()) : std::nullopt;
  if (!known) fail(where + ": not supported: dtype " + type.dump());
  entry.view.type = *known;
  const json& shape = description["shape"];
  if (!shape.is_array()) fail(where + ": shape is not a list");
  for (const json& dimension : shape) {
    const std::uint64_t extent = wholeNumber(dimension, where + ": shape");
    if (extent > static_cast<std::uint64_t>(INT64_MAX)) fail(where + ": shape is too large");
    entry.view.shape.push_back(static_cast<std::int64_t>(extent));
  }
  const json& offsets = description["data_offsets"];
  if (!offsets.is_array() || offsets.size() != 2) fail(where + ": data_offsets are not two numbers");
  entry.begin = wholeNumber(offsets[0], where + ": data_offsets");
  entry.end = wholeNumber(offsets[1], where + ": data_offsets");
  return entry;
}

void checkEntry(const Entry& entry, std::uint64_t expectedBegin, std::uint64_t dataSize) {
  const std::string where = "tensor " + entry.view.name;
  if (entry.begin > entry.end) fail(where + ": data_offsets run backwards");
  if (entry.end > dataSize) fail(where + ": its bytes lie behind the end of the file");
  if (entry.begin < expectedBegin) fail(where + ": its bytes overlap those of another tensor");
  if (entry.begin > expectedBegin) fail(where + ": unused bytes before it");
  const auto needed = byteCount(entry.view.type, entry.view.shape);
  if (!needed || *needed != entry.end - entry.begin) {
    fail(where + ": shape " + toString(entry.view.shape) + " of " + std::string(nameOf(entry.view.type)) +
         " does not fit its " + std::to_string(entry.end - entry.begin) + " bytes");
  }
}

std::map<std::string, std::string> readMetadata(const json& object) {
  std::map<std::string, std::string> metadata;
  if (!object.is_object()) fail("__metadata__ is not an object");
  for (const auto& [key, value] : object.items()) {
    if (!value.is_string()) fail("__metadata__ " + key + " is not a string");
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

}  // namespace

SafetensorsContents parseSafetensors(std::span<std::byte> file) {
  if (file.size() < 8) fail("too short for a safetensors file");
  std::uint64_t headerSize = 0;
  for (std::size_t i = 0; i < 8; ++i) headerSize |= std::to_integer<std::uint64_t>(file[i]) << (8 * i);
  if (headerSize > greatestHeader) fail("header of " + std::to_string(headerSize) + " bytes is over 100 MB");
  if (headerSize > file.size() - 8) fail("file ends within its header");
  const auto headerBytes = file.subspan(8, headerSize);
  const json header = parseHeader({reinterpret_cast<const char*>(headerBytes.data()), headerBytes.size()});
  const auto data = file.subspan(8 + headerSize);

  SafetensorsContents contents;
  std::vector<Entry> entries;
  for (const auto& [name, description] : header.items()) {
    if (name == "__metadata__") {
      contents.metadata = readMetadata(description);
    } else {
      entries.push_back(readEntry(name, description));
    }
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  std::uint64_t done = 0;
  for (Entry& entry : entries) {
    checkEntry(entry, done, data.size());
    done = entry.end;
    entry.view.bytes = data.subspan(entry.begin, entry.end - entry.begin);
    contents.tensors.push_back(std::move(entry.view));
  }
  if (done != data.size()) fail("file has " + std::to_string(data.size() - done) + " bytes behind its last tensor");
  return contents;
}

SafetensorsFile::SafetensorsFile(const std::string& path) : file_(path) {
  try {
    contents_ = parseSafetensors(file_.bytes());
  } catch (const Error& error) {
    throw Error(error.code(), error.type(), path + ": " + error.what());
  }
  file_.populate();
}

std::string safetensorsHeader(std::span<const TensorView> tensors, const std::map<std::string, std::string>& metadata) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t offset = 0;
  for (const TensorView& tensor : tensors) {
    header[tensor.name] = {{"dtype", nameOf(tensor.type)},
                           {"shape", tensor.shape},
                           {"data_offsets", {offset, offset + tensor.bytes.size()}}};
    offset += tensor.bytes.size();
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>((text.size() >> (8 * i)) & 0xFF);
  return bytes + text;
}

}  // namespace cadrecode::model
