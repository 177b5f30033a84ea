// CadQuery's Workplane in C++: a chain of modelling steps. Every step holds a stack of items, a plane whose coordinates
// the drawing methods use, and the step it was made from; steps of one chain share a context (pending wires and edges,
// tags). A Workplane is a handle on one step: cheap to copy, its methods return the next step and leave this one as it
// is (but add, toPending and tag, which return the same step). Not shared between threads. Lengths in script units,
// angles in degrees. Errors have CadQuery's exception types and words; Standard_Failure of the kernel passes through.
#pragma once

#include <array>
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

class Sketch;

// Something on a stack that CadQuery does not know: what a callback of map or apply returned, say.
class ForeignItem {
 public:
  virtual ~ForeignItem() = default;
  virtual std::string typeName() const = 0;  // as Python's type() prints it, "float"
};

using Item = std::variant<Vector, Location, Shape, std::shared_ptr<Sketch>, std::shared_ptr<const ForeignItem>>;
using Items = std::vector<Item>;
using PointOrLocation = std::variant<Vector, Location>;

std::string itemTypeName(const Item& item);  // "cadquery.occ_impl.shapes.Wire"
// The item as a shape of one kind, or null.
const Shape* shapeOf(const Item& item);
const Shape* shapeOf(const Item& item, TopAbs_ShapeEnum kind);
std::vector<Shape> selectShapes(const Items& items);

enum class Combine { no, fuse, cut };  // False; True or "a"; "cut" or "s"
enum class CenterOption { projectedOrigin, centerOfMass, centerOfBoundBox };

// Which axes a shape is centred on: one answer for all, or one an axis (z is not looked at in two dimensions).
struct Centered {
  Centered(bool all) : x(all), y(all), z(all) {}  // NOLINT: CadQuery's callers pass a bool
  Centered(bool inX, bool inY, bool inZ = true) : x(inX), y(inY), z(inZ) {}
  bool x, y, z;
};

// How far an extrusion goes: a length, "next" or "last", or up to a face.
struct Until : std::variant<double, std::string, Face> {
  Until(double length) : variant(length) {}                  // NOLINT: callers write extrude(5)
  Until(int length) : variant(double(length)) {}             // NOLINT
  Until(const char* limit) : variant(std::string(limit)) {}  // NOLINT
  Until(std::string limit) : variant(std::move(limit)) {}    // NOLINT
  Until(Face face) : variant(std::move(face)) {}             // NOLINT
};

struct WorkplaneStep;

// Shared by all steps of a chain.
struct WorkplaneContext {
  std::vector<Wire> pendingWires;
  std::vector<Shape> pendingEdges;
  std::optional<Vector> firstPoint;  // start of the edges drawn so far, in local coordinates
  double tolerance = 0.0001;
  std::map<std::string, std::shared_ptr<WorkplaneStep>> tags;

  std::vector<Shape> popPendingEdges(bool errorOnEmpty = true);
  std::vector<Wire> popPendingWires(bool errorOnEmpty = true);
};

// One step's data; shared by the handles on it and by the steps made from it. It holds no context, so a tag cannot
// form a cycle with the context that holds it.
struct WorkplaneStep {
  WorkplaneStep() = default;
  WorkplaneStep(const WorkplaneStep&) = delete;
  WorkplaneStep& operator=(const WorkplaneStep&) = delete;
  ~WorkplaneStep();  // takes a long chain apart without recursion

  Plane plane;
  Items objects;
  std::shared_ptr<WorkplaneStep> parent;
  std::shared_ptr<void> attachment;  // for a binding: what it gave out of this step
};

class Workplane {
 public:
  explicit Workplane(const std::string& plane = "XY", const Vector& origin = {},
                     const std::optional<Item>& object = std::nullopt);
  explicit Workplane(const Plane& plane, const std::optional<Item>& object = std::nullopt);
  explicit Workplane(const Item& object, const Vector& origin = {});
  Workplane(std::shared_ptr<WorkplaneStep> step, std::shared_ptr<WorkplaneContext> context)
      : step_(std::move(step)), context_(std::move(context)) {}

