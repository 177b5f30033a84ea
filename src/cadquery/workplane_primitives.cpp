#include "cadquery/workplane.hpp"

namespace cadrecode::cadquery {

Workplane Workplane::box(double length, double width, double height, Centered centered, Combine combine,
                         bool clean) const {
  const Vector offset(centered.x ? -length / 2 : 0, centered.y ? -width / 2 : 0, centered.z ? -height / 2 : 0);
  return eachpoint(Solid::makeBox(length, width, height, offset), true, combine, clean);
}

Workplane Workplane::sphere(double radius, const Vector& direct, double angle1, double angle2, double angle3,
                            Centered centered, Combine combine, bool clean) const {
  const Vector offset(centered.x ? 0 : radius, centered.y ? 0 : radius, centered.z ? 0 : radius);
  return eachpoint(Solid::makeSphere(radius, offset, direct, angle1, angle2, angle3), true, combine, clean);
}

Workplane Workplane::cylinder(double height, double radius, const Vector& direct, double angle, Centered centered,
                              Combine combine, bool clean) const {
  const Vector offset(centered.x ? 0 : radius, centered.y ? 0 : radius, centered.z ? -height / 2 : 0);
  return eachpoint(Solid::makeCylinder(radius, height, offset, direct, angle), true, combine, clean);
}

Workplane Workplane::wedge(double dx, double dy, double dz, double xmin, double zmin, double xmax, double zmax,
                           const Vector& dir, Centered centered, Combine combine, bool clean) const {
  const Vector offset(centered.x ? -dx / 2 : 0, centered.y ? -dy / 2 : 0, centered.z ? -dz / 2 : 0);
  return eachpoint(Solid::makeWedge(dx, dy, dz, xmin, zmin, xmax, zmax, offset, dir), true, combine, clean);
}

}  // namespace cadrecode::cadquery
