// A program of the dialect as a script for people: in the part's own units and place, dimensions named at the top.
// Stateless, any thread.
#pragma once

#include <string>

#include "cloud/frame.hpp"
#include "search/dialect_program.hpp"

namespace cadrecode::search {

// `about` becomes a comment at the head, a line each. The script builds what `program` builds, moved by `frame`; it
// runs in CadQuery. Numbers are rounded to a millionth of 200 units of the frame.
std::string partScript(const Program& program, const cloud::Frame& frame, const std::string& about);

// A script outside the dialect with its result brought to the part's own units and place.
std::string partScript(const std::string& script, const cloud::Frame& frame, const std::string& about);

}  // namespace cadrecode::search