  const Plane& plane() const { return step_->plane; }
  void setPlane(const Plane& plane) { step_->plane = plane; }
  Items& objects() const { return step_->objects; }
  std::optional<Workplane> parent() const;
  const std::shared_ptr<WorkplaneStep>& step() const { return step_; }
  const std::shared_ptr<WorkplaneContext>& context() const { return context_; }
  bool sameAs(const Workplane& other) const { return step_ == other.step_; }  // Python's `is`

  // The stack and the chain (workplane_stack.cpp).
  Workplane newObject(Items objects) const;
  Workplane tag(const std::string& name) const;
  Workplane tagged(const std::string& name) const;  // ValueError when there is none
  void mergeTags(const Workplane& other) const;
  int size() const { return static_cast<int>(step_->objects.size()); }
  const Items& vals() const { return step_->objects; }
  Item val() const;  // the first, or the plane's origin
  std::vector<Workplane> all() const;
  Workplane add(const Items& items) const;
  Workplane add(const Workplane& other) const;
  Workplane first() const;
  Workplane last() const;
  Workplane item(int index) const;  // negative ones count from the end
  Workplane end(int n = 1) const;
  Workplane toPending() const;
  std::vector<Shape> members() const;  // what iterating over a Workplane gives
  Workplane filter(const std::function<bool(const Item&)>& keep) const;
  Workplane map(const std::function<Item(const Item&)>& change) const;
  Workplane apply(const std::function<Items(const Items&)>& change) const;
  Workplane sort(const std::function<double(const Item&)>& key) const;  // ascending, stable
  Workplane invoke(const std::function<std::optional<Workplane>(const Workplane&)>& call) const;

  // Searching the chain. A solid found is a compound of the solids of one stack.
  std::optional<Shape> findSolidOrNone(bool searchStack = true, bool searchParents = true) const;
  Shape findSolid(bool searchStack = true, bool searchParents = true) const;
  Face findFace(bool searchStack = true, bool searchParents = true) const;
  double largestDimension() const;

  // Selection (workplane_selection.cpp). An empty selector or tag: none. Selectors in text or as objects.
  Workplane select(TopAbs_ShapeEnum kind, const SelectorPtr& selector, const std::string& tag = "") const;
  Workplane select(TopAbs_ShapeEnum kind, const std::string& selector, const std::string& tag = "") const;
  Workplane vertices(const std::string& selector = "", const std::string& tag = "") const;
  Workplane edges(const std::string& selector = "", const std::string& tag = "") const;
  Workplane wires(const std::string& selector = "", const std::string& tag = "") const;
  Workplane faces(const std::string& selector = "", const std::string& tag = "") const;
  Workplane shells(const std::string& selector = "", const std::string& tag = "") const;
  Workplane solids(const std::string& selector = "", const std::string& tag = "") const;
  Workplane compounds(const std::string& selector = "", const std::string& tag = "") const;
  Workplane ancestors(TopAbs_ShapeEnum kind, const std::string& tag = "") const;
  Workplane siblings(TopAbs_ShapeEnum kind, int level = 1, const std::string& tag = "") const;

  // Planes (workplane_plane.cpp).
  Workplane workplane(double offset = 0.0, bool invert = false,
                      CenterOption centerOption = CenterOption::projectedOrigin,
                      const std::optional<Vector>& origin = std::nullopt) const;
  Workplane copyWorkplane(const Workplane& other) const;
  Workplane workplaneFromTagged(const std::string& name) const;
  Workplane center(double x, double y) const;
  Workplane transformed(const Vector& rotate = {}, const Vector& offset = {}) const;

