#include "model/network/layer_functions.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "model/network/row_kernels.hpp"
#include "model/network/training_functions.hpp"

namespace cadrecode::model::network {

namespace {

// Whether x is a batch of single positions that the row kernels take.
bool usesRowKernels(const at::Tensor& x) {
  return !at::GradMode::is_enabled() && x.dim() >= 3 && x.size(1) == 1 && x.device().is_cpu() &&
         (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
}

template <typename Element>
Element* dataOf(const at::Tensor& tensor) {
  return tensor.defined() ? static_cast<Element*>(tensor.data_ptr()) : nullptr;
}

template <typename Element, typename Output>
at::Tensor multiplyRows(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, at::ScalarType output) {
  const at::Tensor rows = x.contiguous();
  const std::int64_t columns = weight.size(0);
  at::Tensor result = at::empty({x.size(0), 1, columns}, x.options().dtype(output));
  const RowProduct<Element, Output> product{dataOf<Element>(rows),
                                            dataOf<Element>(weight),
                                            dataOf<Element>(bias),
                                            dataOf<Output>(result),
                                            x.size(0),
                                            x.size(2),
                                            columns};
  constexpr std::int64_t tile = 4;
  const std::int64_t tiles = (columns + tile - 1) / tile;
  const std::int64_t grain = std::max<std::int64_t>(1, (1 << 15) / (x.size(2) * tile));
  at::parallel_for(0, tiles, grain, [&](std::int64_t begin, std::int64_t end) {
    multiply(product, begin * tile, std::min(end * tile, columns));
  });
  return result;
}

template <typename Element>
at::Tensor normalizeRows(const at::Tensor& x, const at::Tensor& weight, double epsilon) {
  const at::Tensor rows = x.contiguous();
  at::Tensor result = at::empty_like(rows);
  const std::int64_t size = x.size(-1);
  for (std::int64_t row = 0; row < rows.numel() / size; ++row) {
    normalizeRow(dataOf<Element>(rows) + row * size, dataOf<Element>(weight), dataOf<Element>(result) + row * size,
                 size, static_cast<float>(epsilon));
  }
  return result;
}

template <typename Element>
at::Tensor gateRows(const at::Tensor& gate, const at::Tensor& up) {
  at::Tensor result = at::empty_like(gate);
  at::parallel_for(0, gate.numel(), 4096, [&](std::int64_t begin, std::int64_t end) {
    gateRow(dataOf<Element>(gate) + begin, dataOf<Element>(up) + begin, dataOf<Element>(result) + begin, end - begin);
  });
  return result;
}

template <typename Element>
at::Tensor attendRows(const at::Tensor& q, const KvCache& cache, std::size_t layer,
                      const std::vector<std::int64_t>& slots) {
  const at::Tensor queries = q.contiguous();
  const std::int64_t batch = q.size(0);
  const std::int64_t heads = q.size(2);
  const std::int64_t size = q.size(3);
  const std::int64_t keyHeads = cache.keys(layer).size(1);
  const std::int64_t group = heads / keyHeads;
  at::Tensor result = at::empty({batch, 1, heads * size}, q.options());
  at::parallel_for(0, batch * keyHeads, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> scores(static_cast<std::size_t>(group * cache.capacity()));
    for (std::int64_t item = begin; item < end; ++item) {
      const std::int64_t slot = slots[static_cast<std::size_t>(item / keyHeads)];
      const std::int64_t stored = (slot * keyHeads + item % keyHeads) * cache.capacity() * size;
      attend(CachedAttention<Element>{
          dataOf<Element>(queries) + item * group * size, dataOf<Element>(cache.keys(layer)) + stored,
          dataOf<Element>(cache.values(layer)) + stored, dataOf<Element>(result) + item * group * size, scores.data(),
          group, size, cache.length(slot) + 1, 1.0F / std::sqrt(static_cast<float>(size))});
    }
  });
  return result;
}

// Attention weights of scores (any shape, the last dimension over keys), masked where `allowed` is false.
at::Tensor softmaxWhere(const at::Tensor& scores, const at::Tensor& allowed, at::ScalarType type) {
  const at::Tensor masked = scores.masked_fill(at::logical_not(allowed), -std::numeric_limits<float>::infinity());
  return at::softmax(masked, -1, at::kFloat).to(type);
}

// batch x positions x heads x size as batch x key heads x (group * positions) x size: the heads that share
// keys become one matrix, so that keys are never repeated.
at::Tensor groupHeads(const at::Tensor& q, std::int64_t keyHeads) {
  const std::int64_t group = q.size(2) / keyHeads;
  return q.reshape({q.size(0), q.size(1), keyHeads, group, q.size(3)})
      .permute({0, 2, 3, 1, 4})
      .reshape({q.size(0), keyHeads, group * q.size(1), q.size(3)});
}

at::Tensor ungroupHeads(const at::Tensor& x, std::int64_t positions) {
  const std::int64_t group = x.size(2) / positions;
  return x.reshape({x.size(0), x.size(1), group, positions, x.size(3)})
      .permute({0, 3, 1, 2, 4})
      .reshape({x.size(0), positions, x.size(1) * group * x.size(3)});
}

}  // namespace

at::Tensor project(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  if (usesRowKernels(x) && weight.is_contiguous() && weight.scalar_type() == x.scalar_type()) {
    if (x.scalar_type() == at::kFloat) return multiplyRows<float, float>(x, weight, bias, at::kFloat);
    return multiplyRows<BFloat16, BFloat16>(x, weight, bias, at::kBFloat16);
  }
  return bias.defined() ? at::linear(x, weight, bias) : at::linear(x, weight);
}

at::Tensor projectToFloat(const at::Tensor& x, const at::Tensor& weight) {
  if (usesRowKernels(x) && weight.is_contiguous() && x.scalar_type() == at::kBFloat16) {
    return multiplyRows<BFloat16, float>(x, weight, {}, at::kFloat);
  }
  return project(x, weight, {}).to(at::kFloat);
}

at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double epsilon) {
  if (usesRowKernels(x) && weight.scalar_type() == x.scalar_type()) {
    return x.scalar_type() == at::kFloat ? normalizeRows<float>(x, weight, epsilon)
                                         : normalizeRows<BFloat16>(x, weight, epsilon);
  }
  if (canTrain({x, weight})) return trainingNorm(x, weight, epsilon);
  const at::Tensor wide = x.to(at::kFloat);
  const at::Tensor scaled = wide * at::rsqrt(wide.square().mean(-1, true) + epsilon);
  return weight * scaled.to(x.scalar_type());
}

