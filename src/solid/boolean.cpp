#include "solid/boolean.hpp"

#include <BOPAlgo_GlueEnum.hxx>
#include <BRepAlgoAPI_Common.hxx>
#include <BRepAlgoAPI_Cut.hxx>
#include <BRepAlgoAPI_Fuse.hxx>
#include <BRepAlgoAPI_Splitter.hxx>
#include <TopTools_ListOfShape.hxx>
#include <algorithm>

#include "solid/fast_paths.hpp"
#include "solid/kernel_boolean.hpp"
#include "solid/planar_holes.hpp"
#include "solid/separate_operands.hpp"

namespace cadrecode::solid {
namespace {

TopTools_ListOfShape listOf(const std::vector<TopoDS_Shape>& shapes) {
  TopTools_ListOfShape list;
  for (const TopoDS_Shape& shape : shapes) list.Append(shape);
  return list;
}

// Serial on purpose: parallel runs inside one process crash now and then, and parallelism here is by processes.
template <typename Operation>
TopoDS_Shape perform(Operation& operation, const std::vector<TopoDS_Shape>& arguments,
                     const std::vector<TopoDS_Shape>& tools) {
  operation.SetArguments(listOf(arguments));
  operation.SetTools(listOf(tools));
  operation.SetRunParallel(false);
  operation.Build();
  return operation.Shape();
}

template <typename Operation>
TopoDS_Shape performWith(const BooleanOptions& options, const std::vector<TopoDS_Shape>& arguments,
                         const std::vector<TopoDS_Shape>& tools) {
  Operation operation;
  if (options.glue) operation.SetGlue(BOPAlgo_GlueShift);
  if (options.tol != 0.0) operation.SetFuzzyValue(options.tol);
  return perform(operation, arguments, tools);
}

// Missing and null operands are the kernel's to report.
bool canBeQuick(const std::vector<TopoDS_Shape>& arguments, const std::vector<TopoDS_Shape>& tools) {
  const auto isNull = [](const TopoDS_Shape& shape) { return shape.IsNull(); };
  return fastPaths() && !arguments.empty() && !tools.empty() && std::ranges::none_of(arguments, isNull) &&
         std::ranges::none_of(tools, isNull);
}

}  // namespace

TopoDS_Shape fuse(const std::vector<TopoDS_Shape>& arguments, const std::vector<TopoDS_Shape>& tools,
                  BooleanOptions options) {
  if (!canBeQuick(arguments, tools)) return performWith<BRepAlgoAPI_Fuse>(options, arguments, tools);
  const auto kernel = [&options](const Shapes& a, const Shapes& t) {
    return runKernelBoolean(BOPAlgo_FUSE, a, t, options);
  };
  if (const auto result = fuseSeparate(arguments, tools, options.tol, kernel)) return *result;
  return kernel(arguments, tools);
}

TopoDS_Shape cut(const std::vector<TopoDS_Shape>& arguments, const std::vector<TopoDS_Shape>& tools,
                 BooleanOptions options) {
  if (!canBeQuick(arguments, tools)) return performWith<BRepAlgoAPI_Cut>(options, arguments, tools);
  const auto kernel = [&options](const Shapes& a, const Shapes& t) {
    return runKernelBoolean(BOPAlgo_CUT, a, t, options);
  };
  if (const auto result = cutSeparate(arguments, tools, options.tol, kernel)) return *result;
  if (const auto result = cutHoles(arguments, tools, options.tol)) return *result;
  return kernel(arguments, tools);
}

TopoDS_Shape common(const std::vector<TopoDS_Shape>& arguments, const std::vector<TopoDS_Shape>& tools,
                    BooleanOptions options) {
  if (!canBeQuick(arguments, tools)) return performWith<BRepAlgoAPI_Common>(options, arguments, tools);
  return runKernelBoolean(BOPAlgo_COMMON, arguments, tools, options);
}

TopoDS_Shape split(const std::vector<TopoDS_Shape>& arguments, const std::vector<TopoDS_Shape>& tools) {
  BRepAlgoAPI_Splitter operation;
  return perform(operation, arguments, tools);
}

}  // namespace cadrecode::solid
