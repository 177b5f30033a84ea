#include "cloud/scalar.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "cloud/text_scanner.hpp"
#include "core/error.hpp"

namespace cadrecode::cloud {
namespace {

static_assert(std::endian::native == std::endian::little, "binary files are read and written in place");

template <typename T>
T load(const char* bytes, bool bigEndian) {
  std::array<char, sizeof(T)> ordered;
  for (std::size_t i = 0; i < sizeof(T); ++i) ordered[i] = bytes[bigEndian ? sizeof(T) - 1 - i : i];
  return std::bit_cast<T>(ordered);
}

template <typename T>
void append(std::string& bytes, T value) {
  auto ordered = std::bit_cast<std::array<char, sizeof(T)>>(value);
  bytes.append(ordered.data(), ordered.size());
}

template <typename Number>
Number readAs(const char* bytes, Scalar type, bool bigEndian) {
  switch (type) {
    case Scalar::int8:
      return static_cast<Number>(load<std::int8_t>(bytes, bigEndian));
    case Scalar::uint8:
      return static_cast<Number>(load<std::uint8_t>(bytes, bigEndian));
    case Scalar::int16:
      return static_cast<Number>(load<std::int16_t>(bytes, bigEndian));
    case Scalar::uint16:
      return static_cast<Number>(load<std::uint16_t>(bytes, bigEndian));
    case Scalar::int32:
      return static_cast<Number>(load<std::int32_t>(bytes, bigEndian));
    case Scalar::uint32:
      return static_cast<Number>(load<std::uint32_t>(bytes, bigEndian));
    case Scalar::int64:
      return static_cast<Number>(load<std::int64_t>(bytes, bigEndian));
    case Scalar::uint64:
      return static_cast<Number>(load<std::uint64_t>(bytes, bigEndian));
    case Scalar::float32:
      return static_cast<Number>(load<float>(bytes, bigEndian));
    case Scalar::float64:
      return static_cast<Number>(load<double>(bytes, bigEndian));
  }
  return 0;
}

}  // namespace

std::size_t sizeOf(Scalar type) {
  constexpr std::array<std::size_t, 10> sizes{1, 1, 2, 2, 4, 4, 8, 8, 4, 8};
  return sizes[static_cast<std::size_t>(type)];
}

bool isFloat(Scalar type) { return type == Scalar::float32 || type == Scalar::float64; }

double readScalar(const char* bytes, Scalar type, bool bigEndian) { return readAs<double>(bytes, type, bigEndian); }

std::int64_t readInteger(const char* bytes, Scalar type, bool bigEndian) {
  // A float has no place where a count or an index is asked for; callers refuse it before.
  return isFloat(type) ? -1 : readAs<std::int64_t>(bytes, type, bigEndian);
}

const char* ByteReader::take(std::size_t count, const char* what) {
  if (count > remaining()) {
    fail(fmt::format("the file ends within {}: {} bytes are needed, {} are left", what, count, remaining()));
  }
  const char* result = bytes_.data() + position_;
  position_ += count;
  return result;
}

std::uint32_t ByteReader::takeUint32(const char* what, bool bigEndian) {
  return load<std::uint32_t>(take(4, what), bigEndian);
}

std::uint16_t ByteReader::takeUint16(const char* what, bool bigEndian) {
  return load<std::uint16_t>(take(2, what), bigEndian);
}

double ByteReader::takeNumber(Scalar type, bool bigEndian, const char* what) {
  double value = readScalar(take(sizeOf(type), what), type, bigEndian);
  if (!std::isfinite(value) || std::abs(value) > largestCoordinate) {
    position_ -= sizeOf(type);
    fail(fmt::format("{} is {}: {}", what, std::isfinite(value) ? "too large" : "not finite", value));
  }
  return value;
}

float toFloat32(double value) {
  if (!(std::abs(value) <= std::numeric_limits<float>::max())) {
    throw Error(ErrorCode::input, "ValueError", fmt::format("the number {} does not fit into 32 bits", value));
  }
  return static_cast<float>(value);
}

void appendUint16(std::string& bytes, std::uint16_t value) { append(bytes, value); }
void appendUint32(std::string& bytes, std::uint32_t value) { append(bytes, value); }
void appendFloat32(std::string& bytes, double value) { append(bytes, toFloat32(value)); }
void appendFloat64(std::string& bytes, double value) { append(bytes, value); }

}  // namespace cadrecode::cloud
