// Forward pass, loss and gradients against the original's own code on tiny Qwen2 and Qwen3 models.
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "golden_tensors.hpp"
#include "model/network/cad_network.hpp"

namespace cadrecode::model::network {
namespace {

constexpr std::int64_t points = 256;

struct Batch {
  at::Tensor cloud, tokens, labels;
  at::Tensor real;  // batch x positions: not padding
};

Batch readBatch(const std::string& family, const std::string& name) {
  const GoldenTensors inputs(goldenFolder(family) / (name + "_inputs.safetensors"));
  auto text = [&](const char* key) { return inputs[key].narrow(1, points, inputs[key].size(1) - points); };
  return {inputs["point_cloud"], text("input_ids"), text("labels"), inputs["attention_mask"] != 0};
}

// The rows of a batch x positions x width tensor that are not padding. The original hides padding from padding as well;
// a sequence's own positions never see it, so only those are compared.
at::Tensor realRows(const at::Tensor& x, const at::Tensor& real) {
  return x.reshape({-1, x.size(-1)}).index_select(0, at::nonzero(real.flatten()).flatten());
}

at::Tensor meanLoss(const CadNetwork& network, const Batch& batch) {
  const auto loss = languageLoss(network, network.decode(network.embed(batch.cloud, batch.tokens)), batch.labels);
  return loss.sum / loss.tokens;
}

class ForwardGolden : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(goldenFolder(GetParam())))
      GTEST_SKIP() << "no goldens at " << goldenFolder(GetParam());
  }
  std::string folder(const std::string& name) const { return (goldenFolder(GetParam()) / name).string(); }
};

TEST_P(ForwardGolden, Float32) {
  const at::NoGradGuard noGradients;
  const CadNetwork network = CadNetwork::load(folder("checkpoint"));
  const GoldenTensors golden(folder("f32_forward.safetensors"));
  const Batch one = readBatch(GetParam(), "batch1");
  EXPECT_LT(greatestDifference(fourierFeatures(one.cloud), golden["point_features_batch1"]), 1e-6);
  EXPECT_LT(greatestDifference(network.encodePoints(one.cloud), golden["point_embeds_batch1"]), 1e-5);
  std::vector<at::Tensor> trace;
  const at::Tensor states = network.decode(network.embed(one.cloud, one.tokens), &trace);
  ASSERT_EQ(trace.size(), 4U);
  for (std::size_t i = 0; i < trace.size(); ++i) {
    EXPECT_LT(greatestDifference(realRows(trace[i], one.real),
                                 realRows(golden["hidden_batch1_" + std::to_string(i)], one.real)),
              1e-4)
        << i;
  }
  EXPECT_LT(greatestDifference(realRows(network.logits(states), one.real), realRows(golden["logits_batch1"], one.real)),
            1e-4);
  const Batch two = readBatch(GetParam(), "batch2");
  const at::Tensor logits = network.logits(network.decode(network.embed(two.cloud, two.tokens)));
  const auto fromLastPoint = [](const at::Tensor& x) { return x.narrow(1, points - 1, x.size(1) - points + 1); };
  const at::Tensor real = fromLastPoint(two.real);
  EXPECT_LT(greatestDifference(realRows(fromLastPoint(logits), real), realRows(golden["logits_batch2_from255"], real)),
            1e-4);
  EXPECT_NEAR(meanLoss(network, one).item<double>(), golden["loss_batch1"].item<double>(), 1e-5);
  EXPECT_NEAR(meanLoss(network, two).item<double>(), golden["loss_batch2"].item<double>(), 1e-5);
}

TEST_P(ForwardGolden, Float32Gradients) {
  CadNetwork network = CadNetwork::load(folder("checkpoint"));
  const auto named = namedTensors(network.weights(), network.config());
  for (auto [name, tensor] : named) tensor.requires_grad_();
  meanLoss(network, readBatch(GetParam(), "batch2")).backward();
  const GoldenTensors golden(folder("f32_grads_batch2.safetensors"));
  ASSERT_EQ(named.size(), golden.all().size());
  for (const auto& [name, tensor] : named) {
    const at::Tensor expected = golden[name];
    ASSERT_TRUE(tensor.grad().defined()) << name;
    EXPECT_LT(greatestDifference(tensor.grad(), expected), 1e-4 * expected.abs().max().item<double>()) << name;
  }
}

