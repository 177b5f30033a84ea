// Boolean operations on operands of which some don't meet any other: those stay as they are, and the kernel gets the
// rest. The results have the kernel's members in the kernel's order. See boolean.hpp.
#pragma once

#include <TopoDS_Shape.hxx>
#include <functional>
#include <optional>
#include <vector>

namespace cadrecode::solid {

using Shapes = std::vector<TopoDS_Shape>;
using BooleanKernel = std::function<TopoDS_Shape(const Shapes& arguments, const Shapes& tools)>;

// Nothing where no operand is known to be apart from all others, or they are not all solids or all faces.
// fuzzy: the operation's fuzzy value.
std::optional<TopoDS_Shape> fuseSeparate(const Shapes& arguments, const Shapes& tools, double fuzzy,
                                         const BooleanKernel& kernel);
std::optional<TopoDS_Shape> cutSeparate(const Shapes& arguments, const Shapes& tools, double fuzzy,
                                        const BooleanKernel& kernel);

}  // namespace cadrecode::solid
