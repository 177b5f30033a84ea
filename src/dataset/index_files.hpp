// Writes the index files of a data set: <split>_index.json and the merged index.json, a list of rows of sample_id,
// code_path, relative_path and split each, sorted by sample_id. Stateless.
#pragma once

#include <string>
#include <vector>

namespace cadrecode::dataset {

struct SplitIndex {
  std::string split;
  std::size_t samples = 0;
  std::vector<std::string> excluded, missing;
};

struct IndexReport {
  std::vector<SplitIndex> splits;
  std::vector<std::string> written, kept;  // files; kept: they were there and are not to be overwritten
  std::vector<std::string> absent;         // splits without a folder
};

// Error(input) when no split has a sample.
IndexReport writeIndexFiles(const std::string& root, const std::vector<std::string>& splits, bool overwrite);

}  // namespace cadrecode::dataset
