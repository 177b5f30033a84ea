// How the free functions take shapes apart: compounds are unpacked, edges become wires, other kinds are refused with
// CadQuery's ValueErrors. Stateless.
#pragma once

#include <initializer_list>
#include <vector>

#include "cadquery/shape.hpp"

namespace cadrecode::cadquery::func {

// The shape, or the members of a compound, all of the given kinds.
std::vector<Shape> partsOf(const Shape& shape, std::initializer_list<TopAbs_ShapeEnum> kinds);
// The shape, or the first member of a compound.
Shape partOf(const Shape& shape, std::initializer_list<TopAbs_ShapeEnum> kinds);
Wire wireOf(const Shape& shape);
std::vector<Wire> wiresOf(const Shape& shape);
std::vector<Shape> edgesOf(const Shape& shape);

// Sections for sweeps and lofts, gathered across the shapes given: one list a body. The first and last section may be a
// vertex. Empty when the shapes have no faces (no wires).
std::vector<std::vector<Shape>> faceLists(const std::vector<Shape>& sections);
std::vector<std::vector<Shape>> wireLists(const std::vector<Shape>& sections);

}  // namespace cadrecode::cadquery::func
