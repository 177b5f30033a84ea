// Tokens that are found in the text as they are, before byte-pair encoding: special ones and others.
// Immutable after construction, safe to share between threads.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/byte_pair_merges.hpp"
#include "text/split_pattern.hpp"

namespace cadrecode::text {

struct AddedToken {
  TokenId id = 0;
  std::string content;      // what is searched for; the normal form when `normalized`
  bool singleWord = false;  // only where no word character adjoins
  bool stripLeft = false;   // takes the white space before it along
  bool stripRight = false;  // takes the white space behind it along
  bool normalized = false;  // searched for after normalisation instead of before
  bool special = false;     // left out by a decoding that skips special tokens
};

// Finds the tokens of one list in a text, leftmost and longest first.
class AddedTokenFinder {
 public:
  explicit AddedTokenFinder(std::vector<AddedToken> tokens);

  struct Span {
    std::optional<TokenId> token;  // nothing: ordinary text
    std::string_view text;
  };
  // Cuts well-formed UTF-8 into tokens and the ordinary text between them (never empty), in order.
  std::vector<Span> split(std::string_view text) const;

 private:
  struct Node {
    std::unordered_map<char, std::size_t> children;
    std::optional<std::size_t> token;
  };
  struct Match {
    std::size_t begin;
    std::size_t end;
    const AddedToken* token;
  };
  std::optional<Match> findFrom(std::string_view text, std::size_t start) const;

  std::vector<AddedToken> tokens_;
  std::vector<Node> nodes_;
  SplitPattern wordAtStart_;
  SplitPattern wordAtEnd_;
};

}  // namespace cadrecode::text
