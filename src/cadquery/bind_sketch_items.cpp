// What a sketch holds, as scripts reach it: values, indexing, iteration, callbacks and attributes.
#include "cadquery/bind.hpp"
#include "cadquery/bind_sketch.hpp"
#include "cadquery/bind_workplane.hpp"
#include "core/error.hpp"
#include "script/runtime.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Class;
using script::Value;

namespace {

Value valsOf(const Arguments& a) { return script::makeList(itemValues(sketchOf(a).vals())); }

Value selectFrom(Arguments& a, const Value& iterable) {
  sketchOf(a).setSelection(itemsFrom(iterable));
  return a[0];
}

Value itemsAt(Arguments& a) {
  const Value vals = valsOf(a);
  if (a[1].is(script::Kind::slice)) return selectFrom(a, script::getItem(vals, a[1]));
  std::vector<Value> chosen;
  if (script::isIterable(a[1]) && !script::isStr(a[1])) {
    script::forEach(a[1], [&](const Value& index) { chosen.push_back(script::getItem(vals, index)); });
  } else {
    chosen.push_back(script::getItem(vals, a[1]));
  }
  return selectFrom(a, script::makeList(chosen));
}

Value filtered(Arguments& a) {
  std::vector<Value> kept;
  for (const Value& value : itemValues(sketchOf(a).vals())) {
    if (script::truth(a[1].isNone() ? value : script::call(a[1], {value}))) kept.push_back(value);
  }
  return selectFrom(a, script::makeList(kept));
}

Value mapped(Arguments& a) {
  std::vector<Value> changed;
  for (const Value& value : itemValues(sketchOf(a).vals())) changed.push_back(script::call(a[1], {value}));
  return selectFrom(a, script::makeList(changed));
}

Value sorted(Arguments& a) {
  const Value vals = valsOf(a);
  script::call(script::getAttribute(vals, "sort"), {}, {{script::makeStr("key"), a[1]}});
  return selectFrom(a, vals);
}

// How many arguments a callable asks for: builtins none, methods with their self, those with a default not counted.
std::int64_t arityOf(const Value& callable) {
  const auto* method = callable.as<script::Method>();
  const auto* function = (method ? method->function : callable).as<script::Function>();
  if (!function) return 0;
  return function->code->positional -
         (function->defaults ? static_cast<std::int64_t>(function->defaults->items.size()) : 0);
}

Value invoked(Arguments& a) {
  const std::int64_t arity = arityOf(a[1]);
  if (arity > 1) throwValueError("Provided function {f} accepts too many arguments");
  const Value result = arity == 1 ? script::call(a[1], {a[0]}) : script::call(a[1]);
  return arity == 0 || result.isNone() ? a[0] : result;
}

Value selectionOf(const Value& self) {
  const auto& selection = (*script::unwrap<SketchPtr>(self)).selection();
  return selection ? script::makeList(itemValues(*selection)) : Value();
}

}  // namespace

void bindSketchItems(Class& cls) {
  cls.method("val(self)", [](Arguments& a) { return itemValue(sketchOf(a).val()); });
  cls.method("vals(self)", [](Arguments& a) { return valsOf(a); });
  cls.method("__iter__(self)", [](Arguments& a) { return script::iterate(toValue(sketchOf(a).members())); });
  cls.method("__getitem__(self, item)", itemsAt);
  cls.method("filter(self, f)", filtered);
  cls.method("map(self, f)", mapped);
  cls.method("apply(self, f)", [](Arguments& a) { return selectFrom(a, script::call(a[1], {valsOf(a)})); });
  cls.method("sort(self, key)", sorted);
  cls.method("invoke(self, f)", invoked);
  cls.property("parent", [](const Value& self) {
    const std::shared_ptr<Workplane> parent = script::unwrap<SketchPtr>(self)->finalize();
    return parent ? script::wrap(boundClasses().workplane, *parent) : Value();
  });
  cls.property("locs", [](const Value& self) { return toList(script::unwrap<SketchPtr>(self)->locations()); });
  cls.property("_faces", [](const Value& self) { return toValue(script::unwrap<SketchPtr>(self)->faceShape()); });
  cls.property("_edges", [](const Value& self) { return toValue(script::unwrap<SketchPtr>(self)->looseEdges()); });
  cls.property("_selection", selectionOf);
}

}  // namespace cadrecode::cadquery
