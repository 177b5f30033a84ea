#include "text/tokenizer.hpp"

#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

#include "core/error.hpp"
#include "core/files.hpp"
#include "text/byte_alphabet.hpp"
#include "text/normalization.hpp"
#include "text/tokenizer_file.hpp"
#include "text/utf8.hpp"

namespace cadrecode::text {

namespace {

// Remembers the tokens of pieces seen before: programs repeat the same few. Stops growing when full.
class PieceCache {
 public:
  bool append(const std::string& piece, std::vector<TokenId>& tokens) const {
    const std::shared_lock lock(mutex_);
    const auto found = pieces_.find(piece);
    if (found == pieces_.end()) return false;
    tokens.insert(tokens.end(), found->second.begin(), found->second.end());
    return true;
  }

  void remember(std::string piece, std::span<const TokenId> tokens) {
    const std::unique_lock lock(mutex_);
    if (pieces_.size() < capacity) pieces_.try_emplace(std::move(piece), tokens.begin(), tokens.end());
  }

  static constexpr std::size_t longestPiece = 256;

 private:
  static constexpr std::size_t capacity = 65536;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, std::vector<TokenId>> pieces_;
};

std::vector<AddedToken> selectTokens(const std::vector<AddedToken>& tokens, bool normalized, bool nfc) {
  std::vector<AddedToken> selected;
  for (const AddedToken& token : tokens) {
    if (token.normalized != normalized) continue;
    selected.push_back(token);
    if (normalized && nfc) selected.back().content = normalizeNfc(token.content);
  }
  return selected;
}

}  // namespace

struct Tokenizer::State {
  explicit State(TokenizerParts&& read)
      : parts(std::move(read)),
        rawTokens(selectTokens(parts.addedTokens, false, parts.normalizesNfc)),
        normalizedTokens(selectTokens(parts.addedTokens, true, parts.normalizesNfc)) {
    for (const AddedToken& token : parts.addedTokens) added.emplace(token.id, &token);
  }

  TokenizerParts parts;
  AddedTokenFinder rawTokens;
  AddedTokenFinder normalizedTokens;
  std::unordered_map<TokenId, const AddedToken*> added;
  mutable PieceCache cache;
};

Tokenizer::Tokenizer(std::shared_ptr<const State> state) : state_(std::move(state)) {}

Tokenizer Tokenizer::fromJson(std::string_view tokenizerJson, std::string_view configJson) {
  return Tokenizer(std::make_shared<const State>(parseTokenizerFiles(tokenizerJson, configJson)));
}

Tokenizer Tokenizer::load(const std::filesystem::path& folder) {
  const std::string tokenizerJson = readFile((folder / "tokenizer.json").string());
  const auto config = folder / "tokenizer_config.json";
  try {
    return fromJson(tokenizerJson, std::filesystem::exists(config) ? readFile(config.string()) : std::string());
  } catch (const Error& error) {
    throw Error(error.code(), error.type(), folder.string() + ": " + error.what());
  }
}

std::vector<TokenId> Tokenizer::encode(std::string_view text) const {
  if (const auto invalid = findInvalidUtf8(text); invalid != std::string_view::npos) {
    throw Error(ErrorCode::input, "ValueError", "text is not UTF-8 at byte " + std::to_string(invalid));
  }
  std::vector<TokenId> tokens;
  for (const auto& raw : state_->rawTokens.split(text)) {
    if (raw.token) {
      tokens.push_back(*raw.token);
      continue;
    }
    const std::string normal = state_->parts.normalizesNfc ? normalizeNfc(raw.text) : std::string(raw.text);
    for (const auto& span : state_->normalizedTokens.split(normal)) {
      if (span.token) {
        tokens.push_back(*span.token);
      } else {
        encodeText(span.text, tokens);
      }
    }
  }
  return tokens;
}

void Tokenizer::encodeText(std::string_view text, std::vector<TokenId>& tokens) const {
  const auto& splits = state_->parts.splits;
  if (splits.empty()) return encodePiece(text, tokens);
  if (splits.size() == 1) return splits[0].split(text, [&](std::string_view piece) { encodePiece(piece, tokens); });
  std::vector<std::string_view> pieces{text};
  for (const SplitPattern& split : splits) {
    std::vector<std::string_view> finer;
    for (const auto piece : pieces) split.split(piece, [&](std::string_view part) { finer.push_back(part); });
    pieces = std::move(finer);
  }
  for (const auto piece : pieces) encodePiece(piece, tokens);
}

void Tokenizer::encodePiece(std::string_view piece, std::vector<TokenId>& tokens) const {
  const bool cacheable = piece.size() <= PieceCache::longestPiece;
  std::string key(cacheable ? piece : std::string_view());
  if (cacheable && state_->cache.append(key, tokens)) return;
  const std::size_t before = tokens.size();
  const TokenizerParts& parts = state_->parts;
  const auto whole = parts.wholePiecesFirst ? parts.idsOfSpelling.find(spellBytes(piece)) : parts.idsOfSpelling.end();
  if (whole != parts.idsOfSpelling.end()) {
    tokens.push_back(whole->second);
  } else {
    parts.merges.encode(piece, tokens);
  }
  if (cacheable) state_->cache.remember(std::move(key), std::span(tokens).subspan(before));
}

std::string Tokenizer::bytesOf(TokenId token) const {
  const auto& spellings = state_->parts.spellings;
  if (token < 0 || static_cast<std::size_t>(token) >= spellings.size()) return {};
  const std::string& spelling = spellings[static_cast<std::size_t>(token)];
  // The reference takes a spelling with characters outside the alphabet (an added token with a space) as it is.
  return bytesOfSpelling(spelling).value_or(spelling);
}

bool Tokenizer::isSpecial(TokenId token) const {
  const auto found = state_->added.find(token);
  return found != state_->added.end() && found->second->special;
}

std::string Tokenizer::decode(std::span<const TokenId> tokens, SpecialTokens special) const {
  std::string bytes;
  for (const TokenId token : tokens) {
    if (special == SpecialTokens::skip && isSpecial(token)) continue;
    bytes += bytesOf(token);
  }
  return replaceInvalidUtf8(bytes);
}

std::optional<TokenId> Tokenizer::find(std::string_view spelling) const {
  for (const AddedToken& token : state_->parts.addedTokens) {
    if (token.content == spelling) return token.id;
  }
  const auto found = state_->parts.idsOfSpelling.find(std::string(spelling));
  return found == state_->parts.idsOfSpelling.end() ? std::nullopt : std::optional(found->second);
}

TokenId Tokenizer::require(std::string_view spelling) const {
  const auto found = find(spelling);
  if (!found) throw Error(ErrorCode::input, "ValueError", "tokenizer has no token " + std::string(spelling));
  return *found;
}

std::size_t Tokenizer::size() const { return state_->parts.spellings.size(); }

namespace {
std::optional<TokenId> findNamed(const Tokenizer& tokenizer, const std::optional<std::string>& name) {
  return name ? tokenizer.find(*name) : std::nullopt;
}
}  // namespace

std::optional<TokenId> Tokenizer::bos() const { return findNamed(*this, state_->parts.bosToken); }
std::optional<TokenId> Tokenizer::eos() const { return findNamed(*this, state_->parts.eosToken); }
std::optional<TokenId> Tokenizer::pad() const { return findNamed(*this, state_->parts.padToken); }

}  // namespace cadrecode::text
