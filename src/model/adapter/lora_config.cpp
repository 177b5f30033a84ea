#include "model/adapter/lora_config.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>

#include "core/error.hpp"
#include "model/json_fields.hpp"

namespace cadrecode::model::adapter {

namespace {

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::input, "ValueError", what); }

// As PEFT matches the keys of its patterns: the end of a module's name, from a dot on.
template <typename Value>
const Value* matching(const std::map<std::string, Value>& patterns, const std::string& module) {
  for (const auto& [pattern, value] : patterns) {
    try {
      if (std::regex_match(module, std::regex("(.*\\.)?(" + pattern + ")"))) return &value;
    } catch (const std::regex_error& error) {
      fail("rank_pattern or alpha_pattern: `" + pattern + "` is no pattern: " + error.what());
    }
  }
  return nullptr;
}

std::vector<std::string> texts(const nlohmann::json& value, const char* key) {
  std::vector<std::string> result;
  if (value.is_null()) return result;
  if (!value.is_array()) fail(std::string(key) + " is not a list");
  for (const auto& item : value) {
    if (!item.is_string()) fail(std::string(key) + " is not a list of texts");
    result.push_back(item.get<std::string>());
  }
  return result;
}

template <typename Value>
std::map<std::string, Value> pattern(const nlohmann::json& value, const char* key) {
  std::map<std::string, Value> result;
  if (value.is_null()) return result;
  if (!value.is_object()) fail(std::string(key) + " is not an object");
  for (const auto& [name, item] : value.items()) {
    if (!item.is_number() || item.template get<double>() <= 0) fail(std::string(key) + ": " + name + " is not above 0");
    result[name] = item.template get<Value>();
  }
  return result;
}

}  // namespace

std::int64_t LoraConfig::rankOf(const std::string& module) const {
  const auto* exception = matching(rankPattern, module);
  return exception == nullptr ? rank : *exception;
}

double LoraConfig::scaleOf(const std::string& module) const {
  const auto* exception = matching(alphaPattern, module);
  const auto size = static_cast<double>(rankOf(module));
  return (exception == nullptr ? alpha : *exception) / (rankStabilized ? std::sqrt(size) : size);
}

LoraConfig parseLoraConfig(std::string_view json) {
  const nlohmann::json document = parseJsonObject(json);
  const JsonFields fields(document);
  const std::string type = fields.text("peft_type").value_or("");
  if (type != "LORA") fail("not supported: peft_type \"" + type + "\"; an adapter is LORA here");
  for (const char* key : {"use_dora", "fan_in_fan_out", "lora_bias"}) {
    if (fields.boolean(key).value_or(false)) fail(std::string("not supported: ") + key);
  }
  if (const auto bias = fields.text("bias"); bias && *bias != "none") fail("not supported: bias \"" + *bias + "\"");
  for (const char* key : {"layer_replication", "trainable_token_indices"}) {
    if (!fields.raw(key).is_null()) fail(std::string("not supported: ") + key);
  }
  LoraConfig config;
  config.rank = fields.requiredInteger("r", 1, 1 << 20);
  const auto alpha = fields.number("lora_alpha");
  if (!alpha) fail("lora_alpha is missing");
  config.alpha = *alpha;
  config.dropout = fields.number("lora_dropout").value_or(0.0);
  if (config.dropout < 0 || config.dropout >= 1) fail("lora_dropout is not in [0, 1)");
  if (!fields.raw("target_modules").is_string()) {
    config.targetModules = texts(fields.raw("target_modules"), "target_modules");
  }
  config.modulesToSave = texts(fields.raw("modules_to_save"), "modules_to_save");
  config.baseModel = fields.text("base_model_name_or_path").value_or("");
  config.rankStabilized = fields.boolean("use_rslora").value_or(false);
  config.rankPattern = pattern<std::int64_t>(fields.raw("rank_pattern"), "rank_pattern");
  config.alphaPattern = pattern<double>(fields.raw("alpha_pattern"), "alpha_pattern");
  return config;
}

std::string toAdapterJson(const LoraConfig& config) {
  nlohmann::json json;  // sorted by key, as PEFT writes it
  json["alpha_pattern"] = config.alphaPattern;
  json["auto_mapping"] = nullptr;
  json["base_model_name_or_path"] = config.baseModel;
  json["bias"] = "none";
  json["fan_in_fan_out"] = false;
  json["inference_mode"] = true;
  json["init_lora_weights"] = true;
  json["layer_replication"] = nullptr;
  json["layers_pattern"] = nullptr;
  json["layers_to_transform"] = nullptr;
  json["loftq_config"] = nlohmann::json::object();
  if (config.alpha == std::floor(config.alpha)) {
    json["lora_alpha"] = static_cast<std::int64_t>(config.alpha);
  } else {
    json["lora_alpha"] = config.alpha;
  }
  json["lora_dropout"] = config.dropout;
  json["megatron_config"] = nullptr;
  json["megatron_core"] = "megatron.core";
  json["modules_to_save"] = config.modulesToSave;
  json["peft_type"] = "LORA";
  json["r"] = config.rank;
  json["rank_pattern"] = config.rankPattern;
  json["revision"] = nullptr;
  json["target_modules"] = config.targetModules;
  json["task_type"] = "CAUSAL_LM";
  json["use_dora"] = false;
  json["use_rslora"] = config.rankStabilized;
  return json.dump(2) + "\n";
}

}  // namespace cadrecode::model::adapter
