// Formatting: format specs, str.format, the % operator, numbers.
#pragma once

#include <string>

#include "script/operations.hpp"

namespace cadrecode::script {

// What follows the colon of a format field.
struct FormatSpec {
  std::string fill = " ";
  char align = 0;  // 0: by type
  char sign = '-';
  bool alternative = false;
  bool zero = false;
  std::int64_t width = -1;
  char grouping = 0;
  std::int64_t precision = -1;
  char type = 0;
};
FormatSpec parseFormatSpec(const std::string& text, const std::string& typeName);

std::string formatInteger(std::int64_t value, const FormatSpec& spec);
std::string formatRealSpec(double value, const FormatSpec& spec);
std::string formatText(const std::string& text, const FormatSpec& spec);

// The digits of a number as %e, %f, %g write them.
std::string printfReal(double value, char type, int precision, bool alternative);

std::string percentFormat(const std::string& format, const Value& arguments);
std::string formatMethod(const std::string& format, const Values& positional, const KeywordArguments& keywords,
                         const Value& mapping);

// Text to numbers by Python's rules; false when it is none.
bool parseReal(const std::string& text, double& value);
// 0: not a number, 1: fine, 2: too big for 64 bits
int parseInteger(const std::string& text, int base, std::int64_t& value);

}  // namespace cadrecode::script
