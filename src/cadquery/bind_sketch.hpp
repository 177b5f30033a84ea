// What the files that bind Sketch share. One thread.
#pragma once

#include "cadquery/sketch.hpp"
#include "script/native.hpp"

namespace cadrecode::cadquery {

Sketch& sketchOf(const script::Arguments& a);  // self

// The parts of the class, by subject.
void bindSketchEdges(script::Class& cls);  // bind_sketch_edges.cpp: segment, arc, spline, ...
void bindSketchItems(script::Class& cls);  // bind_sketch_items.cpp: val, vals, indexing, callbacks, attributes

}  // namespace cadrecode::cadquery
