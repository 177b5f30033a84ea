// The reports' faults of the original, each on rows made for it.
#include "benchmark/report.hpp"

#include <gtest/gtest.h>

#include <string>

#include "metrics/figures.hpp"

namespace cadrecode::benchmark {
namespace {

Json settings(const std::vector<std::string>& ids, const std::vector<std::string>& models) {
  Json json{{"profile", "absolute"}, {"seed", 0}};
  json["run"] = {{"command", "cadrecode bench"}, {"data", "data"}, {"split", ""}, {"ids", ids}};
  json["run"]["references_left_out"] = Json::object();
  json["run"]["models"] = Json::array();
  for (const std::string& name : models) {
    json["run"]["models"].push_back(
        {{"name", name}, {"path", "/" + name}, {"kind", "predictions"}, {"without_reference", Json::array()}});
  }
  return json;
}

Json ok(const std::string& model, const std::string& id, double iou, double chamfer) {
  Json row{{"id", id}, {"model", model}, {"status", "ok"}};
  for (const metrics::Figure& figure : metrics::kFigures) row[figure.key] = 0.5;
  row["iou"] = iou;
  row["chamfer_distance"] = chamfer;
  row["missing"] = Json::object();
  return row;
}

Json failed(const std::string& model, const std::string& id, const std::string& status = "timeout") {
  return {{"id", id}, {"model", model}, {"status", status}, {"reason", "took | too\nlong"}};
}

TEST(Report, CountsFailuresAndKeepsTheCommonSamplesApart) {
  const std::vector<Json> rows = {ok("A", "1", 1.0, 0.1), ok("A", "2", 0.5, 0.2), ok("A", "3", 0.0, 0.3),
                                  failed("A", "4"),       ok("B", "1", 0.8, 0.2), failed("B", "2"),
                                  ok("B", "3", 0.1, 0.1), failed("B", "4")};
  const Json report = summaryOf(rows, settings({"1", "2", "3", "4"}, {"A", "B"}));
  EXPECT_EQ(report["common_samples"], 2);
  const Json &a = report["models"][0], &b = report["models"][1];
  EXPECT_EQ(a["invalid_ratio"], 0.25);
  EXPECT_EQ(b["invalid_ratio"], 0.5);
  EXPECT_EQ(a["common"]["iou"]["count"], 2);
  EXPECT_NEAR(a["common"]["iou"]["mean"].get<double>(), 0.5, 1e-12);
  EXPECT_NEAR(a["own"]["iou"]["mean"].get<double>(), 0.5, 1e-12);  // an IoU of 0 is a value
  EXPECT_NEAR(a["all"]["iou"]["mean"].get<double>(), 0.375, 1e-12);
  EXPECT_NEAR(b["all"]["iou"]["mean"].get<double>(), 0.225, 1e-12);
  EXPECT_FALSE(a["all"]["chamfer_distance"].contains("mean"));  // a failure has no distance, but a rank
  EXPECT_NEAR(a["all"]["chamfer_distance"]["median"].get<double>(), 0.25, 1e-12);
  EXPECT_TRUE(b["all"]["chamfer_distance"]["quartiles"][1].is_null());
  const Json& pair = report["pairs"][0]["figures"]["chamfer_distance"];
  EXPECT_EQ(pair["pairs"], 2);
  EXPECT_EQ(pair["a_better"], 1);
  EXPECT_EQ(pair["with_failures"]["a_better"], 2);
  EXPECT_EQ(pair["with_failures"]["equal"], 1);
}

TEST(Report, ListsEverySampleThatLeftAMean) {
  Json row = ok("A", "1", 0.5, 0.1);
  row["iou_brep"] = nullptr;
  row["missing"]["iou_brep"] = "a mesh is no solid of faces";
  Json about = settings({"1", "2"}, {"A"});
  about["run"]["references_left_out"]["0"] = "not there";
  const Json report = summaryOf({row, failed("A", "2", "reference_failed")}, about);
  ASSERT_EQ(report["left_out"].size(), 3u);
  EXPECT_EQ(report["left_out"][0]["reason"], "not there");
  EXPECT_EQ(report["left_out"][1]["figure"], "iou_brep");
  EXPECT_EQ(report["left_out"][1]["reason"], "a mesh is no solid of faces");
  EXPECT_EQ(report["left_out"][2]["status"], "reference_failed");
  // A reference that cannot be read is nobody's failure.
  EXPECT_EQ(report["models"][0]["samples"], 1);
  EXPECT_EQ(report["models"][0]["invalid_ratio"], 0.0);
}

TEST(Report, AModelWithoutFiguresHasNoPerfectScore) {
  const Json report = summaryOf({failed("A", "1")}, settings({"1"}, {"A"}));
  EXPECT_FALSE(report["models"][0]["common"]["chamfer_distance"].contains("mean"));
  const std::string text = markdownOf(report);
  EXPECT_EQ(text.find("| chamfer ↓ | 0"), std::string::npos);
  EXPECT_NE(text.find("| chamfer ↓ | – |"), std::string::npos);
}

TEST(Report, NoSamplesAreNoDivisionByZero) {
  const Json report = summaryOf({}, settings({}, {"A"}));
  EXPECT_TRUE(report["models"][0]["invalid_ratio"].is_null());
  EXPECT_FALSE(markdownOf(report).empty());
}

TEST(Report, MarkdownTablesAreWhole) {
  const std::string text = markdownOf(summaryOf({ok("A", "1", 1, 0.1), failed("A", "2")}, settings({"1", "2"}, {"A"})));
  EXPECT_EQ(text.find("\\n"), std::string::npos);
  // Every line of a table has as many cells as the one above it.
  std::size_t cells = 0, start = 0;
  for (std::size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1) {
    const std::string line = text.substr(start, end - start);
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    if (!line.starts_with("|")) bars = 0;
    if (cells > 0 && bars > 0) {
      EXPECT_EQ(bars, cells) << line;
    }
    cells = bars;
  }
  EXPECT_NE(text.find("took \\| too long"), std::string::npos);
}

TEST(Report, CsvHasARowEach) {
  const std::string csv = csvOf({ok("A", "1,x", 1, 0.1), failed("A", "2")});
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 4);  // head, two rows, and the break within a quoted reason
  EXPECT_NE(csv.find("\"1,x\",A,ok,,0.1,"), std::string::npos);
  EXPECT_NE(csv.find("2,A,timeout,\"took | too\nlong\""), std::string::npos);
}

}  // namespace
}  // namespace cadrecode::benchmark
