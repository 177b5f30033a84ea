// What the trainer promises: chosen pieces and numbers are single tokens, nothing is lost, runs repeat exactly.
#include "text/tokenizer_trainer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "text/tokenizer.hpp"

namespace cadrecode::text {
namespace {

const std::vector<std::string>& programs() {
  static const std::vector<std::string> texts = {
      "import cadquery as "
      "cq\nw0=cq.Workplane('XY',origin=(0,0,-7))\nr=w0.sketch().segment((-8,-9),(12,-9)).segment((12,40))"
      ".close().assemble().finalize().extrude(14)\n",
      "import cadquery as "
      "cq\nw0=cq.Workplane('ZX',origin=(0,5,0))\nr=w0.workplane(offset=-3/2).moveTo(1,2.5).box(3,4,3)"
      ".union(w0.sketch().circle(20).circle(10,mode='s').finalize().extrude(-30))\n",
      "import cadquery as cq\nbase = cq.Workplane().box(1, 2, 3)  # naïve\nresult = base.faces('>Z').hole(0.5)\n"};
  return texts;
}

Tokenizer trained(const TokenizerTraining& options = {}) {
  const auto files = trainTokenizer(programs(), options);
  return Tokenizer::fromJson(files.tokenizerJson, files.configJson);
}

TEST(TokenizerTrainer, MakesEveryNumberOneToken) {
  const Tokenizer tokenizer = trained();
  for (int number = -200; number <= 200; ++number) {
    const auto ids = tokenizer.encode(std::to_string(number));
    EXPECT_EQ(ids.size(), 1U) << number;
    EXPECT_EQ(tokenizer.decode(ids), std::to_string(number));
  }
  EXPECT_GT(tokenizer.encode("201").size(), 1U);
}

TEST(TokenizerTrainer, MakesEveryPieceOneToken) {
  const Tokenizer tokenizer = trained();
  for (const std::string& piece : dialectPieces()) EXPECT_EQ(tokenizer.encode(piece).size(), 1U) << piece;
}

TEST(TokenizerTrainer, CutsADialectProgramAtItsNumbers) {
  const Tokenizer tokenizer = trained();
  const auto ids = tokenizer.encode("r=w0.sketch().segment((-100,-41),(-14,200)).segment((7,8)");
  std::vector<std::string> pieces;
  for (const TokenId id : ids) pieces.push_back(tokenizer.decode(std::vector{id}));
  const std::vector<std::string> expected = {
      "r=w0.sketch().segment((", "-100", ",", "-41", "),(", "-14", ",", "200", ")).segment((", "7", ",", "8", ")"};
  EXPECT_EQ(pieces, expected);
}

TEST(TokenizerTrainer, LosesNothing) {
  const Tokenizer tokenizer = trained();
  for (const std::string text :
       {"", "-", "--5", "w0-1", "a-b\r\n\r\n\tc", "1e-5.25", "éß∂ 中文 ٣٤", "x\x01\x7F", "0001"}) {
    EXPECT_EQ(tokenizer.decode(tokenizer.encode(text)), text);
  }
  for (const std::string& text : programs()) EXPECT_EQ(tokenizer.decode(tokenizer.encode(text)), text);
}

TEST(TokenizerTrainer, LearnsWhatRepeats) {
  TokenizerTraining options;
  options.pieces.clear();
  const std::vector<std::string> texts(5, "hole_pattern(\n");
  const auto files = trainTokenizer(texts, options);
  const Tokenizer tokenizer = Tokenizer::fromJson(files.tokenizerJson, files.configJson);
  EXPECT_EQ(tokenizer.encode("hole_pattern(\n").size(), 1U);
}

TEST(TokenizerTrainer, KeepsToTheSizeAndNamesItsSpecialTokens) {
  TokenizerTraining options;
  options.pieces.clear();
  options.vocabularySize = 800;
  options.minimumCount = 1;
  const Tokenizer tokenizer = trained(options);
  EXPECT_LE(tokenizer.size(), 800U);
  EXPECT_EQ(tokenizer.eos(), tokenizer.find("<|endoftext|>"));
  EXPECT_EQ(tokenizer.pad(), tokenizer.find("<|im_end|>"));
  EXPECT_TRUE(tokenizer.isSpecial(tokenizer.require("<|im_start|>")));
  const auto ids = tokenizer.encode("1<|endoftext|>");
  ASSERT_EQ(ids.size(), 2U);
  EXPECT_EQ(tokenizer.decode(ids, Tokenizer::SpecialTokens::skip), "1");
}

TEST(TokenizerTrainer, RepeatsExactly) {
  EXPECT_EQ(trainTokenizer(programs(), {}).tokenizerJson, trainTokenizer(programs(), {}).tokenizerJson);
}

TEST(TokenizerTrainer, RefusesWhatItCannotDo) {
  TokenizerTraining small;
  small.vocabularySize = 300;
  EXPECT_THROW(trainTokenizer(programs(), small), Error);
  TokenizerTraining cut;
  cut.pieces = {"box(1"};
  EXPECT_THROW(trainTokenizer(programs(), cut), Error);
  TokenizerTraining eos;
  eos.eosToken = "<|end|>";
  EXPECT_THROW(trainTokenizer(programs(), eos), Error);
  EXPECT_THROW(trainTokenizer(std::vector<std::string>{"\xFF"}, {}), Error);
}

}  // namespace
}  // namespace cadrecode::text
