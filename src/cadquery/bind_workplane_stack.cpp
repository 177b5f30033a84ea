#include "cadquery/bind_workplane.hpp"
#include "cadquery/sketch.hpp"
#include "core/error.hpp"
#include "script/runtime.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Value;

namespace {

// How many arguments a callable asks for, as CadQuery counts them: builtins none, methods with their self.
std::int64_t arity(const Value& callable) {
  Value function = callable;
  if (const auto* method = callable.as<script::Method>()) function = method->function;
  if (const auto* made = function.as<script::Function>()) {
    const auto defaults = made->defaults ? static_cast<std::int64_t>(made->defaults->items.size()) : 0;
    return made->code->positional - defaults;
  }
  return 0;
}

Value getItems(const Arguments& a) {
  const Workplane& self = selfOf(a);
  const Items& objects = self.objects();
  const auto at = [&](const Value& index) {
    const std::int64_t count = self.size();
    std::int64_t i = script::toIndex(index);
    if (i < 0) i += count;
    if (i < 0 || i >= count) throw Error("IndexError", "list index out of range");
    return objects[static_cast<std::size_t>(i)];
  };
  Items chosen;
  if (const auto* slice = a[1].as<script::Slice>()) {
    const script::SliceIndices range = script::sliceIndices(*slice, self.size());
    for (std::int64_t i = 0; i < range.count; ++i)
      chosen.push_back(objects[static_cast<std::size_t>(range.start + i * range.step)]);
  } else if (script::isIterable(a[1])) {
    script::forEach(a[1], [&](const Value& index) { chosen.push_back(at(index)); });
  } else {
    chosen.push_back(at(a[1]));
  }
  return give(a, self.newObject(std::move(chosen)));
}

// list.sort does the sorting: comparing script values may run script code.
Value sorted(const Arguments& a) {
  const Value list = script::makeList(itemValues(selfOf(a).objects()));
  script::call(script::getAttribute(list, "sort"), {}, {{script::makeStr("key"), a[1]}});
  return give(a, selfOf(a).newObject(itemsFrom(list)));
}

Value invoked(const Arguments& a) {
  const std::int64_t asked = arity(a[1]);
  if (asked > 1) throwValueError("Provided function {f} accepts too many arguments");
  if (asked == 1) {
    const Value result = script::call(a[1], {a.self()});
    if (!result.isNone()) return result;
  } else {
    script::call(a[1]);
  }
  return a.self();
}

void bindCallbacks(script::Class& cls) {
  cls.method("filter(self, f)", [](Arguments& a) -> Value {
    Items kept;
    for (const Value& value : itemValues(selfOf(a).objects()))
      if (script::truth(a[1].isNone() ? value : script::call(a[1], {value}))) kept.push_back(itemFrom(value));
    return give(a, selfOf(a).newObject(std::move(kept)));
  });
  cls.method("map(self, f)", [](Arguments& a) -> Value {
    Items changed;
    for (const Value& value : itemValues(selfOf(a).objects())) changed.push_back(itemFrom(script::call(a[1], {value})));
    return give(a, selfOf(a).newObject(std::move(changed)));
  });
  cls.method("apply(self, f)", [](Arguments& a) -> Value {
    const Items changed = itemsFrom(script::call(a[1], {objectsValue(selfOf(a))}));
    return give(a, selfOf(a).newObject(changed));
  });
  cls.method("sort(self, key)", [](Arguments& a) -> Value { return sorted(a); });
  cls.method("invoke(self, f)", [](Arguments& a) -> Value { return invoked(a); });
}

}  // namespace

void bindWorkplaneStack(script::Class& cls) {
  cls.method("newObject(self, objlist)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).newObject(itemsFrom(a[1]))); });
  cls.method("tag(self, name)", [](Arguments& a) -> Value {
    selfOf(a).tag(script::isStr(a[1]) ? a.text(1) : script::str(a[1]));
    return a.self();
  });
  cls.method("_getTagged(self, name)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).tagged(script::str(a[1]))); });
  cls.method("_mergeTags(self, obj)", [](Arguments& a) -> Value {
    selfOf(a).mergeTags(toWorkplane(a[1]));
    return a.self();
  });
  cls.method("all(self)", [](Arguments& a) -> Value {
    std::vector<Value> steps;
    for (const Workplane& step : selfOf(a).all()) steps.push_back(give(a, step));
    return script::makeList(steps);
  });
  cls.method("size(self)", [](Arguments& a) -> Value { return selfOf(a).size(); });
  cls.method("vals(self)", [](Arguments& a) -> Value { return objectsValue(selfOf(a)); });
  cls.method("val(self)", [](Arguments& a) -> Value { return itemValue(selfOf(a).val()); });
  cls.method("add(self, obj)", [](Arguments& a) -> Value {
    const Workplane& self = selfOf(a);
    if (const Workplane* other = tryWorkplane(a[1]))
      self.add(*other);
    else if (a[1].is(script::Kind::list))
      self.add(itemsFrom(a[1]));
    else
      self.add(Items{itemFrom(a[1])});
    takeOverChanges();  // the list that a script already holds grows too
    return a.self();
  });
  cls.method("first(self)", [](Arguments& a) -> Value { return give(a, selfOf(a).first()); });
  cls.method("last(self)", [](Arguments& a) -> Value { return give(a, selfOf(a).last()); });
  cls.method("item(self, i)", [](Arguments& a) -> Value { return give(a, selfOf(a).item(count(a, 1))); });
  cls.method("end(self, n=1)", [](Arguments& a) -> Value { return give(a, selfOf(a).end(count(a, 1))); });
  cls.method("toPending(self)", [](Arguments& a) -> Value { return give(a, selfOf(a).toPending()); });
  cls.method("findSolid(self, searchStack=True, searchParents=True)",
             [](Arguments& a) -> Value { return toValue(selfOf(a).findSolid(a.boolean(1), a.boolean(2))); });
  cls.method("findFace(self, searchStack=True, searchParents=True)",
             [](Arguments& a) -> Value { return toValue(Shape(selfOf(a).findFace(a.boolean(1), a.boolean(2)))); });
  cls.method("largestDimension(self)", [](Arguments& a) -> Value { return selfOf(a).largestDimension(); });
  cls.method("sketch(self)",
             [](Arguments& a) -> Value { return script::wrap(boundClasses().sketch, selfOf(a).sketch()); });
  cls.method("placeSketch(self, *sketches)", [](Arguments& a) -> Value {
    std::vector<SketchPtr> sketches;
    for (const Value& value : script::listOf(a[1])) {
      const auto* sketch = script::tryUnwrap<SketchPtr>(value);
      if (!sketch) throw Error("AttributeError", "'" + script::typeName(value) + "' object is not a Sketch");
      sketches.push_back(*sketch);
    }
    return give(a, selfOf(a).placeSketch(sketches));
  });
  cls.method("__getitem__(self, item)", [](Arguments& a) -> Value { return getItems(a); });
  cls.method("__iter__(self)", [](Arguments& a) -> Value { return script::iterate(toValue(selfOf(a).members())); });
  bindCallbacks(cls);
}

}  // namespace cadrecode::cadquery