at::Tensor gated(const at::Tensor& gate, const at::Tensor& up) {
  if (usesRowKernels(gate)) {
    return gate.scalar_type() == at::kFloat ? gateRows<float>(gate, up) : gateRows<BFloat16>(gate, up);
  }
  if (canTrain({gate, up})) return trainingGate(gate, up);
  return at::silu(gate) * up;
}

Rotation rotationFor(const std::vector<std::int64_t>& starts, std::int64_t positions, std::int64_t headSize,
                     double theta, const at::TensorOptions& options) {
  const auto batch = static_cast<std::int64_t>(starts.size());
  const at::Tensor cosine = at::empty({batch, positions, 1, headSize}, at::TensorOptions().dtype(at::kFloat));
  const at::Tensor sine = at::empty_like(cosine);
  const std::int64_t half = headSize / 2;
  std::vector<float> frequencies(static_cast<std::size_t>(half));
  for (std::int64_t i = 0; i < half; ++i) {
    const float exponent = static_cast<float>(2 * i) / static_cast<float>(headSize);
    frequencies[static_cast<std::size_t>(i)] = 1.0F / std::pow(static_cast<float>(theta), exponent);
  }
  for (std::int64_t row = 0; row < batch * positions; ++row) {
    const auto position = static_cast<float>(starts[static_cast<std::size_t>(row / positions)] + row % positions);
    float* cosines = dataOf<float>(cosine) + row * headSize;
    float* sines = dataOf<float>(sine) + row * headSize;
    for (std::int64_t i = 0; i < half; ++i) {
      const float angle = position * frequencies[static_cast<std::size_t>(i)];
      cosines[i] = cosines[i + half] = std::cos(angle);
      sines[i] = sines[i + half] = std::sin(angle);
    }
  }
  return {cosine.to(options), sine.to(options)};
}

