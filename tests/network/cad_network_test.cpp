// The whole network on small random models: cache against forward pass, padding, loss, files.
#include "model/network/cad_network.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/error.hpp"
#include "model/checkpoint.hpp"
#include "model/checkpoint_writer.hpp"
#include "model/temporary_folder.hpp"
#include "model/tensor_names.hpp"

namespace cadrecode::model::network {
namespace {

ModelConfig tinyConfig(Family family, bool tied) {
  ModelConfig config;
  config.family = family;
  config.vocabularySize = 50;
  config.hiddenSize = 32;
  config.intermediateSize = 40;
  config.layers = 3;
  config.heads = 4;
  config.keyValueHeads = 2;
  config.headSize = 10;
  config.tiedEmbeddings = tied;
  config.initializerRange = 0.2;
  return config;
}

CadNetwork tinyNetwork(Family family = Family::qwen2, bool tied = true, at::ScalarType type = at::kFloat) {
  const ModelConfig config = tinyConfig(family, tied);
  return CadNetwork(config, randomWeights(config, 11, type));
}

double difference(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(FourierFeatures, AreCoordinatesSinesAndCosines) {
  const at::Tensor points = at::tensor(std::vector<float>{0.25F, -0.5F, 1.0F}).view({1, 1, 3});
  const at::Tensor features = fourierFeatures(points).flatten();
  ASSERT_EQ(features.numel(), 51);
  for (std::int64_t axis = 0; axis < 3; ++axis) {
    const double x = points.flatten()[axis].item<double>();
    EXPECT_EQ(features[axis].item<double>(), x);
    for (std::int64_t k = 0; k < 8; ++k) {
      EXPECT_NEAR(features[3 + 8 * axis + k].item<double>(), std::sin(x * (1 << k)), 1e-5);
      EXPECT_NEAR(features[27 + 8 * axis + k].item<double>(), std::cos(x * (1 << k)), 1e-5);
    }
  }
}

class Families : public testing::TestWithParam<Family> {};

TEST_P(Families, DecodingStepByStepIsTheForwardPass) {
  const at::NoGradGuard noGradients;
  const CadNetwork network = tinyNetwork(GetParam(), false);
  at::manual_seed(1);
  const at::Tensor inputs = at::randn({2, 12, 32});
  const at::Tensor whole = network.logits(network.decode(inputs));
  for (const bool kernels : {true, false}) {
    KvCache cache(network.config(), 3, 12, network.options());
    const std::vector<std::int64_t> slots = {2, 0};
    at::Tensor steps = network.logits(network.decodeInto(cache, slots, inputs.narrow(1, 0, 5)));
    const at::AutoGradMode mode(!kernels);
    for (std::int64_t t = 5; t < 12; ++t) {
      const at::Tensor states = network.decodeInto(cache, slots, inputs.narrow(1, t, 1));
      steps = at::cat({steps, network.logits(states)}, 1);
    }
    EXPECT_LT(difference(steps, whole), 1e-4) << kernels;
    EXPECT_THROW(network.decodeInto(cache, slots, inputs.narrow(1, 0, 1)), Error);
  }
}

TEST_P(Families, PaddingBehindChangesNothing) {
  const at::NoGradGuard noGradients;
  const CadNetwork network = tinyNetwork(GetParam());
  at::manual_seed(2);
  const at::Tensor inputs = at::randn({1, 9, 32});
  const at::Tensor padded = at::cat({inputs, at::full({1, 4, 32}, 5.0)}, 1);
  EXPECT_LT(difference(network.decode(padded).narrow(1, 0, 9), network.decode(inputs)), 1e-5);
}

TEST_P(Families, GradientsAreDifferencesOfTheLoss) {
  const ModelConfig config = tinyConfig(GetParam(), true);
  Weights weights = randomWeights(config, 4);
  CadNetwork network(config, weights);
  at::manual_seed(3);
  const at::Tensor cloud = at::rand({2, 4, 3}) * 2 - 1;
  const at::Tensor tokens = at::randint(50, {2, 6}, at::kLong);
  const at::Tensor labels = tokens.clone();
  labels.narrow(1, 0, 2).fill_(-100);
  auto lossOf = [&] {
    const auto loss = languageLoss(network, network.decode(network.embed(cloud, tokens)), labels);
    return loss.sum / loss.tokens;
  };
  const auto named = namedTensors(network.weights(), config);
  for (auto [name, tensor] : named) tensor.requires_grad_();
  lossOf().backward();
  const at::NoGradGuard noGradients;
  for (auto [name, tensor] : named) {
    ASSERT_TRUE(tensor.grad().defined()) << name;
    const at::Tensor direction = tensor.grad() / (tensor.grad().norm() + 1e-12);
    const double step = 5e-3;
    tensor.add_(direction, step);
    const double up = lossOf().item<double>();
    tensor.add_(direction, -2 * step);
    const double down = lossOf().item<double>();
    tensor.add_(direction, step);
    const double slope = tensor.grad().norm().item<double>();
    EXPECT_NEAR((up - down) / (2 * step), slope, 0.02 * slope + 2e-3) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Decoders, Families, testing::Values(Family::qwen2, Family::qwen3));

TEST(LanguageLoss, IsTheMeanOverLabels) {
  const at::NoGradGuard noGradients;
  const CadNetwork network = tinyNetwork();
  at::manual_seed(5);
  const at::Tensor states = at::randn({2, 7, 32});
  const at::Tensor labels = at::tensor(std::vector<std::int64_t>{-100, 4, -100, 9, -100, -100, 7, -100}).view({2, 4});
  const auto loss = languageLoss(network, states, labels);
  EXPECT_EQ(loss.tokens, 3);
  const at::Tensor logProbabilities = at::log_softmax(network.logits(states), -1);
  auto at3 = [&](std::int64_t row, std::int64_t position, std::int64_t token) {
    return logProbabilities[row][position][token].item<double>();
  };
  // Four labels stand at positions 3 to 6; the position before predicts them.
  EXPECT_NEAR(loss.sum.item<double>(), -(at3(0, 3, 4) + at3(0, 5, 9) + at3(1, 4, 7)), 1e-4);
  const auto none = languageLoss(network, states, at::full({2, 4}, -100, at::kLong));
  EXPECT_EQ(none.tokens, 0);
  EXPECT_EQ(none.sum.item<double>(), 0.0);
}

TEST(RandomWeights, DependOnTheSeedOnly) {
  const ModelConfig config = tinyConfig(Family::qwen3, false);
  const auto a = namedTensors(randomWeights(config, 1), config);
  const auto b = namedTensors(randomWeights(config, 1), config);
  const auto c = namedTensors(randomWeights(config, 2), config);
  const auto expected = expectedTensors(config);
  ASSERT_EQ(a.size(), expected.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].first, expected[i].name);
    EXPECT_EQ(a[i].second.sizes().vec(), expected[i].shape);
    EXPECT_TRUE(at::equal(a[i].second, b[i].second));
    if (a[i].first.ends_with("proj.weight")) {
      EXPECT_FALSE(at::equal(a[i].second, c[i].second));
      EXPECT_NEAR(a[i].second.std().item<double>(), 0.2, 0.02);
    }
  }
}

class SavedNetwork : public testing::TestWithParam<at::ScalarType> {};

TEST_P(SavedNetwork, IsReadBackEqual) {
  const TemporaryFolder folder;
  const CadNetwork network = tinyNetwork(Family::qwen3, false, GetParam());
  network.save(folder.path(), {{"tokenizer.json", "{}"}});
  verifyCheckpoint(folder.path());
  LoadOptions options;
  options.verifySums = options.requireFinite = true;
  const CadNetwork read = CadNetwork::load(folder.path(), options);
  const auto a = namedTensors(network.weights(), network.config());
  const auto b = namedTensors(read.weights(), read.config());
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].second.scalar_type(), b[i].second.scalar_type());
    EXPECT_TRUE(at::equal(a[i].second, b[i].second)) << a[i].first;
  }
  EXPECT_EQ(read.weights().pointWeight.scalar_type(), at::kFloat);
}

