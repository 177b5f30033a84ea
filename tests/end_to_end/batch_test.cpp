// A long run in which one script in twenty means harm: every item is answered once, in order, and the good ones as if
// the bad ones were not there. `bench/sandbox_endurance.sh batch` runs it at full size.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "command.hpp"

namespace cadrecode::end_to_end {
namespace {

using nlohmann::json;

struct Expected {
  std::string script;
  std::set<std::string> statuses;  // any of these
  double volume = 0;
};

Expected itemOf(int i) {
  const std::string n = std::to_string(i % 50 + 1);
  if (i % 20 != 7) {
    return {"import cadquery as cq\nr = cq.Workplane().box(" + n + ", 2, 3)\n", {"ok"}, 6.0 * (i % 50 + 1)};
  }
  switch (i / 20 % 6) {
    case 0:
      return {"while True:\n    pass\n", {"timeout"}};
    case 1:
      return {"x = [0] * 10**12\n", {"out_of_memory"}};
    case 2:
      return {"def f():\n    return f()\nf()\n", {"runtime_error"}};
    case 3:
      return {"import os\n", {"unsupported"}};
    case 4:
      return {"((((\n", {"syntax_error"}};
    default:
      return {"x = [1]\nwhile True:\n    x = x + x\n", {"out_of_memory", "timeout"}};
  }
}

TEST(Batch, LosesNoneAndRepeatsNone) {
  constexpr int kItems = 400;
  std::vector<std::pair<std::string, std::string>> scripts;
  for (int i = 0; i < kItems; ++i) scripts.emplace_back("item" + std::to_string(i), itemOf(i).script);
  Answer answer =
      run({"exec", "-", "--jsonl", "--jobs", "3", "--timeout", "8", "--memory", "256M"}, jsonLines(scripts));
  EXPECT_EQ(answer.exitCode, 4) << answer.err;
  const auto rows = answer.lines();
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(kItems));
  for (int i = 0; i < kItems; ++i) {
    const json& row = rows[static_cast<std::size_t>(i)];
    const Expected expected = itemOf(i);
    EXPECT_EQ(row["id"], "item" + std::to_string(i));
    EXPECT_TRUE(expected.statuses.count(row["status"])) << row;
    if (expected.statuses.count("ok") > 0) {
      EXPECT_NEAR(row["volume"].get<double>(), expected.volume, 1e-9 * expected.volume);
    }
  }
}

}  // namespace
}  // namespace cadrecode::end_to_end
