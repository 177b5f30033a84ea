#include "text/tokenizer_trainer.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "core/error.hpp"
#include "text/byte_alphabet.hpp"
#include "text/byte_pair_merges.hpp"
#include "text/normalization.hpp"
#include "text/pair_learner.hpp"
#include "text/split_pattern.hpp"
#include "text/utf8.hpp"

namespace cadrecode::text {

namespace {

// A number with its sign is a piece, and so is all that stands between two numbers or up to a line's end. A digit in a
// name ("w0") is no number.
constexpr const char* compactPattern =
    "-?[0-9]+|(?:[\\p{L}_][\\p{L}\\p{M}\\p{N}_]*|[^\\p{L}\\p{N}_\\r\\n\\-]|-(?![0-9]))+[\\r\\n]*|[\\r\\n]+|\\p{N}";

// The growing vocabulary. Merges are added in rank order; a token once reached by the merges so far is never
// lost by later ones, because those rank behind them.
class Vocabulary {
 public:
  Vocabulary() {
    for (int byte = 0; byte < 256; ++byte) {
      byteTokens_[static_cast<std::size_t>(byte)] = byte;
      tokens_.emplace_back(1, static_cast<char>(byte));
      ids_.emplace(tokens_.back(), byte);
    }
    encoder_ = BytePairMerges(byteTokens_, {});
  }

  const std::vector<std::string>& tokens() const { return tokens_; }
  const std::vector<Merge>& merges() const { return merges_; }

  std::vector<TokenId> encode(std::string_view piece) const {
    std::vector<TokenId> result;
    encoder_.encode(piece, result);
    return result;
  }

  TokenId merge(TokenId left, TokenId right) {
    const std::string spelling = tokens_[static_cast<std::size_t>(left)] + tokens_[static_cast<std::size_t>(right)];
    const auto [entry, isNew] = ids_.try_emplace(spelling, static_cast<TokenId>(tokens_.size()));
    if (isNew) tokens_.push_back(spelling);
    merges_.push_back({left, right, entry->second});
    return entry->second;
  }

  // Adds the merges that make `piece` one token.
  void require(std::string_view piece) {
    for (auto parts = encode(piece); parts.size() > 1; parts = encode(piece)) {
      merge(parts[0], parts[1]);
      encoder_ = BytePairMerges(byteTokens_, merges_);
    }
  }

