// The safetensors format: 8 bytes of header length, a JSON header, the arrays one behind the other.
// A SafetensorsFile owns the memory its views look into; reading is safe from any thread.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/mapped_file.hpp"
#include "model/tensor_view.hpp"

namespace cadrecode::model {

struct SafetensorsContents {
  std::vector<TensorView> tensors;  // in the order of their bytes
  std::map<std::string, std::string> metadata;
};

// Reads the bytes of a whole file; the views look into them. As strict as the reference: every byte of the data belongs
// to exactly one array, sizes fit shapes, no name twice, the header has at most 100 MB. Throws Error(input) naming the
// tensor.
SafetensorsContents parseSafetensors(std::span<std::byte> file);

class SafetensorsFile {
 public:
  // Maps the file. Throws Error(input) naming the file and the tensor.
  explicit SafetensorsFile(const std::string& path);

  const std::vector<TensorView>& tensors() const { return contents_.tensors; }
  const std::map<std::string, std::string>& metadata() const { return contents_.metadata; }

 private:
  MappedFile file_;
  SafetensorsContents contents_;
};

// The length field and header of a file with these arrays, padded to a multiple of 8 bytes; their bytes follow in
// order.
std::string safetensorsHeader(std::span<const TensorView> tensors, const std::map<std::string, std::string>& metadata);

}  // namespace cadrecode::model
