#include "dataset/program_statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/error.hpp"
#include "dataset/cloud_file.hpp"
#include "dataset/dialect_program.hpp"
#include "script/lexer.hpp"

namespace cadrecode::dataset {
namespace {

using script::Token;
using script::TokenType;

bool isPlainNumber(std::string_view text) {
  return text.find_first_not_of("0123456789.eE+-") == text.npos && text.find_first_of("0123456789") != text.npos;
}

// A call's name where the token at `i` is a method's name: . name (
bool isCall(const std::vector<Token>& tokens, std::size_t i) {
  return i > 0 && i + 1 < tokens.size() && tokens[i].type == TokenType::name && tokens[i - 1].text == "." &&
         tokens[i + 1].text == "(";
}

// Whether a minus before token `i` is a sign, not an operator.
bool isNegative(const std::vector<Token>& tokens, std::size_t i) {
  if (i == 0 || tokens[i - 1].text != "-") return false;
  if (i == 1) return true;
  const Token& before = tokens[i - 2];
  return before.type == TokenType::op ? before.text != ")" && before.text != "]"
                                      : before.type != TokenType::name && before.type != TokenType::number;
}

std::vector<std::pair<std::string, std::uint64_t>> byCount(const std::map<std::string, std::uint64_t>& counts) {
  std::vector<std::pair<std::string, std::uint64_t>> list(counts.begin(), counts.end());
  std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return list;
}

template <class Map>
std::string shares(const Map& counts, std::size_t most = 12) {
  std::uint64_t sum = 0;
  for (const auto& [name, count] : counts) sum += count;
  std::vector<std::pair<std::string, std::uint64_t>> list;
  for (const auto& [name, count] : counts) list.emplace_back(fmt::format("{}", name), count);
  std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (std::size_t i = 0; i < list.size() && i < most; ++i) {
    text += fmt::format("{}{} {:.1f} %", i ? ", " : "", list[i].first,
                        100.0 * static_cast<double>(list[i].second) / static_cast<double>(sum));
  }
  if (list.size() > most) text += fmt::format(", {} more", list.size() - most);
  return text.empty() ? "none" : text;
}

std::uint32_t quantile(std::vector<std::uint32_t> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
}

template <class Map>
nlohmann::ordered_json object(const Map& counts) {
  nlohmann::ordered_json result = nlohmann::ordered_json::object();
  for (const auto& [name, count] : counts) result[fmt::format("{}", name)] = count;
  return result;
}

}  // namespace

std::string normalizedProgram(std::string_view script) {
  std::string text;
  try {
    const script::TokenList list = script::tokenize(script);
    if (list.failure) return std::string(script);
    TokenType last = TokenType::newline;
    for (const Token& token : list.tokens) {
      const bool word =
          token.type == TokenType::name || token.type == TokenType::keyword || token.type == TokenType::number;
      const bool afterWord = last == TokenType::name || last == TokenType::keyword || last == TokenType::number;
      if (word && afterWord) text += ' ';
      switch (token.type) {
        case TokenType::newline:
          if (last != TokenType::newline) text += '\n';
          break;
        case TokenType::indent:
          text += "{";
          break;
        case TokenType::dedent:
          text += "}";
          break;
        case TokenType::number:
          text += isPlainNumber(token.text) ? fmt::format("{}", std::strtod(std::string(token.text).c_str(), nullptr))
                                            : std::string(token.text);
          break;
        default:
          text += token.text;
      }
      last = token.type;
    }
  } catch (const script::SyntaxFailure&) {
    return std::string(script);
  }
  std::replace(text.begin(), text.end(), '"', '\'');
  return text;
}

void ProgramStatistics::add(std::string_view script, const std::string& id) {
  ++scripts;
  characters.push_back(static_cast<std::uint32_t>(script.size()));
  if (tokenCount_) tokenCounts.push_back(static_cast<std::uint32_t>(tokenCount_(script)));
  const std::string_view trimmed = script.substr(0, script.find_last_not_of(" \t\r\n") + 1);
  ++lines[trimmed.empty() ? 0 : static_cast<int>(std::count(trimmed.begin(), trimmed.end(), '\n')) + 1];
  const auto [first, fresh] = seen_.emplace(sha256(normalizedProgram(script)).substr(0, 32), id);
  if (!fresh) duplicates.emplace_back(id, first->second);

  std::map<std::string, std::uint64_t> own;
  try {
    const script::TokenList list = script::tokenize(script);
    const std::vector<Token>& tokens = list.tokens;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (isCall(tokens, i)) ++own[std::string(tokens[i].text)];
      if (tokens[i].type != TokenType::number || !isPlainNumber(tokens[i].text)) continue;
      double value = std::strtod(std::string(tokens[i].text).c_str(), nullptr);
      if (isNegative(tokens, i)) value = -value;
      ++(value == std::floor(value) ? integers : 2 * value == std::floor(2 * value) ? halves : fractions);
      smallest = std::min(smallest, value);
      largest = std::max(largest, value);
    }
  } catch (const script::SyntaxFailure&) {
    // No text of the language: only its length counts.
  }
  for (const auto& [name, count] : own) {
    calls[name] += count;
    ++scriptsWithCall[name];
  }

