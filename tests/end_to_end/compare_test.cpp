// `cadrecode compare` as a user runs it: one pair, two folders, files of pairs.
#include <gtest/gtest.h>

#include <fstream>

#include "end_to_end/command.hpp"

namespace cadrecode::end_to_end {
namespace {

using Json = nlohmann::json;

std::string boxScript(int x, int y, int z) {
  return "import cadquery as cq\nr=cq.Workplane('XY').box(" + std::to_string(x) + "," + std::to_string(y) + "," +
         std::to_string(z) + ")\n";
}

// Quick figures: what is looked at here does not depend on many samples.
std::vector<std::string> compareLine(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "compare");
  arguments.insert(arguments.end(), {"--points", "150", "--voxels", "16", "--profile", "absolute"});
  return arguments;
}

class CompareCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    // The original pairs names by what stands before the first '_', so that these two are one.
    folder.put("truth/batch_0001_x.py", boxScript(10, 10, 10));
    folder.put("truth/batch_0002_x.py", boxScript(20, 10, 10));
    folder.put("truth/more/deep.py", boxScript(30, 10, 10));
    folder.put("made/batch_0001_x.py", boxScript(10, 10, 8));
    folder.put("made/batch_0002_x.py", boxScript(20, 10, 10));
    folder.put("made/more/deep.py", boxScript(30, 10, 5));
  }
  Folder folder;
};

TEST_F(CompareCommand, TellsTheOriginalsKeysAndMore) {
  const Answer answer =
      run(compareLine({folder.path("truth/batch_0001_x.py"), folder.path("made/batch_0001_x.py"), "--json"}));
  EXPECT_EQ(answer.exitCode, 0) << answer.err;
  const Json json = answer.object();
  for (const char* key : {"chamfer_distance", "hausdorff_distance", "earth_mover_distance", "rms_error", "iou_brep",
                          "iou_mesh", "iou_voxel", "matching_rate", "coverage_rate", "normal_consistency",
                          "computation_time", "normal_agreement", "chamfer_to_surface", "volume_reference"}) {
    ASSERT_TRUE(json.contains(key)) << key;
    EXPECT_TRUE(json[key].is_number()) << key;
  }
  EXPECT_NEAR(json["iou_brep"].get<double>(), 0.8, 1e-9);
  EXPECT_NEAR(json["iou_mesh"].get<double>(), 0.8, 1e-9);
  EXPECT_NEAR(json["volume_prediction"].get<double>(), 800, 1e-6);
  EXPECT_TRUE(json["valid_prediction"].get<bool>());
  EXPECT_NE(json["frame"].get<std::string>().find("as the shapes are placed"), std::string::npos);
}

TEST_F(CompareCommand, PairsTwoFoldersByWholeNames) {
  const Answer answer = run(compareLine({folder.path("truth"), folder.path("made"), "--json"}));
  EXPECT_EQ(answer.exitCode, 0) << answer.err;
  const Json json = answer.object();
  std::map<std::string, double> iou;
  for (const Json& row : json["rows"]) iou[row["id"]] = row["iou_brep"];
  ASSERT_EQ(iou.size(), 3u);
  EXPECT_NEAR(iou.at("batch_0001_x"), 0.8, 1e-9);
  EXPECT_NEAR(iou.at("batch_0002_x"), 1, 1e-9);
  EXPECT_NEAR(iou.at("more/deep"), 0.5, 1e-9);
  EXPECT_EQ(json["summary"]["figures"]["iou_brep"]["count"], 3);
}

