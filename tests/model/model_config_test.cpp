// config.json and generation_config.json: real ones, and what has to be refused by name.
#include "model/model_config.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/error.hpp"
#include "model/checkpoint.hpp"
#include "model/generation_config.hpp"
#include "model/tensor_names.hpp"

namespace cadrecode::model {
namespace {

// Sizes and settings of Qwen2-1.5B.
const std::string qwen2 = R"({"architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 151643,
  "eos_token_id": 151643, "hidden_act": "silu", "hidden_size": 1536, "initializer_range": 0.02, "intermediate_size": 8960,
  "max_position_embeddings": 131072, "max_window_layers": 28, "model_type": "qwen2", "num_attention_heads": 12,
  "num_hidden_layers": 28, "num_key_value_heads": 2, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0,
  "sliding_window": 131072, "tie_word_embeddings": true, "torch_dtype": "bfloat16", "use_sliding_window": true,
  "vocab_size": 151936})";

// Qwen3-1.7B as version 5 of Hugging Face's library writes it.
const std::string qwen3 =
    R"({"attention_bias": false, "dtype": "bfloat16", "eos_token_id": [151645, 151643], "head_dim": 128,
  "hidden_size": 2048, "intermediate_size": 6144, "model_type": "qwen3", "num_attention_heads": 16,
  "num_hidden_layers": 28, "num_key_value_heads": 8, "rms_norm_eps": 1e-06,
  "rope_parameters": {"rope_theta": 1000000, "rope_type": "default"}, "tie_word_embeddings": true, "vocab_size": 151936})";

std::string with(std::string json, const std::string& from, const std::string& to) {
  return json.replace(json.find(from), from.size(), to);
}

