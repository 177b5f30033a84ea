// Decoding many programs at once gives each what it gets alone; limits, samples and seeds.
#include "generate/program_decoder.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <set>

#include "core/error.hpp"
#include "core/random.hpp"
#include "model/network/cad_network.hpp"

namespace cadrecode::generate {
namespace {

using namespace model;
using namespace model::network;

CadNetwork tinyNetwork(at::ScalarType type = at::kFloat, Family family = Family::qwen2) {
  ModelConfig config;
  config.family = family;
  config.vocabularySize = 97;
  config.hiddenSize = 48;
  config.intermediateSize = 80;
  config.layers = 2;
  config.heads = 4;
  config.keyValueHeads = 2;
  config.headSize = 12;
  config.tiedEmbeddings = true;
  config.initializerRange = 0.3;
  return CadNetwork(config, randomWeights(config, 5, type));
}

std::vector<DecodeRequest> requests(std::size_t count) {
  std::vector<DecodeRequest> list;
  for (std::size_t i = 0; i < count; ++i) {
    Random random(100 + i);
    DecodeRequest request;
    // Clouds of different sizes: sequences start at different positions.
    for (std::size_t n = 3 * (5 + i % 4); n > 0; --n)
      request.points.push_back(static_cast<float>(random.uniform(-1, 1)));
    request.seed = i;
    list.push_back(request);
  }
  return list;
}

DecodingOptions options(std::int64_t batch) {
  DecodingOptions decoding;
  decoding.startToken = 3;
  decoding.endTokens = {7, 11, 20, 33};
  decoding.maxNewTokens = 30;
  decoding.batch = batch;
  decoding.maxPoints = 8;
  decoding.sampling = {.sample = true, .temperature = 1.5};
  return decoding;
}

std::vector<std::vector<TokenId>> tokensOf(const std::vector<DecodedProgram>& programs) {
  std::vector<std::vector<TokenId>> tokens;
  for (const auto& program : programs) tokens.push_back(program.tokens);
  return tokens;
}

class ProgramDecoderTypes : public testing::TestWithParam<std::pair<at::ScalarType, Family>> {};

TEST_P(ProgramDecoderTypes, EachProgramIsWhatItIsAlone) {
  const CadNetwork network = tinyNetwork(GetParam().first, GetParam().second);
  const auto list = requests(23);
  const auto together = ProgramDecoder(network, options(7)).decodeAll(list);
  const auto oneByOne = ProgramDecoder(network, options(1)).decodeAll(list);
  ASSERT_EQ(together.size(), list.size());
  EXPECT_EQ(tokensOf(together), tokensOf(oneByOne));
  std::size_t ended = 0;
  std::set<std::size_t> lengths;
  for (std::size_t i = 0; i < list.size(); ++i) {
    EXPECT_EQ(together[i].request, i);
    ended += together[i].ended;
    lengths.insert(together[i].tokens.size());
    EXPECT_TRUE(together[i].ended || together[i].tokens.size() == 30);
  }
  // The batch was ragged and was refilled.
  EXPECT_GT(ended, 10U);
  EXPECT_GT(lengths.size(), 5U);
}

INSTANTIATE_TEST_SUITE_P(Types, ProgramDecoderTypes,
                         testing::Values(std::pair(at::kFloat, Family::qwen2), std::pair(at::kBFloat16, Family::qwen2),
                                         std::pair(at::kFloat, Family::qwen3),
                                         std::pair(at::kBFloat16, Family::qwen3)));

TEST(ProgramDecoder, GreedyIsTheArgmaxOfTheWholeForwardPass) {
  const CadNetwork network = tinyNetwork();
  DecodingOptions greedy = options(2);
  greedy.sampling = {};
  greedy.endTokens = {};
  const auto list = requests(2);
  const auto programs = ProgramDecoder(network, greedy).decodeAll(list);
  const at::NoGradGuard noGradients;
  for (std::size_t i = 0; i < list.size(); ++i) {
    std::vector<std::int64_t> fed = {greedy.startToken};
    fed.insert(fed.end(), programs[i].tokens.begin(), programs[i].tokens.end() - 1);
    const auto count = static_cast<std::int64_t>(list[i].points.size() / 3);
    const at::Tensor cloud = at::tensor(list[i].points).view({1, count, 3});
    const at::Tensor states = network.decode(network.embed(cloud, at::tensor(fed).unsqueeze(0)));
    const at::Tensor best = network.logits(states).narrow(1, count, static_cast<std::int64_t>(fed.size())).argmax(-1);
    for (std::size_t t = 0; t < programs[i].tokens.size(); ++t) {
      EXPECT_EQ(programs[i].tokens[t], best[0][static_cast<std::int64_t>(t)].item<std::int64_t>()) << t;
    }
  }
}

TEST(ProgramDecoder, SamplesOfARequestDifferAndRepeat) {
  const CadNetwork network = tinyNetwork();
  auto list = requests(3);
  for (auto& request : list) request.samples = 5;
  const auto programs = ProgramDecoder(network, options(4)).decodeAll(list);
  ASSERT_EQ(programs.size(), 15U);
  EXPECT_EQ(tokensOf(programs), tokensOf(ProgramDecoder(network, options(9)).decodeAll(list)));
  EXPECT_NE(programs[0].tokens, programs[1].tokens);
  // The first sample does not depend on how many were asked for.
  list[0].samples = 1;
  EXPECT_EQ(ProgramDecoder(network, options(4)).decodeAll(list)[0].tokens, programs[0].tokens);
  list[0].seed += 1;
  EXPECT_NE(ProgramDecoder(network, options(4)).decodeAll(list)[0].tokens, programs[0].tokens);
}

TEST(ProgramDecoder, AskedForNoSamplesGivesNone) {
  const CadNetwork network = tinyNetwork();
  auto list = requests(2);
  list[0].samples = 0;
  const auto programs = ProgramDecoder(network, options(4)).decodeAll(list);
  ASSERT_EQ(programs.size(), 1U);
  EXPECT_EQ(programs[0].request, 1U);
}

TEST(ProgramDecoder, AdjustmentsForbidTokens) {
  const CadNetwork network = tinyNetwork();
  DecodingOptions decoding = options(3);
  decoding.adjust = [](const DecodedProgram& soFar, std::span<float> logits) {
    for (std::size_t i = 0; i < logits.size(); ++i) {
      if ((i + soFar.tokens.size()) % 2 == 0) logits[i] = -std::numeric_limits<float>::infinity();
    }
  };
  auto list = requests(6);
  for (auto& request : list) request.samples = 2;
  for (const auto& program : ProgramDecoder(network, decoding).decodeAll(list)) {
    for (std::size_t t = 0; t < program.tokens.size(); ++t) {
      EXPECT_EQ((static_cast<std::size_t>(program.tokens[t]) + t) % 2, 1U);
    }
  }
}

TEST(ProgramDecoder, StopsWhenAsked) {
  const CadNetwork network = tinyNetwork();
  ProgramDecoder decoder(network, options(2));
  std::stop_source stop;
  std::size_t finished = 0;
  std::size_t asked = 0;
  const auto list = requests(1);
  decoder.run(
      [&] {
        ++asked;
        return std::optional(list[0]);
      },
      [&](DecodedProgram) {
        if (++finished == 3) stop.request_stop();
      },
      stop.get_token());
  EXPECT_GE(finished, 3U);
  EXPECT_LE(asked, finished + 3);
  // The decoder is as good as new.
  EXPECT_EQ(tokensOf(decoder.decodeAll(list)), tokensOf(ProgramDecoder(network, options(2)).decodeAll(list)));
}

TEST(ProgramDecoder, RefusesNonsense) {
  const CadNetwork network = tinyNetwork();
  DecodingOptions wrong = options(2);
  wrong.startToken = 97;
  EXPECT_THROW(ProgramDecoder(network, wrong), Error);
  wrong = options(0);
  EXPECT_THROW(ProgramDecoder(network, wrong), Error);
  wrong = options(2);
  wrong.sampling.temperature = 0;
  EXPECT_THROW(ProgramDecoder(network, wrong), Error);
  ProgramDecoder decoder(network, options(2));
  EXPECT_THROW(decoder.decodeAll(std::vector<DecodeRequest>(1)), Error);
  DecodeRequest large;
  large.points.resize(3 * 9);
  EXPECT_THROW(decoder.decodeAll(std::vector{large}), Error);
}

}  // namespace
}  // namespace cadrecode::generate
