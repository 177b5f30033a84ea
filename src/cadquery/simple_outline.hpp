// Outlines of straight lines and circular arcs that plainly bound a planar face: a short way to what the kernel's
// general face building and repair arrive at for them, many times faster. Stateless.
#pragma once

#include <TopoDS_Face.hxx>
#include <TopoDS_Wire.hxx>
#include <optional>

namespace cadrecode::cadquery {

// The face inside the outline, sharing its edges; nothing when the outline is not so plain that the kernel would take
// it as it is (open, touching itself, loose ends, tiny edges, other curves, tolerances above the kernel's least).
std::optional<TopoDS_Face> faceOfSimpleOutline(const TopoDS_Wire& outline);

}  // namespace cadrecode::cadquery
