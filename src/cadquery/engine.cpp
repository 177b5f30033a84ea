#include "cadquery/engine.hpp"

#include <Standard_Failure.hxx>
#include <Standard_Type.hxx>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <new>

#include "cadquery/assembly.hpp"
#include "cadquery/bind.hpp"
#include "cadquery/fonts.hpp"
#include "cadquery/kernel_errors.hpp"
#include "cadquery/sketch.hpp"
#include "cadquery/workplane.hpp"
#include "core/error.hpp"
#include "script/interpreter.hpp"
#include "solid/exchange.hpp"
#include "solid/kernel.hpp"

namespace cadrecode::cadquery {

namespace {

using Clock = std::chrono::steady_clock;
double millisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

constexpr std::size_t kReportedStackItems = 12;

std::array<double, 3> triple(const Vector& v) { return {v.x(), v.y(), v.z()}; }

// The result of a script and the name it was found under.
struct Found {
  std::string name;
  script::Value value;
};

bool isWorkplane(const script::Value& value) { return script::tryUnwrap<Workplane>(value) != nullptr; }
bool isOtherResult(const script::Value& value) {
  return tryShape(value) || script::tryUnwrap<SketchPtr>(value) || script::tryUnwrap<AssemblyPtr>(value);
}

std::optional<Found> findResult(const script::RunResult& run, const std::vector<script::Value>& shown,
                                const std::string& variable) {
  const auto named = [&](const std::string& name) -> std::optional<Found> {
    const script::Value* value = run.find(name);
    if (!value || value->isNone()) return std::nullopt;
    return Found{name, *value};
  };
  if (!variable.empty()) return named(variable);
  for (const char* name : {"r", "result"}) {
    if (auto found = named(name)) return found;
  }
  for (bool (*wanted)(const script::Value&) : {isWorkplane, isOtherResult}) {
    const auto last = std::find_if(run.globals.rbegin(), run.globals.rend(),
                                   [&](const auto& global) { return wanted(global.second); });
    if (last != run.globals.rend()) return Found{last->first, last->second};
  }
  if (!shown.empty()) return Found{"show_object", shown.back()};
  return std::nullopt;
}

StackItem describeItem(const Item& item) {
  const std::string type = itemTypeName(item);
  StackItem out{type.substr(type.rfind('.') + 1), {}};
  if (const auto* vector = std::get_if<Vector>(&item)) {
    out.position = {vector->x(), vector->y(), vector->z()};
  } else if (const auto* location = std::get_if<Location>(&item)) {
    const auto [translation, angles] = location->toTuple();
    out.position.assign(translation.begin(), translation.end());
    out.position.insert(out.position.end(), angles.begin(), angles.end());
  } else if (const Shape* shape = shapeOf(item)) {
    out.type = shape->shapeType();
    // A stack item without a centre (an empty compound) is reported by its type alone.
    try {
      const Vector center = shape->center();
      if (std::isfinite(center.length())) out.position = {center.x(), center.y(), center.z()};
    } catch (const Standard_Failure&) {
    } catch (const Error&) {
    }
  }
  return out;
}

void describeWorkplane(const Workplane& workplane, RunResult& result) {
  result.stackSize = workplane.size();
  for (const Item& item : workplane.objects()) {
    if (result.stack.size() == kReportedStackItems) break;
    result.stack.push_back(describeItem(item));
  }
  const Plane& plane = workplane.plane();
  result.plane = {triple(plane.origin()), triple(plane.xDir()), triple(plane.zDir())};
  result.pending = {static_cast<int>(workplane.context()->pendingWires.size()),
                    static_cast<int>(workplane.context()->pendingEdges.size())};
}

// The shape of a result, as CadQuery's exporters see it: one shape itself, several as their compound.
void takeShape(const script::Value& value, RunResult& result) {
  std::vector<Shape> shapes;
  if (const auto* workplane = script::tryUnwrap<Workplane>(value)) {
    describeWorkplane(*workplane, result);
    for (const Item& item : workplane->objects()) {
      if (const Shape* shape = shapeOf(item)) shapes.push_back(*shape);
      if (const auto* sketch = std::get_if<SketchPtr>(&item)) shapes.push_back((*sketch)->faceShape());
    }
  } else if (const auto* sketch = script::tryUnwrap<SketchPtr>(value)) {
    shapes.push_back((*sketch)->faceShape());
  } else if (const auto* assembly = script::tryUnwrap<AssemblyPtr>(value)) {
    shapes.push_back((*assembly)->toCompound());
  } else if (const Shape* shape = tryShape(value)) {
    shapes.push_back(*shape);
  } else {
    throw Error("TypeError", "result is a " + script::typeName(value));
  }
  result.nObjects = static_cast<int>(shapes.size());
  if (shapes.size() == 1) result.shape = shapes.front().wrapped();
  if (shapes.size() > 1) result.shape = Compound::make(shapes).wrapped();
}

Status statusOf(const script::RunResult& run) {
  const std::string& type = run.error.type;
  switch (run.status) {
    case script::Status::ok:
      return Status::ok;
    case script::Status::syntaxError:
      return Status::syntaxError;
    case script::Status::unsupported:
      return Status::unsupported;
    case script::Status::limit:
      return type == "StepLimit" ? Status::timeout : type == "HeapLimit" ? Status::outOfMemory : Status::runtimeError;
    case script::Status::runtimeError:
      break;
  }
  if (type == "NotSupported") return Status::unsupported;
  if (type == "MemoryError" || type == "Standard_OutOfMemory") return Status::outOfMemory;
  const auto& bases = run.error.bases;
  const bool kernel =
      type == "Standard_Failure" || std::find(bases.begin(), bases.end(), "Standard_Failure") != bases.end();
  return kernel ? Status::invalidGeometry : Status::runtimeError;
}

bool finite(const solid::Measures& measures) {
  bool ok = std::isfinite(measures.volume) && std::isfinite(measures.area);
  for (double x : measures.center.value_or(std::array<double, 3>{})) ok = ok && std::isfinite(x);
  for (double x : measures.bbox.value_or(std::array<double, 6>{})) ok = ok && std::isfinite(x);
  return ok;
}

void fail(RunResult& result, Status status, const std::string& type, const std::string& message,
          std::vector<std::string> bases = {"Exception"}) {
  result.status = status;
  result.error = ScriptError{type, std::move(bases), message, 0, 0};
  result.shape.Nullify();
  result.measures.reset();
}

}  // namespace

const char* statusName(Status status) {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::syntaxError:
      return "syntax_error";
    case Status::unsupported:
      return "unsupported";
    case Status::runtimeError:
      return "runtime_error";
    case Status::noResult:
      return "no_result";
    case Status::invalidGeometry:
      return "invalid_geometry";
    case Status::timeout:
      return "timeout";
    case Status::outOfMemory:
      return "out_of_memory";
    case Status::crash:
      return "crash";
  }
  return "crash";
}

