#include "cadquery/sketch.hpp"
#include "cadquery/workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

const Face& faceAt(const std::vector<Face>& faces, int index) {
  const int at = index < 0 ? index + static_cast<int>(faces.size()) : index;
  if (at < 0 || at >= static_cast<int>(faces.size())) throw Error("IndexError", "list index out of range");
  return faces[static_cast<std::size_t>(at)];
}

void refuseTaperedHoles(const std::vector<Face>& faces, double taper) {
  if (taper == 0) return;
  for (const Face& face : faces)
    if (!face.innerWires().empty()) throwValueError("Inner wires not allowed with tapered extrusion");
}

// The index CadQuery gives to "next" and "last" among the faces ahead, else the face itself; no value: a length.
std::optional<std::variant<int, Face>> limitOf(const Until& until) {
  if (const auto* face = std::get_if<Face>(&until)) return *face;
  if (const auto* text = std::get_if<std::string>(&until)) {
    if (*text == "next") return 0;
    if (*text == "last") return -1;
    throwValueError("Do not know how to handle until argument of type <class 'str'>");
  }
  return std::nullopt;
}

}  // namespace

std::vector<Face> Workplane::getFaces() const {
  std::vector<Face> faces;
  for (const Item& item : step_->objects) {
    if (const auto* sketch = std::get_if<SketchPtr>(&item)) {
      for (const Shape& member : (*sketch)->members()) faces.push_back(member.asFace());
    } else if (const Shape* face = shapeOf(item, TopAbs_FACE)) {
      faces.push_back(face->asFace());
    } else if (const Shape* compound = shapeOf(item, TopAbs_COMPOUND)) {
      for (const Shape& child : compound->children())
        if (child.isClass(TopAbs_FACE)) faces.push_back(child.asFace());
    }
  }
  return faces.empty() ? wiresToFaces(context_->popPendingWires()) : faces;
}

std::vector<Face> Workplane::facesToward(const Face& face, const Vector& direction, bool additive, bool both) const {
  const std::string side = additive ? "AlongAxis" : "Opposite";
  std::vector<Face> found = findSolid().facesIntersectedByLine(face.center(), direction, 1e-4, side);
  if (!found.empty()) return found;
  if (both)
    throwValueError(
        "Couldn't find a face to extrude/cut to for at least one of the two required directions of extrusion/cut.");
  found = findSolid().facesIntersectedByLine(face.center(), -direction, 1e-4, side);
  if (found.empty()) throwValueError("Couldn't find a face to extrude/cut to. Check your workplane orientation.");
  return found;
}

Shape Workplane::extrudeBy(double distance, bool both, double taper) const {
  const std::vector<Face> faces = getFaces();
  refuseTaperedHoles(faces, taper);
  const Vector direction = plane().zDir() * distance;
  std::vector<Shape> solids;
  for (const Face& face : faces) {
    Shape solid = Solid::extrudeLinear(face, direction, taper);
    if (both) solid = solid.fuse({Solid::extrudeLinear(face, -direction, taper)}, true);
    solids.push_back(solid);
  }
  return Compound::make(solids);
}

Shape Workplane::extrudeTo(const std::variant<int, Face>& limit, bool both, double taper, bool additive) const {
  const std::vector<Face> faces = getFaces();
  refuseTaperedHoles(faces, taper);
  const Vector direction = plane().zDir();
  Shape body = findSolid();
  const auto* given = std::get_if<Face>(&limit);
  int index = given ? 0 : std::get<int>(limit);
  for (const Face& face : faces) {
    std::optional<Face> limitFace;
    if (given) {
      limitFace = *given;
    } else {
      const std::vector<Face> ahead = facesToward(face, direction, additive, both);
      // From inside the body the nearest face ahead is where it is left; CadQuery goes on to the one after it, and
      // stays with that for the profiles that follow.
      if (body.isInside(face.outerWire().center()) && additive && index == 0) index = 1;
      limitFace = faceAt(ahead, index);
    }
    body = dprism(body, std::nullopt, std::vector<Face>{face}, std::nullopt, taper, limitFace, true, additive);
    if (both) {
      const std::vector<Face> behind = facesToward(face, -direction, additive, both);
      if (given) throwTypeError("list indices must be integers or slices, not Face");
      body = dprism(body, std::nullopt, std::vector<Face>{face}, std::nullopt, taper, faceAt(behind, index), true,
                    additive);
    }
  }
  return body;
}

Workplane Workplane::extrude(const Until& until, Combine combine, bool clean, bool both,
                             std::optional<double> taper) const {
  if (combine == Combine::cut) return cutBlind(until, clean, both, taper);
  if (combine == Combine::no && !std::holds_alternative<double>(until))
    throwValueError("`combine` can't be set to False when extruding until a face");
  const double angle = taper.value_or(0.0);
  const auto limit = limitOf(until);
  const Shape result = limit ? extrudeTo(*limit, both, angle, true) : extrudeBy(std::get<double>(until), both, angle);
  return combineWithBase(result, combine, clean);
}

Workplane Workplane::cutBlind(const Until& until, bool clean, bool both, std::optional<double> taper) const {
  const double angle = taper.value_or(0.0);
  Shape result;
  if (const auto limit = limitOf(until)) {
    result = extrudeTo(*limit, both, angle, false);
  } else {
    const Shape tool = extrudeBy(std::get<double>(until), both, angle);
    result = findSolid().cut({tool});
  }
  return newObject({clean ? result.clean() : result});
}

Workplane Workplane::cutThruAll(bool clean, double taper) const {
  const Shape body = findSolid();
  const Shape result = dprism(body, std::nullopt, getFaces(), std::nullopt, -taper, std::nullopt, true, false);
  return newObject({clean ? result.clean() : result});
}

Workplane Workplane::twistExtrude(double distance, double degrees, Combine combine, bool clean) const {
  const Vector direction = plane().zDir() * distance;
  std::vector<Shape> shapes;
  for (const Face& face : getFaces())
    shapes.push_back(Solid::extrudeLinearWithRotation(face, plane().origin(), direction, degrees));
  return combineWithBase(Compound::make(shapes).fuse({}), combine, clean);
}

Workplane Workplane::text(const std::string& text, double size, double distance, bool cut, Combine combine, bool clean,
                          const Compound::TextOptions& options) const {
  const Shape letters = Compound::makeText(text, size, distance, options, plane());
  return combineWithBase(letters, cut ? Combine::cut : combine, clean);
}

}  // namespace cadrecode::cadquery
