#include "cadquery/assembly.hpp"

#include <algorithm>
#include <cstdio>

#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

// In the shape of the UUID that CadQuery makes up; unique within the process is enough.
std::string madeUpName() {
  thread_local unsigned long long count = 0;
  char text[40];
  std::snprintf(text, sizeof text, "%08llx-0000-1000-8000-000000000000", ++count);
  return text;
}

}  // namespace

Color::Color(const std::string& name) {
  if (!Quantity_ColorRGBA::ColorFromName(name.c_str(), color_)) throwValueError("Unknown color name: " + name);
}

Color::Color(double r, double g, double b, double a)
    : color_(static_cast<float>(r), static_cast<float>(g), static_cast<float>(b), static_cast<float>(a)) {}

std::array<double, 4> Color::toTuple() const {
  const Quantity_Color& rgb = color_.GetRGB();
  return {rgb.Red(), rgb.Green(), rgb.Blue(), color_.Alpha()};
}

AssemblyPtr Assembly::make(AssemblyObject object, const Options& options) {
  const AssemblyPtr result(new Assembly);
  result->object = std::move(object);
  result->loc = options.loc.value_or(Location());
  result->name = options.name.empty() ? madeUpName() : options.name;
  result->color = options.color;
  result->metadata = options.metadata;
  result->ownKey_ = result->name;
  return result;
}

AssemblyPtr Assembly::copy() const {
  AssemblyPtr result = make(object, {loc, name, color, metadata});
  for (const AssemblyPtr& child : children_) {
    const AssemblyPtr own = child->copy();
    own->parent_ = result;
    result->children_.push_back(own);
    result->enter(own->name, own);
    for (const auto& [key, assembly] : own->entries_) result->enter(key, assembly);
  }
  return result;
}

void Assembly::enter(const std::string& key, const std::weak_ptr<Assembly>& assembly) {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const auto& e) { return e.first == key; });
  if (found == entries_.end()) {
    entries_.emplace_back(key, assembly);
  } else {
    found->second = assembly;
  }
}

Assembly& Assembly::add(const Assembly& subassembly, const Options& options) {
  const std::string& chosen = options.name.empty() ? subassembly.name : options.name;
  const bool taken = chosen == ownKey_ || std::any_of(entries_.begin(), entries_.end(),
                                                      [&](const auto& entry) { return entry.first == chosen; });
  if (taken) throwValueError("Unique name is required");
  const AssemblyPtr own = subassembly.copy();
  if (options.loc) own->loc = *options.loc;
  own->name = chosen;
  if (options.color) own->color = options.color;
  if (options.metadata.has_value()) own->metadata = options.metadata;
  own->parent_ = weak_from_this();
  children_.push_back(own);
  std::vector<std::pair<std::string, std::weak_ptr<Assembly>>> found;
  own->flatten("", found);
  for (const auto& [key, assembly] : found) enter(key, assembly);
  return *this;
}

Assembly& Assembly::add(AssemblyObject added, const Options& options) { return add(*make(std::move(added), options)); }

void Assembly::flatten(const std::string& path, std::vector<std::pair<std::string, std::weak_ptr<Assembly>>>& result) {
  const std::string own = path + name;
  for (const AssemblyPtr& child : children_) child->flatten(own + "/", result);
  result.emplace_back(own, weak_from_this());
}

std::vector<std::pair<std::string, AssemblyPtr>> Assembly::objects() {
  std::vector<std::pair<std::string, AssemblyPtr>> result{{ownKey_, shared_from_this()}};
  for (const auto& [key, weak] : entries_) {
    if (AssemblyPtr assembly = weak.lock()) result.emplace_back(key, std::move(assembly));
  }
  return result;
}

std::vector<Shape> Assembly::shapes() const {
  if (const Shape* shape = std::get_if<Shape>(&object)) return {*shape};
  if (const Workplane* workplane = std::get_if<Workplane>(&object)) return selectShapes(workplane->vals());
  return {};
}

std::vector<std::pair<std::string, AssemblyPtr>> Assembly::traverse() {
  std::vector<std::pair<std::string, AssemblyPtr>> result;
  for (const AssemblyPtr& child : children_) {
    for (auto& entry : child->traverse()) result.push_back(std::move(entry));
  }
  result.emplace_back(name, shared_from_this());
  return result;
}

void Assembly::collectMembers(const std::string& path, const std::optional<Location>& at,
                              const std::optional<Color>& inherited, std::vector<Member>& result) const {
  const std::string own = path.empty() ? name : path + "/" + name;
  const Location place = at ? *at * loc : loc;
  const std::optional<Color>& painted = color ? color : inherited;
  if (const Shape* shape = std::get_if<Shape>(&object)) {
    result.push_back({*shape, own, place, painted});
  } else if (std::holds_alternative<Workplane>(object)) {
    result.push_back({Compound::make(shapes()), own, place, painted});
  }
  for (const AssemblyPtr& child : children_) child->collectMembers(own, place, painted, result);
}

std::vector<Assembly::Member> Assembly::members() const {
  std::vector<Member> result;
  collectMembers("", std::nullopt, std::nullopt, result);
  return result;
}

Compound Assembly::toCompound() const {
  std::vector<Shape> parts = shapes();
  for (const AssemblyPtr& child : children_) parts.push_back(child->toCompound());
  Compound result = Compound::make(parts);
  result.locate(loc);
  return result;
}

}  // namespace cadrecode::cadquery