template <typename Parse>
std::string errorOf(const Parse& parse, const std::string& json) {
  try {
    parse(json);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

void expectNamed(const std::string& json, const std::string& expected) {
  const std::string message = errorOf([](const std::string& text) { parseModelConfig(text); }, json);
  EXPECT_NE(message.find(expected), std::string::npos) << message;
}

TEST(ModelConfig, ReadsQwen2) {
  const ModelConfig config = parseModelConfig(qwen2);
  EXPECT_EQ(config.family, Family::qwen2);
  EXPECT_EQ(config.headSize, 128);
  EXPECT_EQ(config.keyValueHeads, 2);
  EXPECT_EQ(config.ropeTheta, 1e6);
  EXPECT_EQ(config.storedType, ElementType::bf16);
  EXPECT_TRUE(config.tiedEmbeddings && config.hasQkvBias() && !config.hasQkNorm());
  EXPECT_EQ(config.eosToken, 151643);
  std::int64_t parameters = 0;
  for (const TensorShape& tensor : expectedTensors(config)) {
    parameters += static_cast<std::int64_t>(*byteCount(ElementType::u8, tensor.shape));
  }
  EXPECT_EQ(parameters, 1543714304 + 1536 * 52);  // Qwen2-1.5B's own count and the point encoder
}

TEST(ModelConfig, ReadsQwen3OfNewerLibraries) {
  const ModelConfig config = parseModelConfig(qwen3);
  EXPECT_EQ(config.family, Family::qwen3);
  EXPECT_EQ(config.headSize, 128);
  EXPECT_EQ(config.ropeTheta, 1e6);
  EXPECT_EQ(config.storedType, ElementType::bf16);
  EXPECT_EQ(config.eosToken, 151645);
  EXPECT_TRUE(config.hasQkNorm() && !config.hasQkvBias());
}

TEST(ModelConfig, WritesWhatItReads) {
  for (const std::string& json : {qwen2, qwen3}) {
    const ModelConfig first = parseModelConfig(json);
    const ModelConfig second = parseModelConfig(toConfigJson(first));
    EXPECT_EQ(toConfigJson(first), toConfigJson(second));
    EXPECT_EQ(second.headSize, first.headSize);
    EXPECT_EQ(second.ropeTheta, first.ropeTheta);
    EXPECT_EQ(second.storedType, first.storedType);
    EXPECT_EQ(second.tiedEmbeddings, first.tiedEmbeddings);
    EXPECT_EQ(second.normEpsilon, first.normEpsilon);
  }
}

TEST(ModelConfig, APromptOf256PointsIsNotWritten) {
  ModelConfig config = parseModelConfig(qwen3);
  EXPECT_EQ(config.promptPoints, 256);
  EXPECT_EQ(toConfigJson(config).find("n_points"), std::string::npos);
  config.promptPoints = 128;
  EXPECT_EQ(parseModelConfig(toConfigJson(config)).promptPoints, 128);
}

TEST(ModelConfig, RefusesByName) {
  expectNamed(with(qwen2, "\"qwen2\"", "\"llama\""), "model_type llama");
  expectNamed(with(qwen2, "silu", "gelu"), "hidden_act gelu");
  expectNamed(with(qwen2, "\"rope_theta\"", "\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4.0}, \"rope_theta\""),
              "yarn");
  expectNamed(with(qwen3, "\"default\"", "\"dynamic\""), "dynamic");
  expectNamed(with(qwen3, "\"attention_bias\": false", "\"attention_bias\": true"), "attention_bias");
  expectNamed(with(qwen3, "\"head_dim\": 128,", ""), "head_dim is missing");
  expectNamed(with(qwen3, "\"head_dim\": 128", "\"head_dim\": 127"), "head_dim is odd");
  expectNamed(with(qwen2, "\"hidden_size\": 1536,", ""), "hidden_size is missing");
  expectNamed(with(qwen2, "\"hidden_size\": 1536", "\"hidden_size\": \"big\""), "hidden_size is not a whole number");
  expectNamed(with(qwen2, "\"hidden_size\": 1536", "\"hidden_size\": 1e300"), "hidden_size");
  expectNamed(with(qwen2, "\"num_key_value_heads\": 2", "\"num_key_value_heads\": 5"), "num_key_value_heads");
  expectNamed(with(qwen2, "\"num_attention_heads\": 12", "\"num_attention_heads\": 10"), "hidden_size");
  expectNamed(with(qwen2, "bfloat16", "int8"), "torch_dtype int8");
  expectNamed(with(qwen2, "1e-06", "\"tiny\""), "rms_norm_eps");
  expectNamed(with(qwen2, "1000000.0", "0.5"), "rope_theta");
  expectNamed(with(qwen2, "{", "{\"quantization_config\": {}, "), "quantization_config");
  expectNamed("", "parse error");
  expectNamed("[]", "not a JSON object");
}

TEST(GenerationConfig, ReadsAndWrites) {
  const GenerationConfig config = parseGenerationConfig(
      R"({"bos_token_id": 151643, "do_sample": true, "eos_token_id": [151645, 151643], "pad_token_id": 151643,
          "repetition_penalty": 1.0, "temperature": 0.7, "top_k": 20, "top_p": 0.8, "transformers_version": "4.37.0"})");
  EXPECT_EQ(config.eosTokens, (std::vector<std::int64_t>{151645, 151643}));
  EXPECT_TRUE(config.sample);
  EXPECT_EQ(config.topK, 20);
  EXPECT_EQ(config.temperature, 0.7);
  EXPECT_EQ(toGenerationConfigJson(parseGenerationConfig(toGenerationConfigJson(config))),
            toGenerationConfigJson(config));
  EXPECT_EQ(parseGenerationConfig(R"({"eos_token_id": 5, "max_new_tokens": 2048})").maxNewTokens, 2048);
  EXPECT_TRUE(parseGenerationConfig("{}").eosTokens.empty());
}

TEST(GenerationConfig, RefusesByName) {
  auto message = [](const std::string& json) {
    return errorOf([](const std::string& text) { parseGenerationConfig(text); }, json);
  };
  EXPECT_NE(message(R"({"repetition_penalty": 1.1})").find("repetition_penalty"), std::string::npos);
  EXPECT_NE(message(R"({"num_beams": 4})").find("num_beams"), std::string::npos);
  EXPECT_NE(message(R"({"temperature": 0})").find("temperature"), std::string::npos);
  EXPECT_NE(message(R"({"top_p": 1.5})").find("top_p"), std::string::npos);
  EXPECT_NE(message(R"({"eos_token_id": ["x"]})").find("eos_token_id"), std::string::npos);
}

TEST(ModelConfig, GoldenCheckpointsFit) {
  const auto goldens = std::filesystem::path(CADRECODE_SOURCE_DIR).parent_path() / "shared" / "goldens" / "model";
  if (!std::filesystem::exists(goldens)) GTEST_SKIP() << "no goldens at " << goldens;
  for (const std::string name : {"qwen2/checkpoint", "qwen2/checkpoint_bf16", "qwen2/checkpoint_sharded",
                                 "qwen3/checkpoint", "qwen3/checkpoint_bf16"}) {
    const std::string folder = (goldens / name).string();
    checkTensors(Checkpoint(folder).tensors(), readModelConfig(folder), PointEncoder::required);
    EXPECT_EQ(readGenerationConfig(folder)->eosTokens, std::vector<std::int64_t>{313});
  }
}

}  // namespace
}  // namespace cadrecode::model
