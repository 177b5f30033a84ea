#include "text/byte_pair_merges.hpp"

#include <algorithm>
#include <queue>

namespace cadrecode::text {

namespace {

std::uint64_t pairKey(TokenId left, TokenId right) {
  return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32) | static_cast<std::uint32_t>(right);
}

struct Symbol {
  TokenId token;
  std::int32_t previous;
  std::int32_t next;
  bool alive;
};

struct Candidate {
  std::uint32_t rank;
  std::int32_t position;
  TokenId merged;
  // The queue yields the greatest first: the lowest rank, then the leftmost.
  bool operator<(const Candidate& other) const {
    return rank != other.rank ? rank > other.rank : position > other.position;
  }
};

}  // namespace

BytePairMerges::BytePairMerges(const std::array<TokenId, 256>& byteTokens, std::span<const Merge> merges)
    : byteTokens_(byteTokens) {
  targets_.reserve(merges.size());
  std::uint32_t rank = 0;
  for (const Merge& merge : merges) targets_[pairKey(merge.left, merge.right)] = Target{rank++, merge.merged};
}

const BytePairMerges::Target* BytePairMerges::find(TokenId left, TokenId right) const {
  const auto found = targets_.find(pairKey(left, right));
  return found == targets_.end() ? nullptr : &found->second;
}

void BytePairMerges::encode(std::string_view piece, std::vector<TokenId>& tokens) const {
  const auto count = static_cast<std::int32_t>(piece.size());
  std::vector<Symbol> symbols(piece.size());
  for (std::int32_t i = 0; i < count; ++i) {
    const auto byte = static_cast<unsigned char>(piece[static_cast<std::size_t>(i)]);
    symbols[static_cast<std::size_t>(i)] = {byteTokens_[byte], i - 1, i + 1 < count ? i + 1 : -1, true};
  }
  auto at = [&](std::int32_t i) -> Symbol& { return symbols[static_cast<std::size_t>(i)]; };
  std::priority_queue<Candidate> queue;
  auto consider = [&](std::int32_t left) {
    if (left < 0 || at(left).next < 0) return;
    const Target* target = find(at(left).token, at(at(left).next).token);
    if (target != nullptr) queue.push({target->rank, left, target->merged});
  };
  for (std::int32_t i = 0; i + 1 < count; ++i) consider(i);
  while (!queue.empty()) {
    const Candidate best = queue.top();
    queue.pop();
    Symbol& left = at(best.position);
    if (!left.alive || left.next < 0) continue;
    Symbol& right = at(left.next);
    // The neighbours may have changed since this candidate was queued.
    const Target* target = find(left.token, right.token);
    if (target == nullptr || target->merged != best.merged) continue;
    left.token = best.merged;
    right.alive = false;
    left.next = right.next;
    if (left.next >= 0) at(left.next).previous = best.position;
    consider(left.previous);
    consider(best.position);
  }
  for (std::int32_t i = count > 0 ? 0 : -1; i >= 0; i = at(i).next) tokens.push_back(at(i).token);
}

}  // namespace cadrecode::text
