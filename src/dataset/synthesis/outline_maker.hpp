// Random outlines of the kind that mechanical parts have: angles, slots, rounded and notched plates, toothed discs, and
// what unions and differences of a few discs and rectangles leave. Around the origin, inside a square of side 2.
#pragma once

#include "core/random.hpp"
#include "dataset/synthesis/profile.hpp"

namespace cadrecode::synthesis {

// How many edges an outline has, drawn from what real programs have.
int drawEdgeCount(Random& random);

// An outline of that many edges where a few hundred tries find one, else of another number; never a lone circle or a
// rectangle along the axes. Counter-clockwise; its box is centred and its longest side is 2.
PlanarLoop makeOutline(Random& random, int edges);

}  // namespace cadrecode::synthesis
