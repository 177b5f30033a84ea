// What a Hugging Face `tokenizer.json` (with its `tokenizer_config.json`) says, checked and ready for use.
// Plain data, owned by whoever reads it; immutable afterwards.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/added_tokens.hpp"
#include "text/byte_pair_merges.hpp"
#include "text/split_pattern.hpp"

namespace cadrecode::text {

struct TokenizerParts {
  bool normalizesNfc = false;
  std::vector<SplitPattern> splits;                        // applied one after the other, in order
  std::vector<std::string> spellings;                      // by id; empty where no token has the id
  std::unordered_map<std::string, TokenId> idsOfSpelling;  // without the added tokens that the vocabulary lacks
  std::vector<AddedToken> addedTokens;
  BytePairMerges merges;
  bool wholePiecesFirst = false;  // "ignore_merges": a piece that is a token is taken whole
  std::optional<std::string> bosToken, eosToken, padToken, unknownToken;
};

// Parses both files; an empty `configJson` means there is none. A pipeline part with another meaning than this
// program's is refused by name, as are inconsistent ids. The settings "truncation" and "padding" are ignored: whoever
// encodes decides about them. Throws ValueError.
TokenizerParts parseTokenizerFiles(std::string_view tokenizerJson, std::string_view configJson);

}  // namespace cadrecode::text
