#include "solid/face_moments.hpp"

#include <BRep_Tool.hxx>
#include <Geom2d_Line.hxx>
#include <Geom2d_TrimmedCurve.hxx>
#include <Geom_Circle.hxx>
#include <Geom_CylindricalSurface.hxx>
#include <Geom_Line.hxx>
#include <Geom_Plane.hxx>
#include <Geom_RectangularTrimmedSurface.hxx>
#include <Geom_TrimmedCurve.hxx>
#include <TopExp_Explorer.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Edge.hxx>
#include <TopoDS_Face.hxx>
#include <cmath>
#include <gp_Ax3.hxx>
#include <gp_Circ.hxx>
#include <gp_Lin.hxx>
#include <gp_Lin2d.hxx>

namespace cadrecode::solid {
namespace {

Handle(Geom_Surface) basisOf(Handle(Geom_Surface) surface) {
  while (!surface.IsNull() && surface->IsInstance(STANDARD_TYPE(Geom_RectangularTrimmedSurface))) {
    surface = Handle(Geom_RectangularTrimmedSurface)::DownCast(surface)->BasisSurface();
  }
  return surface;
}

template <typename Curve, typename Trimmed>
Handle(Curve) basisOf(Handle(Curve) curve) {
  while (!curve.IsNull() && curve->IsInstance(STANDARD_TYPE(Trimmed))) {
    curve = Handle(Trimmed)::DownCast(curve)->BasisCurve();
  }
  return curve;
}

// Calls visit(edge, sign) for every edge of the forward face; false where one bounds nothing or there is none.
template <typename Visit>
bool eachEdge(const TopoDS_Face& forward, Visit visit) {
  bool any = false;
  for (TopExp_Explorer part(forward, TopAbs_EDGE); part.More(); part.Next()) {
    any = true;
    const TopoDS_Edge& edge = TopoDS::Edge(part.Current());
    const TopAbs_Orientation orientation = edge.Orientation();
    if (orientation != TopAbs_FORWARD && orientation != TopAbs_REVERSED) return false;
    if (!visit(edge, orientation == TopAbs_FORWARD ? 1.0 : -1.0)) return false;
  }
  return any;
}

// The plane's integrals over its region by Green's theorem along the boundary, about a point near by.
class PlaneIntegrals {
 public:
  PlaneIntegrals(const gp_Ax3& axes) : x_(axes.XDirection().XYZ()), y_(axes.YDirection().XYZ()) {}

  bool add(const TopoDS_Edge& edge, double sign) {
    TopLoc_Location location;
    double from = 0.0, to = 0.0;
    const auto curve = basisOf<Geom_Curve, Geom_TrimmedCurve>(BRep_Tool::Curve(edge, location, from, to));
    const gp_Trsf trsf = location.Transformation();
    if (const auto line = Handle(Geom_Line)::DownCast(curve); !line.IsNull()) {
      const gp_Lin lin = line->Lin().Transformed(trsf);
      const gp_XYZ a = lin.Location().XYZ() + lin.Direction().XYZ() * from;
      const gp_XYZ b = lin.Location().XYZ() + lin.Direction().XYZ() * to;
      if (!started_) start(a);
      addLine(a - base_, b - base_, sign);
      return true;
    }
    if (const auto circle = Handle(Geom_Circle)::DownCast(curve); !circle.IsNull()) {
      const gp_Circ circ = circle->Circ().Transformed(trsf);
      if (!started_) start(circ.Location().XYZ());
      addArc(circ, from, to, sign);
      return true;
    }
    return false;
  }

  double area() const { return area_; }
  gp_XYZ moment() const { return base_ * area_ + x_ * momentX_ + y_ * momentY_; }
  const gp_XYZ& point() const { return base_; }

 private:
  void start(const gp_XYZ& base) {
    base_ = base;
    started_ = true;
  }

  // area = 1/2 of the integral of x dy - y dx; moments = 1/2 of that of x^2 dy and of -y^2 dx.
  void addLine(const gp_XYZ& a, const gp_XYZ& b, double sign) {
    const double ax = a.Dot(x_), ay = a.Dot(y_), bx = b.Dot(x_), by = b.Dot(y_);
    area_ += sign * (ax * by - ay * bx) / 2.0;
    momentX_ += sign * (by - ay) * (ax * ax + ax * bx + bx * bx) / 6.0;
    momentY_ -= sign * (bx - ax) * (ay * ay + ay * by + by * by) / 6.0;
  }

