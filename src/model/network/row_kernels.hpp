// Plain CPU kernels for decoding, where few rows meet all weights. Every output element is summed in one fixed order,
// so a row's result does not depend on how many rows are computed with it, nor on the number of threads. Pure functions
// on raw arrays (row-major, no aliasing of input and output); callers split ranges among threads.
#pragma once

#include <cstdint>

namespace cadrecode::model::network {

// The upper half of a float's bits.
struct BFloat16 {
  std::uint16_t bits;
};

// y[m][n] = sum over k of x[m][k] * w[n][k] (+ bias[n]) for n in [firstColumn, endColumn). x: rows x inner,
// w: columns x inner, y: rows x columns; `bias` may be null. Sums are float32.
template <typename Element, typename Output>
struct RowProduct {
  const Element* x;
  const Element* w;
  const Element* bias;
  Output* y;
  std::int64_t rows;
  std::int64_t inner;
  std::int64_t columns;
};
void multiply(const RowProduct<float, float>& product, std::int64_t firstColumn, std::int64_t endColumn);
void multiply(const RowProduct<BFloat16, BFloat16>& product, std::int64_t firstColumn, std::int64_t endColumn);
void multiply(const RowProduct<BFloat16, float>& product, std::int64_t firstColumn, std::int64_t endColumn);

// One row: y = x / sqrt(mean(x^2) + epsilon), rounded to the element type, times weight.
void normalizeRow(const float* x, const float* weight, float* y, std::int64_t size, float epsilon);
void normalizeRow(const BFloat16* x, const BFloat16* weight, BFloat16* y, std::int64_t size, float epsilon);

// y[i] = silu(gate[i]) * up[i]
void gateRow(const float* gate, const float* up, float* y, std::int64_t size);
void gateRow(const BFloat16* gate, const BFloat16* up, BFloat16* y, std::int64_t size);

// Attention of `queries` heads that share one head of keys and values, for one new position:
// out[g] = softmax(scale * q[g] . keys[0..length)) . values. q, out: queries x size; keys, values: length x size.
// `scores`: scratch of queries * length floats.
template <typename Element>
struct CachedAttention {
  const Element* q;
  const Element* keys;
  const Element* values;
  Element* out;
  float* scores;
  std::int64_t queries;
  std::int64_t size;
  std::int64_t length;
  float scale;
};
void attend(const CachedAttention<float>& attention);
void attend(const CachedAttention<BFloat16>& attention);

}  // namespace cadrecode::model::network
