// `cadrecode tokenizer`: what is trained encodes and decodes to the same bytes, and wrong input is named.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "command.hpp"

namespace cadrecode::end_to_end {
namespace {

using nlohmann::json;

const std::string kProgram =
    "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,20))\n"
    "r=w0.sketch().segment((-70,32),(-54,32)).segment((-54,-10)).close().assemble().finalize().extrude(-66)\n";

TEST(TokenizerCommand, WhatItTrainsGoesThereAndBack) {
  Folder folder;
  const std::string other = "import cadquery as cq\n\n# ein Würfel, 3.5 \t mm\nresult = cq.Workplane().box(1, 2, 3.5)";
  const std::string lines = jsonLines({{"a", kProgram}, {"b/c", other}});
  const std::string scripts = folder.put("scripts.jsonl", lines);
  const std::string model = folder.path("model");
  const Answer trained = run({"tokenizer", "train", scripts, "-o", model});
  ASSERT_EQ(trained.exitCode, 0) << trained.err;
  EXPECT_TRUE(std::filesystem::exists(model + "/tokenizer.json"));

  const Answer encoded = run({"tokenizer", "encode", "-", "-t", model}, lines);
  ASSERT_EQ(encoded.exitCode, 0) << encoded.err;
  ASSERT_EQ(encoded.lines().size(), 2U);
  // One token for every number and for what is between two numbers.
  EXPECT_LE(encoded.lines()[0]["tokens"].size(), 26U);

  const Answer decoded = run({"tokenizer", "decode", "-", "-t", model}, encoded.out);
  ASSERT_EQ(decoded.exitCode, 0) << decoded.err;
  EXPECT_EQ(decoded.lines()[0]["script"], kProgram);
  EXPECT_EQ(decoded.lines()[1]["script"], other);
  EXPECT_EQ(decoded.lines()[1]["id"], "b/c");

  const Answer plain = run({"tokenizer", "encode", "-", "-t", model, "--plain"}, kProgram);
  const Answer text = run({"tokenizer", "decode", "-", "-t", model, "--plain"}, plain.out);
  EXPECT_EQ(text.out, kProgram);
}

TEST(TokenizerCommand, TrainsTheSameFilesAgain) {
  Folder folder;
  const std::string script = folder.put("one.py", kProgram);
  ASSERT_EQ(run({"tokenizer", "train", script, "-o", folder.path("a")}).exitCode, 0);
  ASSERT_EQ(run({"tokenizer", "train", script, "-o", folder.path("b")}).exitCode, 0);
  for (const std::string name : {"/tokenizer.json", "/tokenizer_config.json"}) {
    EXPECT_EQ(readAll(folder.path("a") + name), readAll(folder.path("b") + name));
  }
}

TEST(TokenizerCommand, NamesWhatIsWrong) {
  Folder folder;
  const std::string script = folder.put("one.py", kProgram);
  const Answer none = run({"tokenizer", "encode", script, "-t", folder.path("missing")});
  EXPECT_EQ(none.exitCode, 3);
  EXPECT_NE(none.err.find("tokenizer.json"), std::string::npos) << none.err;
  ASSERT_EQ(run({"tokenizer", "train", script, "-o", folder.path("model")}).exitCode, 0);
  const Answer wrong = run({"tokenizer", "decode", "-", "-t", folder.path("model")}, "1 2\n[1, x]\n");
  EXPECT_EQ(wrong.exitCode, 3);
  EXPECT_NE(wrong.err.find(":2:"), std::string::npos) << wrong.err;
  EXPECT_EQ(run({"tokenizer"}).exitCode, 2);
}

}  // namespace
}  // namespace cadrecode::end_to_end
