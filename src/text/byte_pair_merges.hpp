// Byte-pair encoding of one piece of text: the vocabulary's numbers and the ranked merges.
// Works on ids only; immutable after construction and safe to share between threads.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cadrecode::text {

using TokenId = std::int32_t;

struct Merge {
  TokenId left;
  TokenId right;
  TokenId merged;
};

class BytePairMerges {
 public:
  BytePairMerges() = default;
  // `byteTokens[b]` is the token of byte b; `merges` in order of rank, the lowest first. A pair listed twice counts at
  // its last rank, as in the reference.
  BytePairMerges(const std::array<TokenId, 256>& byteTokens, std::span<const Merge> merges);

  // Appends the tokens of `piece` (raw bytes): while any adjacent pair can merge, the one of lowest rank does, the
  // leftmost first. O(n log n).
  void encode(std::string_view piece, std::vector<TokenId>& tokens) const;

 private:
  struct Target {
    std::uint32_t rank;
    TokenId merged;
  };
  const Target* find(TokenId left, TokenId right) const;

  std::array<TokenId, 256> byteTokens_{};
  std::unordered_map<std::uint64_t, Target> targets_;
};

}  // namespace cadrecode::text
