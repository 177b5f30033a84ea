#include "model/network/training_kernels.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

#include "core/kernel_clones.hpp"
#include "model/network/element_values.hpp"

namespace cadrecode::model::network {

namespace {

// e^x to about 1e-7 for x in [-87, 88], in operations that vectorise (Cody and Waite's reduction, Taylor's series).
CADRECODE_INLINE float expOf(float x) {
  x = std::min(std::max(x, -87.0F), 88.0F);
  constexpr float shift = 12582912.0F;  // 1.5 * 2^23: its sum with a small number has that number's integer below
  const float shifted = x * 1.44269504F + shift;
  const float n = shifted - shift;
  const float r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
  float p = 1.0F / 720;
  p = p * r + 1.0F / 120;
  p = p * r + 1.0F / 24;
  p = p * r + 1.0F / 6;
  p = p * r + 0.5F;
  p = p * r + 1.0F;
  p = p * r + 1.0F;
  const std::uint32_t exponent = std::bit_cast<std::uint32_t>(shifted) - std::bit_cast<std::uint32_t>(shift);
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(p) + (exponent << 23));
}

template <typename Element>
CADRECODE_INLINE void softmaxRow(Element* row, std::int64_t count, std::int64_t positions, float scale) {
  float greatest[lanes];
  for (float& value : greatest) value = -INFINITY;
  std::int64_t k = 0;
  for (; k + lanes <= count; k += lanes) {
    for (std::int64_t i = 0; i < lanes; ++i) greatest[i] = std::max(greatest[i], toFloat(row[k + i]));
  }
  float top = -INFINITY;
  for (; k < count; ++k) top = std::max(top, toFloat(row[k]));
  for (const float value : greatest) top = std::max(top, value);
  constexpr std::int64_t most = 1 << 12;
  float values[most];  // rows longer than this are computed twice
  float sums[lanes] = {};
  const std::int64_t kept = std::min(count, most);
  for (k = 0; k + lanes <= kept; k += lanes) {
    for (std::int64_t i = 0; i < lanes; ++i) {
      values[k + i] = expOf(scale * (toFloat(row[k + i]) - top));
      sums[i] += values[k + i];
    }
  }
  float sum = 0;
  for (; k < kept; ++k) sum += values[k] = expOf(scale * (toFloat(row[k]) - top));
  for (; k < count; ++k) sum += expOf(scale * (toFloat(row[k]) - top));
  const float inverse = 1.0F / (sum + sumOf(sums));
  for (k = kept; k < count; ++k) row[k] = fromFloat<Element>(expOf(scale * (toFloat(row[k]) - top)) * inverse);
  for (k = 0; k < kept; ++k) row[k] = fromFloat<Element>(values[k] * inverse);
  for (k = count; k < positions; ++k) row[k] = fromFloat<Element>(0.0F);
}

template <typename Element>
CADRECODE_INLINE void softmaxRowBackward(const Element* w, const Element* g, Element* out, std::int64_t count,
                                         std::int64_t positions, float scale) {
  float sums[lanes] = {};
  std::int64_t k = 0;
  for (; k + lanes <= count; k += lanes) {
    for (std::int64_t i = 0; i < lanes; ++i) sums[i] += toFloat(w[k + i]) * toFloat(g[k + i]);
  }
  float sum = 0;
  for (; k < count; ++k) sum += toFloat(w[k]) * toFloat(g[k]);
  sum += sumOf(sums);
  for (k = 0; k < count; ++k) out[k] = fromFloat<Element>(scale * toFloat(w[k]) * (toFloat(g[k]) - sum));
  for (; k < positions; ++k) out[k] = fromFloat<Element>(0.0F);
}

template <typename Element>
CADRECODE_INLINE void normRow(const Element* x, const Element* weight, Element* y, float* inverseOut, std::int64_t size,
                              float epsilon) {
  float sums[lanes] = {};
  std::int64_t k = 0;
  for (; k + lanes <= size; k += lanes) {
    for (std::int64_t i = 0; i < lanes; ++i) sums[i] += toFloat(x[k + i]) * toFloat(x[k + i]);
  }
  float sum = 0;
  for (; k < size; ++k) sum += toFloat(x[k]) * toFloat(x[k]);
  const float inverse = 1.0F / std::sqrt((sum + sumOf(sums)) / static_cast<float>(size) + epsilon);
  for (k = 0; k < size; ++k) {
    const float scaled = toFloat(fromFloat<Element>(toFloat(x[k]) * inverse));
    y[k] = fromFloat<Element>(toFloat(weight[k]) * scaled);
  }
  *inverseOut = inverse;
}

template <typename Element>
CADRECODE_INLINE void normRowBackward(const Element* x, const Element* weight, float inverse, const Element* g,
                                      Element* gx, float* gw, std::int64_t size) {
  float sums[lanes] = {};
  std::int64_t k = 0;
  for (; k + lanes <= size; k += lanes) {
    for (std::int64_t i = 0; i < lanes; ++i) {
      sums[i] += toFloat(weight[k + i]) * toFloat(g[k + i]) * toFloat(x[k + i]);
    }
  }
  float sum = 0;
  for (; k < size; ++k) sum += toFloat(weight[k]) * toFloat(g[k]) * toFloat(x[k]);
  const float along = (sum + sumOf(sums)) * inverse * inverse * inverse / static_cast<float>(size);
  for (k = 0; k < size; ++k) {
    const float value = toFloat(x[k]);
    const float gradient = toFloat(g[k]);
    gx[k] = fromFloat<Element>(inverse * toFloat(weight[k]) * gradient - along * value);
    gw[k] += gradient * value * inverse;
  }
}

template <typename Element>
CADRECODE_INLINE void gateAll(const Element* gate, const Element* up, Element* y, std::int64_t size) {
  for (std::int64_t i = 0; i < size; ++i) {
    const float x = toFloat(gate[i]);
    y[i] = fromFloat<Element>(x / (1.0F + expOf(-x)) * toFloat(up[i]));
  }
}

template <typename Element>
CADRECODE_INLINE void gateAllBackward(const Element* gate, const Element* up, const Element* g, Element* gGate,
                                      Element* gUp, std::int64_t size) {
  for (std::int64_t i = 0; i < size; ++i) {
    const float x = toFloat(gate[i]);
    const float gradient = toFloat(g[i]);
    const float sigmoid = 1.0F / (1.0F + expOf(-x));
    gGate[i] = fromFloat<Element>(gradient * toFloat(up[i]) * sigmoid * (1.0F + x * (1.0F - sigmoid)));
    gUp[i] = fromFloat<Element>(gradient * x * sigmoid);
  }
}

template <typename Element>
CADRECODE_INLINE void rotateHead(const Element* __restrict x, const Element* __restrict cosines,
                                 const Element* __restrict sines, Element* __restrict y, std::int64_t half,
                                 float sign) {
  for (std::int64_t i = 0; i < half; ++i) {
    const float a = toFloat(x[i]);
    const float b = toFloat(x[i + half]);
    const float c = toFloat(cosines[i]);
    const float s = sign * toFloat(sines[i]);
    y[i] = fromFloat<Element>(a * c - b * s);
    y[i + half] = fromFloat<Element>(b * c + a * s);
  }
}

}  // namespace