  DialectProgram program;
  try {
    program = parseDialect(script);
  } catch (const Error& error) {
    const std::string reason = error.what();
    const std::size_t colon = reason.starts_with("line ") ? reason.find(": ") : reason.npos;
    ++outside[colon == reason.npos ? reason : reason.substr(colon + 2)];
    return;
  }
  ++dialect;
  ++bodies[std::to_string(program.bodies.size())];
  for (const std::string& plane : program.planes) ++planes[plane];
  for (const Body& body : program.bodies) {
    ++kinds[body.kind];
    if (body.kind != "sketch") continue;
    ++extrusions;
    if (body.height < 0) ++negativeExtrusions;
    ++regions[std::to_string(body.regions.size())];
    ++patterns[body.pattern()];
    for (const Region& region : body.regions) {
      for (int count : region.edges) ++edges[count];
    }
  }
}

nlohmann::ordered_json ProgramStatistics::json() const {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& [id, first] : duplicates) list.push_back({id, first});
  nlohmann::ordered_json result = {{"scripts", scripts},
                                   {"dialect", dialect},
                                   {"outside", object(outside)},
                                   {"bodies", object(bodies)},
                                   {"kinds", object(kinds)},
                                   {"regions", object(regions)},
                                   {"patterns", object(patterns)},
                                   {"edges", object(edges)},
                                   {"planes", object(planes)},
                                   {"calls", object(calls)},
                                   {"scripts_with_call", object(scriptsWithCall)}};
  result["numbers"] = {{"integers", integers},
                       {"halves", halves},
                       {"fractions", fractions},
                       {"smallest", smallest},
                       {"largest", largest}};
  result["extrusions"] = {{"all", extrusions}, {"negative", negativeExtrusions}};
  result["lines"] = object(lines);
  auto lengths = [](const std::vector<std::uint32_t>& values) -> nlohmann::ordered_json {
    return {{"median", quantile(values, 0.5)}, {"p95", quantile(values, 0.95)}, {"max", quantile(values, 1)}};
  };
  result["characters"] = lengths(characters);
  if (tokenCount_) result["tokens"] = lengths(tokenCounts);
  result["duplicates"] = std::move(list);
  return result;
}

std::string ProgramStatistics::text() const {
  auto row = [](const char* name, const std::string& value) { return fmt::format("{:<22}{}\n", name, value); };
  const double numbers = std::max(1.0, static_cast<double>(integers + halves + fractions));
  auto share = [](std::uint64_t part, double whole) {
    return whole > 0 ? 100.0 * static_cast<double>(part) / whole : 0.0;
  };
  std::string text =
      row("scripts", fmt::format("{}, {} of the dialect, {} duplicates", scripts, dialect, duplicates.size()));
  text += row("bodies a script", shares(bodies));
  text += row("kinds of bodies", shares(kinds));
  text += row("regions a sketch", shares(regions));
  text += row("patterns", shares(patterns));
  text += row("edges a loop", shares(edges));
  text += row("planes", shares(planes));
  text += row("numbers",
              fmt::format("integers {:.1f} %, halves {:.1f} %, others {:.1f} %; {} to {}", share(integers, numbers),
                          share(halves, numbers), share(fractions, numbers), smallest, largest));
  text += row("extrusions", fmt::format("{}, {:.1f} % negative", extrusions,
                                        share(negativeExtrusions, static_cast<double>(extrusions))));
  text += row("lines", shares(lines));
  auto lengths = [](const std::vector<std::uint32_t>& values) {
    return fmt::format("median {}, 95 % at most {}, all at most {}", quantile(values, 0.5), quantile(values, 0.95),
                       quantile(values, 1));
  };
  text += row("characters", lengths(characters));
  if (tokenCount_) text += row("tokens", lengths(tokenCounts));
  std::string names;
  for (const auto& [name, count] : byCount(calls)) {
    names += fmt::format("{}{} {}/{}", names.empty() ? "" : ", ", name, count, scriptsWithCall.at(name));
    if (names.size() > 400) break;
  }
  text += row("calls/scripts", names.empty() ? "none" : names);
  if (!outside.empty()) {
    std::string reasons;
    for (const auto& [reason, count] : byCount(outside)) {
      reasons += fmt::format("{}{} ({})", reasons.empty() ? "" : ", ", reason, count);
      if (reasons.size() > 200) break;
    }
    text += row("outside the dialect", reasons);
  }
  return text;
}

}  // namespace cadrecode::dataset
