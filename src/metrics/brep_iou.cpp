#include "metrics/brep_iou.hpp"

#include <BRepBuilderAPI_Transform.hxx>
#include <BRepGProp.hxx>
#include <GProp_GProps.hxx>
#include <Standard_Failure.hxx>
#include <TopExp_Explorer.hxx>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <exception>
#include <gp_Trsf.hxx>
#include <vector>

#include "core/error.hpp"
#include "solid/boolean.hpp"
#include "solid/exchange.hpp"
#include "solid/kernel.hpp"

namespace cadrecode::metrics {
namespace {

using cloud::Point;

// A request: of each solid 16 numbers (frame, motion) and the length of its bytes, then the bytes.
void put(std::string& bytes, double value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes.append(raw, sizeof raw);
}

double take(std::string_view& bytes) {
  double value = 0;
  if (bytes.size() < sizeof value) throw Error("ValueError", "a message of the worker is too short");
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return value;
}

void put(std::string& bytes, const BrepSolid& solid) {
  for (const double value : solid.frame.origin) put(bytes, value);
  put(bytes, solid.frame.unit);
  for (const Point& row : solid.motion.rows) {
    for (const double value : row) put(bytes, value);
  }
  for (const double value : solid.motion.shift) put(bytes, value);
  put(bytes, static_cast<double>(solid.brep.size()));
  bytes += solid.brep;
}

// The kernel's tolerances are made for millimetres: in a unit box it misses what two solids have in common.
constexpr double kSize = 100;

double volumeOf(const TopoDS_Shape& solid) {
  GProp_GProps properties;
  BRepGProp::VolumeProperties(solid, properties);
  return properties.Mass();
}

struct Solids {
  std::vector<TopoDS_Shape> shapes;
  double volume = 0;
};

Solids takeSolids(std::string_view& bytes) {
  double number[16];
  for (double& value : number) value = take(bytes);
  const auto size = static_cast<std::size_t>(take(bytes));
  const TopoDS_Shape shape = solid::readBrep(bytes.substr(0, size));
  bytes.remove_prefix(size);
  gp_Trsf toFrame, scaling, motion;
  toFrame.SetTranslation(gp_Vec(-number[0], -number[1], -number[2]));
  scaling.SetScale(gp_Pnt(0, 0, 0), kSize / number[3]);
  motion.SetValues(number[4], number[5], number[6], kSize * number[13], number[7], number[8], number[9],
                   kSize * number[14], number[10], number[11], number[12], kSize * number[15]);
  const gp_Trsf whole = motion * scaling * toFrame;
  Solids result;
  for (TopExp_Explorer explorer(shape, TopAbs_SOLID); explorer.More(); explorer.Next()) {
    TopoDS_Shape solid = explorer.Current();
    if (whole.Form() != gp_Identity) solid = BRepBuilderAPI_Transform(solid, whole, true).Shape();
    const double volume = volumeOf(solid);
    if (volume < 0) throw Error("ValueError", "a solid is inside out");
    result.volume += volume;
    result.shapes.push_back(solid);
  }
  if (result.shapes.empty()) throw Error("ValueError", "a shape without solids has no volume");
  return result;
}

BrepIou compute(std::string_view request) {
  const Solids a = takeSolids(request), b = takeSolids(request);
  BrepIou result;
  result.volumeA = a.volume;
  result.volumeB = b.volume;
  const double least = std::min(a.volume, b.volume);
  const double size = std::cbrt(std::max(a.volume, b.volume));
  // A second try joins what is nearly equal.
  for (const double fuzzy : {0.0, 1e-6 * size}) {
    const TopoDS_Shape common = solid::common(a.shapes, b.shapes, {.tol = fuzzy});
    result.volumeBoth = 0;
    if (common.IsNull()) continue;
    for (TopExp_Explorer explorer(common, TopAbs_SOLID); explorer.More(); explorer.Next()) {
      result.volumeBoth += volumeOf(explorer.Current());
    }
    if (!std::isfinite(result.volumeBoth) || result.volumeBoth < 0 || result.volumeBoth > least * (1 + 1e-6)) continue;
    const double united = a.volume + b.volume - result.volumeBoth;
    if (united > 0) {
      result.iou = result.volumeBoth / united;
      return result;
    }
  }
  result.reason = "the kernel's common part is not within both solids";
  return result;
}

std::string answer(std::string_view request) {
  BrepIou result;
  try {
    result = compute(request);
  } catch (const Standard_Failure& failure) {
    const char* said = failure.GetMessageString();
    result.reason = std::string(failure.DynamicType()->Name()) + (said && *said ? std::string(": ") + said : "");
  } catch (const std::exception& error) {
    result.reason = error.what();
  }
  if (!result.iou && result.reason.empty()) result.reason = "the kernel found no result";
  std::string reply;
  put(reply, result.iou.value_or(NAN));
  put(reply, result.volumeA);
  put(reply, result.volumeB);
  put(reply, result.volumeBoth);
  return reply + result.reason;
}

sandbox::WorkerBody workerBody() {
  sandbox::WorkerBody body;
  body.prepare = [] { solid::prepareKernel(); };
  body.handle = answer;
  return body;
}

}  // namespace

BrepIouWorker::BrepIouWorker(sandbox::Limits limits) : pool_(workerBody(), {.workers = 1, .limits = limits}) {}

BrepIou BrepIouWorker::run(const BrepSolid& a, const BrepSolid& b) {
  std::string request;
  put(request, a);
  put(request, b);
  BrepIou result;
  bool ended = false;
  pool_.start(0, std::move(request));
  while (!ended) {
    pool_.wait(-1, -1, [&](std::uint64_t, sandbox::Outcome outcome) {
      ended = true;
      if (outcome.end != sandbox::End::reply) {
        result.reason = outcome.reason;
        return;
      }
      std::string_view bytes = outcome.reply;
      try {
        const double iou = take(bytes);
        result.volumeA = take(bytes);
        result.volumeB = take(bytes);
        result.volumeBoth = take(bytes);
        result.reason = bytes;
        if (std::isfinite(iou)) result.iou = iou;
      } catch (const Error& error) {
        result.reason = error.what();
      }
    });
  }
  return result;
}

}  // namespace cadrecode::metrics
