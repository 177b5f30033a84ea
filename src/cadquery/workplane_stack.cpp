#include <algorithm>

#include "cadquery/sketch.hpp"
#include "cadquery/workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

const char* className(TopAbs_ShapeEnum kind) {
  switch (kind) {
    case TopAbs_COMPOUND:
      return "Compound";
    case TopAbs_COMPSOLID:
      return "CompSolid";
    case TopAbs_SOLID:
      return "Solid";
    case TopAbs_SHELL:
      return "Shell";
    case TopAbs_FACE:
      return "Face";
    case TopAbs_WIRE:
      return "Wire";
    case TopAbs_EDGE:
      return "Edge";
    case TopAbs_VERTEX:
      return "Vertex";
    default:
      return "Shape";
  }
}

Item itemOrEmpty(const std::optional<Item>& object) { return object ? *object : Item(Vector()); }

// An empty compound is false in Python, and CadQuery asks whether the object is true.
bool isTrue(const std::optional<Item>& object) {
  if (!object) return false;
  const Shape* shape = shapeOf(*object, TopAbs_COMPOUND);
  return !shape || !Compound(shape->wrapped()).empty();
}

}  // namespace

std::string itemTypeName(const Item& item) {
  if (std::holds_alternative<Vector>(item)) return "cadquery.occ_impl.geom.Vector";
  if (std::holds_alternative<Location>(item)) return "cadquery.occ_impl.geom.Location";
  if (const auto* shape = std::get_if<Shape>(&item))
    return std::string("cadquery.occ_impl.shapes.") + className(shape->classKind());
  if (std::holds_alternative<SketchPtr>(item)) return "cadquery.sketch.Sketch";
  return std::get<std::shared_ptr<const ForeignItem>>(item)->typeName();
}

const Shape* shapeOf(const Item& item) { return std::get_if<Shape>(&item); }

const Shape* shapeOf(const Item& item, TopAbs_ShapeEnum kind) {
  const Shape* shape = std::get_if<Shape>(&item);
  return shape && shape->isClass(kind) ? shape : nullptr;
}

std::vector<Shape> selectShapes(const Items& items) {
  std::vector<Shape> shapes;
  for (const Item& item : items)
    if (const Shape* shape = shapeOf(item)) shapes.push_back(*shape);
  return shapes;
}

std::vector<Shape> WorkplaneContext::popPendingEdges(bool errorOnEmpty) {
  if (errorOnEmpty && pendingEdges.empty()) throwValueError("No pending edges present");
  return std::exchange(pendingEdges, {});
}

std::vector<Wire> WorkplaneContext::popPendingWires(bool errorOnEmpty) {
  if (errorOnEmpty && pendingWires.empty()) throwValueError("No pending wires present");
  return std::exchange(pendingWires, {});
}

WorkplaneStep::~WorkplaneStep() {
  while (parent && parent.use_count() == 1) {
    std::shared_ptr<WorkplaneStep> next = std::move(parent->parent);
    parent = std::move(next);
  }
}

Workplane::Workplane(const std::string& plane, const Vector& origin, const std::optional<Item>& object)
    : Workplane(Plane::named(plane, origin), object) {}

Workplane::Workplane(const Plane& plane, const std::optional<Item>& object)
    : step_(std::make_shared<WorkplaneStep>()), context_(std::make_shared<WorkplaneContext>()) {
  step_->plane = plane;
  if (isTrue(object)) step_->objects.push_back(itemOrEmpty(object));
}

Workplane::Workplane(const Item& object, const Vector& origin) : Workplane("XY", origin, object) {}

std::optional<Workplane> Workplane::parent() const {
  if (!step_->parent) return std::nullopt;
  return Workplane(step_->parent, context_);
}

Workplane Workplane::newObject(Items objects) const {
  auto step = std::make_shared<WorkplaneStep>();
  step->plane = step_->plane;
  step->objects = std::move(objects);
  step->parent = step_;
  return Workplane(std::move(step), context_);
}

Workplane Workplane::tag(const std::string& name) const {
  context_->tags[name] = step_;
  return *this;
}

Workplane Workplane::tagged(const std::string& name) const {
  const auto found = context_->tags.find(name);
  if (found == context_->tags.end()) throwValueError("No Workplane object named " + name + " in chain");
  return Workplane(found->second, context_);
}

void Workplane::mergeTags(const Workplane& other) const {
  if (context_ != other.context_) context_->tags.insert(other.context_->tags.begin(), other.context_->tags.end());
}

Item Workplane::val() const { return step_->objects.empty() ? Item(step_->plane.origin()) : step_->objects.front(); }

std::vector<Workplane> Workplane::all() const {
  std::vector<Workplane> steps;
  for (const Item& item : step_->objects) steps.push_back(newObject({item}));
  return steps;
}

