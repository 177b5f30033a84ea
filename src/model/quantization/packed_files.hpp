// Packed matrices under bitsandbytes' names in weight files: the codes under the matrix's own name, beside them
// ".absmax", ".quant_map", ".quant_state.bitsandbytes__nf4" (JSON) and, with packed scales, ".nested_absmax" and
// ".nested_quant_map"; for 8 bits ".SCB" (".weight" without its ending) and ".weight_format". Pure functions.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/quantization/packed_weight.hpp"

namespace cadrecode::model::quantization {

struct UnpackedNames {
  std::map<std::string, PackedWeight> packed;  // by the matrix's name
  std::vector<TensorView> plain;               // all other arrays
};

// Finds the packed matrices among a file's arrays; `owner` keeps the arrays' memory alive. Throws Error(input) naming
// the matrix: a part is missing or of the wrong size or type, a state that is not JSON or does not fit the codes.
UnpackedNames readPacked(std::span<const TensorView> tensors, std::shared_ptr<const void> owner);

// The arrays of a packed matrix for a file. The views look into the weight and into `storage`, which must outlive them.
std::vector<TensorView> viewsOf(const std::string& name, const PackedWeight& weight,
                                std::list<std::vector<std::byte>>& storage);

}  // namespace cadrecode::model::quantization
