// CadQuery's Sketch (cadquery.sketch): faces built up by boolean modes, loose edges, and a selection of shapes or
// places. Shared by reference as in Python: every method changes the sketch and returns it. One thread; lengths in
// script units, angles in degrees. Not there: constraints and their solver, DXF import, export.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cadquery/geometry.hpp"
#include "cadquery/selector.hpp"
#include "cadquery/shape.hpp"

namespace cadrecode::cadquery {

class ForeignItem;
class Sketch;
class Workplane;
using SketchPtr = std::shared_ptr<Sketch>;
// What may stand in a selection, as on a Workplane's stack. Only map and apply bring in other things than shapes and
// locations.
using SketchItem = std::variant<Vector, Location, Shape, SketchPtr, std::shared_ptr<const ForeignItem>>;
using SketchItems = std::vector<SketchItem>;

class Sketch {
 public:
  explicit Sketch(std::shared_ptr<Workplane> parent = nullptr, std::vector<Location> locs = {Location()},
                  std::optional<Compound> faces = std::nullopt);
  ~Sketch();
  Sketch(const Sketch&) = delete;
  Sketch& operator=(const Sketch&) = delete;

  // A sketch of these faces, whatever their class.
  static SketchPtr of(const Shape& faces);
  // A workplane and the sketch on its stack hold each other; this ends it for all sketches of this thread. Call it when
  // a run has ended: finalize() gives null from then on.
  static void releaseParents();

  std::shared_ptr<Workplane> finalize() const { return parent_; }
  const std::vector<Location>& locations() const { return locs_; }
  // The underlying compound, or a single face after the first fusion into an empty sketch (as in CadQuery).
  const Shape& faceShape() const { return faces_; }
  bool hasFaces() const;
  const std::vector<Shape>& looseEdges() const { return edges_; }
  // Iteration: the faces, else the loose edges, at each of the sketch's locations.
  std::vector<Shape> members() const;

  // mode: "a" add, "s" subtract, "i" intersect, "c" construct (tag needed), "r" replace. tag: empty for none.
  Sketch& face(const Wire& wire, double angle = 0, const std::string& mode = "a", const std::string& tag = "",
               bool ignoreSelection = false);
  Sketch& face(const std::vector<Shape>& edges, double angle = 0, const std::string& mode = "a",
               const std::string& tag = "", bool ignoreSelection = false);
  // A wire is filled; of any other shape the faces are taken.
  Sketch& face(const Shape& shape, double angle = 0, const std::string& mode = "a", const std::string& tag = "",
               bool ignoreSelection = false);
  Sketch& face(const Sketch& sketch, double angle = 0, const std::string& mode = "a", const std::string& tag = "",
               bool ignoreSelection = false);
  Sketch& rect(double w, double h, double angle = 0, const std::string& mode = "a", const std::string& tag = "");
  Sketch& circle(double r, const std::string& mode = "a", const std::string& tag = "");
  Sketch& ellipse(double a1, double a2, double angle = 0, const std::string& mode = "a", const std::string& tag = "");
  Sketch& trapezoid(double w, double h, double a1, std::optional<double> a2 = std::nullopt, double angle = 0,
                    const std::string& mode = "a", const std::string& tag = "");
  Sketch& slot(double w, double h, double angle = 0, const std::string& mode = "a", const std::string& tag = "");
  Sketch& regularPolygon(double r, int n, double angle = 0, const std::string& mode = "a", const std::string& tag = "");
  Sketch& polygon(const std::vector<Vector>& points, double angle = 0, const std::string& mode = "a",
                  const std::string& tag = "");

  // Selections of places. ValueError for less than one element.
  Sketch& rarray(double xs, double ys, int nx, int ny);
  Sketch& parray(double r, double a1, double da, int n, bool rotate = true);
  Sketch& distribute(int n, double start = 0, double stop = 1, bool rotate = true);
  Sketch& push(SketchItems places, const std::string& tag = "");

  // Puts what the callback makes at every selected place (else at the origin) and joins it by the mode.
  using Made = std::variant<Shape, SketchPtr>;
  Sketch& each(const std::function<Made(const Location&)>& callback, const std::string& mode = "a",
               const std::string& tag = "", bool ignoreSelection = false);

