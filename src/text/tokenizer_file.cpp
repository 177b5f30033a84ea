#include "text/tokenizer_file.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/error.hpp"
#include "text/byte_alphabet.hpp"
#include "text/utf8.hpp"

namespace cadrecode::text {

namespace {

using nlohmann::json;

constexpr TokenId greatestId = 4'000'000;

// What a ByteLevel part with "use_regex" cuts by.
constexpr const char* gpt2Pattern =
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::input, "ValueError", what); }
[[noreturn]] void refuse(const std::string& part) { fail("tokenizer.json: not supported: " + part); }

json parse(std::string_view text, const std::string& file) {
  try {
    json document = json::parse(text);
    if (!document.is_object()) fail(file + ": not a JSON object");
    return document;
  } catch (const json::exception& error) {
    fail(file + ": " + error.what());
  }
}

// The value of a key; null when the key is absent, so that both mean "not set".
const json& get(const json& object, const char* key) {
  static const json null;
  const auto found = object.find(key);
  return found == object.end() ? null : *found;
}

std::string typeOf(const json& part, const std::string& where) {
  if (!part.is_object() || !get(part, "type").is_string()) fail("tokenizer.json: " + where + " has no type");
  return part["type"].get<std::string>();
}

bool flag(const json& object, const char* key, bool absent = false) {
  const json& value = get(object, key);
  if (value.is_null()) return absent;
  if (!value.is_boolean()) fail(std::string("tokenizer.json: ") + key + " is not true or false");
  return value.get<bool>();
}

TokenId checkedId(const json& value, const std::string& token) {
  if (!value.is_number_integer() || value < 0 || value > greatestId) fail("tokenizer.json: bad id of token " + token);
  return value.get<TokenId>();
}

bool readNormalizer(const json& part) {
  if (part.is_null()) return false;
  const std::string type = typeOf(part, "normalizer");
  if (type == "NFC") return true;
  if (type != "Sequence") refuse("normalizer " + type);
  const json& steps = get(part, "normalizers");
  if (!steps.is_array()) fail("tokenizer.json: normalizer Sequence has no list");
  bool nfc = false;
  for (const json& step : steps) {
    if (const std::string inner = typeOf(step, "normalizer"); inner != "NFC") refuse("normalizer " + inner);
    nfc = true;
  }
  return nfc;
}

std::string escapeForPattern(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("\\^$.|?*+()[]{}#- ").find(c) != std::string_view::npos) escaped.push_back('\\');
    escaped.push_back(c);
  }
  return escaped;
}

SplitPattern readSplit(const json& part) {
  const json& behaviour = get(part, "behavior");
  if (behaviour != "Isolated") refuse("pre_tokenizer Split with behavior " + behaviour.dump());
  if (flag(part, "invert")) refuse("pre_tokenizer Split with invert");
  const json& pattern = get(part, "pattern");
  if (pattern.is_object() && get(pattern, "Regex").is_string())
    return SplitPattern(pattern["Regex"].get<std::string>());
  if (pattern.is_object() && get(pattern, "String").is_string()) {
    return SplitPattern(escapeForPattern(pattern["String"].get<std::string>()));
  }
  refuse("pre_tokenizer Split with pattern " + pattern.dump());
}

std::vector<SplitPattern> readPreTokenizer(const json& part) {
  if (part.is_null()) refuse("a pipeline without ByteLevel pre_tokenizer");
  json steps = json::array({part});
  if (typeOf(part, "pre_tokenizer") == "Sequence") steps = get(part, "pretokenizers");
  if (!steps.is_array()) fail("tokenizer.json: pre_tokenizer Sequence has no list");
  std::vector<SplitPattern> splits;
  bool byteLevel = false;
  for (const json& step : steps) {
    const std::string type = typeOf(step, "pre_tokenizer");
    if (byteLevel) refuse("pre_tokenizer " + type + " behind ByteLevel");
    if (type == "Split") {
      splits.push_back(readSplit(step));
    } else if (type == "ByteLevel") {
      byteLevel = true;
      if (flag(step, "add_prefix_space", true)) refuse("pre_tokenizer ByteLevel with add_prefix_space");
      if (flag(step, "use_regex", true)) splits.emplace_back(gpt2Pattern);
    } else {
      refuse("pre_tokenizer " + type);
    }
  }
  if (!byteLevel) refuse("a pipeline without ByteLevel pre_tokenizer");
  return splits;
}

