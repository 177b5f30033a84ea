#include "train/adam_kernels.hpp"

#include <cmath>

#include "core/kernel_clones.hpp"

namespace cadrecode::train {

CADRECODE_CLONES
void updateAdam(float* __restrict weight, float* __restrict gradient, float* __restrict mean, float* __restrict square,
                std::int64_t size, const AdamStep& step) {
  const AdamStep s = step;
  for (std::int64_t i = 0; i < size; ++i) {
    const float g = gradient[i] * s.gradientScale;
    const float m = mean[i] + (1.0F - s.beta1) * (g - mean[i]);
    const float v = s.beta2 * square[i] + (1.0F - s.beta2) * g * g;
    mean[i] = m;
    square[i] = v;
    weight[i] = weight[i] * s.keep - s.stepSize * m / (std::sqrt(v) * s.inverseRootCorrection + s.epsilon);
    gradient[i] = 0.0F;
  }
}

CADRECODE_CLONES
double sumOfSquares(const float* values, std::int64_t size) {
  constexpr std::int64_t lanes = 8;
  double sums[lanes] = {};
  std::int64_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    for (std::int64_t lane = 0; lane < lanes; ++lane) {
      sums[lane] += static_cast<double>(values[i + lane]) * static_cast<double>(values[i + lane]);
    }
  }
  for (std::int64_t lane = 0; i < size; ++i, ++lane) {
    sums[lane] += static_cast<double>(values[i]) * static_cast<double>(values[i]);
  }
  double sum = 0;
  for (const double part : sums) sum += part;
  return sum;
}

}  // namespace cadrecode::train