Workplane Workplane::add(const Items& items) const {
  // A copy, so that adding a stack to itself ends.
  const Items copy = items;
  step_->objects.insert(step_->objects.end(), copy.begin(), copy.end());
  return *this;
}

Workplane Workplane::add(const Workplane& other) const {
  add(other.objects());
  mergeTags(other);
  return *this;
}

Workplane Workplane::first() const {
  return newObject(step_->objects.empty() ? Items{} : Items{step_->objects.front()});
}

Workplane Workplane::last() const { return item(-1); }

Workplane Workplane::item(int index) const {
  const int count = size();
  const int at = index < 0 ? index + count : index;
  if (at < 0 || at >= count) throw Error("IndexError", "list index out of range");
  return newObject({step_->objects[static_cast<std::size_t>(at)]});
}

Workplane Workplane::end(int n) const {
  std::shared_ptr<WorkplaneStep> step = step_;
  for (int i = 0; i < n; ++i) {
    if (!step->parent) throwValueError("Cannot End the chain-- no parents!");
    step = step->parent;
  }
  return Workplane(std::move(step), context_);
}

Workplane Workplane::toPending() const {
  for (const Item& item : step_->objects) {
    if (const Shape* wire = shapeOf(item, TopAbs_WIRE)) context_->pendingWires.push_back(wire->asWire());
    if (const Shape* edge = shapeOf(item, TopAbs_EDGE)) context_->pendingEdges.push_back(*edge);
  }
  return *this;
}

std::vector<Shape> Workplane::members() const {
  std::vector<Shape> members;
  for (const Item& item : step_->objects) {
    if (const auto* sketch = std::get_if<SketchPtr>(&item)) {
      for (const Shape& shape : (*sketch)->members()) members.push_back(shape);
    } else if (const Shape* compound = shapeOf(item, TopAbs_COMPOUND)) {
      for (const Shape& child : compound->children()) members.push_back(child);
    } else if (const Shape* shape = shapeOf(item)) {
      members.push_back(*shape);
    }
  }
  return members;
}

Workplane Workplane::filter(const std::function<bool(const Item&)>& keep) const {
  Items kept;
  for (const Item& item : Items(step_->objects))
    if (keep(item)) kept.push_back(item);
  return newObject(std::move(kept));
}

Workplane Workplane::map(const std::function<Item(const Item&)>& change) const {
  Items changed;
  for (const Item& item : Items(step_->objects)) changed.push_back(change(item));
  return newObject(std::move(changed));
}

Workplane Workplane::apply(const std::function<Items(const Items&)>& change) const {
  return newObject(change(Items(step_->objects)));
}

Workplane Workplane::sort(const std::function<double(const Item&)>& key) const {
  std::vector<std::pair<double, Item>> keyed;
  for (const Item& item : Items(step_->objects)) keyed.emplace_back(key(item), item);
  std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Items sorted;
  for (const auto& [value, item] : keyed) sorted.push_back(item);
  return newObject(std::move(sorted));
}

Workplane Workplane::invoke(const std::function<std::optional<Workplane>(const Workplane&)>& call) const {
  return call(*this).value_or(*this);
}

std::optional<Shape> Workplane::findSolidOrNone(bool searchStack, bool searchParents) const {
  const WorkplaneStep* step = searchStack ? step_.get() : searchParents ? step_->parent.get() : nullptr;
  for (; step; step = searchParents ? step->parent.get() : nullptr) {
    std::vector<Shape> solids;
    for (const Item& item : step->objects) {
      if (const Shape* solid = shapeOf(item, TopAbs_SOLID)) {
        solids.push_back(*solid);
      } else if (const Shape* compound = shapeOf(item, TopAbs_COMPOUND)) {
        for (const Shape& shape : compound->solids()) solids.push_back(shape);
      }
    }
    if (!solids.empty()) return Compound::make(solids);
  }
  return std::nullopt;
}

Shape Workplane::findSolid(bool searchStack, bool searchParents) const {
  std::optional<Shape> found = findSolidOrNone(searchStack, searchParents);
  if (!found)
    throwValueError(std::string("Cannot find a solid ") + (searchStack ? "on the stack or " : "") +
                    "in the parent chain");
  return *found;
}

Face Workplane::findFace(bool searchStack, bool searchParents) const {
  const WorkplaneStep* step = searchStack ? step_.get() : searchParents ? step_->parent.get() : nullptr;
  for (; step; step = searchParents ? step->parent.get() : nullptr)
    for (const Item& item : step->objects)
      if (const Shape* face = shapeOf(item, TopAbs_FACE)) return face->asFace();
  throwValueError(std::string("Cannot find a face ") + (searchStack ? "on the stack or " : "") + "in the parent chain");
}

double Workplane::largestDimension() const { return findSolid().boundingBox().diagonalLength; }

}  // namespace cadrecode::cadquery
