// Whole models packed: every projection as pack() packs it, all else as it was.
#include "model/quantization/pack_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "core/error.hpp"
#include "core/files.hpp"
#include "model/checkpoint.hpp"
#include "model/model_config.hpp"
#include "model/quantization/packed_files.hpp"
#include "model/temporary_folder.hpp"

namespace cadrecode::model::quantization {
namespace {

namespace fs = std::filesystem;

TEST(PackModel, EveryProjectionAndNothingElse) {
  const fs::path model = fs::path(CADRECODE_SOURCE_DIR).parent_path() / "shared/goldens/model/qwen2/checkpoint";
  if (!fs::exists(model)) GTEST_SKIP() << "no goldens";
  const Checkpoint plain(model.string());
  for (const PackedType type : {PackedType::nf4, PackedType::int8}) {
    TemporaryFolder output;
    const PackingOptions options{type, true};
    writePackedModel(model.string(), options, output / "packed");
    const auto packed = std::make_shared<const Checkpoint>(output / "packed");
    const UnpackedNames names = readPacked(packed->tensors(), packed);
    EXPECT_EQ(names.packed.size() % 7, 0U);
    EXPECT_EQ(names.packed.size() + names.plain.size(), plain.tensors().size());
    for (const auto& [name, weight] : names.packed) {
      EXPECT_TRUE(name.ends_with("_proj.weight"));
      const PackedWeight expected = pack(*plain.find(name), options);
      EXPECT_TRUE(std::equal(weight.codes.begin(), weight.codes.end(), expected.codes.begin(), expected.codes.end()));
    }
    for (const TensorView& tensor : names.plain) {
      const TensorView* before = plain.find(tensor.name);
      ASSERT_NE(before, nullptr) << tensor.name;
      EXPECT_TRUE(std::equal(tensor.bytes.begin(), tensor.bytes.end(), before->bytes.begin(), before->bytes.end()));
    }
    EXPECT_GT(readModelConfig(output / "packed").layers, 0);
    EXPECT_THROW(writePackedModel(output / "packed", options, output / "again"), Error);  // packed already
  }
  EXPECT_THROW(writePackedModel(model.string(), {}, model.string()), Error);
}

}  // namespace
}  // namespace cadrecode::model::quantization
