// The loops over packed numbers. All ways through them (AVX-512, plain) give equal bytes. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cadrecode::model::quantization {

// The index of the nearest code for every number times `factor`, clamped to [-1, 1]; the lower index on a tie, 0 for a
// NaN. `codes`: `codeCount` numbers, at most 256.
void nearestCodes(const float* values, std::size_t count, float factor, const float* codes, std::size_t codeCount,
                  std::uint8_t* indices);

// Unpacks `count` numbers that share a table of 16: number i is the upper half of byte i / 2 for even i, else the
// lower. bfloat16 output is the table's number rounded once.
void unpackBlock(const std::uint8_t* packed, std::size_t count, const float* table, float* out);
void unpackBlock(const std::uint8_t* packed, std::size_t count, const float* table, std::uint16_t* bfloat16);

// Whether unpackBlock uses AVX-512 here; tests switch it off to compare.
bool usesWideKernels();
void allowWideKernels(bool allow);

}  // namespace cadrecode::model::quantization
