// The selector classes as scripts see them: all hold a SelectorPtr. A script's own selector is any object with a method
// `filter`.
#include "cadquery/bind.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Class;
using script::Value;

namespace {

constexpr const char* kModule = "cadquery.selectors";

// A selector that raises when it is used, as CadQuery's do that look at their arguments only then.
SelectorPtr failing(const std::string& type, const std::string& message) {
  return std::make_shared<CallbackSelector>(
      [type, message](const std::vector<Shape>&) -> std::vector<Shape> { throw Error(type, message); });
}

// Directions have to be Vectors; `used` is the first attribute CadQuery asks them for.
template <class Make>
SelectorPtr directed(const Value& direction, const char* used, Make make) {
  if (const Vector* vector = script::tryUnwrap<Vector>(direction)) return make(*vector);
  return failing("AttributeError", "'" + script::typeName(direction) + "' object has no attribute '" + used + "'");
}

// Vector(*point): a sequence of numbers, but no Vector.
Vector unpacked(const Value& point) {
  if (script::isIterable(point)) return toVector(script::makeTuple(script::listOf(point)));
  throwTypeError("cadquery.occ_impl.geom.Vector() argument after * must be an iterable, not " +
                 script::typeName(point));
}

// One side of a combination: it has to be a selector, text will not do.
SelectorPtr operand(const Value& value) {
  if (!value.isNone() && !script::isStr(value)) return toSelector(value);
  return failing("AttributeError", "'" + script::typeName(value) + "' object has no attribute 'filter'");
}

std::int64_t listIndex(const Value& value) {
  if (value.isIntegral()) return value.integer();
  throwTypeError("list indices must be integers or slices, not " + script::typeName(value));
}

template <class Make>
Class* define(script::Interpreter& interpreter, const char* name, Class* base, const char* signature, Make make) {
  Class* cls = interpreter.defineClass(kModule, name, base);
  cls->constructor(signature, [make](Arguments& a) { return script::wrap<SelectorPtr>(a.cls(), make(a)); });
  interpreter.module(kModule).add(cls);
  return cls;
}

template <class Combined>
Class* defineBinary(script::Interpreter& interpreter, const char* name, Class* base) {
  return define(interpreter, name, base, "__init__(self, left, right)",
                [](Arguments& a) { return std::make_shared<Combined>(operand(a[1]), operand(a[2])); });
}

template <class Nth>
void defineNth(script::Interpreter& interpreter, const char* name, Class* base) {
  define(interpreter, name, base, "__init__(self, n, directionMax=True, tolerance=0.0001)",
         [](Arguments& a) { return std::make_shared<Nth>(listIndex(a[1]), a.boolean(2), a.real(3)); });
}

template <class Directed>
Class* defineDirected(script::Interpreter& interpreter, const char* name, Class* base, const char* used) {
  return define(interpreter, name, base, "__init__(self, vector, tolerance=0.0001)", [used](Arguments& a) {
    const double tolerance = a.real(2);
    return directed(a[1], used, [&](const Vector& v) { return std::make_shared<Directed>(v, tolerance); });
  });
}

template <class Nth>
Class* defineDirectedNth(script::Interpreter& interpreter, const char* name, Class* base, const char* used) {
  return define(
      interpreter, name, base, "__init__(self, vector, n, directionMax=True, tolerance=0.0001)", [used](Arguments& a) {
        const std::int64_t n = listIndex(a[2]);
        return directed(a[1], used,
                        [&](const Vector& v) { return std::make_shared<Nth>(v, n, a.boolean(3), a.real(4)); });
      });
}

void defineOperators(Class& cls, Class* both, Class* sum, Class* difference, Class* inverse) {
  const auto binary = [&cls](const char* name, Class* made) {
    cls.method(std::string(name) + "(self, other)", [made](Arguments& a) {
      return script::call(Value(made), {a[0], a[1]});
    });
  };
  binary("__and__", both);
  binary("__add__", sum);
  binary("__sub__", difference);
  cls.method("__neg__(self)", [inverse](Arguments& a) { return script::call(Value(inverse), {a[0]}); });
}

}  // namespace

