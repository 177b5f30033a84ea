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
#include <algorithm>

#include "solid/face_moments.hpp"
#include "solid/validity.hpp"

namespace cadrecode::solid {
namespace {

class LeanBoolean : public BOPAlgo_BOP {
 protected:
  // The kernel raises tolerances that don't hold; those of faces that are sound with room to spare do.
  void PostTreat(const Message_ProgressRange& /*range*/) override {
    BRep_Builder builder;
    TopoDS_Compound doubtful;
    builder.MakeCompound(doubtful);
    bool any = false;
    for (TopExp_Explorer part(myShape, TopAbs_FACE); part.More(); part.Next()) {
      if (provablyValidFace(TopoDS::Face(part.Current()))) continue;
      builder.Add(doubtful, part.Current());
      any = true;
    }
    if (!any) return;
    const TopTools_IndexedMapOfShape none;
    BOPTools_AlgoTools::CorrectTolerances(doubtful, none, 0.05, Standard_False);
    BOPTools_AlgoTools::CorrectShapeTolerances(myShape, none, Standard_False);
  }
};

bool isRightSideOut(const TopoDS_Shape& shape) {
  if (shape.ShapeType() != TopAbs_SOLID || !provablyValid(shape)) return false;
  const auto moments = closedFormMoments(shape);
  return moments && moments->volume > 0.0;
}

TopTools_ListOfShape listOf(const std::vector<TopoDS_Shape>& shapes) {
  TopTools_ListOfShape list;
  for (const TopoDS_Shape& shape : shapes) list.Append(shape);
  return list;
}

}  // namespace

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
  // Inside-out solids have to be looked for where one can't be excluded.
  builder.SetCheckInverted(!std::all_of(all.begin(), all.end(), isRightSideOut));
  builder.PerformWithFiller(filler);
  return builder.HasErrors() ? TopoDS_Shape() : builder.Shape();
}

}  // namespace cadrecode::solid
