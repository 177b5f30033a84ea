// What a set of programs is made of, as counts: the table by which generated programs are compared with real ones.
// Any script counts its calls, numbers and lengths; those of the CAD-Recode dialect their bodies as well. Value type;
// one thread an object. add() costs about 0.1 ms.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cadrecode::dataset {

// The program without comments, blank space and spellings of equal numbers: equal texts are duplicates.
std::string normalizedProgram(std::string_view script);

// The tokens of a script in a model's vocabulary.
using TokenCount = std::function<std::size_t(std::string_view script)>;

class ProgramStatistics {
 public:
  // Without a `tokenCount` the lengths in tokens are left out.
  explicit ProgramStatistics(TokenCount tokenCount = {}) : tokenCount_(std::move(tokenCount)) {}

  // `id` is for the list of duplicates.
  void add(std::string_view script, const std::string& id = {});

  // Counts; every map sums up to what its comment says.
  std::uint64_t scripts = 0;
  std::uint64_t dialect = 0;                                    // scripts of it
  std::map<std::string, std::uint64_t> outside;                 // why others are not, the reason without its line
  std::map<std::string, std::uint64_t> bodies;                  // "1".."4" a script of the dialect
  std::map<std::string, std::uint64_t> kinds;                   // "box", "cylinder", "sketch" a body
  std::map<std::string, std::uint64_t> regions;                 // number of them a sketch
  std::map<std::string, std::uint64_t> patterns;                // a sketch
  std::map<int, std::uint64_t> edges;                           // number of them a loop
  std::map<std::string, std::uint64_t> planes;                  // a Workplane
  std::map<std::string, std::uint64_t> calls, scriptsWithCall;  // by method, of any script
  std::uint64_t integers = 0, halves = 0, fractions = 0;        // numbers in the text
  double smallest = 0, largest = 0;                             // of them
  std::uint64_t negativeExtrusions = 0, extrusions = 0;
  std::map<int, std::uint64_t> lines;
  std::vector<std::uint32_t> characters, tokenCounts;           // a script
  std::vector<std::pair<std::string, std::string>> duplicates;  // id, id of the first that is equal

  nlohmann::ordered_json json() const;
  // A table for people, with shares in per cent.
  std::string text() const;

 private:
  TokenCount tokenCount_;
  std::unordered_map<std::string, std::string> seen_;  // hash of a normalised program to the id
};

}  // namespace cadrecode::dataset
