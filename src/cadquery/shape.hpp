// Shapes as CadQuery sees them (cadquery.occ_impl.shapes): thin values over TopoDS_Shape, one class a kind. Copies
// share the kernel's geometry; nothing here changes a shape in place but locate/move. Not thread-shared. Lengths in
// script units, angles in degrees unless said otherwise. What CadQuery raises itself is an Error with the same type and
// text; what the kernel raises (Standard_Failure) passes through.
#pragma once

#include <TopAbs_ShapeEnum.hxx>
#include <TopoDS_Shape.hxx>
#include <gp_Pln.hxx>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "cadquery/geometry.hpp"

class Adaptor3d_Curve;
class Geom_Surface;

namespace cadrecode::cadquery {

class Vertex;
class Edge;
class Wire;
class Face;
class Shell;
class Solid;
class Compound;

class Shape {
 public:
  Shape() = default;
  // Shape.cast of CadQuery: the class follows the kind. ValueError for a null shape.
  explicit Shape(const TopoDS_Shape& shape, bool construction = false);

  bool forConstruction = false;

  const TopoDS_Shape& wrapped() const { return shape_; }
  bool isNull() const { return shape_.IsNull(); }
  TopAbs_ShapeEnum kind() const { return shape_.ShapeType(); }
  bool is(TopAbs_ShapeEnum k) const { return !isNull() && kind() == k; }
  // The CadQuery class this object is of. It differs from the kind where CadQuery keeps the class of the operand: the
  // fillet of a Solid is a Solid even when it wraps a compound. TopAbs_SHAPE: the base class itself.
  TopAbs_ShapeEnum classKind() const { return class_; }
  bool isClass(TopAbs_ShapeEnum k) const { return class_ == k; }
  Shape withClass(TopAbs_ShapeEnum k) const;
  std::string shapeType() const;  // "Solid", "Compound", ... (CadQuery's ShapeType())
  std::string geomType() const;   // "PLANE", "CIRCLE", ... or the shape type's name
  int hashCode() const;
  bool isSame(const Shape& o) const { return shape_.IsSame(o.shape_); }
  bool isEqual(const Shape& o) const { return shape_.IsEqual(o.shape_); }
  bool isValid() const;
  bool closed() const { return shape_.Closed(); }

  // The view of this shape as one class. Throws TypeError naming both when neither its class nor its kind is that one.
  Vertex asVertex() const;
  Edge asEdge() const;
  Wire asWire() const;
  Face asFace() const;
  Shell asShell() const;
  Solid asSolid() const;
  Compound asCompound() const;

  // Distinct sub-shapes in the kernel's map order, degenerated edges left out (CadQuery's Faces(), Edges(), ...) unless
  // asked for (its faces(), edges(), ...).
  std::vector<Shape> entities(TopAbs_ShapeEnum k, bool withDegenerated = false) const;
  std::vector<Shape> vertices() const;  // a wire gives them in wire order, as Wire.Vertices does
  std::vector<Shape> edges() const { return entities(TopAbs_EDGE); }
  std::vector<Shape> wires() const { return entities(TopAbs_WIRE); }
  std::vector<Shape> faces() const { return entities(TopAbs_FACE); }
  std::vector<Shape> shells() const { return entities(TopAbs_SHELL); }
  std::vector<Shape> solids() const { return entities(TopAbs_SOLID); }
  std::vector<Shape> compSolids() const { return entities(TopAbs_COMPSOLID); }
  std::vector<Shape> compounds() const { return entities(TopAbs_COMPOUND); }
  std::vector<Shape> children() const;  // direct children, TopoDS_Iterator (Shape.__iter__; wires: in wire order)
  Compound ancestors(const Shape& in, TopAbs_ShapeEnum k) const;
  Compound siblings(const Shape& in, TopAbs_ShapeEnum k, int level = 1) const;

  double area() const;
  double volume() const;
  double computeMass() const;  // length, area or volume by kind; NotImplementedError for a vertex
  Vector center() const;       // CadQuery's Center(): per kind (edge/wire: centre of mass, vertex: point)
  Vector centerOfMass() const;
  Vector centerOfBoundBox(std::optional<double> tolerance = std::nullopt) const;
  BoundBox boundingBox(std::optional<double> tolerance = std::nullopt) const { return BoundBox::of(shape_, tolerance); }
  std::vector<std::vector<double>> matrixOfInertia() const;
  static Vector combinedCenter(const std::vector<Shape>& shapes);
  static Vector combinedCenterOfBoundBox(const std::vector<Shape>& shapes);

