#include "model/json_fields.hpp"

#include "core/error.hpp"

namespace cadrecode::model {

namespace {
[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::input, "ValueError", what); }
}  // namespace

nlohmann::json parseJsonObject(std::string_view text) {
  try {
    auto document = nlohmann::json::parse(text);
    if (!document.is_object()) fail("not a JSON object");
    return document;
  } catch (const nlohmann::json::exception& error) {
    fail(error.what());
  }
}

const nlohmann::json& JsonFields::raw(const char* key) const {
  static const nlohmann::json null;
  const auto found = object_.find(key);
  return found == object_.end() ? null : *found;
}

std::optional<std::int64_t> JsonFields::integer(const char* key, std::int64_t low, std::int64_t high) const {
  const auto& value = raw(key);
  if (value.is_null()) return std::nullopt;
  if (!value.is_number_integer() || value < low || value > high) {
    fail(std::string(key) + " is not a whole number from " + std::to_string(low) + " to " + std::to_string(high) +
         ": " + value.dump());
  }
  return value.get<std::int64_t>();
}

std::int64_t JsonFields::requiredInteger(const char* key, std::int64_t low, std::int64_t high) const {
  const auto value = integer(key, low, high);
  if (!value) fail(std::string(key) + " is missing");
  return *value;
}

std::optional<double> JsonFields::number(const char* key) const {
  const auto& value = raw(key);
  if (value.is_null()) return std::nullopt;
  if (!value.is_number()) fail(std::string(key) + " is not a number: " + value.dump());
  return value.get<double>();
}

std::optional<bool> JsonFields::boolean(const char* key) const {
  const auto& value = raw(key);
  if (value.is_null()) return std::nullopt;
  if (!value.is_boolean()) fail(std::string(key) + " is not true or false: " + value.dump());
  return value.get<bool>();
}

std::optional<std::string> JsonFields::text(const char* key) const {
  const auto& value = raw(key);
  if (value.is_null()) return std::nullopt;
  if (!value.is_string()) fail(std::string(key) + " is not a text: " + value.dump());
  return value.get<std::string>();
}

}  // namespace cadrecode::model
