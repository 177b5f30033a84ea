// Adapters in the network and merged into it, against PEFT on the original's model.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "../model/temporary_folder.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "golden_tensors.hpp"
#include "model/adapter/merge.hpp"
#include "model/network/adapters.hpp"
#include "model/network/cad_network.hpp"

namespace cadrecode::model::network {
namespace {

constexpr std::int64_t points = 256;

class AdapterGolden : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(folder("adapter"))) GTEST_SKIP() << "no goldens at " << folder("adapter");
    const GoldenTensors inputs(goldenFolder("qwen2") / "batch2_inputs.safetensors");
    auto text = [&](const char* key) { return inputs[key].narrow(1, points, inputs[key].size(1) - points); };
    cloud = inputs["point_cloud"];
    tokens = text("input_ids");
    labels = text("labels");
    real = inputs["attention_mask"].narrow(1, points - 1, tokens.size(1) + 1) != 0;
  }
  std::string folder(const std::string& name) const {
    return (goldenFolder("qwen2").parent_path().parent_path() / "lora" / GetParam() / name).string();
  }
  std::string base() const { return (goldenFolder("qwen2") / "checkpoint").string(); }
  CadNetwork attached() const {
    CadNetwork network = CadNetwork::load(base());
    attachAdapter(network.weights(), network.config(), adapter::Adapter(folder("adapter")));
    return network;
  }
  // Logits from the last point on, without padding.
  at::Tensor logitsOf(const CadNetwork& network) const {
    const at::NoGradGuard noGradients;
    return fromLastPoint(network.logits(network.decode(network.embed(cloud, tokens))));
  }
  at::Tensor fromLastPoint(const at::Tensor& logits) const {
    const at::Tensor last = logits.narrow(1, logits.size(1) - tokens.size(1) - 1, tokens.size(1) + 1);
    return last.reshape({-1, last.size(2)}).index_select(0, at::nonzero(real.flatten()).flatten());
  }
  at::Tensor lossOf(const CadNetwork& network) const {
    const auto loss = languageLoss(network, network.decode(network.embed(cloud, tokens)), labels);
    return loss.sum / loss.tokens;
  }

  at::Tensor cloud, tokens, labels, real;
};

TEST_P(AdapterGolden, LogitsBesideAndMerged) {
  const GoldenTensors golden(folder("logits.safetensors"));
  const CadNetwork beside = attached();
  EXPECT_LT(greatestDifference(logitsOf(beside), fromLastPoint(golden["logits_adapter_from255"])), 1e-3);
  EXPECT_NEAR(lossOf(beside).item<double>(), golden["loss_adapter"].item<double>(), 1e-5);

  LoadOptions options;
  options.baseModel = base();
  const CadNetwork merged = CadNetwork::load(folder("adapter"), options);
  EXPECT_LT(greatestDifference(logitsOf(merged), fromLastPoint(golden["logits_merged_from255"])), 1e-3);

  // Merged at load or into files: the same bytes.
  TemporaryFolder output;
  adapter::writeMergedModel(base(), folder("adapter"), output / "merged");
  const CadNetwork read = CadNetwork::load(output / "merged");
  const auto a = namedTensors(merged.weights(), merged.config());
  const auto b = namedTensors(read.weights(), read.config());
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(at::equal(a[i].second, b[i].second)) << a[i].first;
}

TEST_P(AdapterGolden, Gradients) {
  CadNetwork network = attached();
  const auto trained = adapterTensors(network.weights());
  for (auto [name, tensor] : trained) tensor.requires_grad_();
  lossOf(network).backward();
  const GoldenTensors golden(folder("grads_adapter_batch2.safetensors"));
  EXPECT_EQ(trained.size(), golden.all().size());
  for (const auto& [name, tensor] : trained) {
    // In memory PEFT puts the adapter's name into the arrays' names.
    std::string key = name;
    const std::size_t module = key.find("point_encoder.");
    if (module != key.npos) {
      key.insert(module + std::string("point_encoder.").size(), "modules_to_save.default.");
    } else {
      key.insert(key.rfind(".weight"), ".default");
    }
    const at::Tensor expected = golden[key];
    EXPECT_LT(greatestDifference(tensor.grad(), expected), 3e-4 * expected.abs().max().item<double>()) << name;
  }
}

TEST_P(AdapterGolden, RecomputingGivesTheSameGradients) {
  std::vector<std::vector<at::Tensor>> gradients;
  for (const bool recompute : {false, true}) {
    CadNetwork network = attached();
    for (LayerWeights& layer : network.weights().layers) layer.query.adapter.dropout = 0.3;
    network.setDropout(5);
    network.setRecomputing(recompute);
    auto& found = gradients.emplace_back();
    const auto trained = adapterTensors(network.weights());
    for (auto [name, tensor] : trained) tensor.requires_grad_();
    lossOf(network).backward();
    for (const auto& [name, tensor] : trained) found.push_back(tensor.grad());
  }
  for (std::size_t i = 0; i < gradients[0].size(); ++i) EXPECT_TRUE(at::equal(gradients[0][i], gradients[1][i])) << i;
}

TEST_P(AdapterGolden, AFreshAdapterChangesNothing) {
  CadNetwork network = CadNetwork::load(base());
  const at::Tensor before = logitsOf(network);
  adapter::LoraConfig config;
  config.rank = 4;
  config.targetModules = {"q_proj", "down_proj"};
  config.dropout = 0.5;
  addAdapters(network.weights(), config, 1);
  EXPECT_EQ(adapterTensors(network.weights()).size(), 2U * 2 * 3 + 2);
  EXPECT_TRUE(at::equal(logitsOf(network), before));

  // Dropping inputs follows from the seed, and only while one is set.
  for (const auto& [name, tensor] : adapterTensors(network.weights())) {
    if (name.ends_with("lora_B.weight")) tensor.fill_(0.01);
  }
  const at::Tensor plain = logitsOf(network);
  network.setDropout(3);
  const at::Tensor dropped = logitsOf(network);
  EXPECT_TRUE(at::equal(logitsOf(network), dropped));
  EXPECT_FALSE(at::equal(dropped, plain));
  network.setDropout(4);
  EXPECT_FALSE(at::equal(logitsOf(network), dropped));
  network.setDropout({});
  EXPECT_TRUE(at::equal(logitsOf(network), plain));

  config.targetModules = {"q_proj", "qkv_proj"};
  try {
    addAdapters(network.weights(), config, 1);
    FAIL() << "a module that is not there was accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("no projection qkv_proj in this model; it has q_proj"), std::string::npos);
  }
}

INSTANTIATE_TEST_SUITE_P(Runs, AdapterGolden, testing::Values("plain", "orig_peft015"));

}  // namespace
}  // namespace cadrecode::model::network
