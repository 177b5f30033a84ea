#include "model/network/training_functions.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <vector>

#include "model/network/training_kernels.hpp"

namespace cadrecode::model::network {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t grain = 1 << 14;  // elements a task

template <typename Element>
Element* dataOf(const at::Tensor& tensor) {
  return static_cast<Element*>(tensor.data_ptr());
}

// Calls work with a null pointer of the tensor's element type.
template <typename Work>
void forType(const at::Tensor& tensor, const Work& work) {
  if (tensor.scalar_type() == at::kFloat) {
    work(static_cast<float*>(nullptr));
  } else {
    work(static_cast<BFloat16*>(nullptr));
  }
}

struct Norm : torch::autograd::Function<Norm> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, double epsilon) {
    const std::int64_t size = x.size(-1);
    const std::int64_t rows = x.numel() / size;
    const at::Tensor y = at::empty_like(x);
    const at::Tensor inverses = at::empty({rows}, x.options().dtype(at::kFloat).requires_grad(false));
    forType(x, [&]<typename Element>(Element*) {
      at::parallel_for(0, rows, std::max<std::int64_t>(1, grain / size), [&](std::int64_t begin, std::int64_t end) {
        normalizeRows<Element>(dataOf<Element>(x) + begin * size, dataOf<Element>(weight),
                               dataOf<Element>(y) + begin * size, dataOf<float>(inverses) + begin, end - begin, size,
                               static_cast<float>(epsilon));
      });
    });
    context->save_for_backward({x, weight, inverses});
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor& x = saved[0];
    const at::Tensor& weight = saved[1];
    const at::Tensor g = gradients[0].contiguous();
    const std::int64_t size = x.size(-1);
    const std::int64_t rows = x.numel() / size;
    // Fixed stretches of rows, so that sums do not depend on the number of threads.
    const std::int64_t stretch = std::max<std::int64_t>(1, grain / size);
    const std::int64_t parts = (rows + stretch - 1) / stretch;
    const at::Tensor gx = at::empty_like(x);
    const at::Tensor gw = at::zeros({parts, size}, x.options().dtype(at::kFloat));
    forType(x, [&]<typename Element>(Element*) {
      at::parallel_for(0, parts, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t part = begin; part < end; ++part) {
          const std::int64_t first = part * stretch;
          normalizeRowsBackward<Element>(dataOf<Element>(x) + first * size, dataOf<Element>(weight),
                                         dataOf<float>(saved[2]) + first, dataOf<Element>(g) + first * size,
                                         dataOf<Element>(gx) + first * size, dataOf<float>(gw) + part * size,
                                         std::min(stretch, rows - first), size);
        }
      });
    });
    return {gx, gw.sum(0).to(weight.scalar_type()), at::Tensor()};
  }
};

struct Gate : torch::autograd::Function<Gate> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& gate, const at::Tensor& up) {
    const at::Tensor y = at::empty_like(gate);
    forType(gate, [&]<typename Element>(Element*) {
      at::parallel_for(0, gate.numel(), grain, [&](std::int64_t begin, std::int64_t end) {
        gateForward<Element>(dataOf<Element>(gate) + begin, dataOf<Element>(up) + begin, dataOf<Element>(y) + begin,
                             end - begin);
      });
    });
    context->save_for_backward({gate, up});
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor g = gradients[0].contiguous();
    const at::Tensor gGate = at::empty_like(saved[0]);
    const at::Tensor gUp = at::empty_like(saved[1]);
    forType(g, [&]<typename Element>(Element*) {
      at::parallel_for(0, g.numel(), grain, [&](std::int64_t begin, std::int64_t end) {
        gateBackward<Element>(dataOf<Element>(saved[0]) + begin, dataOf<Element>(saved[1]) + begin,
                              dataOf<Element>(g) + begin, dataOf<Element>(gGate) + begin, dataOf<Element>(gUp) + begin,
                              end - begin);
      });
    });
    return {gGate, gUp};
  }
};

at::Tensor turned(const at::Tensor& x, const at::Tensor& cosine, const at::Tensor& sine, float sign) {
  const at::Tensor y = at::empty_like(x);
  forType(x, [&]<typename Element>(Element*) {
    const std::int64_t rowSize = x.size(2) * x.size(3);
    at::parallel_for(0, x.size(0) * x.size(1), std::max<std::int64_t>(1, grain / rowSize),
                     [&](std::int64_t begin, std::int64_t end) {
                       rotateRows<Element>(dataOf<Element>(x), dataOf<Element>(cosine), dataOf<Element>(sine),
                                           dataOf<Element>(y), begin, end, x.size(1), x.size(2), x.size(3), sign);
                     });
  });
  return y;
}

struct Turn : torch::autograd::Function<Turn> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& cosine,
                            const at::Tensor& sine) {
    context->save_for_backward({cosine, sine});
    return turned(x, cosine, sine, 1.0F);
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    return {turned(gradients[0].contiguous(), saved[0], saved[1], -1.0F), at::Tensor(), at::Tensor()};
  }
};

struct CausalSoftmax : torch::autograd::Function<CausalSoftmax> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& scores, double scale) {
    const std::int64_t positions = scores.size(-1);
    // On the scores' own memory: matmul keeps none of its results for the way back.
    const at::Tensor weights = scores.detach();
    forType(weights, [&]<typename Element>(Element*) {
      at::parallel_for(0, weights.numel() / positions, std::max<std::int64_t>(1, grain / positions),
                       [&](std::int64_t begin, std::int64_t end) {
                         causalSoftmax<Element>(dataOf<Element>(weights), begin, end, positions,
                                                static_cast<float>(scale));
                       });
    });
    context->save_for_backward({weights});
    context->saved_data["scale"] = scale;
    return weights;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const at::Tensor weights = context->get_saved_variables()[0];
    const auto scale = static_cast<float>(context->saved_data["scale"].toDouble());
    const at::Tensor g = gradients[0].contiguous();
    const at::Tensor result = at::empty_like(g);
    const std::int64_t positions = weights.size(-1);
    forType(weights, [&]<typename Element>(Element*) {
      at::parallel_for(0, weights.numel() / positions, std::max<std::int64_t>(1, grain / positions),
                       [&](std::int64_t begin, std::int64_t end) {
                         causalSoftmaxBackward<Element>(dataOf<Element>(weights), dataOf<Element>(g),
                                                        dataOf<Element>(result), begin, end, positions, scale);
                       });
    });
    return {result, at::Tensor()};
  }
};

}  // namespace

bool canTrain(std::initializer_list<at::Tensor> tensors) {
  if (!at::GradMode::is_enabled()) return false;
  const at::ScalarType type = tensors.begin()->scalar_type();
  return (type == at::kFloat || type == at::kBFloat16) &&
         std::all_of(tensors.begin(), tensors.end(), [&](const at::Tensor& tensor) {
           return tensor.device().is_cpu() && tensor.is_contiguous() && tensor.scalar_type() == type;
         });
}

at::Tensor trainingNorm(const at::Tensor& x, const at::Tensor& weight, double epsilon) {
  return Norm::apply(x, weight, epsilon);
}
at::Tensor trainingGate(const at::Tensor& gate, const at::Tensor& up) { return Gate::apply(gate, up); }
at::Tensor trainingRotation(const at::Tensor& x, const at::Tensor& cosine, const at::Tensor& sine) {
  return Turn::apply(x, cosine, sine);
}
at::Tensor trainingSoftmax(const at::Tensor& scores, double scale) { return CausalSoftmax::apply(scores, scale); }

}  // namespace cadrecode::model::network
