#include "cadquery/bind_workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Value;

namespace {

[[noreturn]] void throwCannot(const char* what, const Value& value) {
  throwValueError(std::string("Cannot ") + what + " type '" + typeText(value) + "'");
}

double fuzzy(const Arguments& a, std::size_t index) { return numberOrNone(a, index, "tol").value_or(0.0); }

Value unite(const Arguments& a, bool clean, bool glue, double tol) {
  const Workplane& self = selfOf(a);
  if (const Workplane* other = tryWorkplane(a[1])) return give(a, self.unite(*other, clean, glue, tol));
  if (const Shape* shape = tryShape(a[1])) return give(a, self.unite(*shape, clean, glue, tol));
  if (!a[1].isNone()) throwCannot("union", a[1]);
  return give(a, self.unite(clean, glue, tol));
}

Value cut(const Arguments& a, bool clean, double tol) {
  const Workplane& self = selfOf(a);
  if (const Workplane* other = tryWorkplane(a[1])) return give(a, self.cut(*other, clean, tol));
  if (const Shape* shape = tryShape(a[1])) return give(a, self.cut(*shape, clean, tol));
  self.findSolid();
  throwCannot("cut", a[1]);
}

Value intersect(const Arguments& a, bool clean, double tol) {
  const Workplane& self = selfOf(a);
  if (const Workplane* other = tryWorkplane(a[1])) return give(a, self.intersect(*other, clean, tol));
  if (const Shape* shape = tryShape(a[1])) return give(a, self.intersect(*shape, clean, tol));
  self.findSolid();
  throwCannot("intersect", a[1]);
}

// split(splitter) or split(keepTop, keepBottom), told apart as CadQuery does; `positional` and `keywords` are what
// the caller gave.
Value split(const Value& self, const std::vector<Value>& positional, script::Dict& keywords) {
  const Workplane& workplane = toWorkplane(self);
  if (positional.size() == 1) {
    if (const Workplane* other = tryWorkplane(positional[0])) return give(self, workplane.split(*other));
    if (const Shape* shape = tryShape(positional[0])) return give(self, workplane.split(*shape));
  }
  constexpr const char* kNames[] = {"keepTop", "keepBottom"};
  bool keep[] = {false, false};
  if (positional.size() > 2) throwTypeError("too many positional arguments");
  for (std::size_t i = 0; i < 2; ++i) {
    const Value* named = keywords.find(std::string_view(kNames[i]));
    if (i < positional.size()) {
      if (named) throwTypeError(std::string("multiple values for argument '") + kNames[i] + "'");
      keep[i] = script::truth(positional[i]);
    } else if (named) {
      keep[i] = script::truth(*named);
    }
  }
  for (const auto& entry : keywords.entries()) {
    if (entry.key.isUnbound()) continue;
    const std::string& name = script::textOf(entry.key);
    if (name != kNames[0] && name != kNames[1]) throwTypeError("got an unexpected keyword argument '" + name + "'");
  }
  return give(self, workplane.split(keep[0], keep[1]));
}

}  // namespace

void bindWorkplaneBooleans(script::Class& cls) {
  cls.method("union(self, toUnion=None, clean=True, glue=False, tol=None)",
             [](Arguments& a) -> Value { return unite(a, a.boolean(2), a.boolean(3), fuzzy(a, 4)); });
  cls.method("cut(self, toCut, clean=True, tol=None)",
             [](Arguments& a) -> Value { return cut(a, a.boolean(2), fuzzy(a, 3)); });
  cls.method("intersect(self, toIntersect, clean=True, tol=None)",
             [](Arguments& a) -> Value { return intersect(a, a.boolean(2), fuzzy(a, 3)); });
  for (const char* name : {"__add__", "__or__"})
    cls.method(std::string(name) + "(self, other)", [](Arguments& a) -> Value { return unite(a, true, false, 0); });
  cls.method("__sub__(self, other)", [](Arguments& a) -> Value { return cut(a, true, 0); });
  for (const char* name : {"__mul__", "__and__"})
    cls.method(std::string(name) + "(self, other)", [](Arguments& a) -> Value { return intersect(a, true, 0); });
  cls.method("__truediv__(self, other)",
             [](Arguments& a) -> Value { return split(a.self(), {a[1]}, *script::make<script::Dict>()); });
  cls.method("split(self, *args, **kwargs)",
             [](Arguments& a) -> Value { return split(a.self(), script::listOf(a[1]), a[2].to<script::Dict>()); });
  cls.method("combine(self, clean=True, glue=False, tol=None)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).combine(a.boolean(1), a.boolean(2), fuzzy(a, 3))); });
  cls.method("combineSolids(self, otherCQToCombine=None)", [](Arguments& a) -> Value {
    if (!script::truth(a[1])) return give(a, selfOf(a).combineSolids());
    return give(a, selfOf(a).combineSolids(toWorkplane(a[1])));
  });
  cls.method("_combineWithBase(self, obj, mode=True, clean=False)", [](Arguments& a) -> Value {
    if (const Shape* shape = tryShape(a[1]))
      return give(a, selfOf(a).combineWithBase(*shape, combineFrom(a[2]), a.boolean(3)));
    return give(a, selfOf(a).combineWithBase(itemsFrom(a[1]), combineFrom(a[2]), a.boolean(3)));
  });
  cls.method("section(self, height=0.0)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).section(number(a, 1, "height"))); });
  cls.method("clean(self)", [](Arguments& a) -> Value { return give(a, selfOf(a).clean()); });
}

}  // namespace cadrecode::cadquery
