#include "model/network/packed_linear.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "model/network/row_kernels.hpp"

namespace cadrecode::model::network {

namespace {

using quantization::PackedWeight;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t tileNumbers = std::int64_t{1} << 22;  // unpacked at once in passes over many rows
constexpr std::int64_t fewRows = 16;                         // up to here the row kernels multiply

// Rows [firstRow, firstRow + rows) and columns [firstColumn, firstColumn + columns), the latter even.
at::Tensor tileOf(const PackedWeight& weight, std::int64_t firstRow, std::int64_t rows, std::int64_t firstColumn,
                  std::int64_t columns, at::ScalarType type) {
  at::Tensor tile = at::empty({rows, columns}, at::TensorOptions().dtype(type));
  const std::int64_t width = weight.shape[1];
  at::parallel_for(0, rows, std::max<std::int64_t>(1, (1 << 15) / columns), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const auto first = static_cast<std::size_t>((firstRow + row) * width + firstColumn);
      const auto count = static_cast<std::size_t>(columns);
      if (type == at::kFloat) {
        weight.unpack(first, count, static_cast<float*>(tile.data_ptr()) + row * columns);
      } else {
        weight.unpack(first, count, static_cast<std::uint16_t*>(tile.data_ptr()) + row * columns);
      }
    }
  });
  return tile;
}

// x times the transpose, x: m x columns. Every tile is a stretch of the result's columns.
at::Tensor multiplyForward(const at::Tensor& x, const PackedWeight& weight) {
  const std::int64_t rows = weight.shape[0];
  const std::int64_t columns = weight.shape[1];
  const std::int64_t step = std::clamp<std::int64_t>(tileNumbers / columns, 1, rows);
  auto part = [&](std::int64_t first, std::int64_t count) {
    return at::mm(x, tileOf(weight, first, count, 0, columns, x.scalar_type()).to(x.device()).t());
  };
  if (step == rows) return part(0, rows);
  at::Tensor result = at::empty({x.size(0), rows}, x.options());
  for (std::int64_t first = 0; first < rows; first += step) {
    const std::int64_t count = std::min(step, rows - first);
    result.narrow(1, first, count).copy_(part(first, count));
  }
  return result;
}

// g times the matrix, g: m x rows. Tiles are stretches of columns, so that no sum is cut in pieces.
at::Tensor multiplyBackward(const at::Tensor& g, const PackedWeight& weight) {
  const std::int64_t rows = weight.shape[0];
  const std::int64_t columns = weight.shape[1];
  constexpr std::int64_t multiple = quantization::blockSize;
  const std::int64_t step = std::max(multiple, tileNumbers / rows / multiple * multiple);
  auto part = [&](std::int64_t first, std::int64_t count) {
    return at::mm(g, tileOf(weight, 0, rows, first, count, g.scalar_type()).to(g.device()));
  };
  if (step >= columns) return part(0, columns);
  at::Tensor result = at::empty({g.size(0), columns}, g.options());
  for (std::int64_t first = 0; first < columns; first += step) {
    const std::int64_t count = std::min(step, columns - first);
    result.narrow(1, first, count).copy_(part(first, count));
  }
  return result;
}

struct Holder : torch::CustomClassHolder {
  explicit Holder(PackedPointer held) : weight(std::move(held)) {}
  PackedPointer weight;
};

struct PackedProduct : torch::autograd::Function<PackedProduct> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const PackedPointer& weight) {
    context->saved_data["weight"] = c10::IValue::make_capsule(c10::make_intrusive<Holder>(weight));
    return multiplyForward(x, *weight);
  }
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto holder = context->saved_data["weight"].toCapsule();
    return {multiplyBackward(gradients[0], *static_cast<Holder&>(*holder).weight), at::Tensor()};
  }
};

// For decoding: a stretch of the matrix small enough for the cache meets all rows at once. A row's result does not
// depend on how many there are.
template <typename Element>
at::Tensor multiplyFewRows(const at::Tensor& x, const PackedWeight& weight) {
  const std::int64_t rows = weight.shape[0];
  const std::int64_t columns = weight.shape[1];
  constexpr std::int64_t tile = 16;
  at::Tensor result = at::empty({x.size(0), rows}, x.options());
  at::parallel_for(0, (rows + tile - 1) / tile, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<Element> buffer(static_cast<std::size_t>(tile * columns));
    for (std::int64_t index = begin; index < end; ++index) {
      const std::int64_t first = index * tile;
      const std::int64_t count = std::min(tile, rows - first);
      const auto place = static_cast<std::size_t>(first * columns);
      const auto numbers = static_cast<std::size_t>(count * columns);
      if constexpr (std::is_same_v<Element, float>) {
        weight.unpack(place, numbers, buffer.data());
      } else {
        weight.unpack(place, numbers, reinterpret_cast<std::uint16_t*>(buffer.data()));
      }
      const RowProduct<Element, Element> product{static_cast<const Element*>(x.data_ptr()),
                                                 buffer.data(),
                                                 nullptr,
                                                 static_cast<Element*>(result.data_ptr()) + first,
                                                 x.size(0),
                                                 columns,
                                                 rows};
      multiply(product, 0, count);
    }
  });
  return result;
}

}  // namespace

at::Tensor unpackedTensor(const PackedWeight& weight, at::ScalarType type) {
  return tileOf(weight, 0, weight.shape[0], 0, weight.shape[1], type);
}

at::Tensor projectPacked(const at::Tensor& x, const PackedPointer& weight, const at::Tensor& bias) {
  if (x.scalar_type() != at::kFloat && x.scalar_type() != at::kBFloat16) {
    throwValueError("a packed matrix multiplies float32 and bfloat16 only");
  }
  if (weight->shape[1] % 2 != 0) throwValueError("a packed matrix needs an even number of columns");
  const at::Tensor rows = x.reshape({-1, weight->shape[1]}).contiguous();
  at::Tensor result;
  if (!at::GradMode::is_enabled() && rows.size(0) <= fewRows && x.device().is_cpu()) {
    result = x.scalar_type() == at::kFloat ? multiplyFewRows<float>(rows, *weight)
                                           : multiplyFewRows<BFloat16>(rows, *weight);
  } else {
    result = PackedProduct::apply(rows, weight);
  }
  std::vector<std::int64_t> sizes = x.sizes().vec();
  sizes.back() = weight->shape[0];
  result = result.view(sizes);
  return bias.defined() ? result + bias : result;
}

}  // namespace cadrecode::model::network
