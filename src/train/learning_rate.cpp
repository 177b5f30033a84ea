#include "train/learning_rate.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "core/error.hpp"

namespace cadrecode::train {

Schedule scheduleNamed(std::string_view name) {
  if (name == "linear") return Schedule::linear;
  if (name == "cosine") return Schedule::cosine;
  if (name == "constant" || name == "constant_with_warmup") return Schedule::constant;
  throw Error(ErrorCode::usage, "ValueError",
              "lr_scheduler_type is linear, cosine or constant, not " + std::string(name));
}

std::string_view nameOf(Schedule schedule) {
  switch (schedule) {
    case Schedule::cosine:
      return "cosine";
    case Schedule::constant:
      return "constant";
    case Schedule::linear:
      break;
  }
  return "linear";
}

double LearningRate::at(std::int64_t updates) const {
  if (updates < warmupSteps) return greatest * static_cast<double>(updates) / static_cast<double>(warmupSteps);
  if (schedule == Schedule::constant) return greatest;
  const auto decaySteps = static_cast<double>(std::max<std::int64_t>(1, maxSteps - warmupSteps));
  const double done = std::min(1.0, static_cast<double>(updates - warmupSteps) / decaySteps);
  if (schedule == Schedule::linear) return greatest * (1 - done);
  return greatest * 0.5 * (1 + std::cos(std::numbers::pi * done));
}

}  // namespace cadrecode::train