at::Tensor rotate(const at::Tensor& x, const Rotation& rotation) {
  if (rotation.cosine.size(0) == 1 && canTrain({x, rotation.cosine, rotation.sine})) {
    return trainingRotation(x, rotation.cosine, rotation.sine);
  }
  const std::int64_t half = x.size(-1) / 2;
  const at::Tensor turned = at::cat({x.narrow(-1, half, half).neg(), x.narrow(-1, 0, half)}, -1);
  return x * rotation.cosine + turned * rotation.sine;
}

at::Tensor causalAttention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
  const std::int64_t positions = q.size(1);
  const std::int64_t keyHeads = k.size(2);
  const double scale = 1.0 / std::sqrt(static_cast<double>(q.size(3)));
  const at::Tensor products = at::matmul(groupHeads(q, keyHeads), k.permute({0, 2, 3, 1}));
  if (canTrain({products})) {
    return ungroupHeads(at::matmul(trainingSoftmax(products, scale), v.transpose(1, 2)), positions);
  }
  const at::Tensor scores = products * scale;
  const at::Tensor allowed = at::ones({positions, positions}, q.options().dtype(at::kBool)).tril();
  const at::Tensor perHead = scores.view({q.size(0), keyHeads, -1, positions, positions});
  const at::Tensor weights = softmaxWhere(perHead, allowed, q.scalar_type()).view(scores.sizes());
  return ungroupHeads(at::matmul(weights, v.transpose(1, 2)), positions);
}

at::Tensor cachedAttention(const at::Tensor& q, const KvCache& cache, std::size_t layer,
                           const std::vector<std::int64_t>& slots) {
  if (usesRowKernels(q)) {
    return q.scalar_type() == at::kFloat ? attendRows<float>(q, cache, layer, slots)
                                         : attendRows<BFloat16>(q, cache, layer, slots);
  }
  std::int64_t longest = 0;
  std::vector<std::int64_t> lengths;
  for (const std::int64_t slot : slots) {
    lengths.push_back(cache.length(slot) + 1);
    longest = std::max(longest, lengths.back());
  }
  const auto onDevice = at::TensorOptions().dtype(at::kLong).device(q.device());
  const at::Tensor rows = at::tensor(slots).to(onDevice);
  const at::Tensor keys = cache.keys(layer).narrow(2, 0, longest).index_select(0, rows);
  const at::Tensor values = cache.values(layer).narrow(2, 0, longest).index_select(0, rows);
  const at::Tensor allowed = at::arange(longest, onDevice).unsqueeze(0) < at::tensor(lengths).to(onDevice).unsqueeze(1);
  const double scale = 1.0 / std::sqrt(static_cast<double>(q.size(3)));
  const at::Tensor scores = at::matmul(groupHeads(q, keys.size(1)), keys.transpose(2, 3)) * scale;
  const at::Tensor weights = softmaxWhere(scores, allowed.view({-1, 1, 1, longest}), q.scalar_type());
  // What lies behind a sequence's end is memory nobody wrote: a NaN there would survive a weight of zero.
  const at::Tensor written = values.masked_fill(at::logical_not(allowed).view({-1, 1, longest, 1}), 0.0);
  return ungroupHeads(at::matmul(weights, written), 1);
}

}  // namespace cadrecode::model::network
