// Folders of weights: shards, manifests, interrupted and damaged checkpoints, wrong models.
#include "model/checkpoint.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <list>

#include "core/error.hpp"
#include "core/files.hpp"
#include "model/checkpoint_writer.hpp"
#include "model/errors.hpp"
#include "model/model_config.hpp"
#include "model/sha256.hpp"
#include "model/temporary_folder.hpp"
#include "model/tensor_names.hpp"

namespace cadrecode::model {
namespace {

ModelConfig tinyConfig(bool tied) {
  ModelConfig config;
  config.vocabularySize = 10;
  config.hiddenSize = 8;
  config.intermediateSize = 12;
  config.layers = 2;
  config.heads = 2;
  config.keyValueHeads = 1;
  config.headSize = 4;
  config.tiedEmbeddings = tied;
  return config;
}

// All arrays of a model, float32, every byte its own.
class TinyWeights {
 public:
  explicit TinyWeights(const ModelConfig& config) {
    for (const TensorShape& tensor : expectedTensors(config)) {
      auto& bytes = storage_.emplace_back(*byteCount(ElementType::f32, tensor.shape));
      for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>((i * 7 + storage_.size()) % 120);
      views.push_back({tensor.name, ElementType::f32, tensor.shape, bytes});
    }
  }
  TensorView& named(const std::string& name) {
    return *std::find_if(views.begin(), views.end(), [&](const TensorView& view) { return view.name == name; });
  }
  void add(const std::string& name, const Shape& shape) {
    auto& bytes = storage_.emplace_back(*byteCount(ElementType::f32, shape));
    views.push_back({name, ElementType::f32, shape, bytes});
  }
  std::vector<TensorView> views;

