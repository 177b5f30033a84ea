// Byte-level byte-pair tokenizer, file-compatible with Hugging Face (the Qwen family): text to token ids and back.
// Owns its tables; all methods are const and may be called from many threads at once.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/byte_pair_merges.hpp"

namespace cadrecode::text {

class Tokenizer {
 public:
  // Reads `tokenizer.json` and, when there is one, `tokenizer_config.json` of a folder.
  // Throws Error(input) naming what is missing or malformed.
  static Tokenizer load(const std::filesystem::path& folder);
  // The same from texts; an empty configuration is allowed. Throws ValueError.
  static Tokenizer fromJson(std::string_view tokenizerJson, std::string_view configJson = {});

  // No special tokens are put around the text, but those spelled in it are found. Throws ValueError when the text is
  // not UTF-8.
  std::vector<TokenId> encode(std::string_view text) const;

  enum class SpecialTokens { keep, skip };
  // Always well-formed UTF-8: bytes that form no character become U+FFFD. Ids without a token give nothing, as in the
  // reference: embeddings are often padded beyond the vocabulary.
  std::string decode(std::span<const TokenId> tokens, SpecialTokens special = SpecialTokens::keep) const;

  // The bytes one token stands for, not necessarily whole characters; empty when the id has no token.
  std::string bytesOf(TokenId token) const;
  bool isSpecial(TokenId token) const;

  // The id of a token by its spelling in the files: "<|im_start|>", or a vocabulary entry in the byte-level alphabet.
  std::optional<TokenId> find(std::string_view spelling) const;
  // As find, for a token that must be there. Throws ValueError naming it.
  TokenId require(std::string_view spelling) const;

  // One more than the greatest id.
  std::size_t size() const;

  // Named in tokenizer_config.json.
  std::optional<TokenId> bos() const;
  std::optional<TokenId> eos() const;
  std::optional<TokenId> pad() const;

 private:
  struct State;
  explicit Tokenizer(std::shared_ptr<const State> state);
  void encodePiece(std::string_view piece, std::vector<TokenId>& tokens) const;
  void encodeText(std::string_view text, std::vector<TokenId>& tokens) const;

  std::shared_ptr<const State> state_;
};

}  // namespace cadrecode::text