  Sketch& hull(const std::string& mode = "a", const std::string& tag = "");
  Sketch& offset(double d, const std::string& mode = "a", const std::string& tag = "");
  Sketch& fillet(double d);
  Sketch& chamfer(double d);
  Sketch& clean();

  // Null selector: all. tag: empty for the selection or, without one, the whole sketch.
  Sketch& faces(const SelectorPtr& selector = nullptr, const std::string& tag = "");
  Sketch& wires(const SelectorPtr& selector = nullptr, const std::string& tag = "");
  Sketch& edges(const SelectorPtr& selector = nullptr, const std::string& tag = "");
  Sketch& vertices(const SelectorPtr& selector = nullptr, const std::string& tag = "");
  Sketch& tag(const std::string& tag);
  Sketch& select(const std::vector<std::string>& tags);
  Sketch& reset();
  Sketch& deleteSelected();

  Sketch& edge(Edge edge, const std::string& tag = "", bool forConstruction = false);
  Sketch& segment(const Vector& p1, const Vector& p2, const std::string& tag = "", bool forConstruction = false);
  Sketch& segment(const Vector& p2, const std::string& tag = "", bool forConstruction = false);
  Sketch& segment(double length, double angle, const std::string& tag = "", bool forConstruction = false);
  Sketch& arc(const Vector& p1, const Vector& p2, const Vector& p3, const std::string& tag = "",
              bool forConstruction = false);
  Sketch& arc(const Vector& p2, const Vector& p3, const std::string& tag = "", bool forConstruction = false);
  Sketch& arc(const Vector& center, double r, double a, double da, const std::string& tag = "",
              bool forConstruction = false);
  Sketch& spline(const std::vector<Vector>& points, const std::vector<Vector>& tangents = {}, bool periodic = false,
                 const std::string& tag = "", bool forConstruction = false);
  Sketch& bezier(const std::vector<Vector>& points, const std::string& tag = "", bool forConstruction = false);
  Sketch& close(const std::string& tag = "");
  Sketch& assemble(const std::string& mode = "a", const std::string& tag = "");

  // New sketches with the faces only.
  SketchPtr copy() const;
  SketchPtr moved(const Location& location) const;
  SketchPtr moved(const std::vector<Location>& locations) const;
  SketchPtr located(const Location& location) const;
  SketchPtr operator+(const Sketch& other) const;
  SketchPtr operator-(const Sketch& other) const;
  SketchPtr operator*(const Sketch& other) const;
  SketchPtr operator/(const Sketch& other) const;

  // The selection, else the faces, else the loose edges.
  SketchItem val() const;
  SketchItems vals() const;
  Sketch& add();
  Sketch& subtract();
  Sketch& replace();
  // What __getitem__, filter, map, apply and sort come down to.
  Sketch& setSelection(SketchItems items);
  const std::optional<SketchItems>& selection() const { return selection_; }

 private:
  bool anySelected() const { return selection_ && !selection_->empty(); }
  std::vector<Location> places(bool ignoreSelection) const;
  std::vector<Location> selectedOrOrigin() const;
  Sketch& eachMoved(const Shape& shape, double angle, const std::string& mode, const std::string& tag,
                    bool ignoreSelection);
  Sketch& eachLocated(const Shape& shape, const std::string& mode, const std::string& tag);
  Sketch& join(const std::vector<Shape>& made, const std::string& mode, const std::string& tag);
  std::vector<std::pair<Face, std::vector<Shape>>> matchFacesToVertices() const;
  Sketch& choose(const SelectorPtr& selector, TopAbs_ShapeEnum kind, const std::string& tag);
  const SketchItems& tagged(const std::string& tag) const;
  Vector firstPoint() const;
  Vector lastPoint() const;

  std::shared_ptr<Workplane> parent_;
  std::vector<Location> locs_;
  Shape faces_;
  std::vector<Shape> edges_;
  std::optional<SketchItems> selection_;
  std::map<std::string, SketchItems> tags_;
};

}  // namespace cadrecode::cadquery
