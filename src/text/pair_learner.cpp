#include "text/pair_learner.hpp"

namespace cadrecode::text {

void PairLearner::change(Pair pair, std::int64_t by, std::size_t piece) {
  Occurrences& occurrences = pairs_[pair];
  ranking_.erase({-occurrences.count, pair});
  occurrences.count += by;
  if (by > 0) occurrences.pieces.insert(piece);
  if (occurrences.count > 0) {
    ranking_.insert({-occurrences.count, pair});
  } else {
    pairs_.erase(pair);
  }
}

void PairLearner::add(std::vector<TokenId> tokens, std::int64_t count) {
  const std::size_t index = pieces_.size();
  pieces_.push_back({std::move(tokens), count});
  const auto& added = pieces_.back().tokens;
  for (std::size_t i = 0; i + 1 < added.size(); ++i) change({added[i], added[i + 1]}, count, index);
}

std::optional<std::pair<TokenId, TokenId>> PairLearner::best(std::int64_t minimumCount) {
  if (ranking_.empty() || -ranking_.begin()->first < minimumCount) return std::nullopt;
  return ranking_.begin()->second;
}

void PairLearner::merge(Pair pair, TokenId merged) {
  const auto found = pairs_.find(pair);
  if (found == pairs_.end()) return;
  const auto touched = found->second.pieces;
  for (const std::size_t index : touched) {
    Piece& piece = pieces_[index];
    std::vector<TokenId> shorter;
    for (std::size_t i = 0; i < piece.tokens.size(); ++i) {
      const bool here = i + 1 < piece.tokens.size() && Pair(piece.tokens[i], piece.tokens[i + 1]) == pair;
      shorter.push_back(here ? merged : piece.tokens[i]);
      if (here) ++i;
    }
    if (shorter.size() == piece.tokens.size()) continue;
    const auto& before = piece.tokens;
    for (std::size_t i = 0; i + 1 < before.size(); ++i) change({before[i], before[i + 1]}, -piece.count, index);
    piece.tokens = std::move(shorter);
    const auto& after = piece.tokens;
    for (std::size_t i = 0; i + 1 < after.size(); ++i) change({after[i], after[i + 1]}, piece.count, index);
  }
}

}  // namespace cadrecode::text
