// A program of the CAD-Recode dialect as its parts: planes, and bodies made of a box, a cylinder or an extruded sketch
// of regions. Values; stateless, any thread. Lengths in the program's units.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cadrecode::dataset {

struct Region {
  std::string shape;        // "loop", "circle", "rect", "face"
  bool subtracted = false;  // mode='s'
  std::vector<int> edges;   // of the loop, or of the loops of a face
};

struct Body {
  std::string kind;   // "box", "cylinder", "sketch"
  double height = 0;  // of the extrusion, signed
  std::vector<Region> regions;
  // "loop", "loop-circle", "loop+face": the regions in order with their signs.
  std::string pattern() const;
};

struct DialectProgram {
  std::vector<std::string> planes;  // "XY", "YZ", "ZX", one a Workplane
  std::vector<Body> bodies;         // in the order of the text
};

// Error("ValueError") with the line and what is not of the dialect.
DialectProgram parseDialect(std::string_view script);

}  // namespace cadrecode::dataset
