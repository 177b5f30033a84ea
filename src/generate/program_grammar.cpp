#include "generate/program_grammar.hpp"

namespace cadrecode::generate {

namespace {

std::string optional(const std::string& part) { return "(" + part + ")?"; }

// A chain of solids on the workplanes w0 ... w`planes - 1`.
std::string solids(int planes) {
  const std::string digits = "([1-9][0-9]?[0-9]?[0-9]?)";
  const std::string integer = "(0|-?" + digits + ")";
  const std::string size = "(" + digits + "|(0|" + digits + ")\\.[0-9][0-9]?[0-9]?)";
  const std::string number = "(-?(0|" + digits + ")\\.[0-9][0-9]?[0-9]?|" + integer + optional("/" + digits) + ")";
  const std::string point = "\\(" + number + "," + number + "\\)";
  const std::string plane = "w[0-" + std::to_string(planes - 1) + "]";
  const std::string mode = optional(",mode='[asi]'");

  const std::string firstEdge =
      "(\\.segment\\(" + point + "," + point + "\\)|\\.arc\\(" + point + "," + point + "," + point + "\\))";
  const std::string edge = "(\\.segment\\(" + point + "\\)|\\.arc\\(" + point + "," + point + "\\))";
  const std::string outline = firstEdge + edge + "*" + optional("\\.close\\(\\)") + "\\.assemble\\(\\)";
  const std::string shape = "(\\.circle\\(" + size + mode + "\\)|\\.rect\\(" + size + "," + size + mode + "\\))";
  const std::string pushed = "\\.push\\(\\[" + point + "(," + point + ")*\\]\\)" + shape + "+";
  const std::string inner = "(" + outline + "|" + shape + "|" + pushed + "|\\.reset\\(\\))";
  const std::string face = "\\.face\\(" + plane + "\\.sketch\\(\\)" + inner + "+" + mode + "\\)";
  const std::string sketch =
      "\\.sketch\\(\\)(" + inner + "|" + face + ")+\\.finalize\\(\\)\\.extrude\\(" + number + "\\)";

  const std::string body = "(\\.box\\(" + size + "," + size + "," + size + "\\)|\\.cylinder\\(" + size + "," + size +
                           "\\)|\\.circle\\(" + size + "\\)\\.extrude\\(" + number + "\\)|\\.rect\\(" + size + "," +
                           size + "\\)\\.extrude\\(" + number + "\\))";
  const std::string simple = optional("\\.workplane\\(offset=" + number + "\\)") +
                             optional("\\.moveTo\\(" + number + "," + number + "\\)") + body;
  const std::string solid = plane + "(" + sketch + "|" + simple + ")";
  return "r=" + solid + "(\\.(union|cut|intersect)\\(" + solid + "\\))*\n";
}

}  // namespace

std::string programExpression(int mostPlanes) {
  const std::string integer = "(0|-?[1-9][0-9]?[0-9]?[0-9]?)";
  std::string planes;
  std::string programs;
  for (int count = 1; count <= mostPlanes; ++count) {
    planes += "w" + std::to_string(count - 1) + "=cq\\.Workplane\\('(XY|YZ|ZX|XZ|YX|ZY)',origin=\\(" + integer + "," +
              integer + "," + integer + "\\)\\)\n";
    programs += (count > 1 ? "|" : "") + planes + solids(count);
  }
  return "import cadquery as cq\n(" + programs + ")";
}

}  // namespace cadrecode::generate
