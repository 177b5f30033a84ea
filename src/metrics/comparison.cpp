#include "metrics/comparison.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"
#include "metrics/closed_mesh.hpp"
#include "metrics/earth_mover.hpp"
#include "metrics/mesh_iou.hpp"
#include "metrics/voxel_iou.hpp"

namespace cadrecode::metrics {
namespace {

using cloud::Point;
using cloud::operator*;
using cloud::operator-;

// One of the two parts, in the frame of the comparison.
struct Side {
  const sandbox::Part& part;
  cloud::Frame frame;
  std::optional<ClosedMesh> closed;  // of a mesh
  std::optional<cloud::Mesh> mesh;   // as it came, in the frame
  cloud::Cloud points;               // samples of the mesh, or the cloud
};

cloud::Box boxOfPart(const sandbox::Part& part) {
  if (part.measures && part.measures->bbox) {  // exact, where a mesh of round faces lies within
    const std::array<double, 6>& b = *part.measures->bbox;
    return {{b[0], b[1], b[2]}, {b[3], b[4], b[5]}};
  }
  return part.isMesh() ? cloud::boxOf(part.mesh()) : cloud::boxOf(part.cloud().points);
}

cloud::Cloud chosen(const cloud::Cloud& all, std::size_t count, Random random) {
  if (all.points.size() <= count) return all;
  std::vector<std::uint32_t> order(all.points.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  random.shuffle(order);
  cloud::Cloud some;
  for (std::size_t i = 0; i < count; ++i) {
    some.points.push_back(all.points[order[i]]);
    if (all.normals.size() == all.points.size()) some.normals.push_back(all.normals[order[i]]);
  }
  return some;
}

// `closed`: an open mesh is sampled as what it becomes when its holes are closed.
Side prepare(const sandbox::Part& part, const cloud::Frame& frame, std::size_t points, bool closed,
             const Random& random) {
  Side side{part, frame, {}, {}, {}};
  if (part.isMesh()) {
    side.mesh = part.mesh();
    side.mesh->normals.clear();
    for (Point& vertex : side.mesh->vertices) vertex = frame.toLocal(vertex);
    side.closed = closeMesh(*side.mesh);
    if (closed && !side.closed->watertight) side.mesh = side.closed->mesh;
    if (side.closed->signedVolume < 0) {  // inside out: normals should look outward all the same
      for (cloud::Mesh* mesh : {&*side.mesh, &side.closed->mesh}) {
        for (cloud::Triangle& triangle : mesh->triangles) std::swap(triangle[0], triangle[1]);
      }
    }
    Random own = random;
    side.points = sampleSurface(*side.mesh, points, own.bits());
  } else {
    side.points = chosen(part.cloud(), points, random);
    for (Point& point : side.points.points) point = frame.toLocal(point);
  }
  return side;
}

double diagonalOf(const std::vector<Point>& points) {
  const cloud::Box box = cloud::boxOf(points);
  return std::hypot(box.high[0] - box.low[0], box.high[1] - box.low[1], box.high[2] - box.low[2]);
}

void note(Comparison& result, const Side& side, const char* name) {
  for (const std::string& text : side.part.notes) result.notes.push_back(std::string(name) + ": " + text);
  if (!side.closed) return;
  if (!side.closed->watertight) {
    result.notes.push_back(std::string(name) + ": the mesh is open (" + std::to_string(side.closed->openEdges) +
                           " edges); its " + std::to_string(side.closed->holes) + " holes were closed " +
                           (result.profile == Profile::opencadrecode ? "first" : "for volume and IoU"));
  }
  if (side.closed->signedVolume < 0) {
    result.notes.push_back(std::string(name) + ": the mesh is inside out and was turned round");
  }
}

std::optional<double> volumeOf(const Side& side) {
  if (side.part.measures && side.part.measures->nSolids > 0) return side.part.measures->volume;
  if (!side.closed) return std::nullopt;
  return std::abs(side.closed->signedVolume) * std::pow(side.frame.unit, 3);
}

void measureDistances(Comparison& result, const Side& reference, const Side& prediction) {
  const double referenceDiagonal = diagonalOf(reference.points.points);
  const bool original = result.profile == Profile::opencadrecode;
  // The original's thresholds are each a share of the other cloud's diagonal.
  const double forward = 0.02 * (original ? diagonalOf(prediction.points.points) : referenceDiagonal);
  const double backward = 0.02 * referenceDiagonal;
  result.samples = pointDistances(reference.points, prediction.points, forward, backward);
  if (reference.mesh && prediction.mesh) {
    result.surface =
        surfaceDistances(*reference.mesh, *prediction.mesh, reference.points, prediction.points, forward, backward);
    result.floor = noiseFloor(cloud::area(*reference.mesh), prediction.points.points.size(), forward);
  } else {
    for (const char* key : {"surface", "chamfer_to_surface", "hausdorff_to_surface"}) {
      result.missing[key] = "a cloud has no surface";
    }
  }
  const Distances& d = *result.samples;
  result.chamfer = d.chamfer();
  result.chamferSquared = 1000 * d.chamferSquared();
  result.hausdorff = d.hausdorff();
  result.rms = original ? std::sqrt(d.forward.meanSquare) : d.rms();
  result.matching = d.forward.withinThreshold;
  result.coverage = d.backward.withinThreshold;
  if (d.forward.normalAlignment) {
    result.normalConsistency = (*d.forward.normalAlignment + *d.backward.normalAlignment) / 2;
    result.normalAgreement = (*d.forward.normalAgreement + *d.backward.normalAgreement) / 2;
  } else {
    result.missing["normal_consistency"] = "a cloud has no normals";
  }
}

void measureEarthMover(Comparison& result, const Side& reference, const Side& prediction, std::size_t most) {
  std::vector<Point> a = reference.points.points, b = prediction.points.points;
  if (a.size() > most || b.size() > most) {
    result.notes.push_back("earth_mover_distance: of the first " + std::to_string(most) + " samples of each side");
    a.resize(std::min(a.size(), most));
    b.resize(std::min(b.size(), most));
  }
  result.earthMover = earthMover(a, b).distance;
}

void measureIou(Comparison& result, const Side& reference, const Side& prediction, const CompareOptions& options,
                BrepIouWorker* brep) {
  if (!reference.closed || !prediction.closed) {
    for (const char* key : {"iou_brep", "iou_mesh", "iou_voxel"}) result.missing[key] = "a cloud has no inside";
    return;
  }
  const cloud::Mesh& a = reference.closed->mesh;
  const cloud::Mesh& b = prediction.closed->mesh;
  result.iouMesh = meshIou(a, b).iou;
  if (!result.iouMesh) result.missing["iou_mesh"] = "neither mesh holds any space";
  const VoxelIou voxels = voxelIou(a, b, options.voxels);
  result.iouVoxel = voxels.iou;
  if (voxels.iou) {
    result.iouVoxelBound = voxels.bound;
  } else {
    result.missing["iou_voxel"] = "no cell's centre lies in either mesh";
  }
  if (reference.part.brep.empty() || prediction.part.brep.empty()) {
    result.missing["iou_brep"] = "a mesh is no solid of faces";
  } else if (!brep) {
    result.missing["iou_brep"] = "not asked for";
  } else {
    const BrepIou solids =
        brep->run({reference.part.brep, reference.frame, {}},
                  {prediction.part.brep, prediction.frame, result.alignment ? result.alignment->motion : Motion{}});
    result.iouBrep = solids.iou;
    if (!solids.iou) result.missing["iou_brep"] = solids.reason;
    if (solids.iou && result.iouMesh && std::abs(*solids.iou - *result.iouMesh) > 0.02) {  // more than meshing explains
      result.missing["iou_brep"] = "the kernel found " + std::to_string(*solids.iou) + ", which the meshes contradict";
      result.iouBrep.reset();
    }
  }
}

}  // namespace

std::string nameOf(Profile profile) {
  return profile == Profile::opencadrecode ? "opencadrecode"
         : profile == Profile::cadRecode   ? "cad-recode"
                                           : "absolute";
}

Profile profileOf(const std::string& name) {
  for (const Profile profile : {Profile::opencadrecode, Profile::cadRecode, Profile::absolute}) {
    if (nameOf(profile) == name) return profile;
  }
  throw Error(ErrorCode::usage, "UsageError",
              "'" + name + "' is no profile; there are opencadrecode, cad-recode and absolute");
}

std::string nameOf(AlignmentWish wish) {
  constexpr const char* names[] = {"none", "cube", "icp", "ransac"};
  return names[static_cast<std::size_t>(wish)];
}

std::optional<AlignmentWish> alignmentOf(const std::string& name) {
  if (name.empty()) return std::nullopt;
  for (const AlignmentWish wish :
       {AlignmentWish::none, AlignmentWish::cube, AlignmentWish::icp, AlignmentWish::ransac}) {
    if (nameOf(wish) == name) return wish;
  }
  throw Error(ErrorCode::usage, "UsageError", "'" + name + "' is no alignment; there are none, cube, icp and ransac");
}

Comparison compare(const sandbox::Part& reference, const sandbox::Part& prediction, const CompareOptions& options,
                   BrepIouWorker* brep) {
  const auto start = std::chrono::steady_clock::now();
  Comparison result;
  result.profile = options.profile;
  result.seed = options.seed;
  const bool original = options.profile == Profile::opencadrecode;
  result.points = options.points > 0 ? options.points : original ? 2000 : 8192;
  cloud::Frame first, second;
  switch (options.profile) {
    case Profile::opencadrecode:
      first = cloud::Frame::centred(boxOfPart(reference), 1);
      second = cloud::Frame::centred(boxOfPart(prediction), 1);
      result.frame = "each shape centred and scaled to a longest side of 1 alone: sizes and positions are not compared";
      break;
    case Profile::cadRecode:
      first = cloud::Frame::centred(boxOfPart(reference), 1);
      result.frame = "both shapes moved and scaled alike, so that the reference is centred with a longest side of 1";
      break;
    case Profile::absolute:
      result.frame = "as the shapes are placed, in their units";
      break;
  }
  const cloud::Frame& placed = options.predictionFrame;
  if (!original) second = {1 / placed.unit * (first.origin - placed.origin), first.unit / placed.unit};
  const Random random(options.seed);
  const Side a = prepare(reference, first, result.points, original, random.split("reference"));
  Side b = prepare(prediction, second, result.points, original, random.split("prediction"));
  note(result, a, "reference");
  note(result, b, "prediction");

  const AlignmentWish wish = options.alignment.value_or(original ? AlignmentWish::icp : AlignmentWish::none);
  if (wish != AlignmentWish::none) {
    result.alignment = align({a.points, a.mesh ? &*a.mesh : nullptr}, {b.points, b.mesh ? &*b.mesh : nullptr},
                             wish == AlignmentWish::cube  ? Search::cube
                             : wish == AlignmentWish::icp ? Search::icp
                                                          : Search::ransac,
                             options.seed);
    if (result.alignment->taken) {
      apply(result.alignment->motion, b.points);
      if (b.mesh) apply(result.alignment->motion, *b.mesh);
      if (b.closed) apply(result.alignment->motion, b.closed->mesh);
      result.frame += "; the prediction moved onto the reference (" + result.alignment->method + ")";
    }
  }
  measureDistances(result, a, b);
  measureEarthMover(result, a, b, options.earthMoverPoints);
  measureIou(result, a, b, options, brep);
  result.volumeReference = volumeOf(a);
  result.volumePrediction = volumeOf(b);
  if (result.volumePrediction) *result.volumePrediction *= std::pow(placed.unit, 3);
  if (a.closed) result.watertightReference = a.closed->watertight;
  if (b.closed) result.watertightPrediction = b.closed->watertight;
  if (reference.measures) result.validReference = reference.measures->valid;
  if (prediction.measures) result.validPrediction = prediction.measures->valid;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace cadrecode::metrics
