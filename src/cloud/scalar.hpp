// Numbers in binary files: their types, sizes and byte orders. Stateless, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cloud/input_error.hpp"

namespace cadrecode::cloud {

enum class Scalar { int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64 };

std::size_t sizeOf(Scalar type);
bool isFloat(Scalar type);
// One number at `bytes`, which holds at least sizeOf(type) bytes.
double readScalar(const char* bytes, Scalar type, bool bigEndian);
std::int64_t readInteger(const char* bytes, Scalar type, bool bigEndian);

// Walks through bytes and never beyond their end. Refers to the bytes it was given.
class ByteReader {
 public:
  ByteReader(std::string_view bytes, std::string file, std::size_t position = 0)
      : bytes_(bytes), file_(std::move(file)), position_(position) {}

  // The next `count` bytes; Error(input) naming `what` when there are fewer.
  const char* take(std::size_t count, const char* what);
  std::uint32_t takeUint32(const char* what, bool bigEndian = false);
  std::uint16_t takeUint16(const char* what, bool bigEndian = false);
  // A number of a position: finite and at most `largestCoordinate` in size.
  double takeNumber(Scalar type, bool bigEndian, const char* what);

  std::size_t position() const { return position_; }
  std::size_t remaining() const { return bytes_.size() - position_; }
  const std::string& file() const { return file_; }
  [[noreturn]] void fail(const std::string& reason) const { failInput(file_, PlaceKind::byte, position_, reason); }

 private:
  std::string_view bytes_;
  std::string file_;
  std::size_t position_;
};

// The nearest float32; Error(input) for what is too large for one.
float toFloat32(double value);

// Appends numbers to bytes, least significant byte first.
void appendUint16(std::string& bytes, std::uint16_t value);
void appendUint32(std::string& bytes, std::uint32_t value);
void appendFloat32(std::string& bytes, double value);
void appendFloat64(std::string& bytes, double value);

}  // namespace cadrecode::cloud
