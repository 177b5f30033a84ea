// Trades time for memory in training (Chen et al. 2016, "Training deep nets with sublinear memory cost").
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

namespace cadrecode::model::network {

using TensorFunction = std::function<at::Tensor(const at::Tensor&)>;

// function(input), of which only the input is kept: on the way back the function is computed again. Gradients of what
// the function refers to, which must live until then, are added to those tensors; the values are those without it.
at::Tensor recomputed(TensorFunction function, const at::Tensor& input);

}  // namespace cadrecode::model::network
