// Prints results to standard output as they come: JSON for programs, a few readable lines for people.
#pragma once

#include <cstdint>
#include <string>

#include "sandbox/script_pool.hpp"

namespace cadrecode::cli {

enum class Format {
  json,   // one object; of several items {"items": [...], "counts": {...}}
  jsonl,  // an object a line
  text
};

class ItemPrinter {
 public:
  // `several`: the run is one of many items, even if only one came.
  ItemPrinter(Format format, bool several, bool withTimes);
  void print(const sandbox::Item& item, const sandbox::TaskResult& result);
  void finish(const std::string& countsJson);

 private:
  Format format_;
  bool several_;
  bool withTimes_;
  std::uint64_t printed_ = 0;
};

// The lines for people; of a failure with the source line it happened on and a caret under the column.
std::string describe(const sandbox::Item& item, const sandbox::TaskResult& result, bool withTimes);

}  // namespace cadrecode::cli
