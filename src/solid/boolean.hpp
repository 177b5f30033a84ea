// Boolean operations of OpenCASCADE with CadQuery's settings (serial, no fuzzy value unless given), and quicker ways to
// the same result where the operands allow it (boxes apart). Stateless; one thread a process.
#pragma once

#include <TopoDS_Shape.hxx>
#include <vector>

namespace cadrecode::solid {

struct BooleanOptions {
  bool glue = false;  // BOPAlgo_GlueShift
  double tol = 0.0;   // fuzzy value, 0: none
};

// Each returns what BRepAlgoAPI_Fuse/Cut/Common/Splitter returns for these arguments and tools: a compound.
// Throws Standard_Failure as the kernel does.
TopoDS_Shape fuse(const std::vector<TopoDS_Shape>& arguments, const std::vector<TopoDS_Shape>& tools,
                  BooleanOptions options = {});
TopoDS_Shape cut(const std::vector<TopoDS_Shape>& arguments, const std::vector<TopoDS_Shape>& tools,
                 BooleanOptions options = {});
TopoDS_Shape common(const std::vector<TopoDS_Shape>& arguments, const std::vector<TopoDS_Shape>& tools,
                    BooleanOptions options = {});
TopoDS_Shape split(const std::vector<TopoDS_Shape>& arguments, const std::vector<TopoDS_Shape>& tools);

}  // namespace cadrecode::solid