  Shape clean() const;  // ShapeUpgrade_UnifySameDomain as CadQuery's clean(): solid/merge.hpp
  Shape fix() const;
  Shape copy(bool mesh = false) const;
  Shape mirror(const Vector& planeNormal, const Vector& base = {}) const;
  Shape mirror(const std::string& plane, const Vector& base = {}) const;  // "XY", "YX", ...; ValueError otherwise
  Shape rotate(const Vector& start, const Vector& end, double degrees) const;
  Shape translate(const Vector& v) const;
  Shape scale(double factor) const;
  Shape transformed(const gp_Trsf& t) const;
  Shape transformShape(const Matrix& m) const;     // rigid
  Shape transformGeometry(const Matrix& m) const;  // general, converts to splines
  Location location() const { return Location(shape_.Location()); }
  void locate(const Location& l) { shape_.Location(l.wrapped()); }
  Shape located(const Location& l) const;
  void move(const Location& l) { shape_.Move(l.wrapped()); }
  Shape moved(const Location& l) const;                // Shape.moved with one location: a located copy sharing geometry
  Shape moved(const std::vector<Location>& ls) const;  // a copy at each: one shape, or a compound of them
  Shape toSplines(int degree = 3, double tolerance = 1e-3, bool nurbs = false) const;

  Shape cut(const std::vector<Shape>& tools, double tol = 0.0) const;
  Shape fuse(const std::vector<Shape>& others, bool glue = false, double tol = 0.0) const;
  Shape intersect(const std::vector<Shape>& others, double tol = 0.0) const;
  Shape split(const std::vector<Shape>& splitters) const;
  std::vector<Face> facesIntersectedByLine(const Vector& point, const Vector& axis, double tol = 1e-4,
                                           const std::optional<std::string>& direction = std::nullopt) const;
  double distance(const Shape& o) const;

  // 1D (Edge and Wire; AttributeError for other kinds). mode: "length" or "parameter".
  double curveLength() const;
  Vector startPoint() const;
  Vector endPoint() const;
  bool isClosedCurve() const;
  double paramAt(double d) const;
  double paramAt(const Vector& p) const;
  Vector positionAt(double d, const std::string& mode = "length") const;
  Vector tangentAt(double d = 0.5, const std::string& mode = "length") const;
  Vector normal() const;
  double radius() const;  // ValueError "Shape could not be reduced to a circle" like CadQuery's
  Location locationAt(double d, const std::string& mode = "length", const std::string& frame = "frenet",
                      bool planar = false) const;
  double curvatureAt(double d, const std::string& mode = "length", double resolution = 1e-6) const;
  std::pair<double, double> parameterBounds() const;
  Shape project(const Face& face, const Vector& d) const;  // an edge or wire onto a face: the closest image
  std::vector<Shape> projections(const Face& face, const Vector& d) const;  // all images

  // 3D (Solid, CompSolid, Compound): Mixin3D.
  Shape fillet(double radius, const std::vector<Shape>& edges) const;
  Shape chamfer(double length, std::optional<double> length2, const std::vector<Shape>& edges) const;
  // kind: "arc" or "intersection" (ValueError otherwise). No faces: a hollow closed body.
  Shape shell(const std::vector<Shape>& faces, double thickness, double tol = 0.0001,
              const std::string& kind = "arc") const;
  bool isInside(const Vector& point, double tol = 1e-6) const;

 protected:
  Shape(const TopoDS_Shape& shape, TopAbs_ShapeEnum cls, bool construction = false);
  // The result of an operation that keeps the class of its operand.
  Shape same(const TopoDS_Shape& shape) const { return Shape(shape, class_); }
  opencascade::handle<Adaptor3d_Curve> curve() const;
  double parameterFor(double d, const std::string& mode) const;

