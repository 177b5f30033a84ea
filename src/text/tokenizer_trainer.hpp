// Makes a compact tokenizer from texts, in the format of Hugging Face's library: numbers and chosen pieces are single
// tokens, further tokens are learned by byte-pair encoding. Deterministic; pure functions, safe in any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace cadrecode::text {

// The pieces that programs of the CAD-Recode dialect are made of, between their numbers.
std::vector<std::string> dialectPieces();

struct TokenizerTraining {
  // The most tokens, special ones included. Fewer when the texts have nothing more to merge.
  std::size_t vocabularySize = 2048;
  // Every integer of this range is one token.
  int smallestNumber = -200;
  int greatestNumber = 200;
  // One token each where the text between two numbers (or up to a line's end) is just this.
  std::vector<std::string> pieces = dialectPieces();
  // A pair is merged when it occurs at least this often.
  std::size_t minimumCount = 2;
  std::vector<std::string> specialTokens = {"<|endoftext|>", "<|im_start|>", "<|im_end|>"};
  std::string eosToken = "<|endoftext|>";
  std::string padToken = "<|im_end|>";
};

struct TokenizerFiles {
  std::string tokenizerJson;
  std::string configJson;
};

// Texts are UTF-8. Throws ValueError: a vocabulary too small for what must be in it, a piece that a number or a line's
// end cuts, an eos or pad token that is not special.
TokenizerFiles trainTokenizer(std::span<const std::string> texts, const TokenizerTraining& options);

}  // namespace cadrecode::text
