// The files a run writes: one named by -o, or one an item in folders. Whole or not at all.
#pragma once

#include <string>

#include "sandbox/script_pool.hpp"

namespace cadrecode::cli {

struct OutputOptions {
  std::string file;  // -o: .step .stp .stl .brep .json .py-json
  std::string stlFolder, stepFolder, brepFolder;
};

// Error(usage) for an ending that no format has.
void checkOutputs(const OutputOptions& outputs, bool several);
// Asks a task for the bytes that will be written.
void requestOutputs(const OutputOptions& outputs, sandbox::Task& task);
// Writes what a successful result holds. Error when it cannot, or when the result has no shape for -o.
void writeOutputs(const OutputOptions& outputs, const sandbox::Item& item, const sandbox::TaskResult& result);

// The path of an item's file below a folder: the parts of its id, made safe, as folders and name.
std::string safePath(const std::string& id);

}  // namespace cadrecode::cli
