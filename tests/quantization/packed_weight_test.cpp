// Packing and unpacking against bitsandbytes' own bytes, brute force, and between the ways of computing.
#include "model/quantization/packed_weight.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/random.hpp"
#include "model/float_types.hpp"
#include "model/quantization/block_kernels.hpp"
#include "model/quantization/packed_files.hpp"
#include "model/safetensors.hpp"

namespace cadrecode::model::quantization {
namespace {

namespace fs = std::filesystem;

fs::path goldens() { return fs::path(CADRECODE_SOURCE_DIR).parent_path() / "shared" / "goldens" / "nf4"; }

std::vector<float> floatsOf(const TensorView& tensor) {
  std::vector<float> values(tensor.bytes.size() / sizeOf(tensor.type));
  readFloats(tensor, 0, values);
  return values;
}

std::vector<float> unpacked(const PackedWeight& weight) {
  std::vector<float> values(weight.size());
  weight.unpack(0, values.size(), values.data());
  return values;
}

template <typename Element>
bool sameBytes(std::span<const Element> a, const TensorView& b) {
  return a.size_bytes() == b.bytes.size() && std::memcmp(a.data(), b.bytes.data(), a.size_bytes()) == 0;
}

class Golden : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(goldens())) GTEST_SKIP() << "no goldens at " << goldens();
    file = std::make_shared<const SafetensorsFile>((goldens() / "nf4.safetensors").string());
  }
  const TensorView* find(const std::string& name) const {
    for (const TensorView& view : file->tensors()) {
      if (view.name == name) return &view;
    }
    return nullptr;
  }
  const TensorView& at(const std::string& name) const {
    const TensorView* view = find(name);
    if (view == nullptr) throw std::runtime_error("no golden " + name);
    return *view;
  }
  std::shared_ptr<const SafetensorsFile> file;
};

TEST_F(Golden, Tables) {
  EXPECT_TRUE(sameBytes(std::span<const float>(codesOf(PackedType::nf4)), at("nf4_code")));
  EXPECT_TRUE(sameBytes(std::span<const float>(dynamicMap()), at("dynamic_map")));
}

