// Lines, arcs, outlines and wires.
#include "cadquery/bind_workplane.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Value;

namespace {

void bindLines(script::Class& cls) {
  cls.method("moveTo(self, x=0, y=0)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).moveTo(number(a, 1, "x"), number(a, 2, "y"))); });
  cls.method("move(self, xDist=0, yDist=0)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).move(number(a, 1, "xDist"), number(a, 2, "yDist")));
  });
  cls.method("lineTo(self, x, y, forConstruction=False)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).lineTo(number(a, 1, "x"), number(a, 2, "y"), a.boolean(3)));
  });
  cls.method("line(self, xDist, yDist, forConstruction=False)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).line(number(a, 1, "xDist"), number(a, 2, "yDist"), a.boolean(3)));
  });
  cls.method("vLine(self, distance, forConstruction=False)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).vLine(number(a, 1, "distance"), a.boolean(2))); });
  cls.method("hLine(self, distance, forConstruction=False)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).hLine(number(a, 1, "distance"), a.boolean(2))); });
  cls.method("vLineTo(self, yCoord, forConstruction=False)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).vLineTo(number(a, 1, "yCoord"), a.boolean(2))); });
  cls.method("hLineTo(self, xCoord, forConstruction=False)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).hLineTo(number(a, 1, "xCoord"), a.boolean(2))); });
  cls.method("polarLine(self, distance, angle, forConstruction=False)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).polarLine(number(a, 1, "distance"), number(a, 2, "angle"), a.boolean(3)));
  });
  cls.method("polarLineTo(self, distance, angle, forConstruction=False)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).polarLineTo(number(a, 1, "distance"), number(a, 2, "angle"), a.boolean(3)));
  });
  cls.method("polyline(self, listOfXYTuple, forConstruction=False, includeCurrent=False)", [](Arguments& a) -> Value {
    // CadQuery takes the first point by its index, so an empty sequence or a generator fails there.
    if (!a.boolean(3)) script::getItem(a[1], 0);
    return give(a, selfOf(a).polyline(planePoints(a[1]), a.boolean(2), a.boolean(3)));
  });
  cls.method("close(self)", [](Arguments& a) -> Value { return give(a, selfOf(a).close()); });
}

void bindArcs(script::Class& cls) {
  cls.method("threePointArc(self, point1, point2, forConstruction=False)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).threePointArc(planePoint(a[1]), planePoint(a[2]), a.boolean(3)));
  });
  cls.method("sagittaArc(self, endPoint, sag, forConstruction=False)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).sagittaArc(toVector(a[1]), number(a, 2, "sag"), a.boolean(3)));
  });
  cls.method("radiusArc(self, endPoint, radius, forConstruction=False)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).radiusArc(toVector(a[1]), number(a, 2, "radius"), a.boolean(3)));
  });
  cls.method("tangentArcPoint(self, endpoint, forConstruction=False, relative=True)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).tangentArcPoint(toVector(a[1]), a.boolean(2), a.boolean(3)));
  });
}

void bindOutlines(script::Class& cls) {
  cls.method("rect(self, xLen, yLen, centered=True, forConstruction=False)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).rect(number(a, 1, "xLen"), number(a, 2, "yLen"), centeredFrom(a[3], 2), a.boolean(4)));
  });
  cls.method("circle(self, radius, forConstruction=False)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).circle(number(a, 1, "radius"), a.boolean(2))); });
  cls.method("ellipse(self, x_radius, y_radius, rotation_angle=0.0, forConstruction=False)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).ellipse(number(a, 1, "x_radius"), number(a, 2, "y_radius"), number(a, 3, "rotation_angle"),
                                     a.boolean(4)));
  });
  cls.method("polygon(self, nSides, diameter, forConstruction=False, circumscribed=False)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).polygon(count(a, 1), number(a, 2, "diameter"), a.boolean(3), a.boolean(4)));
  });
  cls.method("slot2D(self, length, diameter, angle=0)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).slot2D(number(a, 1, "length"), number(a, 2, "diameter"), number(a, 3, "angle")));
  });
}

void bindWires(script::Class& cls) {
  cls.method("wire(self, forConstruction=False)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).wire(a.boolean(1))); });
  cls.method("consolidateWires(self)", [](Arguments& a) -> Value { return give(a, selfOf(a).consolidateWires()); });
  cls.method("mirrorX(self)", [](Arguments& a) -> Value { return give(a, selfOf(a).mirrorX()); });
  cls.method("mirrorY(self)", [](Arguments& a) -> Value { return give(a, selfOf(a).mirrorY()); });
  cls.method("offset2D(self, d, kind='arc', forConstruction=False)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).offset2D(number(a, 1, "d"), a.text(2), a.boolean(3)));
  });
  cls.method("_addPendingEdge(self, edge)", [](Arguments& a) -> Value {
    selfOf(a).addPendingEdge(toShape(a[1]));
    return {};
  });
  cls.method("_addPendingWire(self, wire)", [](Arguments& a) -> Value {
    selfOf(a).addPendingWire(toShape(a[1]).asWire());
    return {};
  });
  cls.method("_findFromPoint(self, useLocalCoords=False)",
             [](Arguments& a) -> Value { return toValue(selfOf(a).findFromPoint(a.boolean(1))); });
}

}  // namespace

void bindWorkplaneDrawing(script::Class& cls) {
  bindLines(cls);
  bindArcs(cls);
  bindOutlines(cls);
  bindWires(cls);
}

}  // namespace cadrecode::cadquery
