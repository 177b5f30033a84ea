// Synthetic programs as files: folders batch_0000, batch_0001, ... of .py files below a split's folder, or one JSONL.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "dataset/synthesis/synthesis.hpp"

namespace cadrecode::synthesis {

inline constexpr std::uint64_t kBatchPrograms = 1000;

// "batch_0003/0003017.py" of the program at a place in the order.
std::string fileNameOf(std::uint64_t place);

using Progressed = std::function<void()>;  // after each program

// Writes <folder>/batch_XXXX/<number>.py, each whole; those that are there from an earlier run of the same seed are
// kept. Error(input) where they are another's.
Counts writeFolders(const Options& options, const std::string& folder, const Progressed& progressed,
                    const std::atomic<bool>& stop);

// One file of {"id", "script"} lines, written when all are there; nothing when it was stopped.
Counts writeLines(const Options& options, const std::string& path, const Progressed& progressed,
                  const std::atomic<bool>& stop);

}  // namespace cadrecode::synthesis