  TopoDS_Shape shape_;
  TopAbs_ShapeEnum class_ = TopAbs_SHAPE;
};

class Vertex : public Shape {
 public:
  explicit Vertex(const TopoDS_Shape& s) : Shape(s, TopAbs_VERTEX) {}
  static Vertex make(const Vector& p);
  Vector point() const;
};

class Edge : public Shape {
 public:
  explicit Edge(const TopoDS_Shape& s, bool construction = false) : Shape(s, TopAbs_EDGE, construction) {}
  static Edge makeLine(const Vector& a, const Vector& b);
  static Edge makeThreePointArc(const Vector& a, const Vector& b, const Vector& c);
  static Edge makeTangentArc(const Vector& start, const Vector& tangent, const Vector& end);
  static Edge makeCircle(double radius, const Vector& pnt = {}, const Vector& dir = Vector(0, 0, 1),
                         double angle1 = 360.0, double angle2 = 360.0, bool orientation = true);
  static Edge makeEllipse(double xRadius, double yRadius, const Vector& pnt = {}, const Vector& dir = Vector(0, 0, 1),
                          const Vector& xDir = Vector(1, 0, 0), double angle1 = 360.0, double angle2 = 360.0,
                          int sense = 1);
  struct SplineOptions {
    std::vector<std::optional<Vector>> tangents;  // empty: none; two: ends; else one a point
    bool periodic = false;
    std::vector<double> parameters;
    bool scale = true;
    double tol = 1e-6;
  };
  static Edge makeSpline(const std::vector<Vector>& points, const SplineOptions& options);
  struct SplineApproxOptions {
    double tol = 1e-3;
    std::optional<std::tuple<double, double, double>> smoothing;
    int minDeg = 1;
    int maxDeg = 6;
  };
  static Edge makeSplineApprox(const std::vector<Vector>& points, const SplineApproxOptions& options);
  static Edge makeBezier(const std::vector<Vector>& points);
  Shape close() const;  // an Edge when closed already, else a Wire
  Vector arcCenter() const;
  Edge trim(double u0, double u1) const;
};

class Wire : public Shape {
 public:
  explicit Wire(const TopoDS_Shape& s, bool construction = false) : Shape(s, TopAbs_WIRE, construction) {}
  static Wire assembleEdges(const std::vector<Shape>& edges);
  static std::vector<Wire> combine(const std::vector<Shape>& edgesAndWires, double tol = 1e-9);
  static Wire makeCircle(double radius, const Vector& center, const Vector& normal);
  static Wire makeEllipse(double xRadius, double yRadius, const Vector& center, const Vector& normal,
                          const Vector& xDir, double angle1 = 360.0, double angle2 = 360.0, double rotationAngle = 0.0,
                          bool closed = true);
  static Wire makePolygon(const std::vector<Vector>& points, bool forConstruction = false, bool close = false);
  static Wire makeHelix(double pitch, double height, double radius, const Vector& center = {},
                        const Vector& dir = Vector(0, 0, 1), double angle = 360.0, bool lefthand = false);
  Wire close() const;
  Wire stitch(const Wire& o) const;
  std::vector<Shape> offset2D(double d, const std::string& kind = "arc") const;
  Wire fillet2D(double radius, const std::vector<Shape>& vertices) const;
  Wire chamfer2D(double d, const std::vector<Shape>& vertices) const;
  Wire fillet(double radius, const std::vector<Shape>& vertices = {}) const;
};

class Face : public Shape {
 public:
  explicit Face(const TopoDS_Shape& s) : Shape(s, TopAbs_FACE) {}
  static Face makePlane(std::optional<double> length, std::optional<double> width, const Vector& base = {},
                        const Vector& dir = Vector(0, 0, 1));
  static Face makeFromWires(const Wire& outer, const std::vector<Wire>& inner = {});
  // Two edges give a face, two wires of equally many edges a shell.
  static Shape makeRuledSurface(const Shape& a, const Shape& b);
  static Face makeNSidedSurface(const std::vector<Shape>& edges, const std::vector<Vector>& constraints,
                                int continuity = 0, int degree = 3, int nbPtsOnCur = 15, int nbIter = 2,
                                bool anisotropy = false, double tol2d = 1e-5, double tol3d = 1e-4, double tolAng = 1e-2,
                                double tolCurv = 1e-1, int maxDeg = 8, int maxSegments = 9,
                                const std::vector<Shape>& curveConstraints = {});
  static Face makeSplineApprox(const std::vector<std::vector<Vector>>& points, double tol = 1e-2,
                               const std::optional<std::tuple<double, double, double>>& smoothing = std::nullopt,
                               int minDeg = 1, int maxDeg = 3);
  Vector normalAt(const std::optional<Vector>& location = std::nullopt) const;
  std::pair<Vector, Vector> normalAt(double u, double v) const;  // normal and position
  std::array<double, 4> uvBounds() const;                        // u0 u1 v0 v1
  Wire outerWire() const;
  std::vector<Shape> innerWires() const;
  gp_Pln toPln() const;
  Face fillet2D(double radius, const std::vector<Shape>& vertices) const;
  Face chamfer2D(double d, const std::vector<Shape>& vertices) const;
  Shape thicken(double thickness) const;
  static Face constructOn(const Face& on, const Wire& outer, const std::vector<Wire>& inner);
  Face project(const Face& onto, const Vector& d) const;
  Face trim(double u0, double u1, double v0, double v1, double tol = 1e-6) const;
};

class Shell : public Shape {
 public:
  explicit Shell(const TopoDS_Shape& s) : Shape(s, TopAbs_SHELL) {}
  static Shape makeShell(const std::vector<Shape>& faces);
};

class Solid : public Shape {
 public:
  explicit Solid(const TopoDS_Shape& s) : Shape(s, TopAbs_SOLID) {}
  static Solid makeSolid(const Shell& shell);
  static Solid makeBox(double length, double width, double height, const Vector& pnt = {},
                       const Vector& dir = Vector(0, 0, 1));
  static Solid makeCone(double r1, double r2, double height, const Vector& pnt = {},
                        const Vector& dir = Vector(0, 0, 1), double angleDegrees = 360);
  static Solid makeCylinder(double radius, double height, const Vector& pnt = {}, const Vector& dir = Vector(0, 0, 1),
                            double angleDegrees = 360);
  static Solid makeTorus(double r1, double r2, const Vector& pnt = {}, const Vector& dir = Vector(0, 0, 1),
                         double angle1 = 0, double angle2 = 360);
  static Solid makeSphere(double radius, const Vector& pnt = {}, const Vector& dir = Vector(0, 0, 1), double angle1 = 0,
                          double angle2 = 90, double angle3 = 360);
  static Solid makeWedge(double dx, double dy, double dz, double xmin, double zmin, double xmax, double zmax,
                         const Vector& pnt = {}, const Vector& dir = Vector(0, 0, 1));
  static Shape makeLoft(const std::vector<Shape>& wires, bool ruled = false);
  static Shape extrudeLinear(const Wire& outer, const std::vector<Wire>& inner, const Vector& normal, double taper = 0);
  static Shape extrudeLinear(const Face& face, const Vector& normal, double taper = 0);
  static Shape extrudeLinearWithRotation(const Wire& outer, const std::vector<Wire>& inner, const Vector& center,
                                         const Vector& normal, double angleDegrees);
  static Shape extrudeLinearWithRotation(const Face& face, const Vector& center, const Vector& normal,
                                         double angleDegrees);
  static Shape revolve(const Face& face, double angleDegrees, const Vector& axisStart, const Vector& axisEnd);
  struct SweepOptions {
    bool makeSolid = true;
    bool isFrenet = false;
    std::variant<std::monostate, Vector, Shape> mode;  // none, a fixed normal, or an auxiliary wire/edge
    std::string transition = "transformed";            // or "round", "right"
  };
  static Shape sweep(const Wire& outer, const std::vector<Wire>& inner, const Shape& path, const SweepOptions& options);
  static Shape sweep(const Face& face, const Shape& path, const SweepOptions& options);
  static Shape sweepMulti(const std::vector<Shape>& profiles, const Shape& path, bool makeSolid = true,
                          bool isFrenet = false, const std::variant<std::monostate, Vector, Shape>& mode = {});
  static Shape interpPlate(const std::vector<Shape>& edges, const std::vector<Vector>& points, double thickness,
                           int degree = 3, int nbPtsOnCur = 15, int nbIter = 2, bool anisotropy = false,
                           double tol2d = 1e-5, double tol3d = 1e-4, double tolAng = 1e-2, double tolCurv = 1e-1,
                           int maxDeg = 8, int maxSegments = 9);
  Shape outerShell() const;
  std::vector<Shape> innerShells() const;
};

class Compound : public Shape {
 public:
  explicit Compound(const TopoDS_Shape& s) : Shape(s, TopAbs_COMPOUND) {}
  static Compound make(const std::vector<Shape>& shapes);
  struct TextOptions {
    std::string font = "Arial";
    std::optional<std::string> fontPath;
    std::string kind = "regular";   // "bold", "italic"
    std::string halign = "center";  // "left", "right"
    std::string valign = "center";  // "bottom", "top"
  };
  static Shape makeText(const std::string& text, double size, double height, const TextOptions& options,
                        const Plane& position = Plane::named("XY"));
  bool empty() const;
  // Compound.cut/fuse/intersect/ancestors/siblings of CadQuery work on the members.
};

// A flat text in the XY plane, a compound of faces.
Shape flatText(const std::string& text, double size, const Compound::TextOptions& options);

// A solid (or compound) feature along the body's own direction, LocOpe_DPrism: Mixin3D.dprism. basis may be null.
// upTo: a face to stop at; depth: else a length; neither: through all. additive: else it cuts.
Shape dprism(const Shape& body, const std::optional<Face>& basis, const std::vector<Face>& profiles,
             std::optional<double> depth, double taper, const std::optional<Face>& upToFace, bool thruAll,
             bool additive);
Shape dprism(const Shape& body, const std::optional<Face>& basis, const std::vector<Wire>& profiles,
             std::optional<double> depth, double taper, const std::optional<Face>& upToFace, bool thruAll,
             bool additive);

// Wires grouped outer first, each followed by the wires inside it (ShapeAnalysis / BOPAlgo as CadQuery does).
std::vector<std::vector<Wire>> sortWiresByBuildOrder(const std::vector<Wire>& wires);
std::vector<Face> wiresToFaces(const std::vector<Wire>& wires);
std::vector<Wire> edgesToWires(const std::vector<Shape>& edges, double tol = 1e-6);

// A number as Python's repr prints it (shortest that reads back): 1.0, 1e-05, 1e+16.
std::string pythonFloat(double value);

}  // namespace cadrecode::cadquery
