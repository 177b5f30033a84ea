#include "model/network/row_kernels.hpp"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CADRECODE_WIDE_KERNELS
#include <immintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>

#include "core/kernel_clones.hpp"
#include "model/network/element_values.hpp"

namespace cadrecode::model::network {

namespace {

template <typename Element>
inline __attribute__((always_inline)) float dot(const Element* a, const Element* b, std::int64_t size) {
  float sums[lanes] = {};
  std::int64_t k = 0;
  for (; k + lanes <= size; k += lanes) {
    for (std::int64_t i = 0; i < lanes; ++i) sums[i] += toFloat(a[k + i]) * toFloat(b[k + i]);
  }
  for (std::int64_t i = 0; k < size; ++k, ++i) sums[i] += toFloat(a[k]) * toFloat(b[k]);
  return sumOf(sums);
}

template <typename Element, typename Output>
inline void store(const RowProduct<Element, Output>& p, std::int64_t row, std::int64_t column, float sum) {
  if (p.bias != nullptr) sum += toFloat(p.bias[column]);
  p.y[row * p.columns + column] = fromFloat<Output>(sum);
}

template <typename Element, typename Output>
inline __attribute__((always_inline)) void multiplyPortably(const RowProduct<Element, Output>& p,
                                                            std::int64_t firstColumn, std::int64_t endColumn) {
  for (std::int64_t column = firstColumn; column < endColumn; ++column) {
    const Element* w = p.w + column * p.inner;
    for (std::int64_t row = 0; row < p.rows; ++row) store(p, row, column, dot(p.x + row * p.inner, w, p.inner));
  }
}

#ifdef CADRECODE_WIDE_KERNELS

#define CADRECODE_BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))
#define CADRECODE_F32 __attribute__((target("avx512f,avx512bw,avx512vl")))
// An accumulator stays in a register only when every loop over accumulators is unrolled.
#define CADRECODE_UNROLL _Pragma("GCC unroll 8")

bool hasBFloat16Instructions() {
  static const bool has = __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw");
  return has;
}

bool hasWideFloats() {
  static const bool has = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
  return has;
}

// In the order of sumOf above.
CADRECODE_F32 inline float sumOf(__m512 sums) {
  alignas(64) float values[lanes];
  _mm512_store_ps(values, sums);
  const __m256 eight = _mm256_add_ps(_mm256_load_ps(values), _mm256_load_ps(values + 8));
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

// Weights come from memory, too slowly for a processor that waits for each line: every tile of some columns asks for
// its share of the next columns' weights while it computes.
template <int tileRows, int tileColumns, typename Product>
struct WeightsAhead {
  static constexpr bool used = tileColumns > 1;  // single columns are the last ones
  const char* at;
  std::int64_t columnBytes;
  std::int64_t stride;

  WeightsAhead(const Product& p, std::int64_t row, std::int64_t column)
      : columnBytes(p.inner * static_cast<std::int64_t>(sizeof(*p.w))), stride(64 * tileRows / p.rows) {
    // May lie behind the end of the weights, where asking does nothing; so no arithmetic of the array's own pointers.
    const auto first = reinterpret_cast<std::uintptr_t>(p.w) +
                       static_cast<std::uintptr_t>((column + tileColumns) * columnBytes + row * columnBytes / p.rows);
    at = reinterpret_cast<const char*>(first);
  }
  // Once for each 64 bytes of a column that the tile reads.
  void step() {
    if constexpr (used) {
      CADRECODE_UNROLL for (int c = 0; c < tileColumns; ++c) _mm_prefetch(at + c * columnBytes, _MM_HINT_T0);
      at += stride;
    }
  }
};

// A tile of rows x columns: one accumulator an output element, the inner dimension front to back. The order of a sum is
// the same in every tile shape; larger tiles read weights less often, and 6 x 4 still fits the registers.
template <int tileRows, int tileColumns, typename Output>
CADRECODE_BF16 inline void multiplyTile(const RowProduct<BFloat16, Output>& p, std::int64_t row, std::int64_t column) {
  constexpr std::int64_t step = 32;
  __m512 sums[tileRows][tileColumns] = {};
  WeightsAhead<tileRows, tileColumns, RowProduct<BFloat16, Output>> ahead(p, row, column);
  auto advance = [&](std::int64_t k, __mmask32 mask) CADRECODE_BF16 {
    ahead.step();
    __m512bh w[tileColumns];
    CADRECODE_UNROLL for (int c = 0; c < tileColumns; ++c) {
      w[c] = reinterpret_cast<__m512bh>(_mm512_maskz_loadu_epi16(mask, p.w + (column + c) * p.inner + k));
    }
    CADRECODE_UNROLL for (int r = 0; r < tileRows; ++r) {
      const auto x = reinterpret_cast<__m512bh>(_mm512_maskz_loadu_epi16(mask, p.x + (row + r) * p.inner + k));
      CADRECODE_UNROLL for (int c = 0; c < tileColumns; ++c) sums[r][c] = _mm512_dpbf16_ps(sums[r][c], w[c], x);
    }
  };
  std::int64_t k = 0;
  for (; k + step <= p.inner; k += step) advance(k, ~__mmask32{0});
  if (k < p.inner) advance(k, static_cast<__mmask32>((std::uint64_t{1} << (p.inner - k)) - 1));
  CADRECODE_UNROLL for (int r = 0; r < tileRows; ++r) {
    CADRECODE_UNROLL for (int c = 0; c < tileColumns; ++c) store(p, row + r, column + c, sumOf(sums[r][c]));
  }
}

template <int tileRows, int tileColumns, typename Output>
CADRECODE_F32 inline void multiplyTile(const RowProduct<float, Output>& p, std::int64_t row, std::int64_t column) {
  __m512 sums[tileRows][tileColumns] = {};
  WeightsAhead<tileRows, tileColumns, RowProduct<float, Output>> ahead(p, row, column);
  auto advance = [&](std::int64_t k, __mmask16 mask) CADRECODE_F32 {
    ahead.step();
    __m512 w[tileColumns];
    CADRECODE_UNROLL for (int c = 0; c < tileColumns; ++c) {
      w[c] = _mm512_maskz_loadu_ps(mask, p.w + (column + c) * p.inner + k);
    }
    CADRECODE_UNROLL for (int r = 0; r < tileRows; ++r) {
      const __m512 x = _mm512_maskz_loadu_ps(mask, p.x + (row + r) * p.inner + k);
      CADRECODE_UNROLL for (int c = 0; c < tileColumns; ++c) sums[r][c] = _mm512_fmadd_ps(w[c], x, sums[r][c]);
    }
  };
  std::int64_t k = 0;
  for (; k + lanes <= p.inner; k += lanes) advance(k, 0xFFFF);
  if (k < p.inner) advance(k, static_cast<__mmask16>((1 << (p.inner - k)) - 1));
  CADRECODE_UNROLL for (int r = 0; r < tileRows; ++r) {
    CADRECODE_UNROLL for (int c = 0; c < tileColumns; ++c) store(p, row + r, column + c, sumOf(sums[r][c]));
  }
}

template <int tileColumns, typename Product>
inline __attribute__((always_inline)) void multiplyColumns(const Product& p, std::int64_t column) {
  std::int64_t row = 0;
  for (; row + 6 <= p.rows; row += 6) multiplyTile<6, tileColumns>(p, row, column);
  for (; row + 4 <= p.rows; row += 4) multiplyTile<4, tileColumns>(p, row, column);
  for (; row + 2 <= p.rows; row += 2) multiplyTile<2, tileColumns>(p, row, column);
  for (; row < p.rows; ++row) multiplyTile<1, tileColumns>(p, row, column);
}

template <typename Product>
void multiplyInTiles(const Product& p, std::int64_t firstColumn, std::int64_t endColumn) {
  std::int64_t column = firstColumn;
  for (; column + 4 <= endColumn; column += 4) multiplyColumns<4>(p, column);
  for (; column < endColumn; ++column) multiplyColumns<1>(p, column);
}

#endif

CADRECODE_CLONES void multiplyFloats(const RowProduct<float, float>& p, std::int64_t first, std::int64_t end) {
  multiplyPortably(p, first, end);
}
CADRECODE_CLONES void multiplyHalves(const RowProduct<BFloat16, BFloat16>& p, std::int64_t first, std::int64_t end) {
  multiplyPortably(p, first, end);
}
CADRECODE_CLONES void multiplyHalvesToFloats(const RowProduct<BFloat16, float>& p, std::int64_t first,
                                             std::int64_t end) {
  multiplyPortably(p, first, end);
}

template <typename Element>
inline __attribute__((always_inline)) void normalizeAny(const Element* x, const Element* weight, Element* y,
                                                        std::int64_t size, float epsilon) {
  const float meanSquare = dot(x, x, size) / static_cast<float>(size);
  const float factor = 1.0F / std::sqrt(meanSquare + epsilon);
  for (std::int64_t i = 0; i < size; ++i) {
    const Element scaled = fromFloat<Element>(toFloat(x[i]) * factor);
    y[i] = fromFloat<Element>(toFloat(weight[i]) * toFloat(scaled));
  }
}

template <typename Element>
inline __attribute__((always_inline)) void gateAny(const Element* gate, const Element* up, Element* y,
                                                   std::int64_t size) {
  for (std::int64_t i = 0; i < size; ++i) {
    const float value = toFloat(gate[i]);
    const Element active = fromFloat<Element>(value / (1.0F + std::exp(-value)));
    y[i] = fromFloat<Element>(toFloat(active) * toFloat(up[i]));
  }
}

// Values of positions weighted by `weights`, some queries at a time, so that a value is read and widened once for all.
template <int queries, typename Element>
inline __attribute__((always_inline)) void mixValues(const CachedAttention<Element>& a, std::int64_t first,
                                                     const float* totals) {
  constexpr std::int64_t chunk = 64;
  for (std::int64_t begin = 0; begin < a.size; begin += chunk) {
    const std::int64_t count = std::min(chunk, a.size - begin);
    float sums[queries][chunk] = {};
    for (std::int64_t t = 0; t < a.length; ++t) {
      const Element* values = a.values + t * a.size + begin;
      float wide[chunk] = {};
      if (count == chunk) {
        for (std::int64_t i = 0; i < chunk; ++i) wide[i] = toFloat(values[i]);
      } else {
        for (std::int64_t i = 0; i < count; ++i) wide[i] = toFloat(values[i]);
      }
      for (int g = 0; g < queries; ++g) {
        const float weight = a.scores[(first + g) * a.length + t];
        for (std::int64_t i = 0; i < chunk; ++i) sums[g][i] += weight * wide[i];
      }
    }
    for (int g = 0; g < queries; ++g) {
      Element* out = a.out + (first + g) * a.size + begin;
      for (std::int64_t i = 0; i < count; ++i) out[i] = fromFloat<Element>(sums[g][i] / totals[g]);
    }
  }
}

// From products of queries and keys in `scores` on.
template <typename Element>
inline __attribute__((always_inline)) void attendScored(const CachedAttention<Element>& a) {
  constexpr std::int64_t together = 3;
  for (std::int64_t first = 0; first < a.queries; first += together) {
    const std::int64_t count = std::min(together, a.queries - first);
    float totals[together] = {};
    for (std::int64_t g = 0; g < count; ++g) {
      float* scores = a.scores + (first + g) * a.length;
      float greatest = -INFINITY;
      for (std::int64_t t = 0; t < a.length; ++t) {
        scores[t] *= a.scale;
        greatest = std::max(greatest, scores[t]);
      }
      for (std::int64_t t = 0; t < a.length; ++t) {
        scores[t] = std::exp(scores[t] - greatest);
        totals[g] += scores[t];
      }
    }
    if (count == together) {
      mixValues<together>(a, first, totals);
    } else {
      for (std::int64_t g = 0; g < count; ++g) mixValues<1>(a, first + g, totals + g);
    }
  }
}

CADRECODE_CLONES void attendFloats(const CachedAttention<float>& attention) { attendScored(attention); }
CADRECODE_CLONES void attendHalves(const CachedAttention<BFloat16>& attention) { attendScored(attention); }

}  // namespace

void multiply(const RowProduct<float, float>& p, std::int64_t firstColumn, std::int64_t endColumn) {
#ifdef CADRECODE_WIDE_KERNELS
  if (hasWideFloats()) return multiplyInTiles(p, firstColumn, endColumn);
#endif
  multiplyFloats(p, firstColumn, endColumn);
}

void multiply(const RowProduct<BFloat16, BFloat16>& p, std::int64_t firstColumn, std::int64_t endColumn) {
#ifdef CADRECODE_WIDE_KERNELS
  if (hasBFloat16Instructions()) return multiplyInTiles(p, firstColumn, endColumn);
#endif
  multiplyHalves(p, firstColumn, endColumn);
}

void multiply(const RowProduct<BFloat16, float>& p, std::int64_t firstColumn, std::int64_t endColumn) {
#ifdef CADRECODE_WIDE_KERNELS
  if (hasBFloat16Instructions()) return multiplyInTiles(p, firstColumn, endColumn);
#endif
  multiplyHalvesToFloats(p, firstColumn, endColumn);
}

CADRECODE_CLONES void normalizeRow(const float* x, const float* weight, float* y, std::int64_t size, float epsilon) {
  normalizeAny(x, weight, y, size, epsilon);
}
CADRECODE_CLONES void normalizeRow(const BFloat16* x, const BFloat16* weight, BFloat16* y, std::int64_t size,
                                   float epsilon) {
  normalizeAny(x, weight, y, size, epsilon);
}

CADRECODE_CLONES void gateRow(const float* gate, const float* up, float* y, std::int64_t size) {
  gateAny(gate, up, y, size);
}
CADRECODE_CLONES void gateRow(const BFloat16* gate, const BFloat16* up, BFloat16* y, std::int64_t size) {
  gateAny(gate, up, y, size);
}

void attend(const CachedAttention<float>& a) {
  multiply(RowProduct<float, float>{a.q, a.keys, nullptr, a.scores, a.queries, a.size, a.length}, 0, a.length);
  attendFloats(a);
}
void attend(const CachedAttention<BFloat16>& a) {
  multiply(RowProduct<BFloat16, float>{a.q, a.keys, nullptr, a.scores, a.queries, a.size, a.length}, 0, a.length);
  attendHalves(a);
}

}  // namespace cadrecode::model::network
