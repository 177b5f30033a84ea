// The shape classes for scripts, put together from their groups of methods.
#include "cadquery/bind_shapes.hpp"

#include <BRep_Builder.hxx>

#include "cadquery/free_functions.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Class;
using script::Value;

bool isShapeClass(const Value& value, TopAbs_ShapeEnum kind) {
  const Shape* shape = tryShape(value);
  return shape && shape->isClass(kind);
}

std::vector<Wire> toWires(const Value& list) {
  std::vector<Wire> wires;
  for (const Shape& shape : toShapes(list)) wires.push_back(shape.asWire());
  return wires;
}

bool isListOf(const Value& value, TopAbs_ShapeEnum kind) {
  const auto* list = value.as<script::List>();
  return list && (list->items.empty() || isShapeClass(list->items.front(), kind));
}

std::vector<Value> restOf(const Value& tuple) {
  const script::Values& items = tuple.to<script::Tuple>().items;
  return {items.begin(), items.end()};
}

namespace {

double tolerance(const Value& value) { return optionalReal(value).value_or(0.0); }

void bindBooleans(Class& cls) {
  cls.method("cut(self, *toCut, tol=None)",
             [](Arguments& a) { return toValue(shapeOf(a).cut(toShapes(a[1]), tolerance(a[2]))); });
  cls.method("fuse(self, *toFuse, glue=False, tol=None)",
             [](Arguments& a) { return toValue(shapeOf(a).fuse(toShapes(a[1]), a.boolean(2), tolerance(a[3]))); });
  cls.method("intersect(self, *toIntersect, tol=None)",
             [](Arguments& a) { return toValue(shapeOf(a).intersect(toShapes(a[1]), tolerance(a[2]))); });
  cls.method("split(self, *splitters)", [](Arguments& a) { return toValue(shapeOf(a).split(toShapes(a[1]))); });
  cls.method("__add__(self, other)", [](Arguments& a) { return toValue(func::fuse(shapeOf(a), toShape(a[1]))); });
  cls.method("__sub__(self, other)", [](Arguments& a) { return toValue(func::cut(shapeOf(a), toShape(a[1]))); });
  cls.method("__mul__(self, other)", [](Arguments& a) { return toValue(func::intersect(shapeOf(a), toShape(a[1]))); });
  cls.method("__truediv__(self, other)", [](Arguments& a) { return toValue(func::split(shapeOf(a), toShape(a[1]))); });
}

// What would hand out OpenCASCADE's own objects or touch files.
void refuse(Class& cls, const std::string& shown) {
  for (const char* name : {"exportStl", "exportStep", "exportBrep", "exportBin", "export", "toVtkPolyData"})
    cls.method(std::string(name) + "(self, *args, **kwargs)",
               [what = shown + "." + name](Arguments&) -> Value { script::throwUnsupported(what); });
  for (const char* name : {"cast", "importBrep", "importBin"})
    cls.classMethod(std::string(name) + "(cls, *args, **kwargs)",
                    [what = shown + "." + name](Arguments&) -> Value { script::throwUnsupported(what); });
  cls.property("wrapped", [what = shown + ".wrapped"](const Value&) -> Value { script::throwUnsupported(what); });
  cls.constructor("__init__(self, *args, **kwargs)",
                  [shown](Arguments&) -> Value { script::throwUnsupported(shown + "(...)"); });
}

void bindVertex(Class& cls) {
  const auto coordinate = [&](const char* name, double (Vector::*get)() const) {
    cls.property(name,
                 [get](const Value& self) { return Value((script::unwrap<Shape>(self).asVertex().point().*get)()); });
  };
  coordinate("X", &Vector::x);
  coordinate("Y", &Vector::y);
  coordinate("Z", &Vector::z);
  cls.method("toTuple(self)", [](Arguments& a) {
    const Vector p = shapeOf(a).asVertex().point();
    return script::makeTuple({p.x(), p.y(), p.z()});
  });
  cls.classMethod("makeVertex(cls, x, y, z)",
                  [](Arguments& a) { return toValue(Vertex::make(Vector(a.real(1), a.real(2), a.real(3)))); });
}

void bindCompound(Class& cls) {
  cls.classMethod("makeCompound(cls, listOfShapes)",
                  [](Arguments& a) { return toValue(Compound::make(toShapes(a[1]))); });
  cls.classMethod(
      "makeText(cls, text, size, height, font=\"Arial\", fontPath=None, kind=\"regular\", "
      "halign=\"center\", valign=\"center\", position=None)",
      [](Arguments& a) {
        Compound::TextOptions options;
        options.font = a.text(4);
        if (!a[5].isNone()) options.fontPath = a.text(5);
        options.kind = a.text(6);
        options.halign = a.text(7);
        options.valign = a.text(8);
        const Plane* position = tryPlane(a[9]);
        return toValue(
            Compound::makeText(a.text(1), a.real(2), a.real(3), options, position ? *position : Plane::named("XY")));
      });
  cls.method("remove(self, shape)", [](Arguments& a) {
    TopoDS_Shape own = shapeOf(a).wrapped();  // shares the members with the object
    BRep_Builder().Remove(own, toShape(a[1]).wrapped());
    return Value();
  });
  cls.method("__bool__(self)", [](Arguments& a) { return Value(!shapeOf(a).asCompound().empty()); });
}

void bindWireFunctions(script::Module& module) {
  module.function("sortWiresByBuildOrder(wireList)", [](Arguments& a) {
    std::vector<Value> groups;
    for (const std::vector<Wire>& group : sortWiresByBuildOrder(toWires(a[0]))) groups.push_back(toList(group));
    return script::makeList(groups);
  });
  module.function("wiresToFaces(wireList)", [](Arguments& a) { return toList(wiresToFaces(toWires(a[0]))); });
  module.function("edgesToWires(edges, tol=1e-6)",
                  [](Arguments& a) { return toList(edgesToWires(toShapes(a[0]), a.real(1))); });
}

}  // namespace

void registerShapes(script::Interpreter& interpreter) {
  constexpr const char* kModule = "cadquery.occ_impl.shapes";
  BoundClasses& classes = boundClasses();
  const auto define = [&](const char* name) { return interpreter.defineClass(kModule, name, classes.shape); };
  classes.shape = define("Shape");
  classes.vertex = define("Vertex");
  classes.edge = define("Edge");
  classes.wire = define("Wire");
  classes.face = define("Face");
  classes.shell = define("Shell");
  classes.solid = define("Solid");
  classes.compSolid = define("CompSolid");
  classes.compound = define("Compound");

  refuse(*classes.shape, "Shape");
  bindShapeQueries(*classes.shape);
  bindShapeMoves(*classes.shape);
  bindBooleans(*classes.shape);
  bindVertex(*classes.vertex);
  for (Class* cls : {classes.edge, classes.wire}) bindCurveMethods(*cls);
  bindEdge(*classes.edge);
  bindWire(*classes.wire);
  bindFace(*classes.face);
  classes.shell->classMethod("makeShell(cls, listOfFaces)",
                             [](Arguments& a) { return toValue(Shell::makeShell(toShapes(a[1]))); });
  for (Class* cls : {classes.solid, classes.compSolid, classes.compound}) bindSolidFeatures(*cls);
  bindSolid(*classes.solid);
  bindSolidSweeps(*classes.solid);
  bindCompound(*classes.compound);
  bindWireFunctions(interpreter.module(kModule));
  bindFreeFunctions(interpreter.module(kModule));
  bindFreeFunctions(interpreter.module("cadquery.func"));
}

}  // namespace cadrecode::cadquery
