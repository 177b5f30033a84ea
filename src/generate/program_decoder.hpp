// Decodes programs from point clouds: many at once, each finished one making room for the next at once.
// A decoder refers to its network and owns the cache; one run at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "generate/token_choice.hpp"

namespace cadrecode::model::network {
class CadNetwork;
}

namespace cadrecode::generate {

class ProgramConstraint;

using TokenId = std::int32_t;

struct DecodeRequest {
  std::vector<float> points;  // x, y, z of every point in the network's frame (centred, within [-1, 1])
  std::uint64_t seed = 0;     // of the draws; sample i of a request draws from a sequence of its own
  std::int64_t samples = 1;   // programs wanted for these points
  bool greedyFirst = false;   // sample 0 takes the likeliest tokens, whatever the options say of the others
};

struct DecodedProgram {
  std::size_t request = 0;  // how many requests came before it
  std::int64_t sample = 0;
  std::vector<TokenId> tokens;  // without the end token
  bool ended = false;           // by an end token, not by the limit
};

struct DecodingOptions {
  TokenId startToken = 0;
  std::vector<TokenId> endTokens;
  std::int64_t maxNewTokens = 768;  // the end token included
  std::int64_t batch = 16;          // programs at once
  std::int64_t maxPoints = 256;     // the most points of a request
  Sampling sampling;
  // May lower the logits of the next token of a program (to minus infinity to forbid it), given what it has so far.
  std::function<void(const DecodedProgram& soFar, std::span<float> logits)> adjust;
  // When set, every program that ends is complete and parses, and every program ends.
  std::shared_ptr<const ProgramConstraint> constraint;
};

class ProgramDecoder {
 public:
  // Takes the memory of the cache. Throws ValueError for options out of range.
  ProgramDecoder(const model::network::CadNetwork& network, DecodingOptions options);
  ~ProgramDecoder();
  ProgramDecoder(const ProgramDecoder&) = delete;
  ProgramDecoder& operator=(const ProgramDecoder&) = delete;

  // Asks `next` for requests whenever there is room, until it gives none, and hands over programs as they end. A
  // program is the same whatever is decoded beside it. When `stop` is requested, programs under way are dropped. An
  // exception of a callback ends the run. Throws ValueError for a request without points or with too many.
  void run(const std::function<std::optional<DecodeRequest>()>& next, const std::function<void(DecodedProgram)>& done,
           std::stop_token stop = {});

  // All of them, in order of request and sample.
  std::vector<DecodedProgram> decodeAll(std::span<const DecodeRequest> requests);

 private:
  class Run;
  struct Memory;
  const model::network::CadNetwork& network_;
  DecodingOptions options_;
  std::unique_ptr<Memory> memory_;
};

}  // namespace cadrecode::generate
