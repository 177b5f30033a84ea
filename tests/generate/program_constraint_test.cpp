// Constrained decoding: the mask against a search over the vocabulary, programs from random weights, real programs.
#include "generate/program_constraint.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/random.hpp"
#include "generate/program_decoder.hpp"
#include "generate/program_grammar.hpp"
#include "model/network/cad_network.hpp"
#include "script/interpreter.hpp"
#include "text/tokenizer.hpp"
#include "text/tokenizer_trainer.hpp"

namespace cadrecode::generate {
namespace {

const std::string kProgram =
    "import cadquery as cq\nw0=cq.Workplane('YZ',origin=(-3,0,20))\nw1=cq.Workplane('XY',origin=(0,0,0))\n"
    "r=w0.sketch().arc((-7,3),(2.5,-1),(8,3)).segment((1,-54)).close().assemble().push([(-42,45),(1,2)])"
    ".circle(5,mode='s').reset().face(w0.sketch().rect(3,4).circle(1,mode='s'),mode='s').finalize().extrude(-66)"
    ".union(w1.workplane(offset=-5/2).moveTo(6.5,-2).cylinder(3,7)).union(w1.workplane(offset=1/2).box(1,2,3))\n";

text::Tokenizer tokenizerOf(const text::TokenizerTraining& options) {
  const auto files = text::trainTokenizer(std::vector<std::string>(3, kProgram), options);
  return text::Tokenizer::fromJson(files.tokenizerJson, files.configJson);
}

// Bytes, numbers and nothing else: a program takes hundreds of tokens.
text::Tokenizer plainTokenizer() {
  text::TokenizerTraining options;
  options.pieces.clear();
  options.greatestNumber = 20;
  options.smallestNumber = -20;
  options.minimumCount = 1000;
  return tokenizerOf(options);
}

const text::Tokenizer& compactTokenizer() {
  static const text::Tokenizer tokenizer = tokenizerOf({});
  return tokenizer;
}

bool isProgram(const std::string& text) {
  static const ByteAutomaton automaton(programExpression());
  const auto state = automaton.after(automaton.start(), text);
  return state != ByteAutomaton::dead && automaton.accepts(state);
}

TEST(ProgramGrammar, TakesProgramsAndNothingElse) {
  EXPECT_TRUE(isProgram(kProgram));
  EXPECT_FALSE(isProgram(kProgram.substr(0, kProgram.size() - 1)));
  EXPECT_FALSE(isProgram(kProgram + "\n"));
  const std::string head = "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\n";
  EXPECT_TRUE(isProgram(head + "r=w0.box(1,2,3)\n"));
  for (const std::string wrong :
       {"r=w1.box(1,2,3)\n", "r=w0.box(01,2,3)\n", "r=w0.box(1,2)\n", "r=w0.box(1,2,3))\n", "r=w0.box(1,2,-3)\n",
        "r=w0.box(0,2,3)\n", "r=w0.sketch().finalize().extrude(3)\n", "r=w0.moveTo(1,2)\n", "x=w0.box(1,2,3)\n"}) {
    EXPECT_FALSE(isProgram(head + wrong)) << wrong;
  }
}

TEST(ProgramGrammar, TakesRealPrograms) {
  const std::filesystem::path folder = std::filesystem::path(CADRECODE_SOURCE_DIR) / "../shared/corpus";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no programs at " << folder;
  for (const std::string name : {"cadrecode_v15.jsonl", "cadrecode_predictions.jsonl"}) {
    std::ifstream file(folder / name);
    int refused = 0;
    for (std::string line; std::getline(file, line);) {
      const auto object = nlohmann::json::parse(line);
      if (isProgram(object["script"])) continue;
      ++refused;
      ADD_FAILURE() << name << ": " << object["id"] << "\n" << object["script"].get<std::string>();
      if (refused > 3) break;
    }
  }
}

// On random walks: exactly those tokens are allowed whose text continues a program that can be ended in time.
TEST(ProgramConstraint, AllowsExactlyWhatContinuesAProgram) {
  const text::Tokenizer& tokenizer = compactTokenizer();
  const TokenId end = tokenizer.require("<|endoftext|>");
  const ProgramConstraint constraint(tokenizer, {end});
  const ByteAutomaton automaton(programExpression());
  Random random(7);
  int complete = 0;
  for (int walk = 0; walk < 20; ++walk) {
    auto state = constraint.start();
    std::string text;
    const std::int64_t limit = constraint.tokensToEnd(state) + static_cast<std::int64_t>(random.below(60));
    for (std::int64_t left = limit; left > 0; --left) {
      std::vector<float> logits(tokenizer.size() + 5, 1.0F);
      constraint.restrict(state, left, logits);
      std::vector<TokenId> allowed;
      const auto here = automaton.after(automaton.start(), text);
      for (std::size_t id = 0; id < logits.size(); ++id) {
        const auto token = static_cast<TokenId>(id);
        const bool isAllowed = logits[id] > 0;
        if (isAllowed) allowed.push_back(token);
        if (token == end) {
          EXPECT_EQ(isAllowed, isProgram(text));
          continue;
        }
        const std::string bytes = tokenizer.bytesOf(token);
        const bool continues =
            !bytes.empty() && !tokenizer.isSpecial(token) && automaton.after(here, bytes) != ByteAutomaton::dead;
        EXPECT_TRUE(continues || !isAllowed) << text << " + " << bytes;
        if (left > 200) {
          EXPECT_EQ(isAllowed, continues) << text << " + " << bytes;
        }
        if (continues && !isAllowed) {
          EXPECT_GE(constraint.tokensToEnd(constraint.after(state, token)), left);
        }
      }
      ASSERT_FALSE(allowed.empty()) << text;
      const TokenId token = allowed[random.below(allowed.size())];
      if (token == end) {
        ++complete;
        break;
      }
      text += tokenizer.bytesOf(token);
      state = constraint.after(state, token);
    }
  }
  EXPECT_EQ(complete, 20);
}

TEST(ProgramConstraint, KnowsTheShortestEnd) {
  const text::Tokenizer tokenizer = plainTokenizer();
  const ProgramConstraint constraint(tokenizer, {tokenizer.require("<|endoftext|>")});
  const std::string shortest = "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\nr=w0.box(1,1,1)\n";
  EXPECT_EQ(constraint.tokensToEnd(constraint.start()),
            static_cast<std::int64_t>(tokenizer.encode(shortest).size()) + 1);
}

TEST(ProgramConstraint, RefusesAVocabularyWithoutPrograms) {
  // Without a q there is no cadquery.
  const text::Tokenizer tokenizer = plainTokenizer();
  EXPECT_THROW(ProgramConstraint(tokenizer, {tokenizer.require("q")}), Error);
  EXPECT_THROW(ProgramConstraint(compactTokenizer(), {}), Error);
}

model::network::CadNetwork randomNetwork(const text::Tokenizer& tokenizer) {
  model::ModelConfig config;
  config.vocabularySize = static_cast<std::int64_t>(tokenizer.size());
  config.hiddenSize = 16;
  config.intermediateSize = 16;
  config.layers = 1;
  config.heads = 2;
  config.keyValueHeads = 1;
  config.headSize = 8;
  config.initializerRange = 0.5;
  return model::network::CadNetwork(config, model::network::randomWeights(config, 11));
}

void decodeThousand(const text::Tokenizer& tokenizer, std::int64_t maxNewTokens) {
  const model::network::CadNetwork network = randomNetwork(tokenizer);
  DecodingOptions options;
  options.startToken = tokenizer.require("<|im_start|>");
  options.endTokens = {tokenizer.require("<|endoftext|>")};
  options.maxNewTokens = maxNewTokens;
  options.batch = 32;
  options.maxPoints = 2;
  options.sampling = {.sample = true};
  options.constraint = std::make_shared<ProgramConstraint>(tokenizer, options.endTokens);
  std::vector<DecodeRequest> requests;
  for (std::uint64_t i = 0; i < 20; ++i) {
    const float x = static_cast<float>(i) / 20;
    requests.push_back({{x, -x, 0.5F, 0.1F, x, x}, i, 50});
  }
  const auto programs = ProgramDecoder(network, options).decodeAll(requests);
  ASSERT_EQ(programs.size(), 1000U);
  script::Interpreter interpreter;
  std::set<std::string> different;
  for (const DecodedProgram& program : programs) {
    const std::string text = tokenizer.decode(program.tokens);
    different.insert(text);
    EXPECT_TRUE(program.ended) << text;
    EXPECT_TRUE(isProgram(text)) << text;
    EXPECT_EQ(interpreter.check(text).status, script::Status::ok) << text;
  }
  EXPECT_GT(different.size(), 900U);
}

TEST(ProgramConstraint, AThousandProgramsOfRandomWeightsParse) { decodeThousand(compactTokenizer(), 60); }

TEST(ProgramConstraint, SoTheyDoByteByByte) { decodeThousand(plainTokenizer(), 130); }

TEST(ProgramConstraint, RefusesALimitThatNoProgramKeeps) {
  const text::Tokenizer& tokenizer = compactTokenizer();
  const model::network::CadNetwork network = randomNetwork(tokenizer);
  DecodingOptions options;
  options.endTokens = {tokenizer.require("<|endoftext|>")};
  options.constraint = std::make_shared<ProgramConstraint>(tokenizer, options.endTokens);
  options.maxNewTokens = options.constraint->tokensToEnd(options.constraint->start()) - 1;
  EXPECT_THROW(ProgramDecoder(network, options), Error);
}

}  // namespace
}  // namespace cadrecode::generate
