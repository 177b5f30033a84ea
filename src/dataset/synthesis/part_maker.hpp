// Whole parts at random: how many bodies, on which planes, of which sketches, and how they stand to each other; then
// put on the grid. The shares are those measured on CAD-Recode v1.5's programs.
#pragma once

#include <optional>
#include <vector>

#include "core/random.hpp"
#include "dataset/synthesis/program.hpp"
#include "dataset/synthesis/sketch_maker.hpp"

namespace cadrecode::synthesis {

// What a part is to consist of. Drawn apart from the geometry: a try that fails is made again for the same wish, so
// that rich parts are not rarer than plain ones for failing more often.
struct PartWish {
  struct Body {
    enum class Kind { box, cylinder, sketch, again };  // again: one more like the body before
    Kind kind = Kind::sketch;
    SketchWish sketch;
    bool secondPlane = false;
    Combine combine = Combine::unite;  // cuts and intersections lie within the bodies before them
  };
  Plane plane = Plane::xy, second = Plane::xy;
  std::vector<Body> bodies;
};

PartWish drawPartWish(Random& random);

// A part on the integer grid, centred, its longest side 200; nothing where the grid spoiled the try.
std::optional<Program> makePart(Random& random, const PartWish& wish);

}  // namespace cadrecode::synthesis