void checkModel(const json& model) {
  if (!model.is_object()) fail("tokenizer.json: no model");
  // Files of older versions leave the type of a BPE model out.
  if (const json& type = get(model, "type"); !type.is_null() && type != "BPE") refuse("model " + type.dump());
  for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    if (const json& value = get(model, key); !value.is_null() && value != "") {
      refuse(std::string("model with ") + key + " " + value.dump());
    }
  }
  if (const json& dropout = get(model, "dropout"); !dropout.is_null() && dropout != 0) refuse("model with dropout");
  if (flag(model, "byte_fallback")) refuse("model with byte_fallback");
}

void readVocabulary(const json& model, TokenizerParts& parts) {
  const json& vocabulary = get(model, "vocab");
  if (!vocabulary.is_object()) fail("tokenizer.json: model has no vocab");
  for (const auto& [spelling, value] : vocabulary.items()) {
    const auto id = static_cast<std::size_t>(checkedId(value, spelling));
    if (spelling.empty()) fail("tokenizer.json: empty token in vocab");
    if (parts.spellings.size() <= id) parts.spellings.resize(id + 1);
    if (!parts.spellings[id].empty()) {
      fail("tokenizer.json: tokens " + parts.spellings[id] + " and " + spelling + " have the same id");
    }
    parts.spellings[id] = spelling;
    parts.idsOfSpelling.emplace(spelling, static_cast<TokenId>(id));
  }
}

std::array<TokenId, 256> findByteTokens(const TokenizerParts& parts) {
  std::array<TokenId, 256> tokens{};
  for (std::size_t byte = 0; byte < tokens.size(); ++byte) {
    const auto found = parts.idsOfSpelling.find(spellBytes(std::string(1, static_cast<char>(byte))));
    if (found == parts.idsOfSpelling.end()) refuse("vocabulary without a token for byte " + std::to_string(byte));
    tokens[byte] = found->second;
  }
  return tokens;
}

std::pair<std::string, std::string> readMergePair(const json& merge) {
  if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
    return {merge[0].get<std::string>(), merge[1].get<std::string>()};
  }
  if (merge.is_string()) {
    const auto& line = merge.get_ref<const std::string&>();
    const std::size_t space = line.find(' ');
    if (space != std::string::npos && line.find(' ', space + 1) == std::string::npos) {
      return {line.substr(0, space), line.substr(space + 1)};
    }
  }
  fail("tokenizer.json: merge is neither \"a b\" nor [\"a\", \"b\"]: " + merge.dump());
}

BytePairMerges readMerges(const json& model, const TokenizerParts& parts) {
  const json& list = get(model, "merges");
  if (!list.is_array()) fail("tokenizer.json: model has no merges");
  std::vector<Merge> merges;
  merges.reserve(list.size());
  auto idOf = [&](const std::string& spelling) {
    const auto found = parts.idsOfSpelling.find(spelling);
    if (found == parts.idsOfSpelling.end()) fail("tokenizer.json: merge uses " + spelling + ", which vocab lacks");
    return found->second;
  };
  for (const json& merge : list) {
    if (merge.is_string() && merge.get_ref<const std::string&>().starts_with("#version")) continue;
    const auto [left, right] = readMergePair(merge);
    merges.push_back({idOf(left), idOf(right), idOf(left + right)});
  }
  return BytePairMerges(findByteTokens(parts), merges);
}

AddedToken readAddedToken(const json& entry, const json& id) {
  if (!entry.is_object() || !get(entry, "content").is_string()) fail("tokenizer.json: added token without content");
  AddedToken token;
  token.content = entry["content"].get<std::string>();
  token.id = checkedId(id, token.content);
  token.singleWord = flag(entry, "single_word");
  token.stripLeft = flag(entry, "lstrip");
  token.stripRight = flag(entry, "rstrip");
  token.special = flag(entry, "special");
  token.normalized = flag(entry, "normalized", !token.special);
  return token;
}

