// The texts that count as complete programs of the CAD-Recode dialect, as one regular expression for ByteAutomaton.
#pragma once

#include <string>

namespace cadrecode::generate {

// Programs with one to `mostPlanes` named workplanes (w0, w1, ...), which are used only when they were defined: the
// import, a line a workplane, and a result of boxes, cylinders, and extruded sketches with holes, joined by unions.
// Every text of the language is a script that the parser of `script` takes.
std::string programExpression(int mostPlanes = 4);

}  // namespace cadrecode::generate
