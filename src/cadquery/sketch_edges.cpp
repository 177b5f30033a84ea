// A Sketch's loose edges, and its selections and tags.
#include <TopTools_MapOfShape.hxx>
#include <TopoDS_Builder.hxx>
#include <algorithm>
#include <cmath>
#include <utility>

#include "cadquery/sketch.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

Vector onCircle(const Vector& center, double r, double degrees) {
  const double angle = radians(degrees);
  return center + Vector(std::cos(angle), std::sin(angle)) * r;
}

void appendEntities(const Shape& shape, TopAbs_ShapeEnum kind, std::vector<Shape>& result) {
  for (Shape& entity : kind == TopAbs_VERTEX ? shape.vertices() : shape.entities(kind)) {
    result.push_back(std::move(entity));
  }
}

}  // namespace

Vector Sketch::firstPoint() const {
  if (edges_.empty()) throwValueError("No free edges available");
  return edges_.front().startPoint();
}

Vector Sketch::lastPoint() const {
  if (edges_.empty()) throwValueError("No free edges available");
  return edges_.back().endPoint();
}

Sketch& Sketch::edge(Edge edge, const std::string& tag, bool forConstruction) {
  edge.forConstruction = forConstruction;
  if (!tag.empty()) tags_[tag] = {SketchItem(edge)};
  edges_.push_back(std::move(edge));
  return *this;
}

Sketch& Sketch::segment(const Vector& p1, const Vector& p2, const std::string& tag, bool forConstruction) {
  return edge(Edge::makeLine(p1, p2), tag, forConstruction);
}

Sketch& Sketch::segment(const Vector& p2, const std::string& tag, bool forConstruction) {
  return segment(lastPoint(), p2, tag, forConstruction);
}

Sketch& Sketch::segment(double length, double angle, const std::string& tag, bool forConstruction) {
  const Vector p1 = lastPoint();
  return segment(p1, onCircle(p1, length, angle), tag, forConstruction);
}

Sketch& Sketch::arc(const Vector& p1, const Vector& p2, const Vector& p3, const std::string& tag,
                    bool forConstruction) {
  return edge(Edge::makeThreePointArc(p1, p2, p3), tag, forConstruction);
}

Sketch& Sketch::arc(const Vector& p2, const Vector& p3, const std::string& tag, bool forConstruction) {
  return arc(lastPoint(), p2, p3, tag, forConstruction);
}

Sketch& Sketch::arc(const Vector& center, double r, double a, double da, const std::string& tag, bool forConstruction) {
  if (std::abs(da) >= 360) {
    return edge(Edge::makeCircle(r, center, Vector(0, 0, 1), a, a, da > 0), tag, forConstruction);
  }
  return arc(onCircle(center, r, a), onCircle(center, r, a + da / 2), onCircle(center, r, a + da), tag,
             forConstruction);
}

Sketch& Sketch::spline(const std::vector<Vector>& points, const std::vector<Vector>& tangents, bool periodic,
                       const std::string& tag, bool forConstruction) {
  Edge::SplineOptions options;
  options.tangents.assign(tangents.begin(), tangents.end());
  options.periodic = periodic;
  return edge(Edge::makeSpline(points, options), tag, forConstruction);
}

Sketch& Sketch::bezier(const std::vector<Vector>& points, const std::string& tag, bool forConstruction) {
  return edge(Edge::makeBezier(points), tag, forConstruction);
}

Sketch& Sketch::close(const std::string& tag) { return segment(lastPoint(), firstPoint(), tag); }

Sketch& Sketch::assemble(const std::string& mode, const std::string& tag) {
  std::vector<Shape> edges;
  edges.reserve(edges_.size());
  for (const Shape& edge : edges_) {
    if (!edge.forConstruction) edges.push_back(edge);
  }
  return face(edges, 0, mode, tag);
}

const SketchItems& Sketch::tagged(const std::string& tag) const {
  const auto found = tags_.find(tag);
  if (found == tags_.end()) throw Error("KeyError", tag);
  return found->second;
}

