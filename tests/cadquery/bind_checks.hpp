// Running small scripts in the tests of the bindings.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "cadquery/engine.hpp"

namespace cadrecode::cadquery {

// What `print((<expression>))` writes after some statements, without the line's end (a tuple where it has commas); an
// error as "Type: message".
inline std::string evaluated(const std::string& expression, const std::string& statements = "") {
  static Engine engine;
  const std::string source = "import cadquery as cq\nfrom cadquery.occ_impl.shapes import *\n" + statements +
                             "\nprint((" + expression + "))\nr = cq.Workplane()\n";
  const RunResult result = engine.run(source);
  if (result.error) return result.error->type + ": " + result.error->message;
  return result.output.substr(0, result.output.size() - 1);
}

}  // namespace cadrecode::cadquery
