#include "search/reconstruction_report.hpp"

#include <cmath>

namespace cadrecode::search {

std::string timingsJson(const Reconstruction& result) {
  sandbox::Json json;
  for (const auto& [what, seconds] : result.seconds) json[what] = std::round(seconds * 1e3) / 1e3;
  return json.dump(2) + "\n";
}

sandbox::Json candidatesJson(const Reconstruction& result) {
  sandbox::Json list = sandbox::Json::array();
  for (const CandidateReport& report : result.candidates) {
    list.push_back({{"source", report.source},
                    {"fit", report.fit},
                    {"refined_fit", report.refinedFit},
                    {"evaluations", report.evaluations},
                    {"outcome", report.outcome}});
  }
  return list;
}

std::string reportJson(const Reconstruction& result, const std::string& name, const ReconstructOptions& options) {
  sandbox::Json json;
  const double side = kFrameSide * result.frame.unit;
  json["input"] = name;
  json["seed"] = options.seed;
  json["closed_input"] = result.closedInput;
  json[result.closedInput ? "iou" : "surface_agreement"] = result.fit;
  json["deviation"] = {{"mean", result.meanDeviation},
                       {"largest", result.largestDeviation},
                       {"mean_percent_of_side", 100 * result.meanDeviation / side},
                       {"largest_percent_of_side", 100 * result.largestDeviation / side}};
  json["volume"] = result.volume;
  json["step_volume"] = result.stepVolume;
  json["valid"] = result.valid;
  json["frame"] = {{"origin", result.frame.origin}, {"unit", result.frame.unit}};
  json["program"] = result.programText;
  json["candidates"] = candidatesJson(result);
  json["notes"] = result.notes;
  return json.dump(2) + "\n";
}

}  // namespace cadrecode::search
