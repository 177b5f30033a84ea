// `reconstruct` on the bundled example with the model of the repository, and what it says of inputs that hold no part.
#include <gtest/gtest.h>

#include <string>

#include "command.hpp"

namespace cadrecode::end_to_end {
namespace {

struct BadInput {
  const char* name;
  std::string text;
  const char* reason;  // in the message
};

TEST(Reconstruct, TheBundledPartTwiceTheSame) {
  Folder folder;
  std::string first;
  for (const char* out : {"one", "two"}) {
    const Answer answer =
        run({"reconstruct", "examples/bearing.stl", "-o", folder.path(out), "--json", "--candidates", "6"});
    ASSERT_EQ(answer.exitCode, 0) << answer.err;
    for (const char* name : {"part.py", "part.step", "part.stl", "part.json", "part.png", "part.html"}) {
      EXPECT_TRUE(std::filesystem::exists(folder.path(out) + "/" + name)) << name;
    }
    const nlohmann::json report = answer.object();
    EXPECT_GT(report["iou"], 0.97);
    if (answer.err.find("without a model") == std::string::npos) {
      std::size_t ofModel = 0;
      for (const nlohmann::json& candidate : report["candidates"]) {
        if (candidate["source"].get<std::string>().starts_with("model")) ++ofModel;
      }
      EXPECT_EQ(ofModel, 6U) << answer.err;
    }
    const std::string bytes =
        answer.out + readAll(folder.path(out) + "/part.py") + readAll(folder.path(out) + "/part.png");
    if (first.empty()) first = bytes;
    EXPECT_EQ(first, bytes);
  }
}

TEST(Reconstruct, InputsThatHoldNoPartEndInWords) {
  std::string plane, nan, half;
  for (int i = 0; i < 400; ++i) plane += std::to_string(i % 20) + " " + std::to_string(i / 20) + " 3\n";
  for (int i = 0; i < 100; ++i) nan += "nan 1 2\n";
  for (int i = 0; i < 10; ++i)
    half += std::to_string(i) + " " + std::to_string(i * i) + " " + std::to_string(7 % (i + 1)) + "\n";
  const BadInput inputs[] = {
      {"empty.stl", "", "empty.stl"},
      {"nothing.stl", "solid nothing\nendsolid nothing\n", "nothing.stl"},
      {"triangle.stl",
       "solid t\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\n"
       "endsolid t\n",
       "one plane"},
      {"plane.xyz", plane, "one plane"},
      {"nan.xyz", nan, "nan"},
      {"ten.xyz", half, "10 points"},
      {"wire.step",
       "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
       "FILE_SCHEMA(('AUTOMOTIVE_DESIGN'));\nENDSEC;\nDATA;\n#1=CARTESIAN_POINT('',(0.,0.,0.));\nENDSEC;\n"
       "END-ISO-10303-21;\n",
       "wire.step"},
      {"part.doc", "what is this", "part.doc"},
  };
  Folder folder;
  for (const BadInput& input : inputs) {
    const std::string out = folder.path(std::string("out of ") + input.name);
    Answer answer = run({"reconstruct", folder.put(input.name, input.text), "-o", out, "--no-model"});
    EXPECT_EQ(answer.exitCode, 3) << input.name << answer.err;
    EXPECT_NE(answer.err.find(input.reason), std::string::npos) << answer.err;
    EXPECT_EQ(answer.out, "");
    EXPECT_FALSE(std::filesystem::exists(out)) << input.name;
  }
  Answer missing = run({"reconstruct", folder.path("missing.stl"), "--no-model"});
  EXPECT_EQ(missing.exitCode, 3);
  EXPECT_NE(missing.err.find("missing.stl"), std::string::npos);
  // No proposals, no programs: nothing to choose from is a failure, not bad input.
  Answer none = run({"reconstruct", "examples/bearing.stl", "-o", folder.path("none"), "--no-model", "--no-proposals"});
  EXPECT_EQ(none.exitCode, 1);
  EXPECT_NE(none.err.find("no program was found"), std::string::npos);
}

}  // namespace
}  // namespace cadrecode::end_to_end
