// The modules scripts import: `cadquery` and what people import from inside it. The classes come from the other
// binding files; here they get their places and names.
#include <fmt/format.h>

#include <array>

#include "cadquery/bind.hpp"

namespace cadrecode::cadquery {

namespace {

// What `from cadquery import *` gives.
constexpr std::array kExported = {"CQ",
                                  "Workplane",
                                  "Assembly",
                                  "Color",
                                  "Constraint",
                                  "plugins",
                                  "selectors",
                                  "Plane",
                                  "BoundBox",
                                  "Matrix",
                                  "Vector",
                                  "Location",
                                  "sortWiresByBuildOrder",
                                  "Shape",
                                  "Vertex",
                                  "Edge",
                                  "Wire",
                                  "Face",
                                  "Solid",
                                  "Shell",
                                  "Compound",
                                  "exporters",
                                  "importers",
                                  "NearestToPointSelector",
                                  "ParallelDirSelector",
                                  "DirectionSelector",
                                  "PerpendicularDirSelector",
                                  "TypeSelector",
                                  "DirectionMinMaxSelector",
                                  "StringSyntaxSelector",
                                  "Selector",
                                  "Sketch"};

// Functions that would touch files: there to be refused by name when they are called.
void refuse(script::Module& module, const std::string& shown, std::initializer_list<const char*> names,
            const std::string& advice) {
  for (const char* name : names) {
    const std::string what = fmt::format("{}.{} ({})", shown, name, advice);
    module.function(fmt::format("{}(*args, **kwargs)", name),
                    [what](script::Arguments&) -> script::Value { script::throwUnsupported(what); });
  }
}

void copyNames(script::Module& from, script::Module& to, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const script::Value* value = from.find(name)) to.add(name, *value);
  }
}

}  // namespace

BoundClasses& boundClasses() {
  static BoundClasses classes;
  return classes;
}

void registerCadquery(script::Interpreter& interpreter) {
  const script::PermanentScope scope;
  registerGeometry(interpreter);
  registerShapes(interpreter);
  registerSelectors(interpreter);
  registerSketch(interpreter);
  registerWorkplane(interpreter);
  registerAssembly(interpreter);

  const BoundClasses& classes = boundClasses();
  script::Module& cadquery = interpreter.module("cadquery");
  script::Module& shapes = interpreter.module("cadquery.occ_impl.shapes");
  script::Module& geometry = interpreter.module("cadquery.occ_impl.geom");
  script::Module& selectors = interpreter.module("cadquery.selectors");
  for (script::Class* cls : {classes.vector, classes.matrix, classes.plane, classes.location, classes.boundBox}) {
    cadquery.add(cls);
    geometry.add(cls);
  }
  for (script::Class* cls : {classes.shape, classes.vertex, classes.edge, classes.wire, classes.face, classes.shell,
                             classes.solid, classes.compSolid, classes.compound}) {
    if (cls != classes.compSolid) cadquery.add(cls);  // as in CadQuery: only below occ_impl
    shapes.add(cls);
  }
  // CadQuery's own modules import these, and scripts take them from there.
  for (script::Class* cls : {classes.vector, classes.plane, classes.location, classes.boundBox, classes.matrix}) {
    shapes.add(cls);
  }
  cadquery.add(classes.workplane);
  cadquery.add("CQ", script::Value(classes.workplane));
  cadquery.add(classes.sketch);
  cadquery.add(classes.assembly);
  interpreter.module("cadquery.cq").add(classes.workplane).add("CQ", script::Value(classes.workplane));
  interpreter.module("cadquery.sketch").add(classes.sketch).add(classes.vector).add(classes.location);
  interpreter.module("cadquery.assembly").add(classes.assembly);
  copyNames(selectors, cadquery,
            {"NearestToPointSelector", "ParallelDirSelector", "DirectionSelector", "PerpendicularDirSelector",
             "TypeSelector", "DirectionMinMaxSelector", "StringSyntaxSelector", "Selector"});
  copyNames(shapes, cadquery, {"sortWiresByBuildOrder"});
  copyNames(interpreter.module("cadquery.assembly"), cadquery, {"Color", "Constraint"});
  interpreter.module("cadquery.plugins");

  for (const char* module : {"cadquery.exporters", "cadquery.occ_impl.exporters"}) {
    refuse(interpreter.module(module), "exporters", {"export", "exportShape", "exportDXF", "toString", "getSVG"},
           "a script cannot write files; name the output on the command line");
  }
  for (const char* module : {"cadquery.importers", "cadquery.occ_impl.importers"}) {
    refuse(interpreter.module(module), "importers",
           {"importShape", "importStep", "importDXF", "importBrep", "importBin"}, "a script cannot read files");
  }
  refuse(interpreter.module("cadquery.vis"), "vis", {"show", "show_object"}, "there is no display");

  cadquery.add("__version__", script::makeStr("2.5-dev"));
  std::vector<script::Value> exported;
  for (const char* name : kExported) {
    if (cadquery.find(name)) exported.push_back(script::makeStr(name));
  }
  cadquery.add("__all__", script::makeList(exported));
}

}  // namespace cadrecode::cadquery