 private:
  std::list<std::vector<std::byte>> storage_;
};

void expectEqual(const Checkpoint& checkpoint, const TinyWeights& weights) {
  ASSERT_EQ(checkpoint.tensors().size(), weights.views.size());
  for (const TensorView& expected : weights.views) {
    const TensorView* read = checkpoint.find(expected.name);
    ASSERT_NE(read, nullptr) << expected.name;
    EXPECT_EQ(read->shape, expected.shape);
    EXPECT_TRUE(std::equal(read->bytes.begin(), read->bytes.end(), expected.bytes.begin(), expected.bytes.end()));
  }
}

TEST(Checkpoint, OneFileOrShards) {
  const TinyWeights weights(tinyConfig(false));
  for (const std::uint64_t shardBytes : {std::uint64_t{1} << 30, std::uint64_t{2000}, std::uint64_t{1}}) {
    const TemporaryFolder folder;
    writeCheckpoint(folder.path(), {weights.views, {{"config.json", toConfigJson(tinyConfig(false))}}, shardBytes});
    EXPECT_EQ(std::filesystem::exists(folder / "model.safetensors.index.json"), shardBytes < 10000);
    expectEqual(Checkpoint(folder.path()), weights);
    verifyCheckpoint(folder.path());
    EXPECT_EQ(readModelConfig(folder.path()).hiddenSize, 8);
  }
}

TEST(Checkpoint, AnotherShardingReplacesTheOldFiles) {
  const TemporaryFolder folder;
  const TinyWeights weights(tinyConfig(false));
  writeCheckpoint(folder.path(), {weights.views, {}, 1000});
  writeCheckpoint(folder.path(), {weights.views, {}, 1 << 30});
  EXPECT_FALSE(std::filesystem::exists(folder / "model.safetensors.index.json"));
  writeCheckpoint(folder.path(), {weights.views, {}, 2000});
  EXPECT_FALSE(std::filesystem::exists(folder / "model.safetensors"));
  expectEqual(Checkpoint(folder.path()), weights);
  verifyCheckpoint(folder.path());
}

TEST(Checkpoint, AMappedCheckpointCanBeOverwritten) {
  const TemporaryFolder folder;
  TinyWeights weights(tinyConfig(false));
  writeCheckpoint(folder.path(), {weights.views, {}});
  const Checkpoint before(folder.path());
  const std::byte old = before.find(embeddingName)->bytes[0];
  weights.named(embeddingName).bytes[0] = std::byte{77};
  writeCheckpoint(folder.path(), {weights.views, {}});
  EXPECT_EQ(before.find(embeddingName)->bytes[0], old);
  EXPECT_EQ(Checkpoint(folder.path()).find(embeddingName)->bytes[0], std::byte{77});
}

TEST(Checkpoint, DamageIsFoundByTheManifest) {
  const TemporaryFolder folder;
  const TinyWeights weights(tinyConfig(false));
  writeCheckpoint(folder.path(), {weights.views, {{"config.json", "{}"}}});
  {
    std::fstream file(folder / "model.safetensors", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-1, std::ios::end);
    file.put('x');
  }
  expectNamed([&] { verifyCheckpoint(folder.path()); }, "model.safetensors");
  std::filesystem::remove(folder / "config.json");
  expectNamed([&] { verifyCheckpoint(folder.path()); }, "config.json");
  std::filesystem::remove(folder / "SHA256SUMS");
  expectNamed([&] { verifyCheckpoint(folder.path()); }, "SHA256SUMS");
}

TEST(Checkpoint, BrokenShardsAreNamed) {
  const TinyWeights weights(tinyConfig(false));
  auto spoiled = [&](const std::function<void(const TemporaryFolder&)>& spoil) {
    const TemporaryFolder folder;
    writeCheckpoint(folder.path(), {weights.views, {}, 2000});
    spoil(folder);
    return errorOf([&] { Checkpoint checkpoint(folder.path()); });
  };
  auto editIndex = [](const TemporaryFolder& folder, const std::string& from, const std::string& to) {
    std::string index = readFile(folder / "model.safetensors.index.json");
    index.replace(index.find(from), from.size(), to);
    writeFileAtomically(folder / "model.safetensors.index.json", index);
  };
  EXPECT_NE(spoiled([](const auto& folder) {
              for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
                if (entry.path().filename().string().starts_with("model-00002")) std::filesystem::remove(entry.path());
              }
            }).find("model-00002-of-"),
            std::string::npos);
  EXPECT_NE(spoiled([&](const auto& folder) {
              editIndex(folder, "lm_head.weight", "lm_foot.weight");
            }).find("lm_head.weight"),
            std::string::npos);
  EXPECT_NE(spoiled([&](const auto& folder) {
              editIndex(folder, "\"model.norm.weight",
                        "\"extra\": \"model-00001-of-00002.safetensors\", \"model.norm.weight");
            }),
            "accepted");
  EXPECT_NE(
      spoiled([&](const auto& folder) { editIndex(folder, "\"model-0", "\"../model-0"); }).find("plain file name"),
      std::string::npos);
  EXPECT_NE(spoiled([](const auto& folder) { std::ofstream(folder / "model.safetensors.index.json") << "{"; }),
            "accepted");
  const TemporaryFolder empty;
  expectNamed([&] { Checkpoint checkpoint(empty.path()); }, "model.safetensors");
}

TEST(CheckTensors, AcceptsExactlyTheModel) {
  for (const bool tied : {false, true}) {
    const TinyWeights weights(tinyConfig(tied));
    checkTensors(weights.views, tinyConfig(tied), PointEncoder::required);
  }
  EXPECT_EQ(expectedTensors(tinyConfig(false)).size(), 1 + 2 * 12 + 2 + 2U);
  ModelConfig qwen3 = tinyConfig(true);
  qwen3.family = Family::qwen3;
  EXPECT_EQ(expectedTensors(qwen3).size(), 1 + 2 * 11 + 1 + 2U);
}

TEST(CheckTensors, NamesWhatIsWrong) {
  const ModelConfig config = tinyConfig(false);
  auto expectProblem = [&](const std::string& name, const std::function<void(TinyWeights&)>& spoil) {
    TinyWeights weights(config);
    spoil(weights);
    expectNamed([&] { checkTensors(weights.views, config, PointEncoder::required); }, name);
  };
  expectProblem("model.layers.1.self_attn.k_proj.bias is missing",
                [](TinyWeights& w) { w.named("model.layers.1.self_attn.k_proj.bias").name = "other"; });
  expectProblem("tensor other does not belong", [](TinyWeights& w) { w.add("other", {1}); });
  expectProblem("model.norm.weight has shape [2, 4], not [8]", [](TinyWeights& w) {
    w.named(finalNormName).shape = {2, 4};
  });
  expectProblem("model.norm.weight has type I32",
                [](TinyWeights& w) { w.named(finalNormName).type = ElementType::i32; });
  expectProblem("point_encoder.projection.weight is missing",
                [](TinyWeights& w) { w.named(pointWeightName).name = "other"; });
}

TEST(CheckTensors, ALanguageModelMayLackThePointEncoder) {
  TinyWeights weights(tinyConfig(false));
  weights.views.resize(weights.views.size() - 2);
  checkTensors(weights.views, tinyConfig(false), PointEncoder::optional);
  EXPECT_NE(errorOf([&] { checkTensors(weights.views, tinyConfig(false), PointEncoder::required); }), "accepted");
}

TEST(CheckTensors, ATiedOutputMustBeTheEmbedding) {
  const ModelConfig config = tinyConfig(true);
  TinyWeights weights(config);
  weights.add(outputName, {10, 8});
  const auto embedding = weights.named(embeddingName).bytes;
  std::copy(embedding.begin(), embedding.end(), weights.named(outputName).bytes.begin());
  checkTensors(weights.views, config, PointEncoder::required);
  weights.named(outputName).bytes[5] ^= std::byte{1};
  expectNamed([&] { checkTensors(weights.views, config, PointEncoder::required); }, "lm_head.weight does not belong");
}

TEST(Checkpoint, FindsNotANumberOnRequest) {
  const TemporaryFolder folder;
  TinyWeights weights(tinyConfig(false));
  writeCheckpoint(folder.path(), {weights.views, {}});
  Checkpoint(folder.path()).requireFinite();
  auto bytes = weights.named("model.layers.1.mlp.up_proj.weight").bytes;
  bytes[10] = std::byte{0xC0};
  bytes[11] = std::byte{0x7F};
  writeCheckpoint(folder.path(), {weights.views, {}});
  expectNamed([&] { Checkpoint(folder.path()).requireFinite(); }, "model.layers.1.mlp.up_proj.weight");
}

TEST(Sha256, KnownSums) {
  auto sumOf = [](const std::string& text, std::size_t step) {
    Sha256 hash;
    for (std::size_t i = 0; i < text.size(); i += step) {
      hash.add(std::as_bytes(std::span(text).subspan(i, std::min(step, text.size() - i))));
    }
    return hash.finish();
  };
  EXPECT_EQ(sumOf("", 1), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sumOf("abc", 1), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sumOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 7),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  const std::string million(1000000, 'a');
  for (const std::size_t step : {1000000, 64, 63, 1000}) {
    EXPECT_EQ(sumOf(million, step), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  }
}

}  // namespace
}  // namespace cadrecode::model
