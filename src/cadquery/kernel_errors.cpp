#include "cadquery/kernel_errors.hpp"

#include <fmt/format.h>

#include <Standard_Failure.hxx>
#include <Standard_Type.hxx>
#include <array>
#include <new>
#include <utility>

namespace cadrecode::cadquery {

namespace {

// Exception classes of the kernel that modelling can raise. Python's binding hangs them all directly below
// Standard_Failure, whatever their C++ bases.
constexpr std::array kKernelExceptions = {"StdFail_NotDone",
                                          "StdFail_InfiniteSolutions",
                                          "StdFail_Undefined",
                                          "StdFail_UndefinedDerivative",
                                          "StdFail_UndefinedValue",
                                          "Standard_AbortiveTransaction",
                                          "Standard_ConstructionError",
                                          "Standard_DimensionError",
                                          "Standard_DimensionMismatch",
                                          "Standard_DivideByZero",
                                          "Standard_DomainError",
                                          "Standard_ImmutableObject",
                                          "Standard_MultiplyDefined",
                                          "Standard_NegativeValue",
                                          "Standard_NoMoreObject",
                                          "Standard_NoSuchObject",
                                          "Standard_NotImplemented",
                                          "Standard_NullObject",
                                          "Standard_NullValue",
                                          "Standard_NumericError",
                                          "Standard_OutOfMemory",
                                          "Standard_OutOfRange",
                                          "Standard_Overflow",
                                          "Standard_ProgramError",
                                          "Standard_RangeError",
                                          "Standard_TooManyUsers",
                                          "Standard_TypeMismatch",
                                          "Standard_Underflow",
                                          "gp_VectorWithNullMagnitude",
                                          "Geom_UndefinedDerivative",
                                          "Geom_UndefinedValue",
                                          "Geom2d_UndefinedDerivative",
                                          "Geom2d_UndefinedValue",
                                          "LProp_BadContinuity",
                                          "LProp_NotDefined",
                                          "TopoDS_FrozenShape",
                                          "TopoDS_LockedShape",
                                          "TopoDS_UnCompatibleShapes",
                                          "Plate_Error",
                                          "BRepOffset_Error",
                                          "math_NotSquare",
                                          "math_SingularMatrix"};

// What most often is wrong when a method fails in the kernel, by the last part of its name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 34> kHints = {{
    {"fillet", "a radius too large for an edge or for the faces beside it, or tangent edges not selected together"},
    {"fillet2D", "a radius too large for the edges that meet in a vertex"},
    {"chamfer", "a length larger than the faces beside an edge allow"},
    {"chamfer2D", "a length larger than the edges that meet in a vertex"},
    {"shell", "a thickness larger than the smallest radius or gap, or a face to remove that bounds a fillet"},
    {"offset2D", "a distance that makes the outline vanish, or an open or self-crossing wire"},
    {"offset", "a distance that makes the outline vanish, or an open or self-crossing wire"},
    {"extrude", "a distance of zero, an open or self-crossing outline, or a taper that closes the profile too early"},
    {"extrudeLinear", "a direction of zero length, or an open or self-crossing outline"},
    {"twistExtrude", "a distance of zero, or an open or self-crossing outline"},
    {"revolve", "an axis of zero length, or one that cuts through the profile"},
    {"sweep", "a path that bends more tightly than the profile is wide, or that does not start at the profile"},
    {"sweep_multi", "sections that do not lie along the path in order"},
    {"loft", "sections with open wires, in one plane, or in the wrong order"},
    {"makeLoft", "sections with open wires, in one plane, or in the wrong order"},
    {"threePointArc", "three points on one line or two of them equal: no circle passes through them"},
    {"makeThreePointArc", "three points on one line or two of them equal: no circle passes through them"},
    {"arc", "three points on one line or two of them equal: no circle passes through them"},
    {"radiusArc", "a radius smaller than half the distance of the end points"},
    {"sagittaArc", "a sagitta of zero, or equal end points"},
    {"tangentArcPoint", "an end point along the tangent itself: that is a line, not an arc"},
    {"line", "a length of zero: start and end are the same point"},
    {"lineTo", "a length of zero: start and end are the same point"},
    {"hLine", "a length of zero: start and end are the same point"},
    {"vLine", "a length of zero: start and end are the same point"},
    {"polyline", "two points in a row that are equal"},
    {"segment", "a length of zero: start and end are the same point"},
    {"close", "a last point that already lies on the first one"},
    {"box", "a length of zero or less"},
    {"cylinder", "a height or radius of zero or less"},
    {"sphere", "a radius of zero or less, or angles that leave nothing"},
    {"spline", "two points in a row that are equal, or tangents of zero length"},
    {"workplane", "a selected face that is not planar: its centre does not project on it"},
    {"assemble", "edges that do not form closed loops in one plane"},
}};