SelectorPtr toSelector(const Value& value) {
  if (value.isNone()) return nullptr;
  if (script::isStr(value)) return parseSelector(script::textOf(value));
  const SelectorPtr* selector = script::tryUnwrap<SelectorPtr>(value);
  if (selector && !script::typeOf(value)->scripted()) return *selector;
  if (script::findAttribute(value, "filter").isUnbound()) {
    return failing("AttributeError", "'" + script::typeName(value) + "' object has no attribute 'filter'");
  }
  return std::make_shared<CallbackSelector>([value](const std::vector<Shape>& objects) {
    return toShapes(script::callMethod(value, "filter", {toValue(objects)}));
  });
}

void registerSelectors(script::Interpreter& interpreter) {
  interpreter.defineException("ParseBaseException", "Exception", "pyparsing.exceptions");
  interpreter.defineException("ParseException", "ParseBaseException", "pyparsing.exceptions");

  Class* base = define(interpreter, "Selector", nullptr, "__init__(self)",
                       [](Arguments&) { return std::make_shared<Selector>(); });
  boundClasses().selector = base;
  base->method("filter(self, objectList)", [](Arguments& a) {
    const SelectorPtr* selector = script::tryUnwrap<SelectorPtr>(a[0]);
    // A script's subclass need not have called super().__init__().
    return selector ? toValue((*selector)->filter(toShapes(a[1]))) : script::makeList(script::listOf(a[1]));
  });

  define(interpreter, "NearestToPointSelector", base, "__init__(self, pnt)", [](Arguments& a) -> SelectorPtr {
    try {
      return std::make_shared<NearestToPointSelector>(unpacked(a[1]));
    } catch (const Error& error) {
      return failing(error.type(), error.what());
    }
  });
  define(interpreter, "BoxSelector", base, "__init__(self, point0, point1, boundingbox=False)",
         [](Arguments& a) { return std::make_shared<BoxSelector>(unpacked(a[1]), unpacked(a[2]), a.boolean(3)); });
  Class* directional = defineDirected<BaseDirSelector>(interpreter, "BaseDirSelector", base, "cross");
  Class* parallel = defineDirected<ParallelDirSelector>(interpreter, "ParallelDirSelector", directional, "cross");
  defineDirected<DirectionSelector>(interpreter, "DirectionSelector", directional, "getAngle");
  defineDirected<PerpendicularDirSelector>(interpreter, "PerpendicularDirSelector", directional, "getAngle");
  define(interpreter, "TypeSelector", base, "__init__(self, typeString)", [](Arguments& a) {
    if (script::isStr(a[1])) return std::make_shared<TypeSelector>(a.text(1));
    throw Error("AttributeError", "'" + script::typeName(a[1]) + "' object has no attribute 'upper'");
  });
  defineNth<RadiusNthSelector>(interpreter, "RadiusNthSelector", base);
  defineNth<LengthNthSelector>(interpreter, "LengthNthSelector", base);
  defineNth<AreaNthSelector>(interpreter, "AreaNthSelector", base);
  Class* center = defineDirectedNth<CenterNthSelector>(interpreter, "CenterNthSelector", base, "wrapped");
  defineDirectedNth<DirectionNthSelector>(interpreter, "DirectionNthSelector", parallel, "cross");
  define(interpreter, "DirectionMinMaxSelector", center, "__init__(self, vector, directionMax=True, tolerance=0.0001)",
         [](Arguments& a) {
           return directed(a[1], "wrapped", [&](const Vector& v) {
             return std::make_shared<DirectionMinMaxSelector>(v, a.boolean(2), a.real(3));
           });
         });

  Class* binary = define(interpreter, "BinarySelector", base, "__init__(self, left, right)",
                         [](Arguments&) { return failing("NotImplementedError", ""); });
  Class* both = defineBinary<AndSelector>(interpreter, "AndSelector", binary);
  Class* sum = defineBinary<SumSelector>(interpreter, "SumSelector", binary);
  Class* difference = defineBinary<SubtractSelector>(interpreter, "SubtractSelector", binary);
  Class* inverse = define(interpreter, "InverseSelector", base, "__init__(self, selector)",
                          [](Arguments& a) { return std::make_shared<InverseSelector>(operand(a[1])); });
  defineOperators(*base, both, sum, difference, inverse);
  define(interpreter, "StringSyntaxSelector", base, "__init__(self, selectorString)", [](Arguments& a) {
    if (script::isStr(a[1])) return parseSelector(a.text(1));
    throw Error("AttributeError", "'" + script::typeName(a[1]) + "' object has no attribute 'expandtabs'");
  });
}

}  // namespace cadrecode::cadquery
