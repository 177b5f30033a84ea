#include "model/quantization/packed_weight.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/error.hpp"
#include "model/float_types.hpp"
#include "model/quantization/block_kernels.hpp"

namespace cadrecode::model::quantization {

namespace {

// What a PackedWeight that was made here owns.
struct Storage {
  std::vector<std::uint8_t> codes, scaleCodes;
  std::vector<float> scales, nestedScales;
};

float greatestMagnitude(std::span<const float> values) {
  float greatest = 0;
  for (const float value : values) greatest = std::max(greatest, std::fabs(value));
  return greatest;
}

void requireFinite(float greatest, const std::string& name) {
  if (!std::isfinite(greatest)) {
    throw Error(ErrorCode::input, "ValueError", "tensor " + name + " holds a NaN or an infinity and cannot be packed");
  }
}

// Two indices a byte, the first in the upper half.
void packPairs(std::span<const std::uint8_t> indices, std::uint8_t* out) {
  for (std::size_t i = 0; i + 1 < indices.size(); i += 2) {
    out[i / 2] = static_cast<std::uint8_t>(indices[i] << 4 | indices[i + 1]);
  }
}

void packFourBits(const TensorView& matrix, PackedType type, std::size_t size, Storage& storage) {
  const auto& codes = codesOf(type);
  storage.codes.resize(size / 2);
  storage.scales.resize((size + blockSize - 1) / blockSize);
  std::array<float, blockSize> values{};
  std::array<std::uint8_t, blockSize> indices{};
  for (std::size_t block = 0; block < storage.scales.size(); ++block) {
    const std::size_t first = block * blockSize;
    const std::size_t count = std::min(blockSize, size - first);
    readFloats(matrix, first, std::span(values).first(count));
    const float greatest = greatestMagnitude(std::span(values).first(count));
    requireFinite(greatest, matrix.name);
    storage.scales[block] = greatest;
    nearestCodes(values.data(), count, 1.0F / greatest, codes.data(), codes.size(), indices.data());
    packPairs(std::span(indices).first(count), storage.codes.data() + first / 2);
  }
}

// A scale a row; numbers are rounded to the nearest multiple of a 127th of it.
void packEightBits(const TensorView& matrix, Storage& storage) {
  const auto columns = static_cast<std::size_t>(matrix.shape[1]);
  storage.codes.resize(static_cast<std::size_t>(matrix.shape[0]) * columns);
  std::vector<float> row(columns);
  for (std::size_t i = 0; i < static_cast<std::size_t>(matrix.shape[0]); ++i) {
    readFloats(matrix, i * columns, row);
    const float greatest = greatestMagnitude(row);
    requireFinite(greatest, matrix.name);
    storage.scales.push_back(greatest);
    const float factor = greatest > 0 ? 127.0F / greatest : 0.0F;
    for (std::size_t j = 0; j < columns; ++j) {
      storage.codes[i * columns + j] =
          static_cast<std::uint8_t>(static_cast<std::int8_t>(std::nearbyint(row[j] * factor)));
    }
  }
}

// Replaces the scales by codes, blocks of them sharing a scale.
float packScales(Storage& storage) {
  double sum = 0;
  for (const float scale : storage.scales) sum += scale;
  const auto offset = static_cast<float>(sum / static_cast<double>(storage.scales.size()));
  const std::size_t count = storage.scales.size();
  for (float& scale : storage.scales) scale -= offset;
  storage.scaleCodes.resize(count);
  const auto& map = dynamicMap();
  for (std::size_t first = 0; first < count; first += nestedBlockSize) {
    const auto block = std::span(storage.scales).subspan(first, std::min(nestedBlockSize, count - first));
    const float greatest = greatestMagnitude(block);
    storage.nestedScales.push_back(greatest);
    nearestCodes(block.data(), block.size(), 1.0F / greatest, map.data(), map.size(),
                 storage.scaleCodes.data() + first);
  }
  storage.scales = {};
  return offset;
}

template <typename Element>
void unpackAny(const PackedWeight& weight, std::size_t first, std::size_t count, Element* out) {
  if (weight.type == PackedType::int8) {
    const auto columns = static_cast<std::size_t>(weight.shape[1]);
    for (std::size_t i = 0; i < count;) {
      const std::size_t place = first + i;
      const std::size_t end = std::min(count, i + columns - place % columns);
      const float step = weight.scale(place / columns) / 127.0F;
      for (; i < end; ++i) {
        const float value = static_cast<float>(static_cast<std::int8_t>(weight.codes[first + i])) * step;
        if constexpr (sizeof(Element) == 4) {
          out[i] = value;
        } else {
          out[i] = toBFloat16(value);
        }
      }
    }
    return;
  }
  const float* codes = weight.map.empty() ? codesOf(weight.type).data() : weight.map.data();
  std::array<float, 16> table{};
  for (std::size_t done = 0; done < count;) {
    const std::size_t place = first + done;
    const std::size_t block = place / weight.block;
    const std::size_t part = std::min(count - done, (block + 1) * weight.block - place);
    const float scale = weight.scale(block);
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = codes[i] * scale;
    unpackBlock(weight.codes.data() + place / 2, part, table.data(), out + done);
    done += part;
  }
}

}  // namespace

std::size_t PackedWeight::byteSize() const {
  return codes.size() + scales.size_bytes() + scaleCodes.size() + nestedScales.size_bytes();
}

float PackedWeight::scale(std::size_t i) const {
  if (!scales.empty()) return scales[i];
  const float* values = nestedMap.empty() ? dynamicMap().data() : nestedMap.data();
  return values[scaleCodes[i]] * nestedScales[i / nestedBlock] + offset;
}

void PackedWeight::unpack(std::size_t first, std::size_t count, float* out) const {
  unpackAny(*this, first, count, out);
}
void PackedWeight::unpack(std::size_t first, std::size_t count, std::uint16_t* bfloat16) const {
  unpackAny(*this, first, count, bfloat16);
}

PackedWeight pack(const TensorView& matrix, const PackingOptions& options) {
  if (matrix.shape.size() != 2 || matrix.bytes.size() / sizeOf(matrix.type) % 2 != 0) {
    throw Error(ErrorCode::input, "ValueError",
                "tensor " + matrix.name + " of shape " + toString(matrix.shape) +
                    " is no matrix with an even number of elements and cannot be packed");
  }
  const auto storage = std::make_shared<Storage>();
  PackedWeight weight;
  weight.type = options.type;
  weight.shape = matrix.shape;
  weight.storedType = matrix.type;
  if (options.type == PackedType::int8) {
    packEightBits(matrix, *storage);
  } else {
    packFourBits(matrix, options.type, weight.size(), *storage);
    if (options.doubleQuantization) weight.offset = packScales(*storage);
  }
  weight.codes = storage->codes;
  weight.scales = storage->scales;
  weight.scaleCodes = storage->scaleCodes;
  weight.nestedScales = storage->nestedScales;
  weight.owner = storage;
  return weight;
}

}  // namespace cadrecode::model::quantization
