#include "model/quantization/block_kernels.hpp"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CADRECODE_WIDE_KERNELS
#include <immintrin.h>
#define CADRECODE_WIDE __attribute__((target("avx512f,avx512bw,avx512vl")))
#endif

#include <algorithm>
#include <atomic>
#include <cmath>

#include "core/kernel_clones.hpp"
#include "model/float_types.hpp"

namespace cadrecode::model::quantization {

namespace {

std::atomic<bool> wideAllowed{true};

bool hasWideInstructions() {
#ifdef CADRECODE_WIDE_KERNELS
  static const bool has =
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  return has;
#else
  return false;
#endif
}

std::size_t indexOf(const std::uint8_t* packed, std::size_t i) {
  return i % 2 == 0 ? static_cast<std::size_t>(packed[i / 2] >> 4) : static_cast<std::size_t>(packed[i / 2] & 0xF);
}

template <typename Element>
void unpackPlainly(const std::uint8_t* packed, std::size_t first, std::size_t count, const Element* table,
                   Element* out) {
  for (std::size_t i = first; i < count; ++i) out[i] = table[indexOf(packed, i)];
}

#ifdef CADRECODE_WIDE_KERNELS

// 64 indices of a byte each, in order, from 32 bytes.
CADRECODE_WIDE inline void spread(const std::uint8_t* packed, __m256i& first, __m256i& second) {
  const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(packed));
  const __m256i mask = _mm256_set1_epi8(0xF);
  const __m256i upper = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), mask);
  const __m256i lower = _mm256_and_si256(bytes, mask);
  const __m256i even = _mm256_unpacklo_epi8(upper, lower);  // bytes 0-7 and 16-23
  const __m256i odd = _mm256_unpackhi_epi8(upper, lower);   // bytes 8-15 and 24-31
  first = _mm256_permute2x128_si256(even, odd, 0x20);
  second = _mm256_permute2x128_si256(even, odd, 0x31);
}

// GCC 12 takes the plain forms of these instructions for uses of uninitialised values; the masks are all ones.
CADRECODE_WIDE inline __m512i look(__m256i indices, __m512i table) {
  return _mm512_maskz_permutexvar_epi16(~__mmask32{0}, _mm512_maskz_cvtepu8_epi16(~__mmask32{0}, indices), table);
}
CADRECODE_WIDE inline __m512 look(__m128i indices, __m512 table) {
  return _mm512_maskz_permutexvar_ps(0xFFFF, _mm512_maskz_cvtepu8_epi32(0xFFFF, indices), table);
}

CADRECODE_WIDE std::size_t unpackWide(const std::uint8_t* packed, std::size_t count, const std::uint16_t* table,
                                      std::uint16_t* out) {
  const __m256i half = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(table));
  const __m512i lookup = _mm512_maskz_broadcast_i64x4(0xFF, half);
  std::size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    __m256i first;
    __m256i second;
    spread(packed + i / 2, first, second);
    _mm512_storeu_si512(out + i, look(first, lookup));
    _mm512_storeu_si512(out + i + 32, look(second, lookup));
  }
  return i;
}

CADRECODE_WIDE std::size_t unpackWide(const std::uint8_t* packed, std::size_t count, const float* table, float* out) {
  const __m512 lookup = _mm512_loadu_ps(table);
  std::size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    __m256i halves[2];
    spread(packed + i / 2, halves[0], halves[1]);
    for (std::size_t part = 0; part < 4; ++part) {
      const __m256i half = halves[part / 2];
      const __m128i indices = part % 2 == 0 ? _mm256_castsi256_si128(half) : _mm256_extracti128_si256(half, 1);
      _mm512_storeu_ps(out + i + 16 * part, look(indices, lookup));
    }
  }
  return i;
}

#endif

template <typename Element>
void unpack(const std::uint8_t* packed, std::size_t count, const Element* table, Element* out) {
  std::size_t done = 0;
#ifdef CADRECODE_WIDE_KERNELS
  if (usesWideKernels()) done = unpackWide(packed, count, table, out);
#endif
  unpackPlainly(packed, done, count, table, out);
}

}  // namespace

bool usesWideKernels() { return hasWideInstructions() && wideAllowed.load(std::memory_order_relaxed); }
void allowWideKernels(bool allow) { wideAllowed = allow; }

CADRECODE_CLONES void nearestCodes(const float* values, std::size_t count, float factor, const float* codes,
                                   std::size_t codeCount, std::uint8_t* indices) {
  constexpr std::size_t chunk = 64;
  for (std::size_t begin = 0; begin < count; begin += chunk) {
    const std::size_t size = std::min(chunk, count - begin);
    float scaled[chunk] = {};
    float best[chunk];
    std::int32_t index[chunk] = {};
    for (std::size_t i = 0; i < size; ++i) scaled[i] = values[begin + i] * factor;
    for (std::size_t i = 0; i < chunk; ++i) {
      scaled[i] = scaled[i] > 1.0F ? 1.0F : scaled[i] < -1.0F ? -1.0F : scaled[i];
      best[i] = std::fabs(scaled[i] - codes[0]);
    }
    for (std::size_t code = 1; code < codeCount; ++code) {
      const auto number = static_cast<std::int32_t>(code);
      for (std::size_t i = 0; i < chunk; ++i) {
        const float distance = std::fabs(scaled[i] - codes[code]);
        index[i] = distance < best[i] ? number : index[i];
        best[i] = distance < best[i] ? distance : best[i];
      }
    }
    for (std::size_t i = 0; i < size; ++i) indices[begin + i] = static_cast<std::uint8_t>(index[i]);
  }
}

void unpackBlock(const std::uint8_t* packed, std::size_t count, const float* table, float* out) {
  unpack(packed, count, table, out);
}

void unpackBlock(const std::uint8_t* packed, std::size_t count, const float* table, std::uint16_t* bfloat16) {
  std::uint16_t rounded[16];
  for (std::size_t i = 0; i < 16; ++i) rounded[i] = toBFloat16(table[i]);
  unpack(packed, count, rounded, bfloat16);
}

}  // namespace cadrecode::model::quantization
