#include "sandbox/script_worker.hpp"

#include <Standard_Failure.hxx>
#include <Standard_Type.hxx>
#include <chrono>
#include <memory>
#include <new>
#include <utility>

#include "brep/shape_graph.hpp"
#include "core/error.hpp"
#include "script/interpreter.hpp"
#include "solid/exchange.hpp"
#include "solid/kernel.hpp"
#include "solid/mesh.hpp"

namespace cadrecode::sandbox {
namespace {

using cadquery::RunResult;
using cadquery::Status;
using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void fail(TaskResult& result, Status status, const std::string& type, const std::string& message) {
  result.run.status = status;
  result.run.error = cadquery::ScriptError{type, {"Exception"}, message, 0, 0};
}

// Runs one stage after the script's own run; what it throws becomes the result's failure.
template <class Stage>
bool guarded(TaskResult& result, const char* doing, Stage stage) {
  try {
    stage();
    return true;
  } catch (const std::bad_alloc&) {
    fail(result, Status::outOfMemory, "MemoryError", std::string("out of memory while ") + doing);
  } catch (const Standard_Failure& failure) {
    const std::string type = failure.DynamicType()->Name();
    const char* said = failure.GetMessageString();
    fail(result, type == "Standard_OutOfMemory" ? Status::outOfMemory : Status::invalidGeometry, type,
         std::string(doing) + " failed: " + (said ? said : ""));
  } catch (const Error& error) {
    fail(result, Status::invalidGeometry, error.type(), std::string(doing) + " failed: " + error.what());
  }
  return false;
}

RunResult readFile(const Task& task) {
  TaskResult result;
  Clock::time_point start = Clock::now();
  bool read = guarded(result, "reading the file", [&] {
    result.run.shape = task.kind == Task::Kind::step ? solid::readStep(task.text) : solid::readBrep(task.text);
  });
  result.run.buildMs = millisecondsSince(start);
  if (!read) return result.run;
  start = Clock::now();
  guarded(result, "measuring the shape", [&] {
    if (!result.run.shape.IsNull()) result.run.measures = solid::measure(result.run.shape);
    result.run.resultType = "Shape";
    result.run.nObjects = result.run.shape.IsNull() ? 0 : 1;
  });
  result.run.measureMs = millisecondsSince(start);
  return result.run;
}

}  // namespace

WarmUp warmUpFor(const Task& task) {
  return {.everything = task.kind == Task::Kind::script && task.text.find("text") != std::string::npos,
          .step = task.step || task.kind == Task::Kind::step};
}

TaskResult perform(cadquery::Engine& engine, const Task& task) {
  TaskResult result;
  result.run = task.kind == Task::Kind::script ? engine.run(task.text, task.options) : readFile(task);
  if (result.run.status != Status::ok || result.run.shape.IsNull()) return result;
  const TopoDS_Shape shape = result.run.shape;
  result.run.shape.Nullify();

  // STEP and BREP first: the mesher leaves its triangles on the shape.
  Clock::time_point start = Clock::now();
  bool written = guarded(result, "writing the shape", [&] {
    if (task.step) result.step = solid::writeStep(shape);
    if (task.brep) result.brep = solid::writeBrep(shape);
    if (task.graph) result.graph = brep::toBytes(brep::graphOf(shape, *task.graph));
  });
  result.writeMs = millisecondsSince(start);
  if (!written || (!task.mesh && !task.stl && !task.meshArrays) || !result.run.measures ||
      result.run.measures->nFaces == 0)
    return result;

  start = Clock::now();
  guarded(result, "meshing", [&] {
    solid::Mesh mesh = solid::tessellate(shape, task.tolerance, task.angular);
    if (task.mesh) result.mesh = MeshFigures{mesh.volume(), mesh.area(), mesh.triangles.size()};
    result.meshMs = millisecondsSince(start);
    start = Clock::now();
    if (task.stl) result.stl = solid::writeStl(mesh);
    result.writeMs += millisecondsSince(start);
    if (task.meshArrays) result.arrays = std::move(mesh);
  });
  return result;
}

WorkerBody scriptWorkerBody(WarmUp warmUp) {
  auto engine = std::make_shared<std::unique_ptr<cadquery::Engine>>();
  WorkerBody body;
  body.prepare = [engine, warmUp] {
    solid::prepareKernel();  // asks for the number of processors, in a file
    *engine = std::make_unique<cadquery::Engine>();
    if (warmUp.everything) (*engine)->warmUp();
    if (warmUp.step) solid::warmUpExchange();
  };
  body.handle = [engine](std::string_view request) { return encode(perform(**engine, decodeTask(request))); };
  body.position = [] { return static_cast<std::uint64_t>(script::Interpreter::current().currentLine()); };
  return body;
}

}  // namespace cadrecode::sandbox