Sketch& Sketch::choose(const SelectorPtr& selector, TopAbs_ShapeEnum kind, const std::string& tag) {
  std::vector<Shape> candidates;
  if (!tag.empty()) {
    for (const SketchItem& item : tagged(tag)) {
      const Shape* shape = std::get_if<Shape>(&item);
      if (!shape) throw Error("AttributeError", "'Location' object has no attribute 'Faces'");
      appendEntities(*shape, kind, candidates);
    }
  } else if (anySelected()) {
    for (const SketchItem& item : *selection_) {
      if (const Shape* shape = std::get_if<Shape>(&item)) appendEntities(*shape, kind, candidates);
    }
  } else {
    appendEntities(faces_, kind, candidates);
    for (const Shape& edge : edges_) appendEntities(edge, kind, candidates);
  }
  if (selector) candidates = selector->filter(candidates);
  TopTools_MapOfShape seen;
  SketchItems distinct;
  for (Shape& shape : candidates) {
    if (seen.Add(shape.wrapped())) distinct.emplace_back(std::move(shape));
  }
  selection_ = std::move(distinct);
  return *this;
}

Sketch& Sketch::faces(const SelectorPtr& selector, const std::string& tag) {
  return choose(selector, TopAbs_FACE, tag);
}
Sketch& Sketch::wires(const SelectorPtr& selector, const std::string& tag) {
  return choose(selector, TopAbs_WIRE, tag);
}
Sketch& Sketch::edges(const SelectorPtr& selector, const std::string& tag) {
  return choose(selector, TopAbs_EDGE, tag);
}
Sketch& Sketch::vertices(const SelectorPtr& selector, const std::string& tag) {
  return choose(selector, TopAbs_VERTEX, tag);
}

Sketch& Sketch::tag(const std::string& tag) {
  if (!anySelected()) throwValueError("Selection is needed to tag");
  tags_[tag] = *selection_;
  return *this;
}

Sketch& Sketch::select(const std::vector<std::string>& tags) {
  selection_.emplace();
  for (const std::string& tag : tags) {
    const SketchItems& items = tagged(tag);
    selection_->insert(selection_->end(), items.begin(), items.end());
  }
  return *this;
}

Sketch& Sketch::reset() {
  selection_.reset();
  return *this;
}

Sketch& Sketch::deleteSelected() {
  if (!anySelected()) throwValueError("Selection is needed to delete");
  for (const SketchItem& item : *selection_) {
    const Shape* shape = std::get_if<Shape>(&item);
    if (shape && shape->is(TopAbs_FACE)) {
      if (!faces_.isClass(TopAbs_COMPOUND)) {
        throw Error("AttributeError", "'" + faces_.shapeType() + "' object has no attribute 'remove'");
      }
      TopoDS_Shape compound = faces_.wrapped();
      TopoDS_Builder().Remove(compound, shape->wrapped());
    } else if (shape && shape->is(TopAbs_EDGE)) {
      const auto found =
          std::find_if(edges_.begin(), edges_.end(), [shape](const Shape& edge) { return edge.isSame(*shape); });
      if (found == edges_.end()) throwValueError("list.remove(x): x not in list");
      edges_.erase(found);
    } else {
      throwValueError("Deletion of " + (shape ? shape->shapeType() : std::string("a location")) + " not supported");
    }
  }
  return reset();
}

SketchItem Sketch::val() const {
  if (selection_) {
    if (selection_->empty()) throw Error("IndexError", "list index out of range");
    return selection_->front();
  }
  if (!hasFaces() && !edges_.empty()) return edges_.front();
  return faces_;
}

SketchItems Sketch::vals() const {
  if (selection_) return *selection_;
  const std::vector<Shape> shapes = !hasFaces() && !edges_.empty() ? edges_ : faces_.children();
  return {shapes.begin(), shapes.end()};
}

Sketch& Sketch::setSelection(SketchItems items) {
  selection_ = std::move(items);
  return *this;
}

}  // namespace cadrecode::cadquery
