// The arithmetic of one AdamW update and of a gradient's norm on raw arrays. Pure functions; callers split ranges among
// threads. The result of an element depends on nothing but its own numbers.
#pragma once

#include <cstdint>

namespace cadrecode::train {

// What is the same for all elements of a tensor in one update.
struct AdamStep {
  float gradientScale;  // clipping and the mean over accumulated batches
  float beta1, beta2;
  float keep;                   // 1 - learning rate * weight decay
  float stepSize;               // learning rate / (1 - beta1^t)
  float inverseRootCorrection;  // 1 / sqrt(1 - beta2^t)
  float epsilon;
};

// One pass: weight decay, both moments, the step; gradients become 0.
void updateAdam(float* weight, float* gradient, float* mean, float* square, std::int64_t size, const AdamStep& step);

// Sum of squares in one fixed order.
double sumOfSquares(const float* values, std::int64_t size);

}  // namespace cadrecode::train
