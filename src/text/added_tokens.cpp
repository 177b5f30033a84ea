#include "text/added_tokens.hpp"

#include <algorithm>
#include <utility>

#include "text/utf8.hpp"

namespace cadrecode::text {

namespace {

constexpr const char* wordCharacter = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]";

// The last character of the text starts here.
std::size_t lastCharacter(std::string_view text) {
  std::size_t position = text.size() - 1;
  while (position > 0 && (static_cast<unsigned char>(text[position]) & 0xC0) == 0x80) --position;
  return position;
}

std::size_t withoutTrailingSpace(std::string_view text) {
  while (!text.empty()) {
    const std::size_t last = lastCharacter(text);
    std::size_t position = last;
    if (!isWhiteSpace(nextCharacter(text, position))) break;
    text = text.substr(0, last);
  }
  return text.size();
}

std::size_t leadingSpace(std::string_view text) {
  std::size_t end = 0;
  for (std::size_t position = 0; position < text.size(); end = position) {
    if (!isWhiteSpace(nextCharacter(text, position))) break;
  }
  return end;
}

}  // namespace

AddedTokenFinder::AddedTokenFinder(std::vector<AddedToken> tokens)
    : tokens_(std::move(tokens)),
      nodes_(1),
      wordAtStart_(std::string("\\A") + wordCharacter),
      wordAtEnd_(std::string(wordCharacter) + "\\z") {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    std::size_t node = 0;
    for (const char byte : tokens_[i].content) {
      const auto [child, isNew] = nodes_[node].children.try_emplace(byte, nodes_.size());
      node = child->second;
      if (isNew) nodes_.emplace_back();
    }
    if (node != 0) nodes_[node].token = i;
  }
}

std::optional<AddedTokenFinder::Match> AddedTokenFinder::findFrom(std::string_view text, std::size_t start) const {
  for (; start < text.size(); ++start) {
    std::optional<Match> longest;
    std::size_t node = 0;
    for (std::size_t end = start; end < text.size();) {
      const auto child = nodes_[node].children.find(text[end]);
      if (child == nodes_[node].children.end()) break;
      node = child->second;
      ++end;
      if (nodes_[node].token) longest = Match{start, end, &tokens_[*nodes_[node].token]};
    }
    if (longest) return longest;
  }
  return std::nullopt;
}

std::vector<AddedTokenFinder::Span> AddedTokenFinder::split(std::string_view text) const {
  std::vector<Span> spans;
  std::size_t done = 0;
  std::size_t searchFrom = 0;
  while (!tokens_.empty()) {
    const auto match = findFrom(text, searchFrom);
    if (!match) break;
    searchFrom = match->end;
    std::size_t begin = match->begin;
    std::size_t end = match->end;
    if (match->token->singleWord) {
      // Only the neighbouring character counts, so one character (at most 4 bytes) is looked at.
      const auto before = text.substr(0, begin);
      const bool wordBefore = begin > 0 && wordAtEnd_.matches(before.substr(lastCharacter(before)));
      const bool wordBehind = end < text.size() && wordAtStart_.matches(text.substr(end));
      if (wordBefore || wordBehind) continue;
    }
    if (match->token->stripLeft) begin = std::max(done, withoutTrailingSpace(text.substr(0, begin)));
    if (match->token->stripRight) end += leadingSpace(text.substr(end));
    if (begin > done) spans.push_back({std::nullopt, text.substr(done, begin - done)});
    spans.push_back({match->token->id, text.substr(begin, end - begin)});
    done = end;
  }
  if (done < text.size()) spans.push_back({std::nullopt, text.substr(done)});
  return spans;
}

}  // namespace cadrecode::text