struct Engine::Impl {
  script::Interpreter interpreter;
  std::vector<script::Value> shown;  // what show_object got, in order
};

Engine::Engine() : impl_(std::make_unique<Impl>()) {
  solid::prepareKernel();  // before a sandbox forbids what the kernel does at its first validity check
  script::Interpreter& interpreter = impl_->interpreter;
  registerKernelErrors(interpreter);
  registerCadquery(interpreter);
  // The functions with which CQ-editor and CadQuery's own gateway show things.
  interpreter.addBuiltinFunction("show_object(obj, *args, **kwargs)", [this](script::Arguments& a) -> script::Value {
    impl_->shown.push_back(a[0]);
    return {};
  });
  interpreter.addBuiltinFunction("debug(obj, *args, **kwargs)", [](script::Arguments&) -> script::Value { return {}; });
}

Engine::~Engine() = default;

void Engine::warmUp() {
  warmUpFonts();
  solid::warmUpExchange();
  // One body through every stage, so that a worker's first script does not pay for the kernel's tables.
  run("import cadquery as cq\nr = cq.Workplane().box(2, 2, 2).union(cq.Workplane().moveTo(1, "
      "0).circle(1).extrude(1))\n");
}

RunResult Engine::run(std::string_view source, const RunOptions& options) {
  const Clock::time_point start = Clock::now();
  RunResult result;
  script::Limits limits;
  limits.steps = options.maxSteps;
  limits.heapBytes = options.maxHeapBytes;
  limits.outputBytes = options.maxOutputBytes;
  limits.recursionDepth = options.maxRecursion;
  limits.sourceBytes = options.maxSourceBytes;

  {
    const script::RunResult run = impl_->interpreter.run(source, limits);
    result.parseMs = run.parseMilliseconds;
    result.buildMs = millisecondsSince(start) - result.parseMs;
    result.output = run.output;
    result.status = statusOf(run);
    if (result.status != Status::ok) {
      result.error = ScriptError{run.error.type, run.error.bases, run.error.message, run.error.line, run.error.column};
    } else {
      const Clock::time_point measuring = Clock::now();
      try {
        const auto found = findResult(run, impl_->shown, options.variable);
        if (!found) {
          const std::string what = options.variable.empty()
                                       ? "no result variable (r, result or a Workplane) in the script"
                                       : "no variable '" + options.variable + "' in the script";
          fail(result, Status::noResult, "LookupError", what);
        } else {
          result.variable = found->name;
          result.resultType = script::typeName(found->value);
          takeShape(found->value, result);
          if (!result.shape.IsNull()) result.measures = solid::measure(result.shape);
          if (result.measures && !finite(*result.measures)) {
            fail(result, Status::invalidGeometry, "ValueError", "the result has no finite size");
          }
        }
      } catch (const Error& error) {
        fail(result, error.type() == "TypeError" ? Status::noResult : Status::invalidGeometry, error.type(),
             error.what());
      } catch (const Standard_Failure& failure) {
        const char* said = failure.GetMessageString();
        fail(result, Status::invalidGeometry, failure.DynamicType()->Name(),
             std::string("the result cannot be measured: ") + (said ? said : ""), {"Standard_Failure", "Exception"});
      } catch (const std::bad_alloc&) {
        fail(result, Status::outOfMemory, "MemoryError", "out of memory while measuring the result");
      }
      result.measureMs = millisecondsSince(measuring);
    }
  }
  impl_->shown.clear();
  Sketch::releaseParents();
  impl_->interpreter.clear();
  return result;
}

}  // namespace cadrecode::cadquery
