// Adapters in PEFT's layout: reading, merging against PEFT's own results, what does not fit.
#include "model/adapter/merge.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <list>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "model/checkpoint_writer.hpp"
#include "model/errors.hpp"
#include "model/float_types.hpp"
#include "model/temporary_folder.hpp"

namespace cadrecode::model::adapter {
namespace {

namespace fs = std::filesystem;

fs::path goldens() { return fs::path(CADRECODE_SOURCE_DIR).parent_path() / "shared" / "goldens"; }

std::vector<float> floatsOf(const TensorView& tensor) {
  std::vector<float> values(tensor.bytes.size() / sizeOf(tensor.type));
  readFloats(tensor, 0, values);
  return values;
}

TEST(MergeGolden, AsPeftMerges) {
  if (!fs::exists(goldens() / "lora")) GTEST_SKIP() << "no goldens";
  for (const char* run : {"plain", "orig_peft015"}) {
    const fs::path folder = goldens() / "lora" / run;
    TemporaryFolder output;
    writeMergedModel((goldens() / "model/qwen2/checkpoint").string(), (folder / "adapter").string(), output / "merged");
    verifyCheckpoint(output / "merged");
    const Checkpoint ours(output / "merged");
    const Checkpoint theirs((folder / "merged").string());
    ASSERT_EQ(ours.tensors().size(), theirs.tensors().size());
    for (const TensorView& expected : theirs.tensors()) {
      const TensorView* tensor = ours.find(expected.name);
      ASSERT_NE(tensor, nullptr) << expected.name;
      ASSERT_EQ(tensor->type, expected.type);
      ASSERT_EQ(tensor->shape, expected.shape);
      const auto a = floatsOf(*tensor);
      const auto b = floatsOf(expected);
      for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], 1e-6) << expected.name;
    }
    EXPECT_TRUE(fs::exists(output / "merged/tokenizer.json"));
  }
}

TEST(MergeGolden, ConfigurationsOfSeveralVersions) {
  if (!fs::exists(goldens() / "lora")) GTEST_SKIP() << "no goldens";
  for (const char* run : {"plain", "plain_peft015", "orig_peft015"}) {
    const std::string text = readFile((goldens() / "lora" / run / "adapter" / configName).string());
    const LoraConfig config = parseLoraConfig(text);
    EXPECT_EQ(config.rank, 8);
    EXPECT_EQ(config.alpha, 16);
    EXPECT_EQ(config.scaleOf("model.layers.0.mlp.up_proj"), 2.0);
    EXPECT_EQ(config.modulesToSave, std::vector<std::string>{"point_encoder"});
    // What is written again says the same.
    const LoraConfig again = parseLoraConfig(toAdapterJson(config));
    EXPECT_EQ(again.targetModules, config.targetModules);
    EXPECT_EQ(again.baseModel, config.baseModel);
    EXPECT_EQ(toAdapterJson(again), toAdapterJson(config));
  }
}

// A base of one projection and a point encoder, and an adapter for it; both may be spoilt before they are written.
class SmallAdapter : public testing::Test {
 protected:
  void SetUp() override {
    config.rank = 2;
    config.alpha = 3;
    config.targetModules = {"q_proj"};
    config.modulesToSave = {"point_encoder"};
    config.baseModel = "the-base";
    add(base, "model.layers.0.self_attn.q_proj.weight", {5, 3});
    add(base, "point_encoder.projection.bias", {4});
    add(arrays, downName(module), {2, 3});
    add(arrays, upName(module), {5, 2});
    add(arrays, savedName("point_encoder.projection.bias"), {4});
  }
  void add(std::vector<TensorView>& to, const std::string& name, const Shape& shape,
           ElementType type = ElementType::f32) {
    std::vector<float> values(*byteCount(ElementType::f32, shape) / 4);
    for (float& value : values) value = static_cast<float>(random_.normal());
    auto& bytes = storage_.emplace_back(*byteCount(type, shape));
    writeFloats(values, type, bytes.data());
    to.push_back({name, type, shape, bytes});
  }
  Adapter written() {
    writeCheckpoint(folder_ / "adapter",
                    {.tensors = arrays, .texts = {{configName, toAdapterJson(config)}}, .name = "adapter_model"});
    return Adapter(folder_ / "adapter");
  }
  Checkpoint writtenBase() {
    writeCheckpoint(folder_ / "base", {.tensors = base});
    return Checkpoint(folder_ / "base");
  }

  const std::string module = "model.layers.0.self_attn.q_proj";
  LoraConfig config;
  std::vector<TensorView> base, arrays;

 private:
  TemporaryFolder folder_;
  std::list<std::vector<std::byte>> storage_;
  Random random_{7};
};

