// Programs by the million: the numbered stream of candidates that a seed gives, executed and verified in worker
// processes, in one order whatever the number of workers. One thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "dataset/synthesis/program.hpp"

namespace cadrecode::synthesis {

enum class Dialect { cadRecode, extended };

struct Options {
  std::uint64_t count = 1000;  // accepted programs
  std::uint64_t seed = 0;
  int jobs = 1;  // worker processes
  Dialect dialect = Dialect::cadRecode;
  std::size_t maxChars = 800;  // longer programs are left out
  double timeoutSeconds = 10;  // of one program
};

// How many candidates went which way.
struct Counts {
  std::uint64_t candidates = 0;  // that were executed or known from before
  std::uint64_t accepted = 0;
  std::uint64_t failed = 0;      // not "ok", or not valid
  std::uint64_t mismatched = 0;  // volume or box is not what the program says
  std::uint64_t kept = 0;        // of the accepted: known from before, not executed again
};

// The program of a candidate: depends on seed and number only. Tries until one fits the grid and the length limit.
Program candidate(std::uint64_t seed, std::uint64_t number, std::size_t maxChars);

// Calls `sink` with the text of each accepted program and its place in the order, from 0. `known` are the first of them
// from an earlier run: they are matched with the stream and not executed again; Error(input) where they are no
// beginning of this seed's stream. Ends early when `stop` becomes true.
using Sink = std::function<void(std::uint64_t place, const std::string& text)>;
Counts synthesize(const Options& options, const std::vector<std::string>& known, const Sink& sink,
                  const std::atomic<bool>& stop);

}  // namespace cadrecode::synthesis
