// What the binding files share: the classes scripts see, and conversions between script values and CadQuery's C++
// types. One interpreter with these classes a process (see Engine). Conversions throw Error of type TypeError or
// ValueError.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cadquery/geometry.hpp"
#include "cadquery/selector.hpp"
#include "cadquery/shape.hpp"
#include "script/interpreter.hpp"

namespace cadrecode::cadquery {

// Filled by the register functions below, in their order.
struct BoundClasses {
  script::Class* vector = nullptr;
  script::Class* matrix = nullptr;
  script::Class* plane = nullptr;
  script::Class* location = nullptr;
  script::Class* boundBox = nullptr;
  script::Class* shape = nullptr;  // the base of the shape classes below
  script::Class* vertex = nullptr;
  script::Class* edge = nullptr;
  script::Class* wire = nullptr;
  script::Class* face = nullptr;
  script::Class* shell = nullptr;
  script::Class* solid = nullptr;
  script::Class* compSolid = nullptr;
  script::Class* compound = nullptr;
  script::Class* selector = nullptr;
  script::Class* sketch = nullptr;     // holds a SketchPtr
  script::Class* workplane = nullptr;  // holds a Workplane
  script::Class* assembly = nullptr;   // holds an AssemblyPtr
};
BoundClasses& boundClasses();

// Each defines its classes and fills in boundClasses(); the module "cadquery" is put together by registerCadquery.
void registerGeometry(script::Interpreter& interpreter);   // bind_geometry.cpp
void registerShapes(script::Interpreter& interpreter);     // bind_shapes.cpp
void registerSelectors(script::Interpreter& interpreter);  // bind_selectors.cpp
void registerSketch(script::Interpreter& interpreter);     // bind_sketch.cpp
void registerWorkplane(script::Interpreter& interpreter);  // bind_workplane.cpp
void registerAssembly(script::Interpreter& interpreter);   // bind_assembly.cpp
void registerCadquery(script::Interpreter& interpreter);   // bind_module.cpp: all of the above and the modules

// To scripts. A shape becomes an instance of its class (Shape::classKind), a null shape a ValueError.
script::Value toValue(const Vector& vector);
script::Value toValue(const Plane& plane);
script::Value toValue(std::shared_ptr<Plane> plane);  // seen by reference: what a script changes, the owner sees
script::Value toValue(const Location& location);
script::Value toValue(const Matrix& matrix);
script::Value toValue(const BoundBox& box);
script::Value toValue(const Shape& shape);
script::Value toValue(const std::vector<Shape>& shapes);  // a list
template <class T>
script::Value toList(const std::vector<T>& items) {
  std::vector<script::Value> values;
  values.reserve(items.size());
  for (const T& item : items) values.push_back(toValue(item));
  return script::makeList(values);
}

// From scripts; the try functions give nothing for a value of another type.
std::optional<Vector> tryVector(const script::Value& value);  // a Vector, or a tuple or list of two or three numbers
Vector toVector(const script::Value& value);                  // VectorLike; TypeError "Expected three floats, ..." else
std::vector<Vector> toVectors(const script::Value& iterable);
const Shape* tryShape(const script::Value& value);
const Shape& toShape(const script::Value& value);  // AttributeError that names the type, as asking for `wrapped` gives
std::vector<Shape> toShapes(const script::Value& iterable);
const Location* tryLocation(const script::Value& value);
const Plane* tryPlane(const script::Value& value);
std::optional<double> optionalReal(const script::Value& value);  // None: nothing
std::optional<Vector> optionalVector(const script::Value& value);

// Where CadQuery chooses a method by the types of its arguments (multimethod): stricter than the above.
bool isReal(const script::Value& value);                   // int, float, bool
bool isVectorLike(const script::Value& value);             // a Vector, or a tuple of two or three reals
[[noreturn]] void throwDispatch(const std::string& name);  // DispatchError "<name>: 0 methods found"
// As multimethod words it, with the types of the positional arguments; the receiver's type first where there is one.
[[noreturn]] void throwDispatch(const std::string& name, script::Class* receiver,
                                const std::vector<script::Value>& positional);
// Location(*args, **kwargs): a translation, a plane, three angles, an axis and an angle, or up to six numbers.
Location toLocation(const std::vector<script::Value>& positional, const script::Value& keywords,
                    const std::string& name, script::Class* receiver);

// A selector given as text or object, an object with a method `filter`, or None (null).
SelectorPtr toSelector(const script::Value& value);
// "Vertex", "Edge", ... as CadQuery names kinds; KeyError otherwise.
TopAbs_ShapeEnum toKind(const std::string& name);

}  // namespace cadrecode::cadquery