TEST_F(Golden, BytesOfEveryCase) {
  int cases = 0;
  for (const TensorView& input : file->tensors()) {
    if (!input.name.ends_with(".input")) continue;
    ++cases;
    const std::string name = input.name.substr(0, input.name.size() - 6);
    const bool nested = find(name + ".weight.nested_absmax") != nullptr;
    const PackedWeight weight = pack(input, {PackedType::nf4, nested});
    EXPECT_TRUE(sameBytes(weight.codes, at(name + ".weight"))) << name;
    if (nested) {
      EXPECT_TRUE(sameBytes(weight.scaleCodes, at(name + ".weight.absmax"))) << name;
      const auto expected = floatsOf(at(name + ".weight.nested_absmax"));
      ASSERT_EQ(weight.nestedScales.size(), expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(weight.nestedScales[i], expected[i], 1e-7) << name;
      EXPECT_NEAR(weight.offset, floatsOf(at(name + ".nested_offset"))[0], 1e-7) << name;
      const auto restored = floatsOf(at(name + ".absmax_restored"));
      for (std::size_t i = 0; i < restored.size(); ++i) EXPECT_NEAR(weight.scale(i), restored[i], 3e-7) << name;
    } else {
      EXPECT_TRUE(sameBytes(weight.scales, at(name + ".weight.absmax"))) << name;
    }
  }
  EXPECT_GE(cases, 12);
}

TEST_F(Golden, NumbersOfEveryCase) {
  // As bitsandbytes' files hold them: read under their names, unpacked to its own numbers.
  std::vector<TensorView> parts;
  for (const TensorView& view : file->tensors()) {
    if (view.name.find(".weight") != view.name.npos) parts.push_back(view);
  }
  const UnpackedNames read = readPacked(parts, file);
  EXPECT_TRUE(read.plain.empty());
  for (const auto& [matrix, weight] : read.packed) {
    const std::string name = matrix.substr(0, matrix.size() - 7);
    const TensorView& input = at(name + ".input");
    EXPECT_EQ(weight.shape, input.shape);
    EXPECT_EQ(weight.storedType, input.type);
    if (input.type == ElementType::f32) {
      EXPECT_TRUE(sameBytes(std::span<const float>(unpacked(weight)), at(name + ".dequantised"))) << name;
    }
    const TensorView* library = find(name + ".dequantised_cpu_library");
    if (library == nullptr || input.type != ElementType::bf16) continue;
    std::vector<std::uint16_t> rounded(weight.size());
    weight.unpack(0, rounded.size(), rounded.data());
    EXPECT_TRUE(sameBytes(std::span<const std::uint16_t>(rounded), *library)) << name;
  }
}

TEST_F(Golden, ASavedLayerReadsAndWritesTheSame) {
  const auto saved = std::make_shared<const SafetensorsFile>((goldens() / "linear4bit_state.safetensors").string());
  const UnpackedNames read = readPacked(saved->tensors(), saved);
  EXPECT_EQ(read.packed.size(), 2U);
  EXPECT_TRUE(read.plain.empty());
  std::size_t written = 0;
  for (const auto& [name, weight] : read.packed) {
    std::list<std::vector<std::byte>> storage;
    for (const TensorView& view : viewsOf(name, weight, storage)) {
      ++written;
      const auto& all = saved->tensors();
      const auto same =
          std::find_if(all.begin(), all.end(), [&](const auto& other) { return other.name == view.name; });
      ASSERT_NE(same, all.end()) << view.name;
      EXPECT_EQ(view.type, same->type) << view.name;
      EXPECT_EQ(view.shape.size(), same->shape.size()) << view.name;
      if (view.name.find("quant_state") != view.name.npos) {
        auto json = [](const TensorView& text) {
          return nlohmann::json::parse(
              std::string(reinterpret_cast<const char*>(text.bytes.data()), text.bytes.size()));
        };
        EXPECT_EQ(json(view), json(*same)) << view.name;
      } else {
        EXPECT_TRUE(std::equal(view.bytes.begin(), view.bytes.end(), same->bytes.begin(), same->bytes.end()))
            << view.name;
      }
    }
  }
  EXPECT_EQ(written, saved->tensors().size());
}

struct Matrix {
  std::vector<std::byte> bytes;
  TensorView view;
};

Matrix randomMatrix(std::int64_t rows, std::int64_t columns, ElementType type, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> values(static_cast<std::size_t>(rows * columns));
  for (float& value : values) value = static_cast<float>(random.normal());
  Matrix matrix;
  matrix.bytes.resize(values.size() * sizeOf(type));
  writeFloats(values, type, matrix.bytes.data());
  matrix.view = {"matrix", type, {rows, columns}, matrix.bytes};
  return matrix;
}

TEST(PackedWeight, EveryNumberGetsTheNearestCode) {
  for (const PackedType type : {PackedType::nf4, PackedType::fp4}) {
    const Matrix matrix = randomMatrix(7, 50, ElementType::f32, 1);
    const PackedWeight weight = pack(matrix.view, {type, false});
    const auto values = floatsOf(matrix.view);
    const auto back = unpacked(weight);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const float scale = weight.scale(i / blockSize);
      double best = 1e9;
      for (const float code : codesOf(type)) best = std::min(best, std::abs(double{values[i]} - double{code} * scale));
      EXPECT_LE(std::abs(double{values[i]} - back[i]), best + 1e-6);
    }
  }
}

TEST(PackedWeight, EightBitsAreWithinHalfAStep) {
  const Matrix matrix = randomMatrix(6, 34, ElementType::bf16, 2);
  const PackedWeight weight = pack(matrix.view, {PackedType::int8, true});
  const auto values = floatsOf(matrix.view);
  const auto back = unpacked(weight);
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_LE(std::abs(values[i] - back[i]), weight.scale(i / 34) / 127.0F * 0.5001F);
  }
}

