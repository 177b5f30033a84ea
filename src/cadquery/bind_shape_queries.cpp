// Topology, measures and names of shapes for scripts.
#include <BRepMesh_IncrementalMesh.hxx>
#include <BRepTools.hxx>

#include "cadquery/bind_shapes.hpp"
#include "core/error.hpp"
#include "solid/mesh.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Class;
using script::Value;

namespace {

// Faces(), Edges(), ...: lists.
void bindLists(Class& cls) {
  cls.method("Vertices(self)", [](Arguments& a) { return toValue(shapeOf(a).vertices()); });
  const auto list = [&](const char* name, TopAbs_ShapeEnum kind) {
    cls.method(std::string(name) + "(self)", [kind](Arguments& a) { return toValue(shapeOf(a).entities(kind)); });
  };
  list("Edges", TopAbs_EDGE);
  list("Wires", TopAbs_WIRE);
  list("Faces", TopAbs_FACE);
  list("Shells", TopAbs_SHELL);
  list("Solids", TopAbs_SOLID);
  list("CompSolids", TopAbs_COMPSOLID);
  list("Compounds", TopAbs_COMPOUND);
}

// faces(), edges(), ...: what a selector leaves, as one shape.
void bindSelections(Class& cls) {
  const auto selection = [&](const char* name, TopAbs_ShapeEnum kind) {
    cls.method(std::string(name) + "(self, selector=None)", [kind](Arguments& a) {
      std::vector<Shape> found = shapeOf(a).entities(kind, true);
      if (const SelectorPtr selector = script::truth(a[1]) ? toSelector(a[1]) : nullptr)
        found = selector->filter(found);
      return found.size() == 1 ? toValue(found.front()) : toValue(Compound::make(found));
    });
  };
  selection("vertices", TopAbs_VERTEX);
  selection("edges", TopAbs_EDGE);
  selection("wires", TopAbs_WIRE);
  selection("faces", TopAbs_FACE);
  selection("shells", TopAbs_SHELL);
  selection("solids", TopAbs_SOLID);
}

void bindMeasures(Class& cls) {
  cls.method("isValid(self)", [](Arguments& a) { return Value(shapeOf(a).isValid()); });
  cls.method("Area(self)", [](Arguments& a) { return Value(shapeOf(a).area()); });
  cls.method("Volume(self)", [](Arguments& a) { return Value(shapeOf(a).volume()); });
  cls.method("Center(self)", [](Arguments& a) { return toValue(shapeOf(a).center()); });
  cls.method("CenterOfBoundBox(self, tolerance=None)",
             [](Arguments& a) { return toValue(shapeOf(a).centerOfBoundBox(optionalReal(a[1]))); });
  cls.method("BoundingBox(self, tolerance=None)",
             [](Arguments& a) { return toValue(shapeOf(a).boundingBox(optionalReal(a[1]))); });
  cls.staticMethod("computeMass(obj)", [](Arguments& a) { return Value(toShape(a[0]).computeMass()); });
  cls.staticMethod("centerOfMass(obj)", [](Arguments& a) { return toValue(toShape(a[0]).centerOfMass()); });
  cls.staticMethod("matrixOfInertia(obj)", [](Arguments& a) {
    std::vector<Value> rows;
    for (const std::vector<double>& row : toShape(a[0]).matrixOfInertia())
      rows.push_back(script::makeList(std::vector<Value>(row.begin(), row.end())));
    return script::makeList(rows);
  });
  cls.staticMethod("CombinedCenter(objects)",
                   [](Arguments& a) { return toValue(Shape::combinedCenter(toShapes(a[0]))); });
  cls.staticMethod("CombinedCenterOfBoundBox(objects)",
                   [](Arguments& a) { return toValue(Shape::combinedCenterOfBoundBox(toShapes(a[0]))); });
  cls.method("distance(self, other)", [](Arguments& a) { return Value(shapeOf(a).distance(toShape(a[1]))); });
  cls.method("distances(self, *others)", [](Arguments& a) {
    std::vector<Value> distances;
    for (const Shape& other : toShapes(a[1])) distances.emplace_back(shapeOf(a).distance(other));
    return script::iterate(script::makeList(distances));
  });
}

void bindMeshes(Class& cls) {
  cls.method("mesh(self, tolerance, angularTolerance=0.1)", [](Arguments& a) {
    const TopoDS_Shape& shape = shapeOf(a).wrapped();
    if (!BRepTools::Triangulation(shape, a.real(1))) BRepMesh_IncrementalMesh(shape, a.real(1), true, a.real(2));
    return Value();
  });
  cls.method("tessellate(self, tolerance, angularTolerance=0.1)", [](Arguments& a) {
    const solid::Mesh mesh = solid::tessellate(shapeOf(a).wrapped(), a.real(1), a.real(2));
    std::vector<Value> vertices, triangles;
    for (const auto& [x, y, z] : mesh.vertices) vertices.push_back(toValue(Vector(x, y, z)));
    for (const auto& [i, j, k] : mesh.triangles) triangles.push_back(script::makeTuple({i, j, k}));
    return script::makeTuple({script::makeList(vertices), script::makeList(triangles)});
  });
}

}  // namespace

void bindShapeQueries(Class& cls) {
  bindLists(cls);
  bindSelections(cls);
  bindMeasures(cls);
  bindMeshes(cls);
  cls.property(
      "forConstruction", [](const Value& self) { return Value(script::unwrap<Shape>(self).forConstruction); },
      [](const Value& self, const Value& v) { script::unwrap<Shape>(self).forConstruction = script::truth(v); });
  cls.method("geomType(self)", [](Arguments& a) { return script::makeStr(shapeOf(a).geomType()); });
  cls.method("ShapeType(self)", [](Arguments& a) { return script::makeStr(shapeOf(a).shapeType()); });
  cls.method("hashCode(self)", [](Arguments& a) { return Value(shapeOf(a).hashCode()); });
  cls.method("__hash__(self)", [](Arguments& a) { return Value(shapeOf(a).hashCode()); });
  cls.method("isNull(self)", [](Arguments& a) { return Value(shapeOf(a).isNull()); });
  cls.method("isSame(self, other)", [](Arguments& a) { return Value(shapeOf(a).isSame(toShape(a[1]))); });
  cls.method("isEqual(self, other)", [](Arguments& a) { return Value(shapeOf(a).isEqual(toShape(a[1]))); });
  cls.method("__eq__(self, other)", [](Arguments& a) {
    const Shape* other = tryShape(a[1]);
    return Value(other && shapeOf(a).isSame(*other));
  });
  cls.method("Closed(self)", [](Arguments& a) { return Value(shapeOf(a).closed()); });
  cls.method("__iter__(self)", [](Arguments& a) { return script::iterate(toValue(shapeOf(a).children())); });
  cls.method("ancestors(self, shape, kind)",
             [](Arguments& a) { return toValue(shapeOf(a).ancestors(toShape(a[1]), toKind(a.text(2)))); });
  cls.method("siblings(self, shape, kind, level=1)", [](Arguments& a) {
    return toValue(shapeOf(a).siblings(toShape(a[1]), toKind(a.text(2)), static_cast<int>(a.integer(3))));
  });
  cls.method("facesIntersectedByLine(self, point, axis, tol=1e-4, direction=None)", [](Arguments& a) {
    const auto direction = a[4].isNone() ? std::nullopt : std::optional(a.text(4));
    return toList(shapeOf(a).facesIntersectedByLine(toVector(a[1]), toVector(a[2]), a.real(3), direction));
  });
}

}  // namespace cadrecode::cadquery