// target_clones takes no templates, so every kernel is named once for each element type.
#define CADRECODE_KERNELS(Element)                                                                                     \
  CADRECODE_CLONES static void softmaxRows(Element* scores, std::int64_t firstRow, std::int64_t endRow,                \
                                           std::int64_t positions, float scale) {                                      \
    for (std::int64_t row = firstRow; row < endRow; ++row) {                                                           \
      softmaxRow(scores + row * positions, row % positions + 1, positions, scale);                                     \
    }                                                                                                                  \
  }                                                                                                                    \
  CADRECODE_CLONES static void softmaxRowsBackward(const Element* w, const Element* g, Element* out,                   \
                                                   std::int64_t firstRow, std::int64_t endRow, std::int64_t positions, \
                                                   float scale) {                                                      \
    for (std::int64_t row = firstRow; row < endRow; ++row) {                                                           \
      const std::int64_t at = row * positions;                                                                         \
      softmaxRowBackward(w + at, g + at, out + at, row % positions + 1, positions, scale);                             \
    }                                                                                                                  \
  }                                                                                                                    \
  CADRECODE_CLONES static void normRows(const Element* x, const Element* weight, Element* y, float* inverses,          \
                                        std::int64_t rows, std::int64_t size, float epsilon) {                         \
    for (std::int64_t r = 0; r < rows; ++r) normRow(x + r * size, weight, y + r * size, inverses + r, size, epsilon);  \
  }                                                                                                                    \
  CADRECODE_CLONES static void normRowsBackward(const Element* x, const Element* weight, const float* inverses,        \
                                                const Element* g, Element* gx, float* gw, std::int64_t rows,           \
                                                std::int64_t size) {                                                   \
    for (std::int64_t r = 0; r < rows; ++r) {                                                                          \
      normRowBackward(x + r * size, weight, inverses[r], g + r * size, gx + r * size, gw, size);                       \
    }                                                                                                                  \
  }                                                                                                                    \
  CADRECODE_CLONES static void gateRange(const Element* gate, const Element* up, Element* y, std::int64_t size) {      \
    gateAll(gate, up, y, size);                                                                                        \
  }                                                                                                                    \
  CADRECODE_CLONES static void gateRangeBackward(const Element* gate, const Element* up, const Element* g,             \
                                                 Element* gGate, Element* gUp, std::int64_t size) {                    \
    gateAllBackward(gate, up, g, gGate, gUp, size);                                                                    \
  }                                                                                                                    \
  CADRECODE_CLONES static void rotateRange(const Element* x, const Element* cosines, const Element* sines, Element* y, \
                                           std::int64_t firstRow, std::int64_t endRow, std::int64_t positions,         \
                                           std::int64_t heads, std::int64_t size, float sign) {                        \
    for (std::int64_t row = firstRow; row < endRow; ++row) {                                                           \
      const std::int64_t angle = row % positions * size;                                                               \
      for (std::int64_t head = row * heads; head < (row + 1) * heads; ++head) {                                        \
        rotateHead(x + head * size, cosines + angle, sines + angle, y + head * size, size / 2, sign);                  \
      }                                                                                                                \
    }                                                                                                                  \
  }                                                                                                                    \
  template <>                                                                                                          \
  void causalSoftmax(Element* scores, std::int64_t firstRow, std::int64_t endRow, std::int64_t positions,              \
                     float scale) {                                                                                    \
    softmaxRows(scores, firstRow, endRow, positions, scale);                                                           \
  }                                                                                                                    \
  template <>                                                                                                          \
  void causalSoftmaxBackward(const Element* w, const Element* g, Element* out, std::int64_t firstRow,                  \
                             std::int64_t endRow, std::int64_t positions, float scale) {                               \
    softmaxRowsBackward(w, g, out, firstRow, endRow, positions, scale);                                                \
  }                                                                                                                    \
  template <>                                                                                                          \
  void normalizeRows(const Element* x, const Element* weight, Element* y, float* inverses, std::int64_t rows,          \
                     std::int64_t size, float epsilon) {                                                               \
    normRows(x, weight, y, inverses, rows, size, epsilon);                                                             \
  }                                                                                                                    \
  template <>                                                                                                          \
  void normalizeRowsBackward(const Element* x, const Element* weight, const float* inverses, const Element* g,         \
                             Element* gx, float* gw, std::int64_t rows, std::int64_t size) {                           \
    normRowsBackward(x, weight, inverses, g, gx, gw, rows, size);                                                      \
  }                                                                                                                    \
  template <>                                                                                                          \
  void gateForward(const Element* gate, const Element* up, Element* y, std::int64_t size) {                            \
    gateRange(gate, up, y, size);                                                                                      \
  }                                                                                                                    \
  template <>                                                                                                          \
  void gateBackward(const Element* gate, const Element* up, const Element* g, Element* gGate, Element* gUp,            \
                    std::int64_t size) {                                                                               \
    gateRangeBackward(gate, up, g, gGate, gUp, size);                                                                  \
  }                                                                                                                    \
  template <>                                                                                                          \
  void rotateRows(const Element* x, const Element* cosines, const Element* sines, Element* y, std::int64_t firstRow,   \
                  std::int64_t endRow, std::int64_t positions, std::int64_t heads, std::int64_t size, float sign) {    \
    rotateRange(x, cosines, sines, y, firstRow, endRow, positions, heads, size, sign);                                 \
  }

CADRECODE_KERNELS(float)
CADRECODE_KERNELS(BFloat16)

}  // namespace cadrecode::model::network