  // Moving what is on the stack (workplane_transform.cpp). Items that are no shapes stay as they are.
  Workplane translate(const Vector& vector) const;
  Workplane rotate(const Vector& axisStart, const Vector& axisEnd, double degrees) const;
  Workplane rotateAboutCenter(const Vector& axisEnd, double degrees) const;
  Workplane mirror(const std::string& plane = "XY", const std::optional<Vector>& base = std::nullopt,
                   bool unite = false) const;
  Workplane mirror(const Vector& normal, const std::optional<Vector>& base = std::nullopt, bool unite = false) const;
  Workplane mirror(const Face& face, const std::optional<Vector>& base = std::nullopt, bool unite = false) const;
  Workplane mirror(const Workplane& face, const std::optional<Vector>& base = std::nullopt, bool unite = false) const;

  // Drawing in local coordinates (workplane_draw.cpp, workplane_curves.cpp).
  Vector findFromPoint(bool useLocalCoords = false) const;
  Workplane moveTo(double x = 0, double y = 0) const;
  Workplane move(double dx = 0, double dy = 0) const;
  Workplane lineTo(double x, double y, bool forConstruction = false) const;
  Workplane line(double dx, double dy, bool forConstruction = false) const;
  Workplane vLine(double distance, bool forConstruction = false) const;
  Workplane hLine(double distance, bool forConstruction = false) const;
  Workplane vLineTo(double y, bool forConstruction = false) const;
  Workplane hLineTo(double x, bool forConstruction = false) const;
  Workplane polarLine(double distance, double angle, bool forConstruction = false) const;
  Workplane polarLineTo(double distance, double angle, bool forConstruction = false) const;
  Workplane polyline(const std::vector<Vector>& points, bool forConstruction = false,
                     bool includeCurrent = false) const;
  Workplane close() const;
  Workplane threePointArc(const Vector& through, const Vector& end, bool forConstruction = false) const;
  Workplane sagittaArc(const Vector& end, double sag, bool forConstruction = false) const;
  Workplane radiusArc(const Vector& end, double radius, bool forConstruction = false) const;
  Workplane tangentArcPoint(const Vector& end, bool forConstruction = false, bool relative = true) const;
  struct EllipseArcOptions {
    double angle1 = 360, angle2 = 360, rotation = 0;
    int sense = 1;  // -1: clockwise
    bool forConstruction = false, startAtCurrent = true, makeWire = false;
  };
  Workplane ellipseArc(double xRadius, double yRadius, const EllipseArcOptions& options) const;
  struct CurveOptions {
    bool forConstruction = false, includeCurrent = false, makeWire = false;
  };
  Workplane bezier(const std::vector<Vector>& points, const CurveOptions& options) const;
  // The tangents of `spline` are in local coordinates.
  Workplane spline(const std::vector<Vector>& points, const Edge::SplineOptions& spline,
                   const CurveOptions& options) const;
  Workplane splineApprox(const std::vector<Vector>& points, const Edge::SplineApproxOptions& spline,
                         const CurveOptions& options) const;
  Workplane parametricCurve(const std::function<Vector(double)>& function, int count, double start, double stop,
                            const Edge::SplineApproxOptions& spline, bool makeWire = true) const;
  Workplane parametricSurface(const std::function<Vector(double, double)>& function, int count, double start,
                              double stop, const Edge::SplineApproxOptions& spline) const;
  Workplane rect(double xLength, double yLength, Centered centered = true, bool forConstruction = false) const;
  Workplane circle(double radius, bool forConstruction = false) const;
  Workplane ellipse(double xRadius, double yRadius, double rotation = 0, bool forConstruction = false) const;
  Workplane polygon(int sides, double diameter, bool forConstruction = false, bool circumscribed = false) const;
  Workplane slot2D(double length, double diameter, double angle = 0) const;

  // Wires of what was drawn (workplane_wires.cpp).
  void addPendingEdge(const Shape& edge) const;
  void addPendingWire(const Wire& wire) const;
  Workplane wire(bool forConstruction = false) const;
  Workplane consolidateWires() const;
  Workplane mirrorX() const;
  Workplane mirrorY() const;
  Workplane offset2D(double distance, const std::string& kind = "arc", bool forConstruction = false) const;

