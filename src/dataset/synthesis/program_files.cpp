#include "dataset/synthesis/program_files.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/files.hpp"

namespace cadrecode::synthesis {

namespace fs = std::filesystem;

std::string fileNameOf(std::uint64_t place) {
  return fmt::format("batch_{:04}/{:07}.py", place / kBatchPrograms, place);
}

Counts writeFolders(const Options& options, const std::string& folder, const Progressed& progressed,
                    const std::atomic<bool>& stop) {
  std::vector<std::string> known;
  while (known.size() < options.count) {
    const fs::path path = fs::path(folder) / fileNameOf(known.size());
    if (!fs::exists(path)) break;
    known.push_back(readFile(path.string()));
  }
  auto sink = [&](std::uint64_t place, const std::string& text) {
    if (place >= known.size()) {
      const fs::path path = fs::path(folder) / fileNameOf(place);
      if (place % kBatchPrograms == 0 || place == known.size()) makeFolder(path.parent_path().string());
      writeFileAtomically(path.string(), text);
    }
    progressed();
  };
  return synthesize(options, known, sink, stop);
}

Counts writeLines(const Options& options, const std::string& path, const Progressed& progressed,
                  const std::atomic<bool>& stop) {
  std::string lines;
  auto sink = [&](std::uint64_t place, const std::string& text) {
    const std::string name = fileNameOf(place);
    const nlohmann::ordered_json line = {{"id", fmt::format("{}_{}", name.substr(0, 10), name.substr(11, 7))},
                                         {"script", text}};
    lines += line.dump() + "\n";
    progressed();
  };
  Counts counts = synthesize(options, {}, sink, stop);
  if (counts.accepted == options.count) writeFileAtomically(path, lines);
  return counts;
}

}  // namespace cadrecode::synthesis
