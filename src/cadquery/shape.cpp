// Kinds, names, identity and topology of shapes.
#include "cadquery/shape.hpp"

#include <BRepAdaptor_Curve.hxx>
#include <BRepAdaptor_Surface.hxx>
#include <BRepTools_WireExplorer.hxx>
#include <BRep_Tool.hxx>
#include <TopExp.hxx>
#include <TopTools_IndexedDataMapOfShapeListOfShape.hxx>
#include <TopTools_IndexedMapOfShape.hxx>
#include <TopTools_MapOfShape.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Iterator.hxx>
#include <algorithm>
#include <limits>

#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

const TopoDS_Shape& notNull(const TopoDS_Shape& shape) {
  if (shape.IsNull()) throwValueError("Null TopoDS_Shape object");
  return shape;
}

std::string nameOf(TopAbs_ShapeEnum kind) {
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
    case TopAbs_SHAPE:
      break;
  }
  return "Shape";
}

const char* curveName(GeomAbs_CurveType type) {
  switch (type) {
    case GeomAbs_Line:
      return "LINE";
    case GeomAbs_Circle:
      return "CIRCLE";
    case GeomAbs_Ellipse:
      return "ELLIPSE";
    case GeomAbs_Hyperbola:
      return "HYPERBOLA";
    case GeomAbs_Parabola:
      return "PARABOLA";
    case GeomAbs_BezierCurve:
      return "BEZIER";
    case GeomAbs_BSplineCurve:
      return "BSPLINE";
    case GeomAbs_OffsetCurve:
      return "OFFSET";
    case GeomAbs_OtherCurve:
      break;
  }
  return "OTHER";
}

const char* surfaceName(GeomAbs_SurfaceType type) {
  switch (type) {
    case GeomAbs_Plane:
      return "PLANE";
    case GeomAbs_Cylinder:
      return "CYLINDER";
    case GeomAbs_Cone:
      return "CONE";
    case GeomAbs_Sphere:
      return "SPHERE";
    case GeomAbs_Torus:
      return "TORUS";
    case GeomAbs_BezierSurface:
      return "BEZIER";
    case GeomAbs_BSplineSurface:
      return "BSPLINE";
    case GeomAbs_SurfaceOfRevolution:
      return "REVOLUTION";
    case GeomAbs_SurfaceOfExtrusion:
      return "EXTRUSION";
    case GeomAbs_OffsetSurface:
      return "OFFSET";
    case GeomAbs_OtherSurface:
      break;
  }
  return "OTHER";
}

void requireClass(const Shape& shape, TopAbs_ShapeEnum wanted) {
  if (shape.isClass(wanted) || shape.is(wanted)) return;
  throwTypeError("expected a " + nameOf(wanted) + ", not a " + nameOf(shape.classKind()));
}

}  // namespace

Shape::Shape(const TopoDS_Shape& shape, bool construction)
    : forConstruction(construction), shape_(notNull(shape)), class_(shape.ShapeType()) {}

Shape::Shape(const TopoDS_Shape& shape, TopAbs_ShapeEnum cls, bool construction)
    : forConstruction(construction), shape_(notNull(shape)), class_(cls) {}

Shape Shape::withClass(TopAbs_ShapeEnum k) const {
  Shape shape = *this;
  shape.class_ = k;
  return shape;
}

std::string Shape::shapeType() const { return nameOf(notNull(shape_).ShapeType()); }

std::string Shape::geomType() const {
  switch (notNull(shape_).ShapeType()) {
    case TopAbs_EDGE:
      return curveName(BRepAdaptor_Curve(TopoDS::Edge(shape_)).GetType());
    case TopAbs_FACE:
      return surfaceName(BRepAdaptor_Surface(TopoDS::Face(shape_)).GetType());
    case TopAbs_SOLID:
      return "CompSolid";  // a slip in CadQuery's table that scripts can see
    case TopAbs_COMPSOLID:
      throw Error("KeyError", "<TopAbs_ShapeEnum.TopAbs_COMPSOLID: 1>");
    default:
      return shapeType();
  }
}

int Shape::hashCode() const { return shape_.HashCode(std::numeric_limits<int>::max()); }

Vertex Shape::asVertex() const {
  requireClass(*this, TopAbs_VERTEX);
  return Vertex(shape_);
}

Edge Shape::asEdge() const {
  requireClass(*this, TopAbs_EDGE);
  return Edge(shape_, forConstruction);
}

