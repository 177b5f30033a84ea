// The arithmetic of merging one pair of low-rank matrices into a weight. Pure functions on raw arrays (row-major).
#pragma once

#include <cstdint>

namespace cadrecode::model::adapter {

// row[j] += scale * sum over k of up[k] * down[k][j] for one output row; up: `rank` numbers, down: rank x columns,
// `scratch`: `columns` floats. Summed in float32 in the order of k.
void addLowRankRow(float* row, const float* up, const float* down, std::int64_t rank, std::int64_t columns, float scale,
                   float* scratch);

}  // namespace cadrecode::model::adapter
