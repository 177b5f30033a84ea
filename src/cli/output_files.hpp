// The files a run writes: one named by -o, or one an item in folders. Whole or not at all.
#pragma once

#include <string>

#include "sandbox/item_files.hpp"

namespace cadrecode::cli {

struct OutputOptions {
  std::string file;  // -o: .step .stp .stl .brep .json .py-json
  std::string stlFolder, stepFolder, brepFolder;
};

class OutputFiles {
 public:
  // `several`: more than one item may come. Error(usage) when -o is given then, or has an ending that no format has.
  OutputFiles(OutputOptions options, bool several);
  // Asks a task for the bytes that will be written.
  static void request(const OutputOptions& options, sandbox::Task& task);
  // Writes what a successful result holds. Error when it cannot, or when the result has no shape for -o.
  void write(const sandbox::Item& item, const sandbox::TaskResult& result);

 private:
  OutputOptions options_;
  sandbox::DistinctIds paths_;  // ids that differ may be made safe the same way
};

}  // namespace cadrecode::cli