TEST_P(ForwardGolden, BFloat16) {
  const at::NoGradGuard noGradients;
  const double tolerance = GetParam() == "qwen2" ? 0.1 : 0.2;
  const CadNetwork network = CadNetwork::load(folder("checkpoint_bf16"));
  EXPECT_EQ(network.options().dtype(), at::kBFloat16);
  EXPECT_EQ(network.weights().pointWeight.scalar_type(), at::kFloat);
  const GoldenTensors golden(folder("bf16_forward.safetensors"));
  const Batch one = readBatch(GetParam(), "batch1");
  EXPECT_LT(greatestDifference(network.encodePoints(one.cloud), golden["point_embeds_batch1"]), 1e-5);
  const at::Tensor logits = network.logits(network.decode(network.embed(one.cloud, one.tokens)));
  EXPECT_EQ(logits.scalar_type(), at::kFloat);
  EXPECT_LT(rmsDifference(realRows(logits, one.real), realRows(golden["logits_batch1"], one.real)), tolerance);
  EXPECT_NEAR(meanLoss(network, one).item<double>(), golden["loss_batch1"].item<double>(), 0.05);
  EXPECT_NEAR(meanLoss(network, readBatch(GetParam(), "batch2")).item<double>(), golden["loss_batch2"].item<double>(),
              0.05);
}

TEST_P(ForwardGolden, Float32WeightsReadAsBFloat16) {
  const at::NoGradGuard noGradients;
  LoadOptions options;
  options.type = at::kBFloat16;
  const CadNetwork converted = CadNetwork::load(folder("checkpoint"), options);
  const CadNetwork stored = CadNetwork::load(folder("checkpoint_bf16"));
  const auto a = namedTensors(converted.weights(), converted.config());
  const auto b = namedTensors(stored.weights(), stored.config());
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(at::equal(a[i].second, b[i].second)) << a[i].first;
}

INSTANTIATE_TEST_SUITE_P(Families, ForwardGolden, testing::Values("qwen2", "qwen3"));

TEST(ForwardGolden, ShardsGiveTheSameWeights) {
  if (!std::filesystem::exists(goldenFolder("qwen2"))) GTEST_SKIP() << "no goldens at " << goldenFolder("qwen2");
  const CadNetwork whole = CadNetwork::load((goldenFolder("qwen2") / "checkpoint").string());
  const CadNetwork sharded = CadNetwork::load((goldenFolder("qwen2") / "checkpoint_sharded").string());
  const auto a = namedTensors(whole.weights(), whole.config());
  const auto b = namedTensors(sharded.weights(), sharded.config());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(at::equal(a[i].second, b[i].second)) << a[i].first;
}

TEST(ForwardGolden, PointEncoderInBFloat16) {
  const auto folder = goldenFolder("qwen3");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no goldens at " << folder;
  const at::NoGradGuard noGradients;
  CadNetwork network = CadNetwork::load((folder / "checkpoint_bf16").string());
  network.weights().pointWeight = network.weights().pointWeight.to(at::kBFloat16);
  network.weights().pointBias = network.weights().pointBias.to(at::kBFloat16);
  const GoldenTensors golden(folder / "bf16_point_encoder_bf16_logits.safetensors");
  const Batch one = readBatch("qwen3", "batch1");
  EXPECT_LT(rmsDifference(network.encodePoints(one.cloud), golden["point_embeds_batch1"]), 0.01);
  EXPECT_LT(rmsDifference(realRows(network.logits(network.decode(network.embed(one.cloud, one.tokens))), one.real),
                          realRows(golden["logits_batch1"], one.real)),
            0.2);
}

}  // namespace
}  // namespace cadrecode::model::network
