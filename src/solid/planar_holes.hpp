// Cutting holes: plane faces from which plane faces are taken that lie wholly inside them. The result has the topology,
// and the order of wires and edges, that the kernel's boolean gives it.
#pragma once

#include <TopoDS_Shape.hxx>
#include <optional>
#include <vector>

namespace cadrecode::solid {

// arguments and tools: faces, all in one plane. Nothing where a tool crosses, touches or holds a wire of an argument or
// of another tool, has holes itself, or the faces are of another kind. fuzzy: the operation's fuzzy value.
std::optional<TopoDS_Shape> cutHoles(const std::vector<TopoDS_Shape>& arguments, const std::vector<TopoDS_Shape>& tools,
                                     double fuzzy);

}  // namespace cadrecode::solid
