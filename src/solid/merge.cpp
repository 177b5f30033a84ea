#include "solid/merge.hpp"

#include <ShapeUpgrade_UnifySameDomain.hxx>

namespace cadrecode::solid {

TopoDS_Shape mergeSameDomain(const TopoDS_Shape& shape) {
  ShapeUpgrade_UnifySameDomain merger(shape, Standard_True, Standard_True, Standard_True);
  merger.AllowInternalEdges(Standard_False);
  merger.Build();
  return merger.Shape();
}

}  // namespace cadrecode::solid
