// Plain CPU kernels for training, each one pass where a chain of tensor operations would take many. float32 inside.
// Pure functions on raw arrays (row-major); callers split ranges among threads. A row's result depends on that row
// alone.
#pragma once

#include <cstdint>

#include "model/network/row_kernels.hpp"

namespace cadrecode::model::network {

// Causal softmax in place: row r of `scores` (of `positions` columns) belongs to position r % positions; columns up to
// it become softmax(scale * scores), those behind it 0.
template <typename Element>
void causalSoftmax(Element* scores, std::int64_t firstRow, std::int64_t endRow, std::int64_t positions, float scale);
// scoreGradients = scale * weights * (gradients - sum(gradients * weights)), 0 behind the position.
template <typename Element>
void causalSoftmaxBackward(const Element* weights, const Element* gradients, Element* scoreGradients,
                           std::int64_t firstRow, std::int64_t endRow, std::int64_t positions, float scale);

// y = weight * x * inverse, with inverse = 1 / sqrt(mean(x^2) + epsilon) kept for the way back.
template <typename Element>
void normalizeRows(const Element* x, const Element* weight, Element* y, float* inverses, std::int64_t rows,
                   std::int64_t size, float epsilon);
// Adds the rows' part of the weight's gradient to `weightGradient` (float32).
template <typename Element>
void normalizeRowsBackward(const Element* x, const Element* weight, const float* inverses, const Element* gradients,
                           Element* inputGradients, float* weightGradient, std::int64_t rows, std::int64_t size);

// y = silu(gate) * up
template <typename Element>
void gateForward(const Element* gate, const Element* up, Element* y, std::int64_t size);
template <typename Element>
void gateBackward(const Element* gate, const Element* up, const Element* gradients, Element* gateGradients,
                  Element* upGradients, std::int64_t size);

// Rotary turn of rows [firstRow, endRow) of batch * positions, each of `heads` heads of `size`; cosines and sines:
// positions x size. `sign` -1 turns back.
template <typename Element>
void rotateRows(const Element* x, const Element* cosines, const Element* sines, Element* y, std::int64_t firstRow,
                std::int64_t endRow, std::int64_t positions, std::int64_t heads, std::int64_t size, float sign);

}  // namespace cadrecode::model::network
