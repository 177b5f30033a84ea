// Lines of the corpus beside the checkout, when it is there.
#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace cadrecode::search {

inline std::vector<nlohmann::json> corpusLines(const std::string& name) {
  std::vector<nlohmann::json> lines;
  std::ifstream in(std::filesystem::path(CADRECODE_SOURCE_DIR) / ".." / "shared" / "corpus" / name);
  for (std::string line; std::getline(in, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

// Programs of our own in the dialect: every kind of body, region and plane.
inline const std::vector<std::string>& ownPrograms() {
  static const std::vector<std::string> programs = {
      "import cadquery as cq\n"
      "w0=cq.Workplane('XY',origin=(0,0,-20))\n"
      "r=w0.workplane(offset=40/2).box(160,60,40)\n",
      "import cadquery as cq\n"
      "w0=cq.Workplane('ZX',origin=(0,12,0))\n"
      "w1=cq.Workplane('YZ',origin=(-31,0,0))\n"
      "r=w0.workplane(offset=-24/2).moveTo(10.5,-7).cylinder(24,33).union(w1.workplane(offset=62/2).moveTo(3,8.5).box("
      "5,41,62))\n",
      "import cadquery as cq\n"
      "w0=cq.Workplane('YZ',origin=(5,0,0))\n"
      "r=w0.sketch().segment((-80,-40),(60,-40)).segment((60,10)).arc((40,50),(-10,30)).segment((-80,45)).close()"
      ".assemble().push([(-30,-5)]).circle(18,mode='s').circle(7).push([(20,-18.5)]).rect(30,9,mode='s').finalize()"
      ".extrude(-44)\n",
      "import cadquery as cq\n"
      "w0=cq.Workplane('XY',origin=(0,0,-9))\n"
      "w1=cq.Workplane('ZX',origin=(0,-40,0))\n"
      "r=w0.sketch().push([(-20,0.5)]).rect(90,73).reset().face(w0.sketch().segment((-50,-20),(-20,-26)).segment((-15,"
      "12)).close().assemble(),mode='s').push([(61,3)]).circle(27).finalize().extrude(37).union(w1.sketch().arc((-60,"
      "-20),(-33,-47),(-6,-20)).arc((-33,7),(-60,-20)).assemble().finalize().extrude(81))\n"};
  return programs;
}

}  // namespace cadrecode::search