void addToken(AddedToken token, TokenizerParts& parts) {
  if (token.content.empty()) return;  // as the reference does
  const auto id = static_cast<std::size_t>(token.id);
  if (parts.spellings.size() <= id) parts.spellings.resize(id + 1);
  if (!parts.spellings[id].empty() && parts.spellings[id] != token.content) {
    fail("tokenizer.json: tokens " + parts.spellings[id] + " and " + token.content + " have the same id");
  }
  const auto inVocabulary = parts.idsOfSpelling.find(token.content);
  if (inVocabulary != parts.idsOfSpelling.end() && inVocabulary->second != token.id) {
    fail("tokenizer.json: added token " + token.content + " has another id in vocab");
  }
  for (const AddedToken& other : parts.addedTokens) {
    if (other.content != token.content) continue;
    if (other.id != token.id) fail("tokenizer.json: added token " + token.content + " has two ids");
    return;
  }
  parts.spellings[id] = token.content;
  parts.addedTokens.push_back(std::move(token));
}

void readAddedTokens(const json& document, TokenizerParts& parts) {
  const json& list = get(document, "added_tokens");
  if (list.is_null()) return;
  if (!list.is_array()) fail("tokenizer.json: added_tokens is not a list");
  for (const json& entry : list) {
    if (!entry.is_object()) fail("tokenizer.json: added token is not an object");
    addToken(readAddedToken(entry, get(entry, "id")), parts);
  }
}

void checkOutputParts(const json& document) {
  const json& decoder = get(document, "decoder");
  if (decoder.is_null() || typeOf(decoder, "decoder") != "ByteLevel") {
    refuse("decoder " + (decoder.is_null() ? "null" : typeOf(decoder, "decoder")));
  }
  const json& post = get(document, "post_processor");
  if (!post.is_null() && typeOf(post, "post_processor") != "ByteLevel") {
    refuse("post_processor " + typeOf(post, "post_processor"));
  }
}

std::optional<std::string> readNamedToken(const json& config, const char* key, const TokenizerParts& parts) {
  const json& value = get(config, key);
  const json& content = value.is_object() ? get(value, "content") : value;
  if (content.is_null()) return std::nullopt;
  if (!content.is_string()) fail(std::string("tokenizer_config.json: ") + key + " is not a token");
  const auto name = content.get<std::string>();
  const bool added = std::any_of(parts.addedTokens.begin(), parts.addedTokens.end(),
                                 [&](const AddedToken& token) { return token.content == name; });
  if (!added && !parts.idsOfSpelling.contains(name)) {
    fail(std::string("tokenizer_config.json: ") + key + " " + name + " is not in the tokenizer");
  }
  return name;
}

void readConfig(const json& config, TokenizerParts& parts) {
  if (flag(config, "add_prefix_space")) refuse("add_prefix_space");
  if (flag(config, "clean_up_tokenization_spaces")) refuse("clean_up_tokenization_spaces");
  if (flag(config, "add_bos_token") || flag(config, "add_eos_token")) refuse("add_bos_token, add_eos_token");
  if (const json& list = get(config, "added_tokens_decoder"); list.is_object()) {
    for (const auto& [id, entry] : list.items()) {
      const bool number = !id.empty() && id.size() < 10 &&
                          std::all_of(id.begin(), id.end(), [](unsigned char c) { return c >= '0' && c <= '9'; });
      if (!number) fail("tokenizer_config.json: bad id " + id);
      addToken(readAddedToken(entry, json(std::stol(id))), parts);
    }
  }
  parts.bosToken = readNamedToken(config, "bos_token", parts);
  parts.eosToken = readNamedToken(config, "eos_token", parts);
  parts.padToken = readNamedToken(config, "pad_token", parts);
  parts.unknownToken = readNamedToken(config, "unk_token", parts);
}

}  // namespace

TokenizerParts parseTokenizerFiles(std::string_view tokenizerJson, std::string_view configJson) {
  const json document = parse(tokenizerJson, "tokenizer.json");
  const json& model = get(document, "model");
  checkModel(model);
  checkOutputParts(document);
  TokenizerParts parts;
  parts.normalizesNfc = readNormalizer(get(document, "normalizer"));
  parts.splits = readPreTokenizer(get(document, "pre_tokenizer"));
  parts.wholePiecesFirst = flag(model, "ignore_merges");
  readVocabulary(model, parts);
  parts.merges = readMerges(model, parts);
  readAddedTokens(document, parts);
  if (!configJson.empty()) readConfig(parse(configJson, "tokenizer_config.json"), parts);
  return parts;
}

}  // namespace cadrecode::text
