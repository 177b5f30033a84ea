// STEP, STL and BREP to and from bytes in memory (no file is opened here: the sandbox forbids it). One thread a
// process: OpenCASCADE's STEP reader and writer keep process-wide state.
#pragma once

#include <TopoDS_Shape.hxx>
#include <string>
#include <string_view>

#include "solid/mesh.hpp"

namespace cadrecode::solid {

std::string writeStep(const TopoDS_Shape& shape);  // AP214, millimetres; throws Error when the writer fails
std::string writeBrep(const TopoDS_Shape& shape);  // BRepTools text
std::string writeStl(const Mesh& mesh);            // binary
TopoDS_Shape readStep(std::string_view bytes);     // all roots, millimetres; Error(input) with the reason
TopoDS_Shape readBrep(std::string_view bytes);     // Error(input) with the reason
void warmUpExchange();  // reads OpenCASCADE's resources now, before a sandbox forbids opening files

}  // namespace cadrecode::solid
