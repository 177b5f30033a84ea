#include "model/adapter/low_rank.hpp"

#include <algorithm>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CADRECODE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CADRECODE_CLONES
#endif

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
