#include "cadquery/sketch.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "cadquery/hull.hpp"
#include "cadquery/normalized_shape.hpp"
#include "cadquery/workplane.hpp"
#include "core/error.hpp"
#include "solid/boolean.hpp"

namespace cadrecode::cadquery {

namespace {

// Sketches that have a parent, so that the cycles they are part of can be cut.
std::unordered_set<Sketch*>& sketchesWithParent() {
  thread_local std::unordered_set<Sketch*> sketches;
  return sketches;
}

// What compound(selection).faces() gives: the one face there is, else a compound of them.
Shape selectedFaces(const std::optional<SketchItems>& selection) {
  std::vector<Shape> shapes;
  bool allShapes = selection.has_value();
  if (selection) {
    for (const SketchItem& item : *selection) {
      const Shape* shape = std::get_if<Shape>(&item);
      if (shape) shapes.push_back(*shape);
      allShapes = allShapes && shape;
    }
  }
  if (!allShapes) {
    const std::string type = selection ? "list" : "NoneType";
    throw Error("AttributeError", "'" + type + "' object has no attribute 'wrapped'");
  }
  const std::vector<Shape> faces = Compound::make(shapes).faces();
  return faces.size() == 1 ? faces.front() : Compound::make(faces);
}

Shape operand(const Sketch& sketch) {
  SketchItem item = sketch.val();
  if (std::holds_alternative<Location>(item)) throwValueError("Location was provided, Shape is required.");
  if (const Shape* shape = std::get_if<Shape>(&item)) return *shape;
  throwTypeError("unsupported operand: a Shape is required");
}

SketchPtr sketchOf(const Shape& shape) {
  return Sketch::of(shape.isClass(TopAbs_COMPOUND) ? shape : Compound::make({shape}));
}

}  // namespace

Sketch::Sketch(std::shared_ptr<Workplane> parent, std::vector<Location> locs, std::optional<Compound> faces)
    : parent_(std::move(parent)), locs_(std::move(locs)), faces_(Compound::make({})) {
  if (faces && !faces->empty()) faces_ = *faces;
  if (parent_) sketchesWithParent().insert(this);
}

Sketch::~Sketch() {
  if (parent_) sketchesWithParent().erase(this);
}

void Sketch::releaseParents() {
  // The parents are let go together at the end: with them go sketches of this very set.
  std::vector<std::shared_ptr<Workplane>> parents;
  for (Sketch* sketch : sketchesWithParent()) parents.push_back(std::move(sketch->parent_));
  sketchesWithParent().clear();
}

SketchPtr Sketch::of(const Shape& faces) {
  auto result = std::make_shared<Sketch>();
  result->faces_ = faces;
  return result;
}

bool Sketch::hasFaces() const { return !faces_.isClass(TopAbs_COMPOUND) || !faces_.asCompound().empty(); }

std::vector<Shape> Sketch::members() const {
  std::vector<Shape> result;
  const bool filled = hasFaces();
  for (const Location& location : locs_) {
    if (filled) {
      for (Shape& face : faces_.moved(location).faces()) result.push_back(std::move(face));
    } else {
      for (const Shape& edge : edges_) result.push_back(edge.moved(location));
    }
  }
  return result;
}

std::vector<Location> Sketch::places(bool ignoreSelection) const {
  if (ignoreSelection || !anySelected()) return {Location()};
  return selectedOrOrigin();
}

std::vector<Location> Sketch::selectedOrOrigin() const {
  if (!anySelected()) return {Location(Vector())};
  std::vector<Location> result;
  result.reserve(selection_->size());
  for (const SketchItem& item : *selection_) {
    if (const Location* location = std::get_if<Location>(&item)) {
      result.push_back(*location);
    } else if (const Shape* shape = std::get_if<Shape>(&item)) {
      result.emplace_back(shape->center());
    } else if (const Vector* point = std::get_if<Vector>(&item)) {
      result.emplace_back(*point);
    } else {
      throw Error("AttributeError", "'" + itemTypeName(item) + "' object has no attribute 'Center'");
    }
  }
  return result;
}

Sketch& Sketch::each(const std::function<Made(const Location&)>& callback, const std::string& mode,
                     const std::string& tag, bool ignoreSelection) {
  std::vector<Shape> made;
  for (const Location& location : places(ignoreSelection)) {
    const Made result = callback(location);
    if (const SketchPtr* sketch = std::get_if<SketchPtr>(&result)) {
      for (Shape& face : (*sketch)->faces_.faces()) made.push_back(std::move(face));
    } else if (const Shape& shape = std::get<Shape>(result); shape.isClass(TopAbs_COMPOUND)) {
      for (Shape& face : shape.faces()) made.push_back(std::move(face));
    } else {
      made.push_back(shape);
    }
  }
  return join(made, mode, tag);
}

Sketch& Sketch::join(const std::vector<Shape>& made, const std::string& mode, const std::string& tag) {
  if (!tag.empty()) tags_[tag] = SketchItems(made.begin(), made.end());
  if (mode == "a") {
    faces_ = faces_.fuse(made);
  } else if (mode == "s") {
    faces_ = faces_.cut(made);
  } else if (mode == "i") {
    faces_ = faces_.intersect(made);
  } else if (mode == "r") {
    faces_ = Compound::make(made);
  } else if (mode == "c") {
    if (tag.empty()) throwValueError("No tag specified - the geometry will be unreachable");
  } else {
    throwValueError("Invalid mode: " + mode);
  }
  return *this;
}

Sketch& Sketch::hull(const std::string& mode, const std::string& tag) {
  std::vector<Shape> edges;
  if (anySelected()) {
    for (const SketchItem& item : *selection_) {
      const Shape* shape = std::get_if<Shape>(&item);
      if (shape && shape->is(TopAbs_EDGE)) edges.push_back(*shape);
    }
  } else if (hasFaces()) {
    edges = faces_.edges();
  } else if (!edges_.empty()) {
    edges = edges_;
  } else {
    throwValueError("No objects available for hull construction");
  }
  return face(findHull(edges), 0, mode, tag, anySelected());
}

Sketch& Sketch::offset(double d, const std::string& mode, const std::string& tag) {
  if (!anySelected()) throwValueError("Selection is needed to offset");
  for (const SketchItem& item : *selection_) {
    const Shape* shape = std::get_if<Shape>(&item);
    if (!shape || !shape->is(TopAbs_WIRE)) continue;
    for (const Shape& wire : shape->asWire().offset2D(d)) face(wire.asWire(), 0, mode, tag, true);
  }
  return *this;
}

std::vector<std::pair<Face, std::vector<Shape>>> Sketch::matchFacesToVertices() const {
  if (!anySelected()) throwValueError("Selection is needed to match vertices to faces");
  std::vector<std::pair<Face, std::vector<Shape>>> result;
  for (const Shape& face : faces_.faces()) {
    const std::vector<Shape> corners = face.vertices();
    std::vector<Shape> chosen;
    for (const SketchItem& item : *selection_) {
      const Shape* shape = std::get_if<Shape>(&item);
      if (!shape || !shape->is(TopAbs_VERTEX)) continue;
      const auto same = [shape](const Shape& corner) { return corner.isSame(*shape); };
      if (std::any_of(corners.begin(), corners.end(), same)) chosen.push_back(*shape);
    }
    result.emplace_back(face.asFace(), std::move(chosen));
  }
  return result;
}

Sketch& Sketch::fillet(double d) {
  std::vector<Shape> faces;
  for (const auto& [face, corners] : matchFacesToVertices()) {
    faces.push_back(corners.empty() ? face : face.fillet2D(d, corners));
  }
  faces_ = Compound::make(faces);
  return *this;
}

Sketch& Sketch::chamfer(double d) {
  std::vector<Shape> faces;
  for (const auto& [face, corners] : matchFacesToVertices()) {
    faces.push_back(corners.empty() ? face : face.chamfer2D(d, corners));
  }
  faces_ = Compound::make(faces);
  return *this;
}

Sketch& Sketch::clean() {
  faces_ = faces_.clean();
  return *this;
}

Sketch& Sketch::add() {
  faces_ = compoundOrShape(solid::fuse({faces_.wrapped()}, {selectedFaces(selection_).wrapped()}));
  return *this;
}

Sketch& Sketch::subtract() {
  faces_ = compoundOrShape(solid::cut({faces_.wrapped()}, {selectedFaces(selection_).wrapped()}));
  return *this;
}

Sketch& Sketch::replace() {
  faces_ = selectedFaces(selection_);
  return *this;
}

SketchPtr Sketch::copy() const { return of(faces_.copy()); }
SketchPtr Sketch::moved(const Location& location) const { return of(faces_.moved(location)); }
SketchPtr Sketch::moved(const std::vector<Location>& locations) const { return of(faces_.moved(locations)); }

SketchPtr Sketch::located(const Location& location) const {
  auto result = std::make_shared<Sketch>(nullptr, std::vector<Location>{location});
  result->faces_ = faces_.copy();
  return result;
}

SketchPtr Sketch::operator+(const Sketch& other) const {
  return sketchOf(compoundOrShape(solid::fuse({operand(*this).wrapped()}, {operand(other).wrapped()})));
}

SketchPtr Sketch::operator-(const Sketch& other) const {
  return sketchOf(compoundOrShape(solid::cut({operand(*this).wrapped()}, {operand(other).wrapped()})));
}

SketchPtr Sketch::operator*(const Sketch& other) const {
  return sketchOf(compoundOrShape(solid::common({operand(*this).wrapped()}, {operand(other).wrapped()})));
}

SketchPtr Sketch::operator/(const Sketch& other) const {
  return sketchOf(compoundOrShape(solid::split({operand(*this).wrapped()}, {operand(other).wrapped()})));
}

}  // namespace cadrecode::cadquery
