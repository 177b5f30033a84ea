#include <TopTools_IndexedMapOfShape.hxx>

#include "cadquery/workplane.hpp"

namespace cadrecode::cadquery {

namespace {

// Each shape once, in the order of first occurrence: what CadQuery's dict of shapes keeps.
class DistinctShapes {
 public:
  bool add(const Shape& shape) {
    const int before = seen_.Extent();
    return seen_.Add(shape.wrapped()) > before;
  }

 private:
  TopTools_IndexedMapOfShape seen_;
};

Items itemsOf(const std::vector<Shape>& shapes) { return Items(shapes.begin(), shapes.end()); }

}  // namespace

std::vector<Shape> Workplane::collect(TopAbs_ShapeEnum kind) const {
  std::vector<Shape> collected;
  DistinctShapes distinct;
  for (const Item& item : step_->objects) {
    const Shape* shape = shapeOf(item);
    if (!shape) continue;
    // CadQuery's way not to take apart a solid that wraps a compound.
    const bool wrapsCompound = kind == TopAbs_SOLID && shape->isClass(TopAbs_SOLID) && shape->is(TopAbs_COMPOUND);
    const TopAbs_ShapeEnum wanted = wrapsCompound ? TopAbs_COMPOUND : kind;
    for (const Shape& found : wanted == TopAbs_VERTEX ? shape->vertices() : shape->entities(wanted))
      if (distinct.add(found)) collected.push_back(found);
  }
  return collected;
}

Workplane Workplane::select(TopAbs_ShapeEnum kind, const SelectorPtr& selector, const std::string& tag) const {
  const std::vector<Shape> found = tag.empty() ? collect(kind) : tagged(tag).collect(kind);
  return newObject(itemsOf(selector ? selector->filter(found) : found));
}

Workplane Workplane::select(TopAbs_ShapeEnum kind, const std::string& selector, const std::string& tag) const {
  const std::vector<Shape> found = tag.empty() ? collect(kind) : tagged(tag).collect(kind);
  return newObject(itemsOf(selector.empty() ? found : parseSelector(selector)->filter(found)));
}

Workplane Workplane::vertices(const std::string& selector, const std::string& tag) const {
  return select(TopAbs_VERTEX, selector, tag);
}
Workplane Workplane::edges(const std::string& selector, const std::string& tag) const {
  return select(TopAbs_EDGE, selector, tag);
}
Workplane Workplane::wires(const std::string& selector, const std::string& tag) const {
  return select(TopAbs_WIRE, selector, tag);
}
Workplane Workplane::faces(const std::string& selector, const std::string& tag) const {
  return select(TopAbs_FACE, selector, tag);
}
Workplane Workplane::shells(const std::string& selector, const std::string& tag) const {
  return select(TopAbs_SHELL, selector, tag);
}
Workplane Workplane::solids(const std::string& selector, const std::string& tag) const {
  return select(TopAbs_SOLID, selector, tag);
}
Workplane Workplane::compounds(const std::string& selector, const std::string& tag) const {
  return select(TopAbs_COMPOUND, selector, tag);
}

Workplane Workplane::ancestors(TopAbs_ShapeEnum kind, const std::string& tag) const {
  const Shape solid = findSolid();
  Items found;
  DistinctShapes distinct;
  for (const Shape& shape : selectShapes(tag.empty() ? step_->objects : tagged(tag).objects()))
    for (const Shape& ancestor : shape.ancestors(solid, kind).children())
      if (distinct.add(ancestor)) found.emplace_back(ancestor);
  return newObject(std::move(found));
}

Workplane Workplane::siblings(TopAbs_ShapeEnum kind, int level, const std::string& tag) const {
  const Shape solid = findSolid();
  const std::vector<Shape> shapes = selectShapes(tag.empty() ? step_->objects : tagged(tag).objects());
  Items found;
  DistinctShapes distinct;
  for (const Shape& shape : shapes) distinct.add(shape);
  for (const Shape& shape : shapes)
    for (const Shape& sibling : shape.siblings(solid, kind, level).children())
      if (distinct.add(sibling)) found.emplace_back(sibling);
  return newObject(std::move(found));
}

}  // namespace cadrecode::cadquery