 private:
  std::array<TokenId, 256> byteTokens_{};
  BytePairMerges encoder_;
  std::vector<std::string> tokens_;
  std::unordered_map<std::string, TokenId> ids_;
  std::vector<Merge> merges_;
};

std::vector<std::string> requiredPieces(const TokenizerTraining& options) {
  std::vector<std::string> required;
  for (int number = options.smallestNumber; number <= options.greatestNumber; ++number) {
    required.push_back(std::to_string(number));
  }
  required.insert(required.end(), options.pieces.begin(), options.pieces.end());
  // Short ones first: long ones are then built from them.
  std::stable_sort(required.begin(), required.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  return required;
}

void checkPieces(const std::vector<std::string>& pieces, const SplitPattern& pattern) {
  for (const std::string& piece : pieces) {
    if (findInvalidUtf8(piece) != std::string::npos) throwValueError("a piece is not UTF-8");
    std::size_t parts = 0;
    pattern.split(piece, [&](std::string_view) { ++parts; });
    if (parts != 1) throwValueError("cannot be one token: " + nlohmann::json(piece).dump());
  }
}

void learn(std::span<const std::string> texts, const TokenizerTraining& options, const SplitPattern& pattern,
           Vocabulary& vocabulary) {
  std::map<std::string, std::int64_t, std::less<>> counts;
  for (const std::string& text : texts) {
    if (const auto invalid = findInvalidUtf8(text); invalid != std::string::npos) {
      throwValueError("text is not UTF-8 at byte " + std::to_string(invalid));
    }
    pattern.split(normalizeNfc(text), [&](std::string_view piece) { ++counts[std::string(piece)]; });
  }
  PairLearner learner;
  for (const auto& [piece, count] : counts) {
    if (auto tokens = vocabulary.encode(piece); tokens.size() > 1) learner.add(std::move(tokens), count);
  }
  const std::size_t limit = options.vocabularySize - options.specialTokens.size();
  while (vocabulary.tokens().size() < limit) {
    const auto pair = learner.best(static_cast<std::int64_t>(options.minimumCount));
    if (!pair) break;
    learner.merge(*pair, vocabulary.merge(pair->first, pair->second));
  }
}

nlohmann::json byteLevelPart() {
  return {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", false}, {"use_regex", false}};
}

nlohmann::json specialToken(const std::string& content) {
  return {{"content", content}, {"single_word", false}, {"lstrip", false},
          {"rstrip", false},    {"normalized", false},  {"special", true}};
}

TokenizerFiles writeFiles(const Vocabulary& vocabulary, const TokenizerTraining& options) {
  using Ordered = nlohmann::ordered_json;
  Ordered vocab = Ordered::object();
  for (std::size_t id = 0; id < vocabulary.tokens().size(); ++id) vocab[spellBytes(vocabulary.tokens()[id])] = id;
  Ordered merges = Ordered::array();
  for (const Merge& merge : vocabulary.merges()) {
    merges.push_back(spellBytes(vocabulary.tokens()[static_cast<std::size_t>(merge.left)]) + " " +
                     spellBytes(vocabulary.tokens()[static_cast<std::size_t>(merge.right)]));
  }
  Ordered added = Ordered::array();
  Ordered decoder = Ordered::object();
  for (std::size_t i = 0; i < options.specialTokens.size(); ++i) {
    const std::size_t id = vocabulary.tokens().size() + i;
    const Ordered token = specialToken(options.specialTokens[i]);
    Ordered entry = {{"id", id}};
    entry.update(token);
    added.push_back(entry);
    decoder[std::to_string(id)] = token;
  }
  Ordered document;
  document["version"] = "1.0";
  document["truncation"] = nullptr;
  document["padding"] = nullptr;
  document["added_tokens"] = added;
  document["normalizer"] = {{"type", "NFC"}};
  document["pre_tokenizer"] = {{"type", "Sequence"}};
  document["pre_tokenizer"]["pretokenizers"] = Ordered::array(
      {{{"type", "Split"}, {"pattern", {{"Regex", compactPattern}}}, {"behavior", "Isolated"}, {"invert", false}},
       Ordered(byteLevelPart())});
  document["post_processor"] = byteLevelPart();
  document["decoder"] = byteLevelPart();
  document["model"] = {{"type", "BPE"},
                       {"dropout", nullptr},
                       {"unk_token", nullptr},
                       {"continuing_subword_prefix", nullptr},
                       {"end_of_word_suffix", nullptr},
                       {"fuse_unk", false},
                       {"byte_fallback", false},
                       {"vocab", vocab},
                       {"merges", merges}};
  Ordered config;
  config["tokenizer_class"] = "PreTrainedTokenizerFast";
  config["added_tokens_decoder"] = decoder;
  config["eos_token"] = options.eosToken;
  config["pad_token"] = options.padToken;
  config["clean_up_tokenization_spaces"] = false;
  return {document.dump(1) + "\n", config.dump(1) + "\n"};
}

void checkOptions(const TokenizerTraining& options) {
  const auto& special = options.specialTokens;
  for (const std::string& name : {options.eosToken, options.padToken}) {
    if (std::find(special.begin(), special.end(), name) == special.end()) {
      throwValueError("not one of the special tokens: " + name);
    }
  }
  auto sorted = special;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    throwValueError("a special token is named twice");
}

}  // namespace

std::vector<std::string> dialectPieces() {
  std::vector<std::string> pieces = {"import cadquery as cq\n",
                                     "r=",
                                     ",",
                                     "),(",
                                     "))",
                                     ")\n",
                                     "))\n",
                                     ")",
                                     "(",
                                     ".",
                                     ")).",
                                     ").",
                                     ".sketch()",
                                     ".segment((",
                                     ")).segment((",
                                     ").segment((",
                                     ".arc((",
                                     ")).arc((",
                                     ").arc((",
                                     ".moveTo(",
                                     ").moveTo(",
                                     ".box(",
                                     ").box(",
                                     ".cylinder(",
                                     ").cylinder(",
                                     ".circle(",
                                     ").circle(",
                                     ".rect(",
                                     ").rect(",
                                     ".push([(",
                                     ")).push([(",
                                     ").push([(",
                                     ")]).circle(",
                                     ")]).rect(",
                                     ",mode='s')",
                                     ",mode='s').push([(",
                                     ").reset()",
                                     ".reset()",
                                     ".close()",
                                     ")).close()",
                                     ".assemble()",
                                     ")).close().assemble()",
                                     ").assemble()",
                                     ".finalize()",
                                     ".finalize().extrude(",
                                     ").finalize().extrude(",
                                     ",mode='s').finalize().extrude(",
                                     ")).close().assemble().finalize().extrude(",
                                     ".union(",
                                     ").union(",
                                     ".workplane(offset=",
                                     ")).workplane(offset="};
  for (const std::string name : {"w0", "w1"}) {
    for (const std::string plane : {"XY", "YZ", "ZX"}) {
      pieces.push_back(name + "=cq.Workplane('" + plane + "',origin=(");
    }
    for (const std::string use : {".sketch().segment((", ".sketch().circle(", ".sketch().rect(", ".sketch().push([(",
                                  ".workplane(offset=", ".moveTo("}) {
      pieces.push_back("r=" + name + use);
      pieces.push_back(").union(" + name + use);
      pieces.push_back(")).union(" + name + use);
    }
    pieces.push_back(").face(" + name + ".sketch().segment((");
    pieces.push_back(".face(" + name + ".sketch().segment((");
  }
  return pieces;
}

TokenizerFiles trainTokenizer(std::span<const std::string> texts, const TokenizerTraining& options) {
  checkOptions(options);
  const SplitPattern pattern(compactPattern);
  checkPieces(options.pieces, pattern);
  Vocabulary vocabulary;
  for (const std::string& piece : requiredPieces(options)) vocabulary.require(piece);
  const std::size_t needed = vocabulary.tokens().size() + options.specialTokens.size();
  if (needed > options.vocabularySize) {
    throwValueError("a vocabulary of " + std::to_string(options.vocabularySize) +
                    " is too small: " + std::to_string(needed) + " tokens must be in it");
  }
  learn(texts, options, pattern, vocabulary);
  return writeFiles(vocabulary, options);
}

}  // namespace cadrecode::text
