// Greedy decoding with the cache against the original's generate() on tiny Qwen2 and Qwen3 models.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "generate/program_decoder.hpp"
#include "model/network/cad_network.hpp"
#include "network/golden_tensors.hpp"

namespace cadrecode::generate {
namespace {

using namespace model::network;

constexpr TokenId startToken = 314;
constexpr TokenId padToken = 315;

DecodeRequest requestOf(const at::Tensor& cloud) {
  const at::Tensor flat = cloud.contiguous();
  return {{flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()}, 0, 1};
}

std::vector<TokenId> tokensOf(const at::Tensor& row) {
  std::vector<TokenId> tokens;
  for (std::int64_t i = 0; i < row.numel(); ++i) tokens.push_back(static_cast<TokenId>(row[i].item<std::int64_t>()));
  return tokens;
}

class DecodeGolden : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(goldenFolder(GetParam())))
      GTEST_SKIP() << "no goldens at " << goldenFolder(GetParam());
  }
  std::string file(const std::string& name) const { return (goldenFolder(GetParam()) / name).string(); }

  // Feeds the golden's tokens one by one; the logits before each of them: 1 x 40 x vocabulary.
  at::Tensor forcedLogits(const CadNetwork& network, const at::Tensor& tokens) const {
    const at::NoGradGuard noGradients;
    const GoldenTensors inputs(file("batch1_inputs.safetensors"));
    KvCache cache(network.config(), 3, 256 + 64, network.options());
    at::Tensor states =
        network.decodeInto(cache, {1}, network.embed(inputs["point_cloud"], at::full({1, 1}, startToken, at::kLong)));
    std::vector<at::Tensor> logits = {network.logits(states.narrow(1, 256, 1))};
    for (std::int64_t i = 0; i + 1 < tokens.size(1); ++i) {
      states = network.decodeInto(cache, {1}, network.embedTokens(tokens.narrow(1, i, 1)));
      logits.push_back(network.logits(states));
    }
    return at::cat(logits, 1);
  }
};

TEST_P(DecodeGolden, GreedyTokensOfOneCloud) {
  const CadNetwork network = CadNetwork::load(file("checkpoint"));
  const GoldenTensors golden(file("f32_generate.safetensors"));
  const GoldenTensors inputs(file("batch1_inputs.safetensors"));
  DecodingOptions options;
  options.startToken = startToken;
  options.maxNewTokens = 40;
  ProgramDecoder decoder(network, options);
  const auto programs = decoder.decodeAll(std::vector{requestOf(inputs["point_cloud"][0])});
  ASSERT_EQ(programs.size(), 1U);
  EXPECT_EQ(programs[0].tokens, tokensOf(golden["greedy1_tokens"][0]));
  EXPECT_FALSE(programs[0].ended);
}

TEST_P(DecodeGolden, LogitsOfEveryStep) {
  const CadNetwork network = CadNetwork::load(file("checkpoint"));
  const GoldenTensors golden(file("f32_generate.safetensors"));
  const at::Tensor logits = forcedLogits(network, golden["greedy1_tokens"]);
  EXPECT_LT(greatestDifference(logits, golden["greedy1_logits"]), 1e-4);
  EXPECT_LT(greatestDifference(logits, golden["greedy1_full_forward_logits"]), 1e-4);
}

TEST_P(DecodeGolden, LogitsOfEveryStepInBFloat16) {
  const CadNetwork network = CadNetwork::load(file("checkpoint_bf16"));
  const GoldenTensors golden(file("bf16_generate.safetensors"));
  const at::Tensor logits = forcedLogits(network, golden["greedy1_tokens"]);
  EXPECT_LT(rmsDifference(logits, golden["greedy1_logits"]), GetParam() == "qwen2" ? 0.1 : 0.2);
}

TEST_P(DecodeGolden, BatchOfTwoThatEnds) {
  const CadNetwork network = CadNetwork::load(file("checkpoint"));
  const GoldenTensors golden(file("f32_generate.safetensors"));
  const GoldenTensors inputs(file("batch2_inputs.safetensors"));
  const at::Tensor expected = golden["greedy2_stop_tokens"];
  DecodingOptions options;
  options.startToken = startToken;
  options.maxNewTokens = 40;
  options.endTokens = {GetParam() == "qwen2" ? 191 : 123};
  ProgramDecoder decoder(network, options);
  const auto programs =
      decoder.decodeAll(std::vector{requestOf(inputs["point_cloud"][0]), requestOf(inputs["point_cloud"][1])});
  ASSERT_EQ(programs.size(), 2U);
  for (std::size_t row = 0; row < 2; ++row) {
    std::vector<TokenId> tokens = programs[row].tokens;
    if (programs[row].ended) tokens.push_back(options.endTokens[0]);
    tokens.resize(static_cast<std::size_t>(expected.size(1)), padToken);
    EXPECT_EQ(tokens, tokensOf(expected[static_cast<std::int64_t>(row)])) << row;
  }
}

INSTANTIATE_TEST_SUITE_P(Families, DecodeGolden, testing::Values("qwen2", "qwen3"));

}  // namespace
}  // namespace cadrecode::generate
