// Each function of a layer against its plain definition in double precision, by kernels and by libtorch.
#include "model/network/layer_functions.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "core/error.hpp"

namespace cadrecode::model::network {
namespace {

constexpr auto f32 = at::kFloat;
constexpr auto bf16 = at::kBFloat16;

class LayerFunctions : public testing::TestWithParam<at::ScalarType> {
 protected:
  void SetUp() override { at::manual_seed(3); }
  at::Tensor random(std::vector<std::int64_t> shape) const { return at::randn(shape).to(GetParam()); }
  double tolerance() const { return GetParam() == f32 ? 2e-5 : 2e-2; }
  void expectClose(const at::Tensor& actual, const at::Tensor& expected) const {
    ASSERT_EQ(actual.sizes(), expected.sizes());
    const double scale = std::max(1.0, expected.abs().max().item<double>());
    EXPECT_LT((actual.to(at::kDouble) - expected).abs().max().item<double>(), tolerance() * scale);
  }
};

TEST_P(LayerFunctions, ProjectInAllShapes) {
  const at::NoGradGuard noGradients;
  // Sizes around the kernels' tiles and vectors.
  for (const std::int64_t inner : {1, 15, 16, 31, 32, 33, 100}) {
    for (const std::int64_t columns : {1, 3, 4, 5, 17}) {
      for (const std::int64_t batch : {1, 2, 4, 6, 7, 11}) {
        const at::Tensor x = random({batch, 1, inner});
        const at::Tensor w = random({columns, inner});
        const at::Tensor b = random({columns});
        const at::Tensor expected = at::linear(x.to(at::kDouble), w.to(at::kDouble), b.to(at::kDouble));
        expectClose(project(x, w, b), expected);
        expectClose(project(x, w, {}), expected - b.to(at::kDouble));
        EXPECT_EQ(projectToFloat(x, w).scalar_type(), f32);
        expectClose(projectToFloat(x, w), expected - b.to(at::kDouble));
      }
    }
  }
}

TEST_P(LayerFunctions, RowsDoNotDependOnEachOther) {
  const at::NoGradGuard noGradients;
  const at::Tensor x = random({23, 1, 200});
  const at::Tensor w = random({70, 200});
  const at::Tensor norm = random({200});
  const at::Tensor together = project(x, w, {});
  const at::Tensor normed = rmsNorm(x, norm, 1e-6);
  const at::Tensor gatedRows = gated(x, normed);
  for (std::int64_t row = 0; row < 23; ++row) {
    const at::Tensor alone = x.narrow(0, row, 1);
    EXPECT_TRUE(at::equal(project(alone, w, {}), together.narrow(0, row, 1))) << row;
    EXPECT_TRUE(at::equal(rmsNorm(alone, norm, 1e-6), normed.narrow(0, row, 1))) << row;
    EXPECT_TRUE(at::equal(gated(alone, normed.narrow(0, row, 1)), gatedRows.narrow(0, row, 1))) << row;
  }
}

TEST_P(LayerFunctions, NormAndGate) {
  const at::Tensor x = random({3, 1, 50});
  const at::Tensor w = random({50});
  const at::Tensor wide = x.to(at::kDouble);
  const at::Tensor expected = w.to(at::kDouble) * wide / (wide.square().mean(-1, true) + 1e-3).sqrt();
  const at::Tensor active = wide / (1 + (-wide).exp()) * wide.flip(-1);
  for (const bool gradients : {false, true}) {
    const at::AutoGradMode mode(gradients);
    expectClose(rmsNorm(x, w, 1e-3), expected);
    expectClose(gated(x, x.flip(-1)), active);
  }
}

TEST_P(LayerFunctions, CausalAttentionIsTheNaiveOne) {
  const std::int64_t batch = 2, positions = 9, heads = 6, keyHeads = 2, size = 8;
  const at::Tensor q = random({batch, positions, heads, size});
  const at::Tensor k = random({batch, positions, keyHeads, size});
  const at::Tensor v = random({batch, positions, keyHeads, size});
  const at::Tensor expected = at::zeros({batch, positions, heads * size}, at::kDouble);
  const at::Tensor qd = q.to(at::kDouble), kd = k.to(at::kDouble), vd = v.to(at::kDouble);
  for (std::int64_t b = 0; b < batch; ++b) {
    for (std::int64_t h = 0; h < heads; ++h) {
      const std::int64_t shared = h / (heads / keyHeads);
      for (std::int64_t t = 0; t < positions; ++t) {
        const at::Tensor keys = kd[b].narrow(0, 0, t + 1).select(1, shared);
        const at::Tensor weights = at::softmax(keys.mv(qd[b][t][h]) / std::sqrt(8.0), 0);
        expected[b][t].narrow(0, h * size, size).copy_(vd[b].narrow(0, 0, t + 1).select(1, shared).t().mv(weights));
      }
    }
  }
  expectClose(causalAttention(q, k, v), expected);
}

TEST_P(LayerFunctions, CachedAttentionIsTheLastRowOfTheCausalOne) {
  ModelConfig config;
  config.layers = 1;
  config.heads = 6;
  config.keyValueHeads = 2;
  config.headSize = 8;
  KvCache cache(config, 4, 12, at::TensorOptions().dtype(GetParam()));
  const std::vector<std::int64_t> slots = {2, 0, 3};
  const std::vector<std::int64_t> lengths = {5, 11, 1};
  const at::NoGradGuard noGradients;
  std::vector<at::Tensor> queries, expected;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const at::Tensor q = random({1, lengths[i], 6, 8}), k = random({1, lengths[i], 2, 8}),
                     v = random({1, lengths[i], 2, 8});
    expected.push_back(causalAttention(q, k, v).narrow(1, lengths[i] - 1, 1).to(at::kDouble));
    queries.push_back(q.narrow(1, lengths[i] - 1, 1));
    cache.append(0, {slots[i]}, k, v);
    cache.advance({slots[i]}, lengths[i] - 1);
  }
  for (const bool gradients : {false, true}) {
    const at::AutoGradMode mode(gradients);
    expectClose(cachedAttention(at::cat(queries), cache, 0, slots), at::cat(expected));
  }
}

INSTANTIATE_TEST_SUITE_P(Types, LayerFunctions, testing::Values(f32, bf16));

TEST(Rotation, KeepsLengthsAndDependsOnDistanceOnly) {
  const auto options = at::TensorOptions().dtype(at::kFloat);
  const at::Tensor a = at::randn({1, 1, 1, 16}), b = at::randn({1, 1, 1, 16});
  auto turned = [&](const at::Tensor& x, std::int64_t position) {
    return rotate(x, rotationFor({position}, 1, 16, 10000.0, options));
  };
  EXPECT_TRUE(at::equal(turned(a, 0), a));
  EXPECT_NEAR(turned(a, 100).norm().item<double>(), a.norm().item<double>(), 1e-4);
  const double near = (turned(a, 3) * turned(b, 10)).sum().item<double>();
  EXPECT_NEAR((turned(a, 203) * turned(b, 210)).sum().item<double>(), near, 1e-3);
  EXPECT_GT(std::abs((turned(a, 3) * turned(b, 12)).sum().item<double>() - near), 1e-3);
}

TEST(KvCache, AFullSlotIsAnError) {
  ModelConfig config;
  config.layers = 1;
  config.keyValueHeads = 1;
  config.headSize = 2;
  KvCache cache(config, 1, 3, at::TensorOptions().dtype(at::kFloat));
  const at::Tensor four = at::ones({1, 4, 1, 2});
  EXPECT_THROW(cache.append(0, {0}, four, four), Error);
}

}  // namespace
}  // namespace cadrecode::model::network