TEST(PackedWeight, AllWaysGiveTheSameNumbers) {
  for (const PackedType type : {PackedType::nf4, PackedType::fp4, PackedType::int8}) {
    for (const bool nested : {false, true}) {
      const Matrix matrix = randomMatrix(9, 202, ElementType::bf16, 3);
      const PackedWeight weight = pack(matrix.view, {type, nested});
      const auto whole = unpacked(weight);
      std::vector<std::uint16_t> halves(weight.size());
      weight.unpack(0, halves.size(), halves.data());
      for (std::size_t i = 0; i < whole.size(); ++i) ASSERT_EQ(halves[i], toBFloat16(whole[i])) << i;
      Random random(4);
      for (int round = 0; round < 200; ++round) {
        allowWideKernels(round % 2 == 0);
        const std::size_t first = random.below(weight.size() / 2) * 2;
        const std::size_t count = random.below(weight.size() - first) + 1;
        std::vector<float> part(count);
        weight.unpack(first, count, part.data());
        ASSERT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + static_cast<std::ptrdiff_t>(first)));
        std::vector<std::uint16_t> partHalves(count);
        weight.unpack(first, count, partHalves.data());
        ASSERT_TRUE(
            std::equal(partHalves.begin(), partHalves.end(), halves.begin() + static_cast<std::ptrdiff_t>(first)));
      }
      allowWideKernels(true);
    }
  }
}

TEST(PackedWeight, DoubleQuantizationTakesLessMemory) {
  const Matrix matrix = randomMatrix(256, 256, ElementType::bf16, 5);
  const std::size_t plain = pack(matrix.view, {PackedType::nf4, false}).byteSize();
  const std::size_t nested = pack(matrix.view, {PackedType::nf4, true}).byteSize();
  EXPECT_EQ(plain, 256U * 256 / 2 + 1024 * 4);
  EXPECT_EQ(nested, 256U * 256 / 2 + 1024 + 4 * 4);
}

TEST(PackedFiles, WhatIsDamagedIsNamed) {
  const Matrix matrix = randomMatrix(4, 64, ElementType::f32, 6);
  const PackedWeight weight = pack(matrix.view, {PackedType::nf4, true});
  std::list<std::vector<std::byte>> storage;
  const auto right = viewsOf("layer.weight", weight, storage);
  auto messageOf = [](const std::vector<TensorView>& views) -> std::string {
    try {
      readPacked(views, nullptr);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::input);
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(messageOf(right), "accepted");
  for (std::size_t i = 0; i + 1 < right.size(); ++i) {  // without the state it is no packed matrix at all
    auto views = right;
    views.erase(views.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(messageOf(views), "packed tensor layer.weight: " + right[i].name + " is missing");
  }
  auto views = right;
  views[0].bytes = views[0].bytes.first(100);
  EXPECT_NE(messageOf(views).find("layer.weight has 100 elements, not 128"), std::string::npos);
  views = right;
  views.back().bytes = views.back().bytes.first(20);
  EXPECT_NE(messageOf(views).find("quant_state"), std::string::npos);
}

TEST(PackedFiles, EightBitsReadBack) {
  const Matrix matrix = randomMatrix(4, 10, ElementType::f32, 7);
  const PackedWeight weight = pack(matrix.view, {PackedType::int8, false});
  std::list<std::vector<std::byte>> storage;
  auto views = viewsOf("layer.q_proj.weight", weight, storage);
  ASSERT_EQ(views.size(), 3U);
  EXPECT_EQ(views[1].name, "layer.q_proj.SCB");
  EXPECT_EQ(views[2].name, "layer.q_proj.weight_format");
  views.push_back({"other.weight", ElementType::f32, {4, 10}, matrix.view.bytes});
  const UnpackedNames read = readPacked(views, nullptr);
  ASSERT_EQ(read.plain.size(), 1U);
  EXPECT_EQ(unpacked(read.packed.at("layer.q_proj.weight")), unpacked(weight));
}

TEST(PackedWeight, RefusesWhatCannotBePacked) {
  Matrix matrix = randomMatrix(3, 3, ElementType::f32, 8);
  EXPECT_THROW(pack(matrix.view, {}), Error);
  matrix = randomMatrix(2, 32, ElementType::f32, 8);
  const float infinite = INFINITY;
  std::memcpy(matrix.bytes.data() + 8, &infinite, 4);
  EXPECT_THROW(pack(matrix.view, {}), Error);
  EXPECT_THROW(pack(matrix.view, {PackedType::int8, false}), Error);
}

}  // namespace
}  // namespace cadrecode::model::quantization
