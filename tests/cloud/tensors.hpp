// Reads golden arrays.
#pragma once

#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/files.hpp"

namespace cadrecode::cloud::testing {

// Reads arrays out of a safetensors file: the length of a JSON header, the header, the numbers.
class Tensors {
 public:
  explicit Tensors(const std::string& path) : bytes_(readFile(path)) {
    std::uint64_t size = 0;
    std::memcpy(&size, bytes_.data(), 8);
    header_ = nlohmann::json::parse(bytes_.substr(8, size));
    start_ = 8 + size;
  }
  template <typename T>
  std::vector<T> get(const std::string& name) const {
    std::size_t begin = header_.at(name).at("data_offsets").at(0);
    std::size_t end = header_.at(name).at("data_offsets").at(1);
    std::vector<T> numbers((end - begin) / sizeof(T));
    std::memcpy(numbers.data(), bytes_.data() + start_ + begin, end - begin);
    return numbers;
  }
  std::string type(const std::string& name) const { return header_.at(name).at("dtype"); }

 private:
  std::string bytes_;
  nlohmann::json header_;
  std::size_t start_ = 0;
};

}  // namespace cadrecode::cloud::testing
