// The parts a model is asked about: which files, under which names, and as the cloud the model takes.
// Values; one thread a pool.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cloud/recipe.hpp"
#include "sandbox/script_pool.hpp"

namespace cadrecode::inference {

struct InputFile {
  std::string path;
  std::string name;  // distinct, fit for a file name
};

// Files, and of folders every cloud, mesh, STEP or BREP file below them, sorted. The name is the file's own without its
// ending; files that would share one are told apart by their folders and endings: "a__part.stl", "b__part.stl".
// Error(input) for a path that does not exist and a folder without such files.
std::vector<InputFile> listInputFiles(const std::vector<std::string>& arguments);

struct InputCloud {
  std::vector<float> points;  // x, y, z of every point
  cloud::Frame cloudFrame;    // from the cloud's numbers to the part
  cloud::Frame programFrame;  // from the program's numbers to the part
};

// Shapes (STEP, BREP, programs) are read in a worker of `shapes`. An array or table of 256 points, or as many as
// the recipe asks for, all within [-1, 1], is taken as it is, from its first point on: somebody prepared it, a cache for
// example. Error(input) naming the file and the reason.
InputCloud prepareCloud(const InputFile& file, sandbox::ScriptPool& shapes, const cloud::Recipe& recipe,
                        std::uint64_t seed);

}  // namespace cadrecode::inference