// Arguments longer than this say nothing a reader wants in an error message.
constexpr std::size_t kLongestArgument = 40;

std::string describeArguments(const script::Arguments& arguments) {
  std::string text;
  const bool hasSelf = arguments.function().role() != script::NativeFunction::Role::function;
  for (std::size_t i = hasSelf ? 1 : 0; i < arguments.size(); ++i) {
    if (!arguments.given(i)) continue;
    const script::Value& value = arguments[i];
    const bool plain = value.isNumber() || value.is(script::Kind::str) || value.is(script::Kind::tuple);
    std::string shown = plain ? script::repr(value) : script::typeName(value);
    if (shown.size() > kLongestArgument) shown = shown.substr(0, kLongestArgument - 3) + "...";
    text += (text.empty() ? "" : ", ") + shown;
  }
  return text;
}

std::string describe(const std::string& callee, const script::Arguments* arguments, const std::string& type,
                     const std::string& said) {
  std::string message =
      fmt::format("{}({}) failed in the kernel", callee, arguments ? describeArguments(*arguments) : "");
  if (!said.empty()) message += ": " + said;
  const std::string hint = type == "Standard_OutOfMemory" ? "" : kernelHint(callee, type);
  if (!hint.empty()) message += "; look for " + hint;
  return message;
}

}  // namespace

std::string kernelHint(const std::string& call, const std::string& type) {
  const std::size_t dot = call.rfind('.');
  const std::string_view name =
      dot == std::string::npos ? std::string_view(call) : std::string_view(call).substr(dot + 1);
  for (const auto& [method, hint] : kHints) {
    if (method == name) return std::string(hint);
  }
  if (type == "gp_VectorWithNullMagnitude" || type == "Standard_ConstructionError") {
    return "a direction of zero length, parallel directions, or equal points";
  }
  return {};
}

void registerKernelErrors(script::Interpreter& interpreter) {
  interpreter.defineException("Standard_Failure", "Exception", "OCP.Standard");
  for (const char* name : kKernelExceptions) interpreter.defineException(name, "Standard_Failure", "OCP.Standard");
  interpreter.setExceptionTranslator(
      [&interpreter](std::exception_ptr thrown, const std::string& callee, const script::Arguments* arguments) {
        try {
          std::rethrow_exception(std::move(thrown));
        } catch (const Standard_Failure& failure) {
          std::string type = failure.DynamicType()->Name();
          const std::string said = failure.GetMessageString() ? failure.GetMessageString() : "";
          const std::string message = describe(callee, arguments, type, said);
          if (!interpreter.exceptionClass(type)) type = "Standard_Failure";
          return Error(type, message);
        } catch (const std::bad_alloc&) {
          return Error("MemoryError", fmt::format("{}: out of memory", callee));
        } catch (const std::exception& other) {
          return Error("RuntimeError", describe(callee, arguments, "", other.what()));
        }
      });
}

}  // namespace cadrecode::cadquery