  // x = cx + p cos u + q sin u, y = cy + r cos u + s sin u.
  void addArc(const gp_Circ& circ, double from, double to, double sign) {
    const gp_XYZ center = circ.Location().XYZ() - base_;
    const gp_XYZ u = circ.XAxis().Direction().XYZ() * circ.Radius(), v = circ.YAxis().Direction().XYZ() * circ.Radius();
    const double cx = center.Dot(x_), cy = center.Dot(y_);
    const double p = u.Dot(x_), q = v.Dot(x_), r = u.Dot(y_), s = v.Dot(y_);
    const double c0 = std::cos(from), s0 = std::sin(from), c1 = std::cos(to), s1 = std::sin(to);
    // Integrals over u of cos, sin and their products of second and third degree.
    const double C = s1 - s0, S = c0 - c1;
    const double CC = ((to - from) + (s1 * c1 - s0 * c0)) / 2.0, SS = ((to - from) - (s1 * c1 - s0 * c0)) / 2.0;
    const double CS = (s1 * s1 - s0 * s0) / 2.0;
    const double CCC = C - (s1 * s1 * s1 - s0 * s0 * s0) / 3.0, SSS = S + (c1 * c1 * c1 - c0 * c0 * c0) / 3.0;
    const double CCS = (c0 * c0 * c0 - c1 * c1 * c1) / 3.0, CSS = (s1 * s1 * s1 - s0 * s0 * s0) / 3.0;
    area_ += sign * ((cx * (s * C - r * S) - cy * (q * C - p * S)) + (p * s - q * r) * (to - from)) / 2.0;
    // x^2 dy with dy = (s cos - r sin) du
    momentX_ += sign / 2.0 *
                (cx * cx * (s * C - r * S) + 2.0 * cx * (p * s * CC + (q * s - p * r) * CS - q * r * SS) +
                 p * p * (s * CCC - r * CCS) + 2.0 * p * q * (s * CCS - r * CSS) + q * q * (s * CSS - r * SSS));
    momentY_ -= sign / 2.0 *
                (cy * cy * (q * C - p * S) + 2.0 * cy * (r * q * CC + (s * q - r * p) * CS - s * p * SS) +
                 r * r * (q * CCC - p * CCS) + 2.0 * r * s * (q * CCS - p * CSS) + s * s * (q * CSS - p * SSS));
  }

  gp_XYZ x_, y_, base_{0.0, 0.0, 0.0};
  bool started_ = false;
  double area_ = 0.0, momentX_ = 0.0, momentY_ = 0.0;
};

std::optional<FaceMoments> planeMoments(const TopoDS_Face& face, const gp_Ax3& axes) {
  const TopoDS_Face forward = TopoDS::Face(face.Oriented(TopAbs_FORWARD));
  PlaneIntegrals integrals(axes);
  if (!eachEdge(forward, [&](const TopoDS_Edge& edge, double sign) { return integrals.add(edge, sign); })) {
    return std::nullopt;
  }
  FaceMoments m;
  m.area = integrals.area();
  m.areaMoment = integrals.moment();
  const gp_XYZ normal = axes.XDirection().XYZ().Crossed(axes.YDirection().XYZ());
  const double height = normal.Dot(integrals.point()) * (face.Orientation() == TopAbs_REVERSED ? -1.0 : 1.0);
  m.volume = height * m.area / 3.0;
  m.volumeMoment = m.areaMoment * (height / 4.0);
  return m;
}

// Integrals over the part of a cylinder bounded by rulings and circles. With r(u, v) = c + R e(u) + v z, e the radial
// direction and h(u) = c.e(u) + R, the integrals of R, R h, R r and R h r over the region turn into sums over the
// circles alone: the integral of f(u) g(v) is minus that of f(u) G(v) du along the boundary.
class CylinderIntegrals {
 public:
  explicit CylinderIntegrals(const gp_Ax3& axes, double radius)
      : c_(axes.Location().XYZ()),
        x_(axes.XDirection().XYZ()),
        y_(axes.YDirection().XYZ()),
        z_(axes.Direction().XYZ()),
        radius_(radius) {}

