#include "model/adapter/low_rank.hpp"

#include <algorithm>

#include "core/kernel_clones.hpp"

namespace cadrecode::model::adapter {

CADRECODE_CLONES void addLowRankRow(float* row, const float* up, const float* down, std::int64_t rank,
                                    std::int64_t columns, float scale, float* scratch) {
  std::fill(scratch, scratch + columns, 0.0F);
  for (std::int64_t k = 0; k < rank; ++k) {
    for (std::int64_t j = 0; j < columns; ++j) scratch[j] += up[k] * down[k * columns + j];
  }
  for (std::int64_t j = 0; j < columns; ++j) row[j] += scale * scratch[j];
}

}  // namespace cadrecode::model::adapter
