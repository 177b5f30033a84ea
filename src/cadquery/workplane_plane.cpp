#include <algorithm>
#include <cmath>

#include "cadquery/workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

// CadQuery's test lets normals through that agree in a single component; so does this.
bool coplanar(const Face& a, const Face& b, double tolerance) {
  const Vector na = a.normalAt(), nb = b.normalAt();
  const Vector difference = na - nb;
  if (std::fabs(difference.x()) >= tolerance && std::fabs(difference.y()) >= tolerance &&
      std::fabs(difference.z()) >= tolerance)
    return false;
  return std::fabs(na.dot(a.center() - b.center())) < tolerance;
}

// Along the intersection with the horizontal plane; global X for horizontal faces.
Vector xDirectionFor(const Vector& normal, double tolerance) {
  const Vector x = Vector(0, 0, 1).cross(normal);
  return x.length() < tolerance ? Vector(1, 0, 0) : x;
}

struct Frame {
  Vector center, xDir, normal;
};

Frame frameOfFaces(const Items& objects, CenterOption option, double tolerance) {
  std::vector<Face> faces;
  for (const Item& item : objects)
    if (const Shape* face = shapeOf(item, TopAbs_FACE)) faces.push_back(face->asFace());
  const bool planar = std::all_of(faces.begin(), faces.end(), [](const Face& face) {
    const std::string type = face.geomType();
    return type == "PLANE" || type == "CIRCLE";
  });
  if (!planar || faces.size() < objects.size())
    throwValueError("If multiple objects selected, they all must be planar faces.");
  for (std::size_t i = 1; i < faces.size(); ++i)
    if (!coplanar(faces[0], faces[i], tolerance)) throwValueError("Selected faces must be co-planar.");

  const std::vector<Shape> shapes = selectShapes(objects);
  const Vector center = option == CenterOption::centerOfBoundBox ? Shape::combinedCenterOfBoundBox(shapes)
                                                                 : Shape::combinedCenter(shapes);
  const Vector normal = faces[0].normalAt();
  return {center, xDirectionFor(normal, tolerance), normal};
}

}  // namespace

Workplane Workplane::workplane(double offset, bool invert, CenterOption centerOption,
                               const std::optional<Vector>& origin) const {
  const double tolerance = context_->tolerance;
  Frame frame;
  if (step_->objects.size() > 1) {
    frame = frameOfFaces(step_->objects, centerOption, tolerance);
  } else {
    const Item object = val();
    const Shape* shape = shapeOf(object);
    const auto* point = std::get_if<Vector>(&object);
    if (!shape && !point) throwValueError("Needs a face or a vertex or point on a work plane");
    frame.center = point                                            ? *point
                   : centerOption == CenterOption::centerOfBoundBox ? shape->centerOfBoundBox()
                                                                    : shape->center();
    // A point or a vertex takes the direction of the face it was selected from.
    const Item owner = shapeOf(object, TopAbs_FACE) ? object
                       : step_->parent              ? Workplane(step_->parent, context_).val()
                                                    : Item(Vector());
    if (const Shape* face = shapeOf(owner, TopAbs_FACE)) {
      frame.normal = face->asFace().normalAt(frame.center);
      frame.xDir = xDirectionFor(frame.normal, tolerance);
    } else {
      frame.normal = plane().zDir();
      frame.xDir = plane().xDir();
    }
  }

  if (centerOption == CenterOption::projectedOrigin)
    frame.center = origin.value_or(plane().origin()).projectToPlane(Plane(frame.center, frame.xDir, frame.normal));
  if (invert) frame.normal = -frame.normal;
  const Vector center = frame.center + frame.normal.normalized() * offset;

  Workplane next(Plane(center, frame.xDir, frame.normal));
  next.step_->parent = step_;
  next.context_ = context_;
  return next;
}

Workplane Workplane::copyWorkplane(const Workplane& other) const {
  Workplane next(other.plane());
  next.step_->parent = step_;
  next.context_ = context_;
  return next;
}

Workplane Workplane::workplaneFromTagged(const std::string& name) const { return copyWorkplane(tagged(name)); }

Workplane Workplane::center(double x, double y) const {
  Workplane next = newObject({plane().toWorldCoords(x, y)});
  next.step_->plane.setOrigin2d(x, y);
  return next;
}

Workplane Workplane::transformed(const Vector& rotate, const Vector& offset) const {
  Plane turned = plane().rotated(rotate);
  turned.setOrigin(plane().toWorldCoords(offset));
  Workplane next = newObject({turned.origin()});
  next.step_->plane = turned;
  return next;
}

}  // namespace cadrecode::cadquery
