#include "cadquery/free_functions.hpp"
#include "cadquery/normalized_shape.hpp"
#include "solid/boolean.hpp"
#include "solid/merge.hpp"

namespace cadrecode::cadquery::func {

Shape fuse(const Shape& a, const Shape& b, double tol) {
  return compoundOrShape(solid::fuse({a.wrapped()}, {b.wrapped()}, {.glue = false, .tol = tol}));
}

Shape cut(const Shape& a, const Shape& b, double tol) {
  return compoundOrShape(solid::cut({a.wrapped()}, {b.wrapped()}, {.glue = false, .tol = tol}));
}

Shape intersect(const Shape& a, const Shape& b, double tol) {
  return compoundOrShape(solid::common({a.wrapped()}, {b.wrapped()}, {.glue = false, .tol = tol}));
}

Shape split(const Shape& a, const Shape& b) { return compoundOrShape(solid::split({a.wrapped()}, {b.wrapped()})); }

Shape clean(const Shape& shape) { return compoundOrShape(solid::mergeSameDomain(shape.wrapped())); }

}  // namespace cadrecode::cadquery::func
