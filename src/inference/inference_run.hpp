// From parts to programs and their solids: reads clouds, decodes many at once, runs every program in the sandbox while
// the next are decoded, and writes it all into an OutputTree. The results depend on inputs, model and seed only: not on
// the batch, the number of workers, or how often the run was stopped.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cloud/recipe.hpp"
#include "generate/token_choice.hpp"
#include "inference/cad_model.hpp"
#include "inference/input_files.hpp"
#include "sandbox/worker_pool.hpp"

namespace cadrecode::inference {

struct InferenceOptions {
  std::string outputFolder;
  bool overwrite = false;
  std::string model;         // for the record of settings
  cloud::Recipe recipe;      // without normals; how many points the model says
  std::int64_t samples = 1;  // programs a part
  generate::Sampling sampling;
  std::uint64_t seed = 0;
  std::int64_t batch = 16;
  std::int64_t maxNewTokens = 768;
  bool constrain = false;        // only complete programs of the dialect (generate/program_constraint.hpp)
  bool stl = true, step = true;  // files wanted
  sandbox::PoolOptions pool;
};

struct InferenceSummary {
  std::map<std::string, std::uint64_t> byStatus;  // of all records, those of earlier runs included
  std::uint64_t decoded = 0, tokens = 0;          // in this run
  double loadSeconds = 0, decodeSeconds = 0, seconds = 0;
  bool interrupted = false;
};

// `load` is called at most once, after the worker processes' parent was forked and only when something is left to do.
// `done` is called for every program, with its status. Ends early when `stop` becomes true, with all that was finished
// recorded. A part that cannot be read is a record of status "input_error", not the end of the run.
InferenceSummary runInference(const std::vector<InputFile>& files, const InferenceOptions& options,
                              const std::function<CadModel()>& load,
                              const std::function<void(const std::string& status)>& done,
                              const std::atomic<bool>& stop);

}  // namespace cadrecode::inference
