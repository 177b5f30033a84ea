// The order in which CPython (3.8 and later) iterates a set of pairs of floats. CadQuery's hull walks such a set, and
// the order decides between collinear points. Value type; one thread.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace cadrecode::cadquery {

class PythonSetOrder {
 public:
  PythonSetOrder() : table_(8) {}
  void add(double x, double y);  // nothing happens when an equal pair is there
  std::vector<std::pair<double, double>> items() const;

 private:
  struct Entry {
    bool used = false;
    std::uint64_t hash = 0;
    double x = 0, y = 0;
  };
  Entry* slot(const Entry& entry);
  void grow();

  std::vector<Entry> table_;
  std::size_t size_ = 0;
};

}  // namespace cadrecode::cadquery
