// Tensors that the original's own code produced, read from the goldens beside the project. Test support.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <memory>
#include <string>

#include "model/network/weights.hpp"
#include "model/safetensors.hpp"

namespace cadrecode::model::network {

inline std::filesystem::path goldenFolder(const std::string& family) {
  return std::filesystem::path(CADRECODE_SOURCE_DIR).parent_path() / "shared" / "goldens" / "model" / family;
}

class GoldenTensors {
 public:
  explicit GoldenTensors(const std::filesystem::path& file)
      : file_(std::make_shared<const SafetensorsFile>(file.string())) {}

  at::Tensor operator[](const std::string& name) const {
    for (const TensorView& view : file_->tensors()) {
      if (view.name == name) return tensorOn(view, file_);
    }
    throw std::runtime_error("no golden " + name);
  }
  std::span<const TensorView> all() const { return file_->tensors(); }

 private:
  std::shared_ptr<const SafetensorsFile> file_;
};

inline double greatestDifference(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes()) return std::numeric_limits<double>::infinity();
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

inline double rmsDifference(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes()) return std::numeric_limits<double>::infinity();
  return (a.to(at::kDouble) - b.to(at::kDouble)).square().mean().sqrt().item<double>();
}

}  // namespace cadrecode::model::network
