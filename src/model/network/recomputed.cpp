#include "model/network/recomputed.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include <utility>

namespace cadrecode::model::network {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct Held : torch::CustomClassHolder {
  explicit Held(TensorFunction f) : function(std::move(f)) {}
  TensorFunction function;
};

struct Recomputed : torch::autograd::Function<Recomputed> {
  // `anchor` wants a gradient, so that the way back leads here even when the input wants none.
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& /*anchor*/,
                            TensorFunction function) {
    context->save_for_backward({input});
    // With gradients recorded, as on the way back: what is computed does not depend on where it is kept.
    const at::AutoGradMode record(true);
    const at::Tensor output = function(input.detach()).detach();
    context->saved_data["function"] = c10::IValue::make_capsule(c10::make_intrusive<Held>(std::move(function)));
    return output;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const at::Tensor input = context->get_saved_variables()[0].detach().requires_grad_();
    const auto held = c10::static_intrusive_pointer_cast<Held>(context->saved_data["function"].toCapsule());
    const at::AutoGradMode record(true);
    torch::autograd::backward({held->function(input)}, {gradients[0]});
    return {input.grad(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor recomputed(TensorFunction function, const at::Tensor& input) {
  const at::Tensor anchor = at::zeros({}, at::TensorOptions().dtype(at::kFloat)).requires_grad_();
  return Recomputed::apply(input, anchor, std::move(function));
}

}  // namespace cadrecode::model::network
