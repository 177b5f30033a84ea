// The lists and planes that scripts got out of a Workplane, and the context of a chain as a class.
#include "cadquery/bind_workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Value;

namespace {

// What a script holds of one step. It lives in the step, so that nothing here outlives the interpreter's heap.
struct Views {
  Value list;            // None: not given out
  script::Values known;  // the list's items when the step was last brought in line with it
  Value plane;           // None: not given out
  std::optional<Plane> knownPlane;
};

std::vector<std::weak_ptr<WorkplaneStep>>& viewedSteps() {
  thread_local std::vector<std::weak_ptr<WorkplaneStep>> steps;
  return steps;
}

Views& viewsOf(const std::shared_ptr<WorkplaneStep>& step) {
  if (!step->attachment) {
    step->attachment = std::make_shared<Views>();
    viewedSteps().push_back(step);
  }
  return *static_cast<Views*>(step->attachment.get());
}

bool samePlane(const Plane& a, const Plane& b) {
  const auto same = [](const Vector& v, const Vector& w) { return v.x() == w.x() && v.y() == w.y() && v.z() == w.z(); };
  return same(a.origin(), b.origin()) && same(a.xDir(), b.xDir()) && same(a.zDir(), b.zDir());
}

bool sameItems(const script::Values& a, const script::Values& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!a[i].same(b[i])) return false;
  return true;
}

void bringInLine(WorkplaneStep& step, Views& views) {
  if (auto* list = views.list.as<script::List>()) {
    if (!sameItems(list->items, views.known)) {
      step.objects.clear();
      for (const Value& value : list->items) step.objects.push_back(itemFrom(value));
    } else {
      // Workplane.add and the mirrors append to the step itself.
      for (std::size_t i = list->items.size(); i < step.objects.size(); ++i)
        list->items.push_back(itemValue(step.objects[i]));
    }
    views.known = list->items;
  }
  if (const Plane* plane = tryPlane(views.plane); plane && !samePlane(*plane, *views.knownPlane)) {
    step.plane = *plane;
    views.knownPlane = *plane;
  }
}

bool heldElsewhere(const Value& value) { return value.isObject() && value.object()->references() > 1; }

using ContextPtr = std::shared_ptr<WorkplaneContext>;

script::Class*& contextClass() {
  static script::Class* cls = nullptr;
  return cls;
}

std::vector<Wire> wiresFrom(const Value& value) {
  std::vector<Wire> wires;
  for (const Shape& shape : toShapes(value)) wires.push_back(shape.asWire());
  return wires;
}

Value wireList(const std::vector<Wire>& wires) { return toValue(std::vector<Shape>(wires.begin(), wires.end())); }

}  // namespace

void takeOverChanges() {
  auto& steps = viewedSteps();
  if (steps.empty()) return;
  const auto pending = std::exchange(steps, {});
  for (const std::weak_ptr<WorkplaneStep>& weak : pending) {
    const std::shared_ptr<WorkplaneStep> step = weak.lock();
    if (!step || !step->attachment) continue;
    Views& views = *static_cast<Views*>(step->attachment.get());
    bringInLine(*step, views);
    if (heldElsewhere(views.list) || heldElsewhere(views.plane))
      steps.push_back(weak);
    else
      step->attachment.reset();
  }
}

Value objectsValue(const Workplane& workplane) {
  Views& views = viewsOf(workplane.step());
  if (views.list.isNone()) {
    views.list = script::makeList(itemValues(workplane.objects()));
    views.known = views.list.to<script::List>().items;
  }
  return views.list;
}

Value planeValue(const Workplane& workplane) {
  Views& views = viewsOf(workplane.step());
  if (views.plane.isNone() || !samePlane(*views.knownPlane, workplane.plane())) {
    views.plane = toValue(workplane.plane());
    views.knownPlane = workplane.plane();
  }
  return views.plane;
}

Value contextValue(const Workplane& workplane) { return script::wrap(contextClass(), workplane.context()); }

script::Class* bindWorkplaneContext(script::Interpreter& interpreter) {
  script::Class* cls = interpreter.defineClass("cadquery.cq", "CQContext");
  contextClass() = cls;
  const auto of = [](const Value& self) -> WorkplaneContext& { return *script::unwrap<ContextPtr>(self); };
  cls->constructor("__init__(self)",
                   [](Arguments& a) -> Value { return script::wrap(a.cls(), std::make_shared<WorkplaneContext>()); });
  cls->property(
      "pendingWires", [of](const Value& self) { return wireList(of(self).pendingWires); },
      [of](const Value& self, const Value& value) { of(self).pendingWires = wiresFrom(value); });
  cls->property(
      "pendingEdges", [of](const Value& self) { return toValue(of(self).pendingEdges); },
      [of](const Value& self, const Value& value) { of(self).pendingEdges = toShapes(value); });
  cls->property(
      "firstPoint",
      [of](const Value& self) -> Value { return of(self).firstPoint ? toValue(*of(self).firstPoint) : Value(); },
      [of](const Value& self, const Value& value) { of(self).firstPoint = optionalVector(value); });
  cls->property(
      "tolerance", [of](const Value& self) -> Value { return of(self).tolerance; },
      [of](const Value& self, const Value& value) { of(self).tolerance = script::toReal(value); });
  cls->property("tags", [](const Value& self) -> Value {
    const ContextPtr& context = script::unwrap<ContextPtr>(self);
    auto tags = script::make<script::Dict>();
    for (const auto& [name, step] : context->tags)
      tags->set(std::string_view(name), script::wrap(boundClasses().workplane, Workplane(step, context)));
    return tags;
  });
  cls->method("popPendingEdges(self, errorOnEmpty=True)",
              [of](Arguments& a) -> Value { return toValue(of(a.self()).popPendingEdges(a.boolean(1))); });
  cls->method("popPendingWires(self, errorOnEmpty=True)",
              [of](Arguments& a) -> Value { return wireList(of(a.self()).popPendingWires(a.boolean(1))); });
  return cls;
}

}  // namespace cadrecode::cadquery
