#include "cadquery/workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

void requireSolid(const Shape& shape, const char* what) {
  if (!shape.isClass(TopAbs_SOLID) && !shape.isClass(TopAbs_COMPOUND))
    throwValueError(std::string("Cannot ") + what + " type '<class '" + itemTypeName(shape) + "'>'");
}

Items cleaned(const Items& items) {
  Items clean;
  clean.reserve(items.size());
  for (const Item& item : items) {
    if (const Shape* shape = shapeOf(item))
      clean.emplace_back(shape->clean());
    else
      clean.push_back(item);
  }
  return clean;
}

}  // namespace

Workplane Workplane::combineWithBase(const Items& results, Combine combine, bool clean) const {
  if (combine == Combine::no) return newObject(clean ? cleaned(results) : results);
  std::vector<Shape> shapes;
  for (const Item& item : results) {
    const Shape* shape = shapeOf(item);
    if (!shape) throwTypeError("only shapes can be combined, not " + itemTypeName(item));
    shapes.push_back(*shape);
  }
  return combineWithBase(Compound::make(shapes), combine, clean);
}

Workplane Workplane::combineWithBase(const Shape& result, Combine combine, bool clean) const {
  Workplane next = combine == Combine::no     ? newObject({result})
                   : combine == Combine::fuse ? fuseWithBase(result)
                                              : cutFromBase(result);
  if (clean) next.objects() = cleaned(next.objects());
  return next;
}

Workplane Workplane::fuseWithBase(const Shape& shape) const {
  if (const std::optional<Shape> base = findSolidOrNone()) return newObject({base->fuse({shape})});
  return newObject({shape.isClass(TopAbs_COMPOUND) ? shape.fuse({}) : shape});
}

Workplane Workplane::cutFromBase(const Shape& shape) const {
  const std::optional<Shape> base = findSolidOrNone();
  return newObject({base ? base->cut({shape}) : shape});
}

Workplane Workplane::combine(bool clean, bool glue, double tol) const {
  std::vector<Shape> items = selectShapes(step_->objects);
  if (items.empty()) throw Error("IndexError", "pop from empty list");
  Shape result = items.front();
  items.erase(items.begin());
  if (!items.empty()) result = result.fuse(items, glue, tol);
  return newObject({clean ? result.clean() : result});
}

Workplane Workplane::combineSolids(const std::optional<Workplane>& other) const {
  std::vector<Shape> solids = selectShapes(this->solids().objects());
  if (other)
    for (const Shape& solid : selectShapes(other->solids().objects())) solids.push_back(solid);
  if (solids.empty()) throwValueError("Cannot Combine: at least one solid required!");
  std::optional<Shape> base = findSolidOrNone(false, true);
  if (!base) {
    base = solids.front();
    solids.erase(solids.begin());
  }
  return newObject({solids.empty() ? *base : base->fuse(solids)});
}

Workplane Workplane::uniteShapes(std::vector<Shape> others, bool clean, bool glue, double tol) const {
  Shape result;
  if (const std::optional<Shape> base = findSolidOrNone()) {
    result = base->fuse(others, glue, tol);
  } else if (others.empty()) {
    throw Error("IndexError", "list index out of range");
  } else {
    result = others.front();
    others.erase(others.begin());
    if (!others.empty()) result = result.fuse(others, glue, tol);
  }
  return newObject({clean ? result.clean() : result});
}

Workplane Workplane::unite(const Workplane& other, bool clean, bool glue, double tol) const {
  std::vector<Shape> solids = selectShapes(other.solids().objects());
  if (solids.empty()) throwValueError("Workplane object must have at least one solid on the stack to union!");
  mergeTags(other);
  return uniteShapes(std::move(solids), clean, glue, tol);
}

Workplane Workplane::unite(const Shape& other, bool clean, bool glue, double tol) const {
  requireSolid(other, "union");
  return uniteShapes({other}, clean, glue, tol);
}

Workplane Workplane::unite(bool clean, bool glue, double tol) const { return uniteShapes({}, clean, glue, tol); }

Workplane Workplane::cut(const Workplane& other, bool clean, double tol) const {
  const Shape base = findSolid();
  const std::vector<Shape> tools = selectShapes(other.objects());
  mergeTags(other);
  const Shape result = base.cut(tools, tol);
  return newObject({clean ? result.clean() : result});
}

Workplane Workplane::cut(const Shape& other, bool clean, double tol) const {
  const Shape base = findSolid();
  requireSolid(other, "cut");
  const Shape result = base.cut({other}, tol);
  return newObject({clean ? result.clean() : result});
}

Workplane Workplane::intersect(const Workplane& other, bool clean, double tol) const {
  const Shape base = findSolid();
  const std::vector<Shape> tools = selectShapes(other.objects());
  mergeTags(other);
  const Shape result = base.intersect(tools, tol);
  return newObject({clean ? result.clean() : result});
}

Workplane Workplane::intersect(const Shape& other, bool clean, double tol) const {
  const Shape base = findSolid();
  requireSolid(other, "intersect");
  const Shape result = base.intersect({other}, tol);
  return newObject({clean ? result.clean() : result});
}

Workplane Workplane::split(bool keepTop, bool keepBottom) const {
  if (!keepTop && !keepBottom) throwValueError("You have to keep at least one half");
  const Shape solid = findSolid();
  const double reach = solid.boundingBox().diagonalLength * 10.0;
  const Shape above = rect(reach, reach).extrudeBy(reach, false, 0);
  const Shape below = rect(reach, reach).extrudeBy(-reach, false, 0);
  const Shape top = solid.cut({below});
  const Shape bottom = solid.cut({above});
  if (keepTop && keepBottom) return newObject({top, bottom});
  return newObject({keepTop ? top : bottom});
}

Workplane Workplane::split(const Workplane& splitter) const {
  const Workplane next = newObject({findSolid().split(selectShapes(splitter.objects()))});
  mergeTags(splitter);
  return next;
}

Workplane Workplane::split(const Shape& splitter) const { return newObject({findSolid().split({splitter})}); }

Workplane Workplane::section(double height) const {
  const Shape solid = findSolid();
  const Face cutter =
      Face::makePlane(std::nullopt, std::nullopt, plane().origin() + plane().zDir() * height, plane().zDir());
  return newObject({solid.intersect({cutter})});
}

Workplane Workplane::clean() const { return newObject(cleaned(step_->objects)); }

}  // namespace cadrecode::cadquery
