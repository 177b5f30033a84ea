// NumPy's array format, as far as points need it. `bytes` of an array refer to the file's bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/geometry.hpp"
#include "cloud/scalar.hpp"

namespace cadrecode::cloud {

struct NpyArray {
  std::vector<std::uint64_t> shape;
  Scalar type = Scalar::float32;
  bool bigEndian = false;
  bool fortranOrder = false;  // the first index runs fastest
  std::string_view data;      // as many bytes as shape and type ask for
  std::size_t dataPosition = 0;
};

// Versions 1 to 3 of the format. Error(input) for other types than float32 and float64 and for too few bytes.
NpyArray parseNpy(std::string_view bytes, const std::string& file);

// The rows of an array of shape (..., N, columns), all but the last two lengths 1; columns 3 or 6.
struct NpyRows {
  std::vector<Point> first;   // columns 0 to 2
  std::vector<Point> second;  // columns 3 to 5, or empty
};
NpyRows rowsOf(const NpyArray& array, const std::string& file);

}  // namespace cadrecode::cloud