Wire Shape::asWire() const {
  requireClass(*this, TopAbs_WIRE);
  return Wire(shape_, forConstruction);
}

Face Shape::asFace() const {
  requireClass(*this, TopAbs_FACE);
  return Face(shape_);
}

Shell Shape::asShell() const {
  requireClass(*this, TopAbs_SHELL);
  return Shell(shape_);
}

Solid Shape::asSolid() const {
  requireClass(*this, TopAbs_SOLID);
  return Solid(shape_);
}

Compound Shape::asCompound() const {
  requireClass(*this, TopAbs_COMPOUND);
  return Compound(shape_);
}

std::vector<Shape> Shape::entities(TopAbs_ShapeEnum k, bool withDegenerated) const {
  TopTools_IndexedMapOfShape map;
  TopExp::MapShapes(shape_, k, map);
  std::vector<Shape> found;
  found.reserve(static_cast<std::size_t>(map.Extent()));
  for (int i = 1; i <= map.Extent(); ++i)
    if (k != TopAbs_EDGE || withDegenerated || !BRep_Tool::Degenerated(TopoDS::Edge(map(i))))
      found.emplace_back(map(i));
  return found;
}

std::vector<Shape> Shape::vertices() const {
  if (class_ != TopAbs_WIRE) return entities(TopAbs_VERTEX);
  std::vector<Shape> found;
  BRepTools_WireExplorer explorer(TopoDS::Wire(shape_));
  found.push_back(Vertex(explorer.CurrentVertex()));
  while (explorer.More()) {
    explorer.Next();
    found.push_back(Vertex(explorer.CurrentVertex()));
  }
  if (BRep_Tool::IsClosed(shape_)) found.pop_back();
  return found;
}

std::vector<Shape> Shape::children() const {
  std::vector<Shape> found;
  if (class_ == TopAbs_WIRE) {
    for (BRepTools_WireExplorer explorer(TopoDS::Wire(shape_)); explorer.More(); explorer.Next())
      found.push_back(Edge(explorer.Current()));
  } else {
    for (TopoDS_Iterator it(shape_); it.More(); it.Next()) found.emplace_back(it.Value());
  }
  return found;
}

namespace {

// The elements a relation is asked for: of a Compound its members, else the shape itself.
std::vector<Shape> elementsOf(const Shape& shape) {
  return shape.isClass(TopAbs_COMPOUND) ? shape.children() : std::vector<Shape>{shape};
}

std::vector<TopAbs_ShapeEnum> kindsOf(const std::vector<Shape>& shapes) {
  std::vector<TopAbs_ShapeEnum> kinds;
  for (const Shape& shape : shapes)
    if (std::find(kinds.begin(), kinds.end(), shape.kind()) == kinds.end()) kinds.push_back(shape.kind());
  return kinds;
}

}  // namespace

Compound Shape::ancestors(const Shape& in, TopAbs_ShapeEnum k) const {
  const std::vector<Shape> elements = elementsOf(*this);
  TopTools_IndexedDataMapOfShapeListOfShape map;
  for (const TopAbs_ShapeEnum kind : kindsOf(elements)) TopExp::MapShapesAndAncestors(in.wrapped(), kind, k, map);
  std::vector<Shape> found;
  for (const Shape& element : elements)
    for (const TopoDS_Shape& ancestor : map.FindFromKey(element.wrapped())) found.emplace_back(ancestor);
  return Compound::make(found);
}

Compound Shape::siblings(const Shape& in, TopAbs_ShapeEnum k, int level) const {
  std::vector<Shape> front = elementsOf(*this);
  TopTools_IndexedDataMapOfShapeListOfShape map;
  for (const TopAbs_ShapeEnum kind : kindsOf(front)) TopExp::MapShapesAndAncestors(in.wrapped(), k, kind, map);
  TopTools_MapOfShape exclude;
  for (;; --level) {
    for (const Shape& shape : front) exclude.Add(shape.wrapped());
    std::vector<Shape> next;
    TopTools_MapOfShape seen;
    for (const Shape& shape : front) {
      TopTools_IndexedMapOfShape shared;
      TopExp::MapShapes(shape.wrapped(), k, shared);
      for (int i = 1; i <= shared.Extent(); ++i)
        for (const TopoDS_Shape& element : map.FindFromKey(shared(i)))
          if (!exclude.Contains(element) && seen.Add(element)) next.emplace_back(element);
    }
    if (level == 1 || next.empty()) return Compound::make(next);
    front = std::move(next);
  }
}

}  // namespace cadrecode::cadquery