  bool add(const TopoDS_Edge& edge, const TopoDS_Face& forward, double sign) {
    double from = 0.0, to = 0.0;
    const auto curve = basisOf<Geom2d_Curve, Geom2d_TrimmedCurve>(BRep_Tool::CurveOnSurface(edge, forward, from, to));
    const auto line = Handle(Geom2d_Line)::DownCast(curve);
    if (line.IsNull()) return false;
    const gp_Pnt2d start = line->Lin2d().Location();
    const gp_Dir2d direction = line->Lin2d().Direction();
    if (std::abs(direction.X()) < 1e-12) return true;  // a ruling: du is zero
    if (std::abs(direction.Y()) > 1e-12) return false;
    addCircle(start.X() + from * direction.X(), start.X() + to * direction.X(), start.Y(), sign);
    return true;
  }

  FaceMoments result(bool reversed, bool direct) const {
    FaceMoments m;
    m.area = radius_ * area_;
    m.areaMoment = (c_ * area_ + x_ * cosine_ + y_ * sine_ + z_ * height_) * radius_;
    const double outward = (reversed ? -1.0 : 1.0) * (direct ? 1.0 : -1.0);
    m.volume = outward * radius_ * cone_ / 3.0;
    m.volumeMoment = (c_ * cone_ + x_ * coneCosine_ + y_ * coneSine_ + z_ * coneHeight_) * (outward * radius_ / 4.0);
    return m;
  }

 private:
  void addCircle(double u0, double u1, double v, double sign) {
    const double c0 = std::cos(u0), s0 = std::sin(u0), c1 = std::cos(u1), s1 = std::sin(u1);
    const double U = u1 - u0, C = s1 - s0, S = c0 - c1;
    const double CC = (U + (s1 * c1 - s0 * c0)) / 2.0, SS = (U - (s1 * c1 - s0 * c0)) / 2.0;
    const double CS = (s1 * s1 - s0 * s0) / 2.0;
    const double a = c_.Dot(x_), b = c_.Dot(y_), R = radius_;
    const double h = a * C + b * S + R * U;
    const double w = -sign * v, w2 = -sign * v * v / 2.0;
    area_ += w * U;
    cosine_ += w * R * C;
    sine_ += w * R * S;
    height_ += w2 * U;
    cone_ += w * h;
    coneCosine_ += w * R * (a * CC + b * CS + R * C);
    coneSine_ += w * R * (a * CS + b * SS + R * S);
    coneHeight_ += w2 * h;
  }

  gp_XYZ c_, x_, y_, z_;
  double radius_;
  double area_ = 0.0, cosine_ = 0.0, sine_ = 0.0, height_ = 0.0;
  double cone_ = 0.0, coneCosine_ = 0.0, coneSine_ = 0.0, coneHeight_ = 0.0;
};

std::optional<FaceMoments> cylinderMoments(const TopoDS_Face& face, const gp_Ax3& axes, double radius) {
  const TopoDS_Face forward = TopoDS::Face(face.Oriented(TopAbs_FORWARD));
  CylinderIntegrals integrals(axes, radius);
  if (!eachEdge(forward, [&](const TopoDS_Edge& edge, double sign) { return integrals.add(edge, forward, sign); })) {
    return std::nullopt;
  }
  return integrals.result(face.Orientation() == TopAbs_REVERSED, axes.Direct());
}

std::optional<FaceMoments> faceMoments(const TopoDS_Face& face) {
  TopLoc_Location location;
  const Handle(Geom_Surface) surface = basisOf(BRep_Tool::Surface(face, location));
  const gp_Trsf trsf = location.Transformation();
  if (const auto plane = Handle(Geom_Plane)::DownCast(surface); !plane.IsNull()) {
    return planeMoments(face, plane->Position().Transformed(trsf));
  }
  if (const auto cylinder = Handle(Geom_CylindricalSurface)::DownCast(surface); !cylinder.IsNull()) {
    return cylinderMoments(face, cylinder->Position().Transformed(trsf),
                           cylinder->Radius() * std::abs(trsf.ScaleFactor()));
  }
  return std::nullopt;
}

}  // namespace

FaceMoments& FaceMoments::operator+=(const FaceMoments& other) {
  area += other.area;
  areaMoment += other.areaMoment;
  volume += other.volume;
  volumeMoment += other.volumeMoment;
  return *this;
}

std::optional<FaceMoments> closedFormMoments(const TopoDS_Shape& shape) {
  FaceMoments sum;
  for (TopExp_Explorer part(shape, TopAbs_FACE); part.More(); part.Next()) {
    const auto moments = faceMoments(TopoDS::Face(part.Current()));
    if (!moments) return std::nullopt;
    sum += *moments;
  }
  return sum;
}

}  // namespace cadrecode::solid
