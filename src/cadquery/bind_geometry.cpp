// Vector, Matrix, Plane, Location and BoundBox for scripts.
#include <TopLoc_Location.hxx>

#include "cadquery/bind.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Class;
using script::Value;

namespace {

constexpr const char* kModule = "cadquery.occ_impl.geom";

Value tupleOf(const Vector& v) { return script::makeTuple({v.x(), v.y(), v.z()}); }

// The second operand of Vector's arithmetic, which takes Vectors only.
const Vector& operand(const Value& value) {
  if (const Vector* vector = script::tryUnwrap<Vector>(value)) return *vector;
  if (value.is(script::Kind::native)) throwTypeError("a Vector is needed here, not a " + script::typeName(value));
  throw Error("AttributeError", "'" + script::typeName(value) + "' object has no attribute 'wrapped'");
}

Vector vectorOf(const std::vector<Value>& args) {
  if (args.empty()) return {};
  if (args.size() == 1) return toVector(args[0]);
  if (args.size() > 3) throwTypeError("Expected three floats, OCC gp_, or 3-tuple");
  return {script::toReal(args[0]), script::toReal(args[1]), args.size() == 3 ? script::toReal(args[2]) : 0.0};
}

std::vector<Value> positionals(const Value& tuple) {
  const script::Values& items = tuple.to<script::Tuple>().items;
  return {items.begin(), items.end()};
}

void registerVector(script::Interpreter& interpreter) {
  Class& cls = *(boundClasses().vector = interpreter.defineClass(kModule, "Vector"));
  cls.constructor("__init__(self, *args)",
                  [](Arguments& a) { return script::wrap(a.cls(), vectorOf(positionals(a[1]))); });
  cls.property(
      "x", [](const Value& self) { return Value(script::unwrap<Vector>(self).x()); },
      [](const Value& self, const Value& v) { script::unwrap<Vector>(self).setX(script::toReal(v)); });
  cls.property(
      "y", [](const Value& self) { return Value(script::unwrap<Vector>(self).y()); },
      [](const Value& self, const Value& v) { script::unwrap<Vector>(self).setY(script::toReal(v)); });
  cls.property(
      "z", [](const Value& self) { return Value(script::unwrap<Vector>(self).z()); },
      [](const Value& self, const Value& v) { script::unwrap<Vector>(self).setZ(script::toReal(v)); });
  cls.property("Length", [](const Value& self) { return Value(script::unwrap<Vector>(self).length()); });
  cls.method("toTuple(self)", [](Arguments& a) { return tupleOf(a.as<Vector>(0)); });

  const auto add = [](Arguments& a) { return toValue(a.as<Vector>(0) + operand(a[1])); };
  const auto subtract = [](Arguments& a) { return toValue(a.as<Vector>(0) - operand(a[1])); };
  const auto scale = [](Arguments& a) { return toValue(a.as<Vector>(0) * a.real(1)); };
  cls.method("add(self, v)", add).method("__add__(self, v)", add);
  cls.method("sub(self, v)", subtract).method("__sub__(self, v)", subtract);
  cls.method("multiply(self, scale)", scale)
      .method("__mul__(self, scale)", scale)
      .method("__rmul__(self, scale)", scale);
  cls.method("__truediv__(self, denom)", [](Arguments& a) {
    if (a.real(1) == 0) throw Error("ZeroDivisionError", "float division by zero");
    return toValue(a.as<Vector>(0) / a.real(1));
  });
  cls.method("__neg__(self)", [](Arguments& a) { return toValue(-a.as<Vector>(0)); });
  cls.method("__abs__(self)", [](Arguments& a) { return Value(a.as<Vector>(0).length()); });
  cls.method("__eq__(self, other)", [](Arguments& a) {
    const Vector* other = script::tryUnwrap<Vector>(a[1]);
    return Value(other && a.as<Vector>(0) == *other);
  });
  cls.attribute("__hash__", Value());
  const auto text = [](Arguments& a) { return script::makeStr(a.as<Vector>(0).toString()); };
  cls.method("__repr__(self)", text).method("__str__(self)", text);

  cls.method("cross(self, v)", [](Arguments& a) { return toValue(a.as<Vector>(0).cross(operand(a[1]))); });
  cls.method("dot(self, v)", [](Arguments& a) { return Value(a.as<Vector>(0).dot(operand(a[1]))); });
  cls.method("normalized(self)", [](Arguments& a) { return toValue(a.as<Vector>(0).normalized()); });
  cls.method("Center(self)", [](Arguments& a) { return a.self(); });
  cls.method("getAngle(self, v)", [](Arguments& a) { return Value(a.as<Vector>(0).getAngle(operand(a[1]))); });
  cls.method("getSignedAngle(self, v)",
             [](Arguments& a) { return Value(a.as<Vector>(0).getSignedAngle(operand(a[1]))); });
  cls.method("projectToLine(self, line)",
             [](Arguments& a) { return toValue(a.as<Vector>(0).projectToLine(operand(a[1]))); });
  cls.method("projectToPlane(self, plane)", [](Arguments& a) {
    const Plane* plane = tryPlane(a[1]);
    if (!plane) throw Error("AttributeError", "'" + script::typeName(a[1]) + "' object has no attribute 'origin'");
    return toValue(a.as<Vector>(0).projectToPlane(*plane));
  });
  cls.method("transform(self, T)", [](Arguments& a) { return toValue(a.as<Vector>(0).transform(a.as<Matrix>(1))); });
  const auto distance = [](Arguments&) -> Value {
    throw Error("NotImplementedError", "Have not needed this yet, but OCCT supports it!");
  };
  cls.method("distanceToLine(self)", distance).method("distanceToPlane(self)", distance);
}

Matrix matrixOf(const Value& value) {
  if (value.isNone()) return {};
  const bool sequence = value.is(script::Kind::list) || value.is(script::Kind::tuple);
  if (!sequence) throwTypeError("Invalid param to matrix constructor: " + script::str(value));
  std::vector<std::vector<double>> rows;
  bool sized = true;
  Value last;
  for (const Value& row : script::listOf(value)) {
    sized = sized && (row.is(script::Kind::list) || row.is(script::Kind::tuple)) && script::length(row) == 4;
    if (!sized) break;
    std::vector<double>& numbers = rows.emplace_back();
    last = row;
    for (const Value& number : script::listOf(row)) numbers.push_back(script::toReal(number));
  }
  if (!sized || rows.size() < 3 || rows.size() > 4)
    throwTypeError("Matrix constructor requires 2d list of 4x3 or 4x4, but got: " + script::repr(value));
  if (rows.size() == 4 && rows[3] != std::vector<double>{0, 0, 0, 1})
    throwValueError("Expected the last row to be [0,0,0,1], but got: " + script::repr(last));
  return Matrix(rows);
}

void registerMatrix(script::Interpreter& interpreter) {
  Class& cls = *(boundClasses().matrix = interpreter.defineClass(kModule, "Matrix"));
  cls.constructor("__init__(self, matrix=None)", [](Arguments& a) { return script::wrap(a.cls(), matrixOf(a[1])); });
  const auto rotation = [](void (Matrix::*rotate)(double)) {
    return [rotate](Arguments& a) {
      (a.as<Matrix>(0).*rotate)(a.real(1));
      return Value();
    };
  };
  cls.method("rotateX(self, angle)", rotation(&Matrix::rotateX));
  cls.method("rotateY(self, angle)", rotation(&Matrix::rotateY));
  cls.method("rotateZ(self, angle)", rotation(&Matrix::rotateZ));
  cls.method("inverse(self)", [](Arguments& a) { return toValue(a.as<Matrix>(0).inverse()); });
  cls.method("multiply(self, other)", [](Arguments& a) {
    if (const Vector* vector = script::tryUnwrap<Vector>(a[1])) return toValue(a.as<Matrix>(0).multiply(*vector));
    return toValue(a.as<Matrix>(0).multiply(a.as<Matrix>(1)));
  });
  cls.method("transposed_list(self)", [](Arguments& a) {
    std::vector<Value> numbers;
    for (const double number : a.as<Matrix>(0).transposedList()) numbers.emplace_back(number);
    return script::makeList(numbers);
  });
  cls.method("__getitem__(self, rc)", [](Arguments& a) {
    const auto* index = a[1].as<script::Tuple>();
    if (!index || index->items.size() != 2) throw Error("IndexError", "Matrix subscript must provide (row, column)");
    return Value(a.as<Matrix>(0).at(static_cast<int>(script::toIndex(index->items[0])),
                                    static_cast<int>(script::toIndex(index->items[1]))));
  });
  cls.method("__repr__(self)", [](Arguments& a) { return script::makeStr(a.as<Matrix>(0).toString()); });
}

Plane& planeOf(const Value& value) { return *script::unwrap<std::shared_ptr<Plane>>(value); }

// A direction or origin that scripts may read and assign.
void planeVector(Class& cls, const std::string& name, const Vector& (Plane::*get)() const,
                 void (Plane::*set)(const Vector&)) {
  cls.property(
      name, [get](const Value& self) { return toValue((planeOf(self).*get)()); },
      [set](const Value& self, const Value& v) { (planeOf(self).*set)(toVector(v)); });
}

void registerNamedPlanes(Class& cls) {
  static constexpr std::pair<const char*, const char*> kNames[] = {
      {"XY", "(1, 0, 0)"},   {"YZ", "(0, 1, 0)"},     {"ZX", "(0, 0, 1)"},    {"XZ", "(1, 0, 0)"},
      {"YX", "(0, 1, 0)"},   {"ZY", "(0, 0, 1)"},     {"front", "(1, 0, 0)"}, {"back", "(-1, 0, 0)"},
      {"left", "(0, 0, 1)"}, {"right", "(0, 0, -1)"}, {"top", "(1, 0, 0)"},   {"bottom", "(1, 0, 0)"}};
  for (const auto& [name, xDir] : kNames)
    cls.classMethod(std::string(name) + "(cls, origin=(0, 0, 0), xDir=" + xDir + ")",
                    [plane = std::string(name)](Arguments& a) {
                      Plane result = Plane::named(plane, toVector(a[1]));
                      result.setPlaneDirections(toVector(a[2]));
                      return toValue(result);
                    });
}

void registerPlane(script::Interpreter& interpreter) {
  Class& cls = *(boundClasses().plane = interpreter.defineClass(kModule, "Plane"));
  cls.constructor("__init__(self, origin, xDir=None, normal=(0, 0, 1))", [](Arguments& a) {
    // CadQuery looks at the normal before the others.
    const Vector normal = toVector(a[3]);
    if (normal.length() == 0) throwValueError("normal should be non null");
    const std::optional<Vector> xDir = optionalVector(a[2]);
    return script::wrap(a.cls(), std::make_shared<Plane>(toVector(a[1]), xDir, normal));
  });
  cls.classMethod("named(cls, stdName, origin=(0, 0, 0))", [](Arguments& a) {
    const Vector origin = toVector(a[2]);
    return toValue(Plane::named(script::isStr(a[1]) ? a.text(1) : std::string(), origin));
  });
  registerNamedPlanes(cls);
  planeVector(cls, "origin", &Plane::origin, &Plane::setOrigin);
  planeVector(cls, "xDir", &Plane::xDir, &Plane::setXDir);
  planeVector(cls, "yDir", &Plane::yDir, &Plane::setYDir);
  planeVector(cls, "zDir", &Plane::zDir, &Plane::setZDir);
  cls.property("rG", [](const Value& self) { return toValue(planeOf(self).rG()); });
  cls.property("fG", [](const Value& self) { return toValue(planeOf(self).fG()); });
  cls.property("location", [](const Value& self) { return toValue(planeOf(self).location()); });
  cls.method("setOrigin2d(self, x, y)", [](Arguments& a) {
    planeOf(a[0]).setOrigin2d(a.real(1), a.real(2));
    return Value();
  });
  cls.method("toLocalCoords(self, obj)", [](Arguments& a) {
    if (const Shape* shape = tryShape(a[1])) return toValue(shape->transformShape(planeOf(a[0]).fG()));
    if (const Vector* vector = script::tryUnwrap<Vector>(a[1])) return toValue(planeOf(a[0]).toLocalCoords(*vector));
    throwValueError("Don't know how to convert type " + script::repr(Value(script::typeOf(a[1]))) +
                    " to local coordinates");
  });
  cls.method("toWorldCoords(self, tuplePoint)",
             [](Arguments& a) { return toValue(planeOf(a[0]).toWorldCoords(toVector(a[1]))); });
  cls.method("rotated(self, rotate=(0, 0, 0))",
             [](Arguments& a) { return toValue(planeOf(a[0]).rotated(toVector(a[1]))); });
  cls.method("mirrorInPlane(self, listOfShapes, axis=\"X\")", [](Arguments& a) {
    const Plane& plane = planeOf(a[0]);
    const std::string axis = a.text(2);
    if (axis != "X" && axis != "Y") throw Error("NotImplementedError", "");
    const gp_Ax3 frame = plane.toPln().Position();
    gp_Trsf mirror;
    mirror.SetMirror(gp_Ax1(plane.origin().toPnt(), axis == "X" ? frame.XDirection() : frame.YDirection()));
    std::vector<Shape> mirrored;
    for (const Shape& shape : toShapes(a[1])) mirrored.push_back(shape.transformShape(Matrix(mirror)));
    return toValue(mirrored);
  });
  cls.method("__eq__(self, other)", [](Arguments& a) {
    const Plane* other = tryPlane(a[1]);
    return Value(other && planeOf(a[0]) == *other);
  });
  cls.attribute("__hash__", Value());
  cls.method("__repr__(self)", [](Arguments& a) { return script::makeStr(planeOf(a[0]).toString()); });
}

void registerLocation(script::Interpreter& interpreter) {
  Class& cls = *(boundClasses().location = interpreter.defineClass(kModule, "Location"));
  cls.constructor("__init__(self, *args, **kwargs)", [](Arguments& a) {
    return script::wrap(a.cls(), toLocation(positionals(a[1]), a[2], "__init__", a.cls()));
  });
  cls.property("inverse", [](const Value& self) { return toValue(script::unwrap<Location>(self).inverse()); });
  cls.method("__mul__(self, other)", [](Arguments& a) {
    const Location* other = tryLocation(a[1]);
    if (!other) throw Error("AttributeError", "'" + script::typeName(a[1]) + "' object has no attribute 'wrapped'");
    return toValue(a.as<Location>(0) * *other);
  });
  cls.method("__pow__(self, exponent)",
             [](Arguments& a) { return toValue(a.as<Location>(0).power(static_cast<int>(a.integer(1)))); });
  cls.method("toTuple(self)", [](Arguments& a) {
    const auto [p, r] = a.as<Location>(0).toTuple();
    return script::makeTuple({script::makeTuple({p[0], p[1], p[2]}), script::makeTuple({r[0], r[1], r[2]})});
  });
}

void registerBoundBox(script::Interpreter& interpreter) {
  Class& cls = *(boundClasses().boundBox = interpreter.defineClass(kModule, "BoundBox"));
  const auto number = [&](const std::string& name, double BoundBox::*field) {
    cls.property(name, [field](const Value& self) { return Value(script::unwrap<BoundBox>(self).*field); });
  };
  number("xmin", &BoundBox::xmin);
  number("xmax", &BoundBox::xmax);
  number("xlen", &BoundBox::xlen);
  number("ymin", &BoundBox::ymin);
  number("ymax", &BoundBox::ymax);
  number("ylen", &BoundBox::ylen);
  number("zmin", &BoundBox::zmin);
  number("zmax", &BoundBox::zmax);
  number("zlen", &BoundBox::zlen);
  number("DiagonalLength", &BoundBox::diagonalLength);
  cls.property("center", [](const Value& self) { return toValue(script::unwrap<BoundBox>(self).center); });
  cls.method("add(self, obj, tol=None)", [](Arguments& a) {
    const BoundBox& box = a.as<BoundBox>(0);
    const std::optional<double> tolerance = optionalReal(a[2]);
    if (const BoundBox* other = script::tryUnwrap<BoundBox>(a[1])) return toValue(box.add(*other, tolerance));
    return toValue(box.add(toVector(a[1]), tolerance));
  });
  cls.method("enlarge(self, tol)", [](Arguments& a) { return toValue(a.as<BoundBox>(0).enlarge(a.real(1))); });
  cls.method("isInside(self, b2)", [](Arguments& a) { return Value(a.as<BoundBox>(0).isInside(a.as<BoundBox>(1))); });
  cls.staticMethod("findOutsideBox2D(bb1, bb2)", [](Arguments& a) {
    const BoundBox& first = a.as<BoundBox>(0);
    const auto outer = BoundBox::findOutsideBox2D(first, a.as<BoundBox>(1));
    if (!outer) return Value();
    return outer->xmin == first.xmin ? a[0] : a[1];  // the very object; of the other every side differs
  });
}

}  // namespace