TEST_F(CompareCommand, AFailingPairIsARowAndExitCode4) {
  folder.put("truth/lonely.py", boxScript(1, 1, 1));
  folder.put("made/batch_0002_x.py", "import cadquery as cq\nr = cq.Workplane().nothing()\n");
  const Answer answer = run(compareLine({folder.path("truth"), folder.path("made"), "--jsonl"}));
  EXPECT_EQ(answer.exitCode, 4) << answer.err;
  ASSERT_EQ(answer.lines().size(), 4u);
  int failed = 0;
  for (const Json& row : answer.lines()) {
    if (row["status"] != "failed") continue;
    ++failed;
    EXPECT_EQ(row["failed"], "prediction");
    EXPECT_NE(row["error"].get<std::string>().find(row["id"] == "lonely" ? "no file" : "nothing"), std::string::npos)
        << row;
  }
  EXPECT_EQ(failed, 2);
  EXPECT_NE(answer.err.find("4 pairs, 2 failed"), std::string::npos) << answer.err;
}

// From another folder than the program's: paths are those of the caller, and in a file of pairs those of the file.
TEST_F(CompareCommand, ReadsFilesOfPairs) {
  folder.put("pairs.csv",
             "prediction,id,reference\n"
             "made/batch_0001_x.py,\"one, quoted\",truth/batch_0001_x.py\n"
             "made/more/deep.py,two,truth/more/deep.py\n");
  folder.put("pairs.jsonl",
             "{\"reference\": \"truth/batch_0001_x.py\", \"prediction\": \"made/batch_0001_x.py\"}\n"
             "{\"reference\": \"truth/gone.py\", \"prediction\": \"made/batch_0001_x.py\", \"id\": \"gone\"}\n");
  const std::string options = " --jsonl --points 100 --voxels 8 --profile absolute";
  const Answer csv = shell("cd " + folder.path() + " && cadrecode compare pairs.csv" + options);
  EXPECT_EQ(csv.exitCode, 0) << csv.err;
  ASSERT_EQ(csv.lines().size(), 2u);
  EXPECT_EQ(csv.lines()[0]["id"], "one, quoted");
  EXPECT_NEAR(csv.lines()[0]["iou_brep"].get<double>(), 0.8, 1e-9);
  EXPECT_NEAR(csv.lines()[1]["iou_brep"].get<double>(), 0.5, 1e-9);
  const Answer lines = shell("cd / && cadrecode compare " + folder.path("pairs.jsonl") + options);
  EXPECT_EQ(lines.exitCode, 4) << lines.err;
  EXPECT_EQ(lines.lines()[0]["id"], "truth/batch_0001_x");
  EXPECT_EQ(lines.lines()[1]["failed"], "reference");

  EXPECT_EQ(run({"compare", folder.put("bad.csv", "a,b\n1,2\n")}).exitCode, 3);
  EXPECT_EQ(run({"compare", folder.path("truth")}).exitCode, 2);
  EXPECT_EQ(run({"compare", folder.path("pairs.csv"), "--align", "sideways"}).exitCode, 2);
}

TEST_F(CompareCommand, AlignsByFeaturesAlikeForOneSeed) {
  const std::string part =
      "import cadquery as cq\nr=cq.Workplane('XY').box(10,6,1).faces('>Z').workplane()"
      ".center(-4,0).rect(2,6).extrude(4)";
  folder.put("a.py", part + "\n");
  folder.put("b.py", part + ".rotate((0,0,0),(1,2,3),70).translate((3,1,2))\n");
  auto json = [&](const std::string& how) {
    Json object = run({"compare", folder.path("a.py"), folder.path("b.py"), "--align", how, "--json", "--profile",
                       "absolute", "--points", "1500", "--seed", "3"})
                      .object();
    object.erase("computation_time");
    return object;
  };
  const Json first = json("ransac");
  EXPECT_EQ(first, json("ransac"));
  EXPECT_EQ(first["alignment"]["method"], "ransac");
  EXPECT_TRUE(first["alignment"]["taken"].get<bool>());
  EXPECT_GT(first["iou_mesh"].get<double>(), 0.98);
  EXPECT_LT(json("none")["iou_mesh"].get<double>(), 0.5);
}

}  // namespace
}  // namespace cadrecode::end_to_end
