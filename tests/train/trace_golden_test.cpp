// Twelve updates against Hugging Face's Trainer with the original's model class and collator.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "core/files.hpp"
#include "model/safetensors.hpp"
#include "train/learning_rate.hpp"
#include "train/training_network.hpp"

namespace cadrecode::train {
namespace {

namespace fs = std::filesystem;
using model::network::CadNetwork;

fs::path goldens() { return fs::path(CADRECODE_SOURCE_DIR).parent_path() / "shared" / "goldens"; }

std::map<std::string, at::Tensor> readTensors(const fs::path& file) {
  const auto owner = std::make_shared<const model::SafetensorsFile>(file.string());
  std::map<std::string, at::Tensor> tensors;
  for (const model::TensorView& view : owner->tensors()) tensors[view.name] = model::network::tensorOn(view, owner);
  return tensors;
}

Batch readBatch(std::size_t number) {
  const auto tensors = readTensors(goldens() / "train" / ("micro_batch_" + std::to_string(number) + ".safetensors"));
  constexpr std::int64_t points = 256;
  Batch batch;
  batch.points = tensors.at("point_cloud");
  const std::int64_t length = tensors.at("input_ids").size(1) - points;
  batch.tokens = tensors.at("input_ids").narrow(1, points, length).to(at::kLong).contiguous();
  batch.labels = tensors.at("labels").narrow(1, points, length).to(at::kLong).contiguous();
  batch.samples = batch.points.size(0);
  return batch;
}

struct Trace {
  const char* name;
  DecayGroups groups;
  Schedule schedule;
  double greatestNorm;
};

class TraceGolden : public testing::TestWithParam<Trace> {};

TEST_P(TraceGolden, LossesNormsAndWeights) {
  const fs::path folder = goldens() / "train";
  if (!fs::exists(folder)) GTEST_SKIP() << "no goldens at " << folder;
  at::set_num_threads(1);
  const Trace& run = GetParam();
  const auto expected = nlohmann::json::parse(readFile((folder / (std::string(run.name) + ".json")).string()));
  AdamWOptions options;
  options.decayGroups = run.groups;
  TrainingNetwork network(CadNetwork::load((goldens() / "model" / "qwen2" / "checkpoint").string()), options, false);

  std::set<std::string> decayed;
  for (const auto& [name, tensor] : namedTensors(network.network().weights(), network.network().config())) {
    if (decays(run.groups, name)) decayed.insert(name);
  }
  EXPECT_EQ(decayed, expected["weight_decay_applied_to"].get<std::set<std::string>>());

  const LearningRate rate{run.schedule, 1e-3, 3, 12};
  std::size_t micro = 0;
  for (std::size_t step = 0; step < 12; ++step) {
    for (int i = 0; i < 2; ++i, ++micro) {
      const double loss = network.accumulate(readBatch(micro % 4));
      // Rounding in another order grows with every update, as Adam makes steps of one size of gradients of any size:
      // the traces' own 2e-5 holds for the first updates.
      EXPECT_NEAR(loss, expected["micro_losses"][micro].get<double>(), step < 4 ? 2e-5 : 4e-5)
          << "micro-batch " << micro;
    }
    const double used = rate.at(static_cast<std::int64_t>(step));
    EXPECT_NEAR(used, expected["lr_used"][step].get<double>(), 1e-12);
    const double norm = network.update(used, 2, run.greatestNorm);
    const double expectedNorm = expected["grad_norm_before_clip"][step].get<double>();
    EXPECT_NEAR(norm, expectedNorm, 1e-3 * expectedNorm) << "step " << step;
  }
  const auto final = readTensors(folder / (std::string(run.name) + "_final_weights.safetensors"));
  for (const auto& [name, tensor] : namedTensors(network.network().weights(), network.network().config())) {
    const at::Tensor difference = tensor.detach() - final.at(name);
    const bool norm = name.find("norm") != name.npos;
    EXPECT_LT(difference.abs().max().item<double>(), norm ? 1e-5 : 5e-5) << name;
    // A key's bias hardly changes attention, so its gradient is mostly rounding, which Adam scales up.
    const bool keyBias = name.ends_with("k_proj.bias");
    EXPECT_LT(difference.square().mean().sqrt().item<double>(), keyBias ? 5e-6 : 1e-6) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Runs, TraceGolden,
                         testing::Values(Trace{"linear_default", DecayGroups::trainer, Schedule::linear, 1.0},
                                         Trace{"linear_default_tf451", DecayGroups::trainerNamedNorms, Schedule::linear,
                                               1.0},
                                         Trace{"linear_nonormdecay", DecayGroups::matrices, Schedule::linear, 1.0},
                                         Trace{"cosine", DecayGroups::trainer, Schedule::cosine, 1.0},
                                         Trace{"linear_noclip", DecayGroups::trainer, Schedule::linear, 1000.0}),
                         [](const auto& trace) { return std::string(trace.param.name); });

}  // namespace
}  // namespace cadrecode::train