  // Patterns and callbacks (workplane_patterns.cpp).
  Workplane pushPoints(const std::vector<PointOrLocation>& points) const;
  Workplane rarray(double xSpacing, double ySpacing, int xCount, int yCount, Centered center = true) const;
  Workplane polarArray(double radius, double startAngle, double angle, int count, bool fill = true,
                       bool rotate = true) const;
  Workplane each(const std::function<Item(const Item&)>& callback, bool useLocalCoordinates = false,
                 Combine combine = Combine::fuse, bool clean = true) const;
  Workplane eachpoint(const std::function<Item(const Location&)>& callback, bool useLocalCoordinates = false,
                      Combine combine = Combine::no, bool clean = true) const;
  Workplane eachpoint(const Shape& shape, bool useLocalCoordinates = false, Combine combine = Combine::no,
                      bool clean = true) const;
  Workplane eachpoint(const Workplane& shapes, bool useLocalCoordinates = false, Combine combine = Combine::no,
                      bool clean = true) const;

  // Sketches (workplane_sketch.cpp).
  std::shared_ptr<Sketch> sketch() const;  // its finalize() gives the step after this one, with it on the stack
  Workplane placeSketch(const std::vector<std::shared_ptr<Sketch>>& sketches) const;

  // Solids from what was drawn (workplane_extrude.cpp, workplane_revolve.cpp, workplane_loft.cpp).
  Workplane extrude(const Until& until, Combine combine = Combine::fuse, bool clean = true, bool both = false,
                    std::optional<double> taper = std::nullopt) const;
  Workplane twistExtrude(double distance, double degrees, Combine combine = Combine::fuse, bool clean = true) const;
  Workplane cutBlind(const Until& until, bool clean = true, bool both = false,
                     std::optional<double> taper = std::nullopt) const;
  Workplane cutThruAll(bool clean = true, double taper = 0) const;
  // Axis in local coordinates; where only a start is given the axis runs as CadQuery chooses.
  Workplane revolve(double degrees = 360, const std::optional<Vector>& axisStart = std::nullopt,
                    const std::optional<Vector>& axisEnd = std::nullopt, Combine combine = Combine::fuse,
                    bool clean = true) const;
  struct SweepOptions {
    bool multisection = false, makeSolid = true, isFrenet = false;
    Combine combine = Combine::fuse;
    bool clean = true;
    std::string transition = "right";
    std::variant<std::monostate, Vector, Shape> mode;  // none, a fixed normal, an auxiliary spine
  };
  Workplane sweep(const Workplane& path, const SweepOptions& options) const;
  Workplane sweep(const Shape& path, const SweepOptions& options) const;
  Workplane loft(bool ruled = false, Combine combine = Combine::fuse, bool clean = true) const;
  struct PlateOptions {
    int degree = 3, nbPtsOnCur = 15, nbIter = 2;
    bool anisotropy = false;
    double tol2d = 0.00001, tol3d = 0.0001, tolAng = 0.01, tolCurv = 0.1;
    int maxDeg = 8, maxSegments = 9;
  };
  // boundary: edges and wires, or when there are points, the polygon through those.
  Workplane interpPlate(const std::vector<Shape>& boundary, const std::vector<Vector>& points,
                        const std::vector<Vector>& constraints, double thickness, Combine combine, bool clean,
                        const PlateOptions& options) const;
  Workplane text(const std::string& text, double size, double distance, bool cut, Combine combine, bool clean,
                 const Compound::TextOptions& options) const;

  // Solids at every point of the stack (workplane_primitives.cpp).
  Workplane box(double length, double width, double height, Centered centered = true, Combine combine = Combine::fuse,
                bool clean = true) const;
  Workplane sphere(double radius, const Vector& direct = Vector(0, 0, 1), double angle1 = -90, double angle2 = 90,
                   double angle3 = 360, Centered centered = true, Combine combine = Combine::fuse,
                   bool clean = true) const;
  Workplane cylinder(double height, double radius, const Vector& direct = Vector(0, 0, 1), double angle = 360,
                     Centered centered = true, Combine combine = Combine::fuse, bool clean = true) const;
  Workplane wedge(double dx, double dy, double dz, double xmin, double zmin, double xmax, double zmax,
                  const Vector& dir = Vector(0, 0, 1), Centered centered = true, Combine combine = Combine::fuse,
                  bool clean = true) const;

