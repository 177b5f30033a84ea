#include "cli/item_printer.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "sandbox/result_json.hpp"

namespace cadrecode::cli {
namespace {

using sandbox::Item;
using sandbox::TaskResult;

void write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    throw Error("OSError", "cannot write to standard output");
  }
}

std::string count(int number, const char* one, const char* many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string_view lineOf(std::string_view text, int number) {
  for (; number > 1; --number) {
    std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find_first_of("\r\n"));
}

// A line of the script, cut to what a terminal shows, and a caret below the column. Columns count characters.
std::string excerpt(std::string_view line, int column) {
  constexpr std::size_t kWidth = 160;
  std::string shown, caret;
  int character = 0;
  for (char c : line) {
    bool continues = (static_cast<unsigned char>(c) & 0xc0) == 0x80;  // inside a UTF-8 sequence
    if (!continues) ++character;
    if (!continues && shown.size() >= kWidth) break;
    bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    shown += control ? ' ' : c;
    if (!continues && character < column) caret += ' ';
  }
  std::string text = "    " + shown + "\n";
  if (column > 0 && column <= character + 1) text += "    " + caret + "^\n";
  return text;
}

// Text of a script on its way to a terminal: control characters could steer it.
std::string harmless(std::string_view text) {
  std::string shown;
  for (char c : text) {
    auto code = static_cast<unsigned char>(c);
    if (code >= 0x20 && code != 0x7f) {
      shown += c;
    } else if (c == '\n' || c == '\t') {
      shown += c;
    } else {
      shown += fmt::format("\\x{:02x}", code);
    }
  }
  return shown;
}

std::string describeFailure(const Item& item, const TaskResult& result) {
  const auto& error = *result.run.error;
  std::string place = item.id;
  if (error.line > 0) place += fmt::format(":{}", error.line);
  if (error.column > 0) place += fmt::format(":{}", error.column);
  std::string text = fmt::format("{}: {}: {}: {}\n", harmless(place), cadquery::statusName(result.run.status),
                                 harmless(error.type), harmless(error.message));
  if (error.line > 0) {
    std::string_view line = lineOf(item.task.text, error.line);
    if (!line.empty()) text += excerpt(line, error.column);
  }
  return text;
}

std::string describeShape(const solid::Measures& measures) {
  std::string text = fmt::format("{}, volume {:.6g}, area {:.6g}", measures.shapeType, measures.volume, measures.area);
  if (measures.bbox) {
    const auto& box = *measures.bbox;
    text += fmt::format(", box {:.6g} x {:.6g} x {:.6g}", box[3] - box[0], box[4] - box[1], box[5] - box[2]);
  }
  text += fmt::format("; {}, {}, {}, {}", count(measures.nSolids, "solid", "solids"),
                      count(measures.nFaces, "face", "faces"), count(measures.nEdges, "edge", "edges"),
                      count(measures.nVertices, "vertex", "vertices"));
  return text + (measures.valid ? ", valid" : ", NOT valid");
}

// An object with a line for each of its members.
std::string onLines(const sandbox::Json& object) {
  std::string text;
  for (const auto& [key, value] : object.items()) {
    text += fmt::format("{}\n  {}: {}", text.empty() ? "{" : ",", sandbox::dumpJson(key), sandbox::dumpJson(value));
  }
  return text + "\n}\n";
}

}  // namespace

std::string describe(const Item& item, const TaskResult& result, bool withTimes) {
  std::string text;
  if (!result.run.output.empty()) {
    text = harmless(result.run.output);
    if (text.back() != '\n') text += '\n';
  }
  if (!sandbox::succeeded(result)) return text + describeFailure(item, result);
  text += harmless(item.id) + ": ";
  text += result.run.measures ? describeShape(*result.run.measures)
                              : fmt::format("{} without a shape", result.run.resultType);
  if (result.mesh) text += fmt::format("; mesh of {} triangles", result.mesh->triangles);
  if (withTimes) {
    const auto& run = result.run;
    text += fmt::format(" [{:.1f} ms]", run.parseMs + run.buildMs + run.measureMs + result.meshMs + result.writeMs);
  }
  return text + "\n";
}

ItemPrinter::ItemPrinter(Format format, bool several, bool withTimes)
    : format_(format), several_(several), withTimes_(withTimes) {
  if (format_ == Format::json && several_) write("{\"items\": [");
}

void ItemPrinter::print(const Item& item, const TaskResult& result) {
  if (format_ == Format::text) return write(describe(item, result, withTimes_));
  sandbox::Json json = {{"id", item.id}};
  json.update(sandbox::toJson(result, withTimes_));
  if (format_ == Format::json && several_) {
    write((printed_ == 0 ? "\n" : ",\n") + sandbox::dumpJson(json));
  } else if (format_ == Format::json) {
    write(onLines(json));
  } else {
    write(sandbox::dumpJson(json) + "\n");
  }
  ++printed_;
}

void ItemPrinter::finish(const std::string& countsJson) {
  if (format_ == Format::json && several_) write("\n], \"counts\": " + countsJson + "}\n");
}

}  // namespace cadrecode::cli
