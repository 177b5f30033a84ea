// Whether the kernel can be expected to build a program: what a search must not change a program into. Stateless.
#pragma once

#include "search/dialect_program.hpp"

namespace cadrecode::search {

// Sizes above zero, no edge without length, no arc through points of a line, no outline that crosses or touches itself
// (arcs taken as chords).
bool isSound(const Loop& loop);
bool isSound(const Body& body);
bool isSound(const Program& program);

}  // namespace cadrecode::search
