// The merge queue against the plain definition: look for the best pair anew after every merge.
#include "text/byte_pair_merges.hpp"

#include <gtest/gtest.h>

#include <random>

namespace cadrecode::text {
namespace {

std::array<TokenId, 256> plainBytes() {
  std::array<TokenId, 256> tokens{};
  for (std::size_t byte = 0; byte < 256; ++byte) tokens[byte] = static_cast<TokenId>(byte);
  return tokens;
}

std::vector<TokenId> encodeByBruteForce(const std::string& piece, const std::vector<Merge>& merges) {
  std::vector<TokenId> tokens(piece.begin(), piece.end());
  while (true) {
    std::size_t bestRank = merges.size();
    std::size_t bestPosition = 0;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
      for (std::size_t rank = 0; rank < bestRank; ++rank) {
        if (merges[rank].left == tokens[i] && merges[rank].right == tokens[i + 1]) {
          bestRank = rank;
          bestPosition = i;
        }
      }
    }
    if (bestRank == merges.size()) return tokens;
    tokens[bestPosition] = merges[bestRank].merged;
    tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(bestPosition) + 1);
  }
}

TEST(BytePairMerges, AgreeWithBruteForce) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    std::vector<Merge> merges;
    std::vector<TokenId> tokens = {'a', 'b', 'c'};
    for (int i = 0; i < 20; ++i) {
      const Merge merge{tokens[below(tokens.size())], tokens[below(tokens.size())], 256 + i};
      bool known = false;
      for (const Merge& other : merges) known |= other.left == merge.left && other.right == merge.right;
      if (known) continue;
      merges.push_back(merge);
      tokens.push_back(merge.merged);
    }
    const BytePairMerges encoder(plainBytes(), merges);
    for (int round = 0; round < 10; ++round) {
      std::string piece;
      for (std::size_t i = below(40); i > 0; --i) piece.push_back(static_cast<char>('a' + below(3)));
      std::vector<TokenId> encoded;
      encoder.encode(piece, encoded);
      EXPECT_EQ(encoded, encodeByBruteForce(piece, merges)) << piece;
    }
  }
}

TEST(BytePairMerges, LongPiecesTakeNoQuadraticTime) {
  std::vector<Merge> merges = {{'a', 'a', 256}};
  for (TokenId level = 0; level < 15; ++level) merges.push_back({256 + level, 256 + level, 257 + level});
  const BytePairMerges encoder(plainBytes(), merges);
  std::vector<TokenId> tokens;
  encoder.encode(std::string(1 << 20, 'a'), tokens);
  EXPECT_EQ(tokens, std::vector<TokenId>(16, 256 + 15));
}

}  // namespace
}  // namespace cadrecode::text
