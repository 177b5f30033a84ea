// The language by tables: every case of cases/*.txt prints and fails as CPython 3.11 does; those of refusals.txt are
// this language's own. cases.py says how a case is written, and compares the tables with CPython.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "script/interpreter.hpp"

namespace cadrecode::script {
namespace {

struct Case {
  std::string title, program, expected;
};

std::filesystem::path folder() { return std::filesystem::path(CADRECODE_SOURCE_DIR) / "tests/script/cases"; }

std::vector<Case> readCases(const std::string& name) {
  std::vector<Case> cases;
  std::ifstream file(folder() / (name + ".txt"));
  bool program = true;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("### ", 0) == 0) {
      cases.push_back({line.substr(4), "", ""});
      program = true;
    } else if (program && line == "---") {
      program = false;
    } else if (!cases.empty()) {
      (program ? cases.back().program : cases.back().expected) += line + "\n";
    }
  }
  return cases;
}

std::vector<std::string> tables() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder())) names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

class Cases : public testing::TestWithParam<std::string> {};

TEST_P(Cases, PrintAndFailAsInCPython) {
  const std::vector<Case> cases = readCases(GetParam());
  ASSERT_FALSE(cases.empty());
  const bool own = GetParam() == "refusals";
  Limits limits;
  limits.steps = 1'000'000;
  limits.heapBytes = 64u << 20;
  if (own) limits.outputBytes = 200;
  Interpreter interpreter;
  for (const Case& one : cases) {
    const RunResult run = interpreter.run(one.program, limits);
    std::string printed = run.output;
    if (run.status != Status::ok) {
      printed += "! " + run.error.type + ": " + run.error.message + " @" + std::to_string(run.error.line);
      if (own) printed += ":" + std::to_string(run.error.column);
      printed += "\n";
    }
    EXPECT_EQ(printed, one.expected) << GetParam() << ": " << one.title << "\n" << one.program;
  }
}

INSTANTIATE_TEST_SUITE_P(Tables, Cases, testing::ValuesIn(tables()),
                         [](const testing::TestParamInfo<std::string>& table) { return table.param; });

}  // namespace
}  // namespace cadrecode::script
