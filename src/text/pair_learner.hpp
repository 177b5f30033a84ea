// Learns byte-pair merges from counted pieces: the most frequent adjacent pair becomes a token, again and again.
// Owns its tables; for one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "text/byte_pair_merges.hpp"

namespace cadrecode::text {

class PairLearner {
 public:
  // A piece as tokens, and how often it occurs in the texts.
  void add(std::vector<TokenId> tokens, std::int64_t count);

  // The most frequent pair with at least `minimumCount` occurrences; of equals the one with the lowest ids.
  std::optional<std::pair<TokenId, TokenId>> best(std::int64_t minimumCount);

  // Replaces the pair by `merged` in all pieces.
  void merge(std::pair<TokenId, TokenId> pair, TokenId merged);

 private:
  using Pair = std::pair<TokenId, TokenId>;
  struct Piece {
    std::vector<TokenId> tokens;
    std::int64_t count;
  };
  struct Occurrences {
    std::int64_t count = 0;
    std::set<std::size_t> pieces;  // may name pieces that lost the pair
  };
  void change(Pair pair, std::int64_t by, std::size_t piece);

  std::vector<Piece> pieces_;
  std::map<Pair, Occurrences> pairs_;
  std::set<std::pair<std::int64_t, Pair>> ranking_;  // (-count, pair)
};

}  // namespace cadrecode::text
