// Reads checked fields out of a JSON object; messages name the field. A reader refers to its object; one thread.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace cadrecode::model {

// Throws Error(input) when the text is not a JSON object.
nlohmann::json parseJsonObject(std::string_view text);

class JsonFields {
 public:
  explicit JsonFields(const nlohmann::json& object) : object_(object) {}

  // Nothing when the field is absent or null; Error(input) when it is of another type or outside the range.
  std::optional<std::int64_t> integer(const char* key, std::int64_t low, std::int64_t high) const;
  std::optional<double> number(const char* key) const;
  std::optional<bool> boolean(const char* key) const;
  std::optional<std::string> text(const char* key) const;
  // Error(input) when absent.
  std::int64_t requiredInteger(const char* key, std::int64_t low, std::int64_t high) const;

  // The field itself; null when absent.
  const nlohmann::json& raw(const char* key) const;

 private:
  const nlohmann::json& object_;
};

}  // namespace cadrecode::model