  // Holes (workplane_holes.cpp). No depth: through everything.
  Workplane cutEach(const std::function<Item(const Location&)>& callback, bool useLocalCoords = false,
                    bool clean = true) const;
  Workplane cutShapes(const Items& tools, bool clean = true) const;
  Workplane hole(double diameter, std::optional<double> depth = std::nullopt, bool clean = true) const;
  Workplane cboreHole(double diameter, double cboreDiameter, double cboreDepth,
                      std::optional<double> depth = std::nullopt, bool clean = true) const;
  Workplane cskHole(double diameter, double cskDiameter, double cskAngle, std::optional<double> depth = std::nullopt,
                    bool clean = true) const;

  // Combining (workplane_booleans.cpp). A Shape given must be a Solid or a Compound (ValueError otherwise).
  Workplane combineWithBase(const Items& results, Combine combine, bool clean) const;
  Workplane combineWithBase(const Shape& result, Combine combine, bool clean) const;
  Workplane combine(bool clean = true, bool glue = false, double tol = 0.0) const;
  Workplane combineSolids(const std::optional<Workplane>& other = std::nullopt) const;
  Workplane unite(const Workplane& other, bool clean = true, bool glue = false, double tol = 0.0) const;
  Workplane unite(const Shape& other, bool clean = true, bool glue = false, double tol = 0.0) const;
  Workplane unite(bool clean = true, bool glue = false, double tol = 0.0) const;
  Workplane cut(const Workplane& other, bool clean = true, double tol = 0.0) const;
  Workplane cut(const Shape& other, bool clean = true, double tol = 0.0) const;
  Workplane intersect(const Workplane& other, bool clean = true, double tol = 0.0) const;
  Workplane intersect(const Shape& other, bool clean = true, double tol = 0.0) const;
  Workplane split(bool keepTop, bool keepBottom) const;
  Workplane split(const Workplane& splitter) const;
  Workplane split(const Shape& splitter) const;
  Workplane section(double height = 0.0) const;
  Workplane clean() const;

  // Edges and walls (workplane_dressup.cpp).
  Workplane fillet(double radius) const;
  Workplane chamfer(double length, std::optional<double> length2 = std::nullopt) const;
  Workplane shell(double thickness, const std::string& kind = "arc") const;

 private:
  std::vector<Shape> collect(TopAbs_ShapeEnum kind) const;
  Edge findFromEdge() const;
  std::vector<Vector> toWorld(const std::vector<Vector>& points, bool includeCurrent) const;
  Workplane finishCurve(const Edge& edge, bool forConstruction, bool makeWire) const;
  std::vector<Wire> connectPending() const;
  Workplane mirrorWires(bool aboutX) const;
  std::vector<Location> localPoints() const;
  std::vector<Location> locations() const;
  Workplane combinePoints(const Items& results, Combine combine, bool clean) const;
  std::vector<Face> getFaces() const;
  Shape extrudeBy(double distance, bool both, double taper) const;
  Shape extrudeTo(const std::variant<int, Face>& limit, bool both, double taper, bool additive) const;
  std::vector<Face> facesToward(const Face& face, const Vector& direction, bool additive, bool both) const;
  Workplane fuseWithBase(const Shape& shape) const;
  Workplane cutFromBase(const Shape& shape) const;
  Workplane uniteShapes(std::vector<Shape> others, bool clean, bool glue, double tol) const;

  std::shared_ptr<WorkplaneStep> step_;
  std::shared_ptr<WorkplaneContext> context_;
};

}  // namespace cadrecode::cadquery
