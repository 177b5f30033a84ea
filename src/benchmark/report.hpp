// From rows to reports: the summary as JSON, and its forms for people. Deterministic: same rows and settings, same
// bytes. Stateless, any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "benchmark/page.hpp"

namespace cadrecode::benchmark {

// Of every model: how many samples succeeded, failed and by which status; of each figure its spread with a bootstrap
// interval of the mean, over the samples that all models solved ("common"), over those that the model solved ("own"),
// and over all with failures counted as 0 in shares and as worst in quantiles ("all"). Of every two models a paired
// test a figure. Every sample that left a figure's mean with its reason. Samples whose reference failed count for
// nobody and are listed.
Json summaryOf(const std::vector<Json>& rows, const Json& settings);

std::string markdownOf(const Json& report);
std::string csvOf(const std::vector<Json>& rows);

// benchmark_report.json and .md, rows.csv, report.html, and of every model inference_results.json and
// detailed_metrics.json.
void writeReportFiles(const std::string& folder, const Json& settings, const std::vector<Json>& rows,
                      const PageLimits& page);

}  // namespace cadrecode::benchmark
