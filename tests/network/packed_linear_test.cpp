// Products with packed matrices against products with what they unpack to.
#include "model/network/packed_linear.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "core/random.hpp"
#include "model/network/layer_functions.hpp"
#include "model/network/weights.hpp"

namespace cadrecode::model::network {
namespace {

using quantization::PackedType;

at::Tensor randomTensor(std::vector<std::int64_t> sizes, std::uint64_t seed, at::ScalarType type) {
  at::Tensor tensor = at::empty(sizes, at::kFloat);
  Random random(seed);
  for (std::int64_t i = 0; i < tensor.numel(); ++i) {
    static_cast<float*>(tensor.data_ptr())[i] = static_cast<float>(random.normal());
  }
  return tensor.to(type);
}

PackedPointer packedOf(const at::Tensor& matrix, PackedType type, bool nested) {
  const auto views = viewsOf({{"matrix", matrix}});
  return std::make_shared<const quantization::PackedWeight>(quantization::pack(views[0], {type, nested}));
}

double relativeError(const at::Tensor& a, const at::Tensor& b) {
  return ((a.to(at::kDouble) - b.to(at::kDouble)).abs().max() / b.abs().max().to(at::kDouble)).item<double>();
}

class PackedLinear : public testing::TestWithParam<PackedType> {};

TEST_P(PackedLinear, ForwardAndGradientAsUnpacked) {
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    const double tolerance = type == at::kFloat ? 1e-5 : 2e-2;
    const auto packed = packedOf(randomTensor({50, 130}, 1, at::kFloat), GetParam(), true);
    const at::Tensor unpacked = unpackedTensor(*packed, type);
    for (const std::int64_t rows : {1, 7, 40}) {
      at::Tensor x = randomTensor({2, rows, 130}, 2, type).requires_grad_();
      at::Tensor same = x.detach().clone().requires_grad_();
      const at::Tensor bias = randomTensor({50}, 3, type);
      const at::Tensor y = projectPacked(x, packed, bias);
      const at::Tensor expected = at::linear(same, unpacked, bias);
      EXPECT_LT(relativeError(y, expected), tolerance);
      const at::Tensor g = randomTensor({2, rows, 50}, 4, type);
      y.backward(g);
      expected.backward(g);
      EXPECT_LT(relativeError(x.grad(), same.grad()), tolerance);
    }
  }
}

TEST_P(PackedLinear, GradientByFiniteDifferences) {
  const auto packed = packedOf(randomTensor({6, 64}, 5, at::kFloat), GetParam(), false);
  at::Tensor x = randomTensor({1, 3, 64}, 6, at::kFloat).requires_grad_();
  const at::Tensor weights = randomTensor({1, 3, 6}, 7, at::kFloat);
  auto value = [&](const at::Tensor& input) {
    return (projectPacked(input, packed, {}) * weights).sum().to(at::kDouble);
  };
  value(x).backward();
  const at::NoGradGuard noGradients;
  for (const std::int64_t place : {0, 50, 100, 191}) {
    at::Tensor step = at::zeros({192});
    step[place] = 0.5;  // the product is linear: a large step loses the least
    const at::Tensor direction = step.view({1, 3, 64});
    const double slope = (value(x + direction) - value(x - direction)).item<double>();
    EXPECT_NEAR(slope, x.grad().flatten()[place].item<double>(), 1e-4);
  }
}

TEST_P(PackedLinear, ARowDoesNotDependOnTheOthers) {
  const at::NoGradGuard noGradients;
  const auto packed = packedOf(randomTensor({37, 128}, 8, at::kBFloat16), GetParam(), true);
  const at::Tensor x = randomTensor({9, 1, 128}, 9, at::kBFloat16);
  const at::Tensor all = projectPacked(x, packed, {});
  for (std::int64_t row = 0; row < 9; ++row) {
    EXPECT_TRUE(at::equal(projectPacked(x.narrow(0, row, 1), packed, {}), all.narrow(0, row, 1)));
  }
  // And it is what the row kernels make of the unpacked matrix.
  EXPECT_TRUE(at::equal(project(x, unpackedTensor(*packed, at::kBFloat16), {}), all));
}

// Enough rows and columns that passes go in several stretches.
TEST_P(PackedLinear, StretchesFitTogether) {
  const auto packed = packedOf(randomTensor({3000, 2000}, 10, at::kFloat), GetParam(), true);
  const at::Tensor unpacked = unpackedTensor(*packed, at::kFloat);
  at::Tensor x = randomTensor({20, 2000}, 11, at::kFloat).requires_grad_();
  at::Tensor same = x.detach().clone().requires_grad_();
  const at::Tensor y = projectPacked(x, packed, {});
  const at::Tensor expected = at::linear(same, unpacked);
  EXPECT_LT(relativeError(y, expected), 1e-5);
  const at::Tensor g = randomTensor({20, 3000}, 12, at::kFloat);
  y.backward(g);
  expected.backward(g);
  EXPECT_LT(relativeError(x.grad(), same.grad()), 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Types, PackedLinear, testing::Values(PackedType::nf4, PackedType::fp4, PackedType::int8),
                         [](const auto& type) { return std::string(nameOf(type.param)); });

}  // namespace
}  // namespace cadrecode::model::network
