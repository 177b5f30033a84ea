#include <fmt/format.h>

#include <cmath>

#include "metrics/comparison.hpp"

namespace cadrecode::metrics {
namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

Json toJson(const OneWay& way) {
  return {{"mean", way.mean},
          {"mean_square", way.meanSquare},
          {"max", way.largest},
          {"within_threshold", way.withinThreshold},
          {"normals", number(way.normalAgreement)},
          {"normals_absolute", number(way.normalAlignment)}};
}

Json toJson(const Distances& d) {
  return {{"reference_to_prediction", toJson(d.forward)},
          {"prediction_to_reference", toJson(d.backward)},
          {"threshold", d.threshold},
          {"threshold_back", d.backwardThreshold},
          {"chamfer", d.chamfer()},
          {"hausdorff", d.hausdorff()},
          {"rms", d.rms()}};
}

Json flag(const std::optional<bool>& value) { return value ? Json(*value) : Json(nullptr); }

}  // namespace

nlohmann::ordered_json toJson(const Comparison& c) {
  Json json{{"chamfer_distance", number(c.chamfer)},
            {"hausdorff_distance", number(c.hausdorff)},
            {"earth_mover_distance", number(c.earthMover)},
            {"rms_error", number(c.rms)},
            {"iou_brep", number(c.iouBrep)},
            {"iou_mesh", number(c.iouMesh)},
            {"iou_voxel", number(c.iouVoxel)},
            {"matching_rate", number(c.matching)},
            {"coverage_rate", number(c.coverage)},
            {"normal_consistency", number(c.normalConsistency)},
            {"computation_time", c.seconds},
            {"chamfer_squared_x1000", number(c.chamferSquared)},
            {"normal_agreement", number(c.normalAgreement)},
            {"chamfer_to_surface", number(c.surface ? std::optional(c.surface->chamfer()) : std::nullopt)},
            {"hausdorff_to_surface", number(c.surface ? std::optional(c.surface->hausdorff()) : std::nullopt)},
            {"iou_voxel_bound", number(c.iouVoxelBound)},
            {"iou", number(c.iou())},
            {"iou_method", c.iouBrep    ? Json("brep")
                           : c.iouMesh  ? Json("mesh")
                           : c.iouVoxel ? Json("voxel")
                                        : Json()},
            {"volume_reference", number(c.volumeReference)},
            {"volume_prediction", number(c.volumePrediction)},
            {"watertight_reference", c.watertightReference},
            {"watertight_prediction", c.watertightPrediction},
            {"valid_reference", flag(c.validReference)},
            {"valid_prediction", flag(c.validPrediction)},
            {"profile", nameOf(c.profile)},
            {"frame", c.frame},
            {"points", c.points},
            {"seed", c.seed}};
  json["samples"] = c.samples ? toJson(*c.samples) : Json();
  json["surface"] = c.surface ? toJson(*c.surface) : Json();
  json["noise_floor"] =
      c.floor ? Json{{"chamfer", c.floor->chamfer}, {"rms", c.floor->rms}, {"matching", c.floor->withinThreshold}}
              : Json();
  if (c.alignment) {
    const Motion& motion = c.alignment->motion;
    Json rows = Json::array();
    for (int row = 0; row < 3; ++row) {
      rows.push_back({motion.rows[row][0], motion.rows[row][1], motion.rows[row][2], motion.shift[row]});
    }
    rows.push_back({0, 0, 0, 1});
    json["alignment"] = {{"method", c.alignment->method},
                         {"taken", c.alignment->taken},
                         {"residual_before", c.alignment->before},
                         {"residual_after", c.alignment->after},
                         {"matrix", rows}};
  } else {
    json["alignment"] = nullptr;
  }
  json["missing"] = Json::object();
  for (const auto& [key, reason] : c.missing) json["missing"][key] = reason;
  json["notes"] = c.notes;
  return json;
}

std::string toText(const Comparison& c) {
  std::string text;
  auto line = [&](const char* label, const std::optional<double>& value, const std::string& more = {}) {
    text += value ? fmt::format("{:<24}{:.6g}", label, *value) : fmt::format("{:<24}-", label);
    text += more.empty() ? "\n" : "   " + more + "\n";
  };
  auto why = [&](const char* key) {
    const auto found = c.missing.find(key);
    return found == c.missing.end() ? std::string() : found->second;
  };
  text += fmt::format("profile {}: {}\n{} points a side, seed {}\n", nameOf(c.profile), c.frame, c.points, c.seed);
  line("chamfer distance", c.chamfer, c.floor ? fmt::format("of one surface: {:.4g}", c.floor->chamfer) : "");
  line("  to the surface", c.surface ? std::optional(c.surface->chamfer()) : std::nullopt, why("surface"));
  line("chamfer squared x1000", c.chamferSquared);
  line("hausdorff distance", c.hausdorff);
  line("  to the surface", c.surface ? std::optional(c.surface->hausdorff()) : std::nullopt);
  line("earth mover distance", c.earthMover);
  line("rms error", c.rms, c.floor ? fmt::format("of one surface: {:.4g}", c.floor->rms) : "");
  line("matching rate", c.matching, c.floor ? fmt::format("of one surface: {:.4g}", c.floor->withinThreshold) : "");
  line("coverage rate", c.coverage);
  line("normal consistency", c.normalConsistency, why("normal_consistency"));
  line("  with signs", c.normalAgreement);
  line("IoU of solids", c.iouBrep, why("iou_brep"));
  line("IoU of meshes", c.iouMesh, why("iou_mesh"));
  line("IoU of voxels", c.iouVoxel,
       c.iouVoxelBound ? fmt::format("true within {:.2g}", *c.iouVoxelBound) : why("iou_voxel"));
  line("volume, reference", c.volumeReference);
  line("volume, prediction", c.volumePrediction);
  if (c.alignment) {
    text += fmt::format("{:<24}{}: residual {:.4g} -> {:.4g}\n", "alignment (" + c.alignment->method + ")",
                        c.alignment->taken ? "taken" : "nothing lay closer", c.alignment->before, c.alignment->after);
  }
  for (const std::string& note : c.notes) text += "note: " + note + "\n";
  text += fmt::format("{:<24}{:.3f} s\n", "time", c.seconds);
  return text;
}

}  // namespace cadrecode::metrics
