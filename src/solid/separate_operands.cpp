#include "solid/separate_operands.hpp"

#include <BRep_Builder.hxx>
#include <TopoDS_Compound.hxx>
#include <TopoDS_Iterator.hxx>
#include <algorithm>

#include "solid/apart.hpp"
#include "solid/kernel_boolean.hpp"

namespace cadrecode::solid {
namespace {

// One operand's solids or faces. The kernel doesn't intersect the members of one compound with each other.
struct Operand {
  TopoDS_Shape shape;
  Shapes members;
  std::vector<Extent> extents;
  bool free = false;  // nothing of it meets another operand, and the kernel would leave it as it is
};

bool collect(const TopoDS_Shape& shape, TopAbs_ShapeEnum kind, Operand& operand) {
  if (shape.IsNull()) return false;
  operand.shape = shape;
  if (shape.ShapeType() == kind) {
    operand.members.push_back(shape);
  } else if (shape.ShapeType() == TopAbs_COMPOUND) {
    for (TopoDS_Iterator child(shape); child.More(); child.Next()) {
      if (child.Value().ShapeType() != kind) return false;
      operand.members.push_back(child.Value());
    }
  }
  for (const TopoDS_Shape& member : operand.members) operand.extents.emplace_back(member);
  return !operand.members.empty();
}

std::optional<TopAbs_ShapeEnum> kindOf(const TopoDS_Shape& shape) {
  if (shape.IsNull()) return std::nullopt;
  if (shape.ShapeType() != TopAbs_COMPOUND) {
    const bool known = shape.ShapeType() == TopAbs_SOLID || shape.ShapeType() == TopAbs_FACE;
    return known ? std::optional(shape.ShapeType()) : std::nullopt;
  }
  const TopoDS_Iterator child(shape);
  return child.More() && child.Value().ShapeType() != TopAbs_COMPOUND ? kindOf(child.Value()) : std::nullopt;
}

bool apart(const Operand& a, const Operand& b, double margin) {
  for (const Extent& p : a.extents) {
    for (const Extent& q : b.extents) {
      if (!p.apartFrom(q, margin)) return false;
    }
  }
  return true;
}

bool staysAsItIs(const Operand& operand) {
  return std::all_of(operand.members.begin(), operand.members.end(), [](const TopoDS_Shape& member) {
    return member.ShapeType() == TopAbs_FACE || holdsItsInside(member);
  });
}

double marginFor(double fuzzy) { return 1e-5 + 2.0 * fuzzy; }

TopoDS_Compound compoundOf(const Shapes& shapes) {
  BRep_Builder builder;
  TopoDS_Compound compound;
  builder.MakeCompound(compound);
  for (const TopoDS_Shape& shape : shapes) builder.Add(compound, shape);
  return compound;
}

bool holdsSame(const Shapes& shapes, const TopoDS_Shape& shape) {
  return std::any_of(shapes.begin(), shapes.end(), [&shape](const TopoDS_Shape& s) { return s.IsSame(shape); });
}

// What the kernel made of the operands that meet comes first, then all that were left alone, in their own order.
TopoDS_Shape assemble(const std::vector<Operand>& operands, const TopoDS_Shape& made) {
  Shapes untouched, before, members;
  for (TopoDS_Iterator child(made); child.More(); child.Next()) before.push_back(child.Value());
  for (const Operand& operand : operands) {
    for (const TopoDS_Shape& member : operand.members) {
      if (operand.free || holdsSame(before, member)) untouched.push_back(member);
    }
  }
  for (const TopoDS_Shape& shape : before) {
    if (!holdsSame(untouched, shape)) members.push_back(shape);
  }
  raiseTolerances(compoundOf(untouched));
  members.insert(members.end(), untouched.begin(), untouched.end());
  return compoundOf(members);
}

}  // namespace

std::optional<TopoDS_Shape> fuseSeparate(const Shapes& arguments, const Shapes& tools, double fuzzy,
                                         const BooleanKernel& kernel) {
  if (arguments.empty() || tools.empty()) return std::nullopt;
  const auto kind = kindOf(arguments.front());
  if (!kind) return std::nullopt;
  Shapes all = arguments;
  all.insert(all.end(), tools.begin(), tools.end());
  // The kernel puts compounds' members behind those that are operands themselves.
  std::stable_partition(all.begin(), all.end(), [&](const TopoDS_Shape& s) { return s.ShapeType() == *kind; });
  std::vector<Operand> operands(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!collect(all[i], *kind, operands[i])) return std::nullopt;
  }
  Shapes meeting;
  for (std::size_t i = 0; i < all.size(); ++i) {
    bool alone = true;
    for (std::size_t j = 0; alone && j < all.size(); ++j) {
      alone = i == j || apart(operands[i], operands[j], marginFor(fuzzy));
    }
    operands[i].free = alone && staysAsItIs(operands[i]);
    if (!operands[i].free) meeting.push_back(all[i]);
  }
  if (meeting.empty()) return assemble(operands, TopoDS_Compound());
  const bool reducible = *kind == TopAbs_SOLID && meeting.size() > 1 && meeting.size() < all.size();
  if (!reducible) return std::nullopt;
  return assemble(operands, kernel({meeting.front()}, Shapes(meeting.begin() + 1, meeting.end())));
}

std::optional<TopoDS_Shape> cutSeparate(const Shapes& arguments, const Shapes& tools, double fuzzy,
                                        const BooleanKernel& kernel) {
  if (arguments.empty() || tools.empty()) return std::nullopt;
  const auto kind = kindOf(arguments.front());
  if (!kind) return std::nullopt;
  std::vector<Operand> bodies(arguments.size());
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    if (arguments[i].ShapeType() != *kind || !collect(arguments[i], *kind, bodies[i])) return std::nullopt;
  }
  Shapes reaching;
  for (const TopoDS_Shape& tool : tools) {
    Operand operand;
    if (!collect(tool, *kind, operand)) return std::nullopt;
    const bool misses = std::all_of(bodies.begin(), bodies.end(),
                                    [&](const Operand& body) { return apart(operand, body, marginFor(fuzzy)); });
    if (!misses || !staysAsItIs(operand)) reaching.push_back(tool);
  }
  if (!reaching.empty()) {
    if (reaching.size() == tools.size()) return std::nullopt;
    return kernel(arguments, reaching);
  }
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    if (!staysAsItIs(bodies[i])) return std::nullopt;
    for (std::size_t j = 0; j < i; ++j) {
      if (!apart(bodies[i], bodies[j], marginFor(fuzzy))) return std::nullopt;
    }
  }
  TopoDS_Compound result = compoundOf(arguments);
  raiseTolerances(result);
  return result;
}

}  // namespace cadrecode::solid