Location toLocation(const std::vector<Value>& args, const Value& keywords, const std::string& name,
                    script::Class* receiver) {
  const std::size_t count = args.size();
  script::Dict& named = keywords.to<script::Dict>();
  if (count == 0 || isReal(args[0])) {
    static constexpr const char* kNames[] = {"x", "y", "z", "rx", "ry", "rz"};
    if (count > 6) throwDispatch(name, receiver, args);
    double numbers[6] = {};
    std::size_t used = 0;
    for (std::size_t i = 0; i < 6; ++i) {
      if (i < count) {
        if (!isReal(args[i])) throwDispatch(name, receiver, args);
        numbers[i] = args[i].number();
      } else if (const Value* value = named.find(std::string_view(kNames[i]))) {
        numbers[i] = script::toReal(*value);
        ++used;
      }
    }
    if (used != named.size()) throwTypeError(name + "() got an unexpected keyword argument");
    return {Vector(numbers[0], numbers[1], numbers[2]), std::array{numbers[3], numbers[4], numbers[5]}};
  }
  if (named.size() != 0) throwTypeError(name + "() got an unexpected keyword argument");
  if (count == 1) {
    if (const Location* location = tryLocation(args[0])) return *location;
    if (const Plane* plane = tryPlane(args[0])) return Location(*plane);
    if (isVectorLike(args[0])) return Location(toVector(args[0]));
  } else if (count == 2) {
    const Plane* plane = tryPlane(args[0]);
    if (plane && isVectorLike(args[1])) return {*plane, toVector(args[1])};
    const auto* angles = args[1].as<script::Tuple>();
    if (isVectorLike(args[0]) && angles && angles->items.size() == 3 && isVectorLike(args[1])) {
      const Vector a = toVector(args[1]);
      return {toVector(args[0]), std::array{a.x(), a.y(), a.z()}};
    }
  } else if (count == 3 && isVectorLike(args[0]) && isVectorLike(args[1]) && isReal(args[2])) {
    return {toVector(args[0]), toVector(args[1]), args[2].number()};
  }
  throwDispatch(name, receiver, args);
}

void registerGeometry(script::Interpreter& interpreter) {
  interpreter.defineException("DispatchError", "TypeError", "multimethod");
  registerVector(interpreter);
  registerMatrix(interpreter);
  registerPlane(interpreter);
  registerLocation(interpreter);
  registerBoundBox(interpreter);
}

}  // namespace cadrecode::cadquery
