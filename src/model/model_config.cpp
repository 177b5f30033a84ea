#include "model/model_config.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/error.hpp"
#include "core/files.hpp"
#include "model/json_fields.hpp"

namespace cadrecode::model {

namespace {

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::input, "ValueError", what); }

Family readFamily(const JsonFields& fields) {
  const auto type = fields.text("model_type");
  if (type == "qwen2") return Family::qwen2;
  if (type == "qwen3") return Family::qwen3;
  fail("not supported: model_type " + type.value_or("(none)"));
}

// Versions before 5 of Hugging Face's library write "rope_theta" and "rope_scaling", later ones "rope_parameters".
double readRope(const JsonFields& fields) {
  double theta = fields.number("rope_theta").value_or(10000.0);
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    const auto& rope = fields.raw(key);
    if (rope.is_null()) continue;
    if (!rope.is_object()) fail(std::string(key) + " is not an object");
    const JsonFields inner(rope);
    const auto newer = inner.text("rope_type");
    const std::string type = newer ? *newer : inner.text("type").value_or("default");
    if (type != "default") fail("not supported: " + std::string(key) + " of type " + type);
    theta = inner.number("rope_theta").value_or(theta);
  }
  if (!(theta > 1.0) || !std::isfinite(theta)) fail("rope_theta is not above 1");
  return theta;
}

ElementType readStoredType(const JsonFields& fields) {
  const auto newer = fields.text("dtype");
  const std::string name = newer ? *newer : fields.text("torch_dtype").value_or("float32");
  if (name == "float32") return ElementType::f32;
  if (name == "bfloat16") return ElementType::bf16;
  if (name == "float16") return ElementType::f16;
  fail("not supported: torch_dtype " + name);
}

void checkParts(const JsonFields& fields) {
  if (const auto act = fields.text("hidden_act").value_or("silu"); act != "silu")
    fail("not supported: hidden_act " + act);
  if (fields.boolean("attention_bias").value_or(false)) fail("not supported: attention_bias");
  // The files themselves tell how bitsandbytes packed them (quantization/packed_files.hpp).
  if (const auto& packing = fields.raw("quantization_config"); !packing.is_null()) {
    const auto method = packing.is_object() ? JsonFields(packing).text("quant_method") : std::nullopt;
    if (method != "bitsandbytes") fail("not supported: quantization_config of another method than bitsandbytes");
  }
}

std::string storedTypeName(ElementType type) {
  return type == ElementType::bf16 ? "bfloat16" : type == ElementType::f16 ? "float16" : "float32";
}

}  // namespace

ModelConfig parseModelConfig(std::string_view json) {
  constexpr std::int64_t greatestSize = 1 << 20;
  const nlohmann::json document = parseJsonObject(json);
  const JsonFields fields(document);
  ModelConfig config;
  config.family = readFamily(fields);
  checkParts(fields);
  config.vocabularySize = fields.requiredInteger("vocab_size", 1, 1 << 24);
  config.hiddenSize = fields.requiredInteger("hidden_size", 1, greatestSize);
  config.intermediateSize = fields.requiredInteger("intermediate_size", 1, greatestSize);
  config.layers = fields.requiredInteger("num_hidden_layers", 1, 10000);
  config.heads = fields.requiredInteger("num_attention_heads", 1, greatestSize);
  config.keyValueHeads = fields.integer("num_key_value_heads", 1, greatestSize).value_or(config.heads);
  if (config.heads % config.keyValueHeads != 0) fail("num_key_value_heads does not divide num_attention_heads");
  const auto headSize = fields.integer("head_dim", 2, greatestSize);
  if (!headSize && config.family == Family::qwen3) fail("head_dim is missing");
  if (!headSize && config.hiddenSize % config.heads != 0) fail("num_attention_heads does not divide hidden_size");
  config.headSize = headSize.value_or(config.hiddenSize / config.heads);
  if (config.headSize % 2 != 0) fail("head_dim is odd");
  config.maxPositions = fields.integer("max_position_embeddings", 1, INT32_MAX).value_or(config.maxPositions);
  config.normEpsilon = fields.number("rms_norm_eps").value_or(config.normEpsilon);
  if (!(config.normEpsilon >= 0.0 && config.normEpsilon < 1.0)) fail("rms_norm_eps is not in 0 to 1");
  config.ropeTheta = readRope(fields);
  config.initializerRange = fields.number("initializer_range").value_or(config.initializerRange);
  config.tiedEmbeddings = fields.boolean("tie_word_embeddings").value_or(false);
  config.storedType = readStoredType(fields);
  config.bosToken = fields.integer("bos_token_id", 0, INT32_MAX);
  // Some files give a list of ends; the one that training writes is the first.
  if (const auto& eos = fields.raw("eos_token_id"); eos.is_array() && !eos.empty() && eos[0].is_number_integer()) {
    config.eosToken = eos[0].get<std::int64_t>();
  } else {
    config.eosToken = fields.integer("eos_token_id", 0, INT32_MAX);
  }
  config.padToken = fields.integer("pad_token_id", 0, INT32_MAX);
  config.promptPoints = fields.integer("n_points", 1, greatestSize).value_or(config.promptPoints);
  return config;
}

ModelConfig readModelConfig(const std::string& folder) {
  const std::string path = folder + "/config.json";
  const std::string text = readFile(path);
  try {
    return parseModelConfig(text);
  } catch (const Error& error) {
    throw Error(error.code(), error.type(), path + ": " + error.what());
  }
}

std::string toConfigJson(const ModelConfig& config) {
  nlohmann::ordered_json json;
  json["architectures"] = {"CADRecode"};
  json["model_type"] = config.family == Family::qwen2 ? "qwen2" : "qwen3";
  json["attention_dropout"] = 0.0;
  if (config.family == Family::qwen3) json["attention_bias"] = false;
  auto putToken = [&](const char* key, const std::optional<std::int64_t>& token) {
    if (token) json[key] = *token;
  };
  putToken("bos_token_id", config.bosToken);
  putToken("eos_token_id", config.eosToken);
  putToken("pad_token_id", config.padToken);
  if (config.family == Family::qwen3 || config.headSize * config.heads != config.hiddenSize)
    json["head_dim"] = config.headSize;
  json["hidden_act"] = "silu";
  json["hidden_size"] = config.hiddenSize;
  json["initializer_range"] = config.initializerRange;
  json["intermediate_size"] = config.intermediateSize;
  json["max_position_embeddings"] = config.maxPositions;
  json["max_window_layers"] = config.layers;
  json["num_attention_heads"] = config.heads;
  json["num_hidden_layers"] = config.layers;
  json["num_key_value_heads"] = config.keyValueHeads;
  if (config.promptPoints != ModelConfig().promptPoints) json["n_points"] = config.promptPoints;
  json["rms_norm_eps"] = config.normEpsilon;
  json["rope_scaling"] = nullptr;
  json["rope_theta"] = config.ropeTheta;
  json["sliding_window"] = nullptr;
  json["tie_word_embeddings"] = config.tiedEmbeddings;
  json["torch_dtype"] = storedTypeName(config.storedType);
  json["use_cache"] = true;
  json["use_sliding_window"] = false;
  json["vocab_size"] = config.vocabularySize;
  return json.dump(2) + "\n";
}

}  // namespace cadrecode::model
