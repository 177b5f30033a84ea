// What the pages and the help promise: their commands run as printed, the examples make what they say.
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "command.hpp"

namespace cadrecode::end_to_end {
namespace {

using nlohmann::json;

// The indented lines of a text that begin with `cadrecode`, or lead to it through a pipe.
std::vector<std::string> commandsIn(const std::string& text) {
  std::vector<std::string> commands;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    std::smatch match;
    if (std::regex_match(line, match, std::regex("  ((cadrecode|echo .*\\| cadrecode) .*)")))
      commands.push_back(match[1]);
  }
  return commands;
}

TEST(Pages, ExamplesInTheHelpRunAsPrinted) {
  Folder folder;
  for (const char* command : {"exec", "measure"}) {
    const auto commands = commandsIn(run({command, "--help"}).out);
    EXPECT_GE(commands.size(), 2u);
    for (const std::string& line : commands) {
      // In a folder of its own, where the examples are.
      Answer answer =
          shell("ln -sfn $PWD/examples " + folder.path("examples") + "; cd " + folder.path() + " && " + line);
      EXPECT_EQ(answer.exitCode, 0) << line << "\n" << answer.err;
    }
  }
}

TEST(Pages, TheExamplesAreSolidsAndValid) {
  Answer answer = run({"exec", "examples", "--jsonl"});
  EXPECT_EQ(answer.exitCode, 0);
  const auto rows = answer.lines();
  EXPECT_GE(rows.size(), 4u);
  std::set<std::string> ids;
  for (const json& row : rows) {
    ids.insert(row["id"].get<std::string>());
    EXPECT_EQ(row["status"], "ok") << row;
    EXPECT_EQ(row["valid"], true) << row["id"];
    EXPECT_GE(row["n_solids"], 1);
    EXPECT_GT(row["volume"], 0.0);
  }
  EXPECT_TRUE(ids.count("bracket"));
}

TEST(Pages, TheFirstCommandOfTheReadmeWritesAPart) {
  Folder folder;
  for (const char* input : {"examples/bearing.stl", "examples/bracket_scan.ply"}) {
    const std::string out = folder.path(std::filesystem::path(input).stem());
    Answer answer = run({"reconstruct", input, "-o", out, "--no-model", "--evaluations", "2000", "--json"});
    ASSERT_EQ(answer.exitCode, 0) << answer.err;
    const json report = answer.object();
    EXPECT_EQ(report["valid"], true);
    EXPECT_LT(report["deviation"]["mean_percent_of_side"], 3.0);
    EXPECT_EQ(readAll(out + "/part.json"), answer.out);
    const json built = run({"exec", out + "/part.py", "--json"}).object();
    EXPECT_NEAR(built["volume"].get<double>() / report["step_volume"].get<double>(), 1, 1e-6);
    const json step = run({"measure", out + "/part.step", "--json"}).object();
    EXPECT_NEAR(step["volume"].get<double>() / report["step_volume"].get<double>(), 1, 1e-6);
    EXPECT_NE(readAll(out + "/part.html").find("</html>"), std::string::npos);
    EXPECT_EQ(readAll(out + "/part.png").substr(1, 3), "PNG");
    EXPECT_GT(json::parse(readAll(out + "/timings.json"))["all"].get<double>(), 0);
  }
}

TEST(Pages, HelpNamesEveryCommandAndExitCode) {
  const std::string help = run({"--help"}).out;
  for (const char* word : {"exec", "measure", "doctor", "124", "130"}) {
    EXPECT_NE(help.find(word), std::string::npos) << word;
  }
  const std::string version = run({"--version"}).out;
  EXPECT_TRUE(std::regex_search(version, std::regex("cadrecode [0-9.]+ \\([0-9a-f]{7,}|unknown"))) << version;
  EXPECT_TRUE(std::regex_search(version, std::regex("OpenCASCADE [0-9.]+"))) << version;
  EXPECT_NE(version.find("libtorch"), std::string::npos);
}

TEST(Pages, DoctorFindsThisMachineWell) {
  Answer answer = run({"doctor", "--json"});
  EXPECT_EQ(answer.exitCode, 0) << answer.out;
  const json report = answer.object();
  for (const char* name : {"OpenCASCADE", "memory limit", "time limit", "temporary folder", "cores"}) {
    EXPECT_NE(report[name]["verdict"], "broken") << report[name];
  }
  EXPECT_TRUE(report.contains("fonts"));
  EXPECT_TRUE(report.contains("libtorch"));
}

}  // namespace
}  // namespace cadrecode::end_to_end