TEST_F(SmallAdapter, AddsTheProductInFloatAndRoundsOnce) {
  for (const ElementType type : {ElementType::f32, ElementType::bf16, ElementType::f16}) {
    base.clear();
    add(base, module + ".weight", {5, 3}, type);
    const Checkpoint checkpoint = writtenBase();
    const Adapter adapter = written();
    const MergedWeights merged(checkpoint, adapter);
    ASSERT_EQ(merged.tensors().size(), 2U);  // the adapter brings the point encoder that the base lacks
    EXPECT_EQ(floatsOf(*merged.find("point_encoder.projection.bias")), floatsOf(arrays[2]));
    const TensorView* weight = merged.find(module + ".weight");
    ASSERT_TRUE(merged.changes(weight->name));
    std::vector<std::byte> bytes(weight->bytes.size());
    merged.merge(*weight, bytes);
    const auto w = floatsOf(*weight);
    const auto down = floatsOf(arrays[0]);
    const auto up = floatsOf(arrays[1]);
    for (std::size_t i = 0; i < 5; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        const double exact = w[i * 3 + j] + 1.5 * (double{up[i * 2]} * down[j] + double{up[i * 2 + 1]} * down[3 + j]);
        const TensorView view{"", type, weight->shape, bytes};
        const double spacing = type == ElementType::f32 ? 1e-6 : type == ElementType::bf16 ? 1.0 / 256 : 1.0 / 2048;
        EXPECT_NEAR(floatsOf(view)[i * 3 + j], exact, spacing * std::max(1.0, std::abs(exact)));
      }
    }
  }
}

TEST_F(SmallAdapter, PatternsChangeRankAndScale) {
  config.rank = 7;
  config.rankPattern = {{"self_attn.q_proj", 2}};
  config.alphaPattern = {{"layers\\.[01]\\.self_attn\\.q_proj", 10}};
  EXPECT_EQ(written().pairs().at(module).scale, 5.0);
  config.rankStabilized = true;
  EXPECT_NEAR(written().pairs().at(module).scale, 10 / std::sqrt(2.0), 1e-12);
}

TEST_F(SmallAdapter, WhatDoesNotFitIsNamed) {
  const Checkpoint checkpoint = writtenBase();
  auto merge = [&] {
    const Adapter adapter = written();
    const MergedWeights merged(checkpoint, adapter);
  };
  EXPECT_EQ(errorOf(merge), "accepted");
  const auto right = arrays;
  const LoraConfig rightConfig = config;
  auto restore = [&] {
    arrays = right;
    config = rightConfig;
  };

  config.rank = 3;
  expectNamed(merge, "module " + module + ": lora_A [2, 3] and lora_B [5, 2] are not of rank 3");
  restore();
  config.targetModules = {"q_proj", "up_proj"};
  expectNamed(merge, "no matrices for the target module up_proj");
  restore();
  arrays.erase(arrays.begin() + 1);
  expectNamed(merge, "tensor " + upName(module) + " is missing");
  restore();
  arrays[0].name = downName("model.layers.9.self_attn.q_proj");
  arrays[1].name = upName("model.layers.9.self_attn.q_proj");
  expectNamed(merge, "it was made for `the-base`): the base has no module model.layers.9.self_attn.q_proj");
  restore();
  arrays.erase(arrays.begin(), arrays.begin() + 2);
  add(arrays, downName(module), {2, 4});
  add(arrays, upName(module), {5, 2});
  expectNamed(merge, "has shape [5, 3] in the base and [5, 4] in the adapter");
  restore();
  arrays[2].name = "point_encoder.projection.bias";
  expectNamed(merge, "does not begin with base_model.model.");
  restore();
  // Matrices of the point encoder, which PEFT writes and never uses, change nothing.
  config.targetModules.push_back("point_encoder.projection");
  add(arrays, downName("point_encoder.projection"), {2, 3});
  add(arrays, upName("point_encoder.projection"), {4, 2});
  EXPECT_EQ(errorOf(merge), "accepted");
}

TEST(LoraConfig, RefusesWhatItDoesNotKnow) {
  const std::string rest = R"("r": 4, "lora_alpha": 8, "target_modules": ["q_proj"]})";
  expectNamed([&] { parseLoraConfig(R"({"peft_type": "IA3", )" + rest); }, "peft_type \"IA3\"");
  expectNamed([&] { parseLoraConfig(R"({"peft_type": "LORA", "use_dora": true, )" + rest); }, "use_dora");
  expectNamed([&] { parseLoraConfig(R"({"peft_type": "LORA", "bias": "all", )" + rest); }, "bias \"all\"");
  expectNamed([&] { parseLoraConfig(R"({"peft_type": "LORA", "r": 0, "lora_alpha": 8})"); }, "r is not");
  expectNamed([&] { parseLoraConfig(R"({"peft_type": "LORA", "r": 4})"); }, "lora_alpha is missing");
}

TEST(FloatTypes, HalfPrecisionRoundTripsAndRoundsToEven) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    if ((half & 0x7C00U) == 0x7C00U && (half & 0x3FFU) != 0) continue;  // NaN
    ASSERT_EQ(toFloat16(fromFloat16(half)), half);
  }
  EXPECT_EQ(toFloat16(65519.0F), 0x7BFF);
  EXPECT_EQ(toFloat16(65520.0F), 0x7C00);
  EXPECT_EQ(toFloat16(1.0F + 0x1.0p-11F), 0x3C00);  // halfway: to the even one
  EXPECT_EQ(toFloat16(1.0F + 0x1.8p-10F), 0x3C02);
  EXPECT_EQ(toFloat16(0x1.0p-25F), 0);
  EXPECT_EQ(toFloat16(0x1.8p-24F), 2);
  EXPECT_TRUE(std::isnan(fromFloat16(toFloat16(NAN))));
  EXPECT_EQ(toBFloat16(1.0F + 0x1.0p-8F), 0x3F80);
  EXPECT_EQ(toBFloat16(1.0F + 0x1.8p-7F), 0x3F82);
}

}  // namespace
}  // namespace cadrecode::model::adapter
