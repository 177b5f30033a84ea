#include "solid/kernel_boolean.hpp"

#include <BOPAlgo_BOP.hxx>
#include <BOPAlgo_PaveFiller.hxx>
#include <BOPTools_AlgoTools.hxx>
#include <BRep_Builder.hxx>
#include <TopExp_Explorer.hxx>
#include <TopTools_IndexedMapOfShape.hxx>
#include <TopTools_ListOfShape.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Compound.hxx>
#include <TopoDS_Solid.hxx>
#include <algorithm>

#include "solid/face_moments.hpp"
#include "solid/validity.hpp"

namespace cadrecode::solid {
namespace {

class LeanBoolean : public BOPAlgo_BOP {
 protected:
  void PostTreat(const Message_ProgressRange& /*range*/) override { raiseTolerances(myShape); }
};

TopTools_ListOfShape listOf(const std::vector<TopoDS_Shape>& shapes) {
  TopTools_ListOfShape list;
  for (const TopoDS_Shape& shape : shapes) list.Append(shape);
  return list;
}

bool holdsInsideQuickly(const TopoDS_Shape& shape) {
  if (shape.ShapeType() != TopAbs_SOLID || !isClosedSolids(shape)) return false;
  const auto moments = closedFormMoments(shape);
  return moments && moments->volume > 0.0;
}

}  // namespace

bool holdsItsInside(const TopoDS_Shape& solid) {
  if (solid.ShapeType() != TopAbs_SOLID || !isClosedSolids(solid)) return false;
  const auto moments = closedFormMoments(solid);
  return moments ? moments->volume > 0.0 : !BOPTools_AlgoTools::IsInvertedSolid(TopoDS::Solid(solid));
}

// Faces that are sound with room to spare have nothing to raise.
void raiseTolerances(const TopoDS_Shape& shape) {
  BRep_Builder builder;
  TopoDS_Compound doubtful;
  builder.MakeCompound(doubtful);
  bool any = false;
  for (TopExp_Explorer part(shape, TopAbs_FACE); part.More(); part.Next()) {
    if (provablyValid(TopoDS::Face(part.Current()))) continue;
    builder.Add(doubtful, part.Current());
    any = true;
  }
  if (!any) return;
  const TopTools_IndexedMapOfShape none;
  BOPTools_AlgoTools::CorrectTolerances(doubtful, none, 0.05, Standard_False);
  BOPTools_AlgoTools::CorrectShapeTolerances(shape, none, Standard_False);
}

TopoDS_Shape runKernelBoolean(BOPAlgo_Operation operation, const std::vector<TopoDS_Shape>& arguments,
                              const std::vector<TopoDS_Shape>& tools, const BooleanOptions& options) {
  std::vector<TopoDS_Shape> all = arguments;
  all.insert(all.end(), tools.begin(), tools.end());
  BOPAlgo_PaveFiller filler;
  filler.SetArguments(listOf(all));
  filler.SetRunParallel(Standard_False);
  filler.SetFuzzyValue(options.tol);
  filler.SetGlue(options.glue ? BOPAlgo_GlueShift : BOPAlgo_GlueOff);
  filler.Perform();
  if (filler.HasErrors()) return TopoDS_Shape();
  LeanBoolean builder;
  builder.SetArguments(listOf(arguments));
  builder.SetTools(listOf(tools));
  builder.SetOperation(operation);
  builder.SetRunParallel(Standard_False);
  builder.SetToFillHistory(Standard_False);
  builder.SetCheckInverted(!std::all_of(all.begin(), all.end(), holdsInsideQuickly));
  builder.PerformWithFiller(filler);
  return builder.HasErrors() ? TopoDS_Shape() : builder.Shape();
}

}  // namespace cadrecode::solid
