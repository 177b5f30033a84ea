// Points to work at, and calling a function at each of them.
#include "cadquery/bind_workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Value;

namespace {

std::function<Item(const Location&)> placing(const Value& callable) {
  return [callable](const Location& location) { return itemFrom(script::call(callable, {toValue(location)})); };
}

// A step with the results of a shape, a Workplane's shapes, or a function at every point.
Workplane atEachPoint(const Workplane& self, const Value& what, bool local, Combine combine, bool clean) {
  if (const Workplane* shapes = tryWorkplane(what)) return self.eachpoint(*shapes, local, combine, clean);
  if (const Shape* shape = tryShape(what)) return self.eachpoint(*shape, local, combine, clean);
  if (!script::isCallable(what)) throwValueError(script::str(what) + " is not supported");
  return self.eachpoint(placing(what), local, combine, clean);
}

}  // namespace

void bindWorkplanePatterns(script::Class& cls) {
  cls.method("pushPoints(self, pntList)", [](Arguments& a) -> Value {
    std::vector<PointOrLocation> points;
    script::forEach(a[1], [&](const Value& value) {
      if (const Location* location = tryLocation(value))
        points.emplace_back(*location);
      else
        points.emplace_back(planePoint(value));
    });
    return give(a, selfOf(a).pushPoints(points));
  });
  cls.method("rarray(self, xSpacing, ySpacing, xCount, yCount, center=True)", [](Arguments& a) -> Value {
    const double x = number(a, 1, "xSpacing"), y = number(a, 2, "ySpacing");
    // The counts are compared before they are used as whole numbers.
    if ((x <= 0 && y <= 0) || number(a, 3, "xCount") < 1 || number(a, 4, "yCount") < 1)
      throwValueError("Spacing and count must be > 0 in at least one direction");
    return give(a, selfOf(a).rarray(x, y, count(a, 3), count(a, 4), centeredFrom(a[5], 2)));
  });
  cls.method("polarArray(self, radius, startAngle, angle, count, fill=True, rotate=True)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).polarArray(number(a, 1, "radius"), number(a, 2, "startAngle"), number(a, 3, "angle"),
                                        count(a, 4), a.boolean(5), a.boolean(6)));
  });
  cls.method("each(self, callback, useLocalCoordinates=False, combine=True, clean=True)", [](Arguments& a) -> Value {
    const auto callback = [&](const Item& item) { return itemFrom(script::call(a[1], {itemValue(item)})); };
    return give(a, selfOf(a).each(callback, a.boolean(2), combineFrom(a[3]), a.boolean(4)));
  });
  cls.method("eachpoint(self, arg, useLocalCoordinates=False, combine=False, clean=True)", [](Arguments& a) -> Value {
    return give(a, atEachPoint(selfOf(a), a[1], a.boolean(2), combineFrom(a[3]), a.boolean(4)));
  });
  cls.method("cutEach(self, fcn, useLocalCoords=False, clean=True)", [](Arguments& a) -> Value {
    const Workplane& self = selfOf(a);
    self.findSolid();
    const Items tools = atEachPoint(self, a[1], a.boolean(2), Combine::no, true).objects();
    return give(a, self.cutShapes(tools, a.boolean(3)));
  });
}

}  // namespace cadrecode::cadquery
