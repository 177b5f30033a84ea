#include "model/generation_config.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/files.hpp"
#include "model/json_fields.hpp"

namespace cadrecode::model {

namespace {

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::input, "ValueError", what); }

std::vector<std::int64_t> readEosTokens(const JsonFields& fields) {
  const auto& value = fields.raw("eos_token_id");
  if (!value.is_array()) {
    const auto single = fields.integer("eos_token_id", 0, INT32_MAX);
    return single ? std::vector{*single} : std::vector<std::int64_t>{};
  }
  std::vector<std::int64_t> tokens;
  for (const auto& token : value) {
    if (!token.is_number_integer() || token < 0 || token > INT32_MAX)
      fail("eos_token_id: not a token: " + token.dump());
    tokens.push_back(token.get<std::int64_t>());
  }
  return tokens;
}

void checkNeutral(const JsonFields& fields, const char* key, double neutral) {
  if (const auto value = fields.number(key); value && *value != neutral) {
    fail("not supported: " + std::string(key) + " " + fields.raw(key).dump());
  }
}

}  // namespace

GenerationConfig parseGenerationConfig(std::string_view json) {
  const nlohmann::json document = parseJsonObject(json);
  const JsonFields fields(document);
  for (const char* key : {"repetition_penalty", "num_beams", "length_penalty", "encoder_repetition_penalty"}) {
    checkNeutral(fields, key, 1.0);
  }
  for (const char* key : {"no_repeat_ngram_size", "min_p", "penalty_alpha"}) checkNeutral(fields, key, 0.0);
  GenerationConfig config;
  config.eosTokens = readEosTokens(fields);
  config.bosToken = fields.integer("bos_token_id", 0, INT32_MAX);
  config.padToken = fields.integer("pad_token_id", 0, INT32_MAX);
  config.maxNewTokens = fields.integer("max_new_tokens", 1, INT32_MAX);
  config.sample = fields.boolean("do_sample").value_or(false);
  config.temperature = fields.number("temperature").value_or(config.temperature);
  if (!(config.temperature > 0.0)) fail("temperature is not above 0");
  config.topK = fields.integer("top_k", 0, INT32_MAX).value_or(config.topK);
  config.topP = fields.number("top_p").value_or(config.topP);
  if (!(config.topP > 0.0 && config.topP <= 1.0)) fail("top_p is not above 0 and at most 1");
  return config;
}

std::optional<GenerationConfig> readGenerationConfig(const std::string& folder) {
  const std::string path = folder + "/generation_config.json";
  if (!std::filesystem::exists(path)) return std::nullopt;
  const std::string text = readFile(path);
  try {
    return parseGenerationConfig(text);
  } catch (const Error& error) {
    throw Error(error.code(), error.type(), path + ": " + error.what());
  }
}

std::string toGenerationConfigJson(const GenerationConfig& config) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (config.bosToken) json["bos_token_id"] = *config.bosToken;
  if (config.eosTokens.size() == 1) json["eos_token_id"] = config.eosTokens[0];
  if (config.eosTokens.size() > 1) json["eos_token_id"] = config.eosTokens;
  if (config.padToken) json["pad_token_id"] = *config.padToken;
  if (config.maxNewTokens) json["max_new_tokens"] = *config.maxNewTokens;
  json["do_sample"] = config.sample;
  if (config.sample) {
    json["temperature"] = config.temperature;
    json["top_k"] = config.topK;
    json["top_p"] = config.topP;
  }
  return json.dump(2) + "\n";
}

}  // namespace cadrecode::model
