// The learning rate of every update: a linear rise, then a decay. Pure function.
#pragma once

#include <cstdint>
#include <string_view>

namespace cadrecode::train {

// The original's scripts name no schedule and so get the Trainer's linear one; the comment in their configuration says
// cosine.
enum class Schedule { linear, cosine, constant };
// "linear", "cosine", "constant" (which also has the warm-up); Error(usage) for others.
Schedule scheduleNamed(std::string_view name);
std::string_view nameOf(Schedule schedule);

struct LearningRate {
  Schedule schedule = Schedule::linear;
  double greatest = 2e-4;
  std::int64_t warmupSteps = 0;
  std::int64_t maxSteps = 1;

  // Of the update that follows `updates` others. As Hugging Face's schedules: the first of a warm-up has rate 0.
  double at(std::int64_t updates) const;
};

}  // namespace cadrecode::train