INSTANTIATE_TEST_SUITE_P(Types, SavedNetwork, testing::Values(at::kFloat, at::kBFloat16));

TEST(LoadWeights, AddsAPointEncoderToALanguageModel) {
  const TemporaryFolder folder;
  const CadNetwork network = tinyNetwork();
  auto tensors = namedTensors(network.weights(), network.config());
  tensors.resize(tensors.size() - 2);
  writeCheckpoint(folder.path(),
                  {.tensors = viewsOf(tensors), .texts = {{"config.json", toConfigJson(network.config())}}});
  EXPECT_THROW(CadNetwork::load(folder.path()), Error);
  LoadOptions options;
  options.pointEncoderSeed = 1;
  const CadNetwork read = CadNetwork::load(folder.path(), options);
  EXPECT_NEAR(read.weights().pointWeight.std().item<double>(), 0.2, 0.02);
  EXPECT_EQ(read.weights().pointBias.abs().max().item<double>(), 0.0);
}

TEST(LoadWeights, WritingToThemLeavesTheFileAlone) {
  const TemporaryFolder folder;
  const CadNetwork network = tinyNetwork();
  network.save(folder.path());
  const CadNetwork changed = CadNetwork::load(folder.path());
  changed.weights().finalNorm.fill_(7.0);
  EXPECT_TRUE(at::equal(CadNetwork::load(folder.path()).weights().finalNorm, network.weights().finalNorm));
}

}  // namespace
}  // namespace cadrecode::model::network
