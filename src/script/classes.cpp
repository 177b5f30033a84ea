// Classes and modules: definition, lookup, what scripts change for one run.
#include <algorithm>

#include "script/machine.hpp"

namespace cadrecode::script {

std::uint64_t Class::epoch = 0;

Class::Class(std::string module, std::string name, std::vector<Class*> bases)
    : Object(kKind, machine().types.type),
      module_(std::move(module)),
      name_(std::move(name)),
      qualname_(name_),
      bases_(std::move(bases)),
      attributes_(make<Dict>()) {
  for (Class* base : bases_) {
    if (!base->permanent()) base->retain();
    if (base->layout != Layout::plain && layout == Layout::plain) layout = base->layout;
    if (!construct && base->layout != Layout::plain) construct = base->construct;
    isEnum = isEnum || base->isEnum;
    isDataclass = isDataclass || base->isDataclass;
    frozenDataclass = frozenDataclass || base->frozenDataclass;
  }
  computeOrder();
}

void Class::clear() {
  attributes_->clearItems();
  overlay_.reset();
  std::vector<Class*> bases;
  bases.swap(bases_);
  mro_.clear();
  for (Class* base : bases) {
    if (!base->permanent()) base->release();
  }
}

// C3 linearisation.
void Class::computeOrder() {
  std::vector<std::vector<Class*>> lists;
  for (Class* base : bases_) lists.push_back(base->mro_);
  lists.push_back(bases_);
  mro_.push_back(this);
  for (;;) {
    bool empty = true;
    Class* chosen = nullptr;
    for (const auto& list : lists) {
      if (list.empty()) continue;
      empty = false;
      Class* candidate = list.front();
      const bool blocked = std::any_of(lists.begin(), lists.end(), [&](const auto& other) {
        return std::find(other.begin() + (other.empty() ? 0 : 1), other.end(), candidate) != other.end();
      });
      if (!blocked) {
        chosen = candidate;
        break;
      }
    }
    if (empty) return;
    if (!chosen) {
      std::string text;
      for (const auto& list : lists) {
        if (list.empty() || text.find(list.front()->name_) != std::string::npos) continue;
        text += (text.empty() ? "" : ", ") + list.front()->name_;
      }
      raise("TypeError", "Cannot create a consistent method resolution\norder (MRO) for bases " + text);
    }
    mro_.push_back(chosen);
    for (auto& list : lists) {
      if (!list.empty() && list.front() == chosen) list.erase(list.begin());
    }
  }
}

bool Class::derivesFrom(const Class* other) const { return std::find(mro_.begin(), mro_.end(), other) != mro_.end(); }

Value* Class::lookup(const Str& name) {
  for (Class* cls : mro_) {
    if (cls->overlay_) {
      if (Value* found = cls->overlay_->find(name)) return found;
    }
    if (Value* found = cls->attributes_->find(name)) return found;
  }
  return nullptr;
}
Value* Class::lookup(std::string_view name) {
  const Value text = makeStr(name);
  return lookup(text.to<Str>());
}

void Class::assign(const Value& name, const Value& value) {
  ++epoch;
  if (!permanent()) {
    attributes_->set(name, value);
    return;
  }
  if (module_ == "builtins") {
    raise("TypeError", "cannot set '" + textOf(name) + "' attribute of immutable type '" + name_ + "'");
  }
  if (!overlay_) {
    overlay_ = make<Dict>();
    machine().touchedClasses.push_back(this);
  }
  overlay_->set(name, value);
}

bool Class::erase(const Value& name) {
  ++epoch;
  if (permanent()) {
    if (overlay_) return overlay_->erase(name);
    return false;
  }
  return attributes_->erase(name);
}

namespace {
// What is defined natively stays for all runs.
template <class F>
void permanently(F define) {
  const PermanentScope scope;
  define();
}
std::string nameOf(const std::string& signature) { return signature.substr(0, signature.find('(')); }
}  // namespace

Class& Class::method(std::string signature, NativeBody body) {
  permanently([&] {
    const std::string name = nameOf(signature);
    attributes_->set(name, Value(make<NativeFunction>(std::move(signature), qualname_, NativeFunction::Role::method,
                                                      std::move(body))));
  });
  return *this;
}
Class& Class::staticMethod(std::string signature, NativeBody body) {
  permanently([&] {
    const std::string name = nameOf(signature);
    const Value function(
        make<NativeFunction>(std::move(signature), qualname_, NativeFunction::Role::function, std::move(body)));
    attributes_->set(name, Value(make<Wrapper>(function, false)));
  });
  return *this;
}
Class& Class::classMethod(std::string signature, NativeBody body) {
  permanently([&] {
    const std::string name = nameOf(signature);
    const Value function(
        make<NativeFunction>(std::move(signature), qualname_, NativeFunction::Role::classMethod, std::move(body)));
    attributes_->set(name, Value(make<Wrapper>(function, true)));
  });
  return *this;
}
Class& Class::constructor(std::string signature, NativeBody body) {
  permanently([&] {
    const std::string name = nameOf(signature);
    attributes_->set(name, Value(make<NativeFunction>(std::move(signature), qualname_,
                                                      NativeFunction::Role::constructor, std::move(body))));
  });
  return *this;
}
Class& Class::property(std::string name, std::function<Value(const Value&)> get,
                       std::function<void(const Value&, const Value&)> set) {
  permanently([&] {
    auto property = make<Property>(Value(), Value(), Value());
    property->nativeGet = std::move(get);
    property->nativeSet = std::move(set);
    property->name = name;
    attributes_->set(name, Value(std::move(property)));
  });
  return *this;
}
Class& Class::attribute(const std::string& name, Value value) {
  permanently([&] { attributes_->set(name, std::move(value)); });
  return *this;
}
Class& Class::plain(const std::string& name, int minimum, int maximum, PlainBody body) {
  permanently([&] {
    attributes_->set(
        name, Value(make<NativeFunction>(name, qualname_, NativeFunction::Role::method, minimum, maximum, body)));
  });
  return *this;
}
Class& Class::plainStatic(const std::string& name, int minimum, int maximum, PlainBody body) {
  permanently([&] {
    const Value function(make<NativeFunction>(name, qualname_, NativeFunction::Role::function, minimum, maximum, body));
    attributes_->set(name, Value(make<Wrapper>(function, false)));
  });
  return *this;
}

Module::Module(std::string name) : Object(kKind, types().module), name_(std::move(name)), attributes_(make<Dict>()) {}
void Module::clear() { attributes_->clearItems(); }
Module& Module::function(std::string signature, NativeBody body) {
  permanently([&] {
    const std::string name = nameOf(signature);
    attributes_->set(
        name, Value(make<NativeFunction>(std::move(signature), "", NativeFunction::Role::function, std::move(body))));
  });
  return *this;
}
Module& Module::plain(const std::string& name, int minimum, int maximum, PlainBody body) {
  permanently([&] {
    const std::string qualifier = name_ == "builtins" ? "" : name_;
    attributes_->set(
        name, Value(make<NativeFunction>(name, qualifier, NativeFunction::Role::function, minimum, maximum, body)));
  });
  return *this;
}
Module& Module::add(const std::string& name, Value value) {
  permanently([&] { attributes_->set(name, std::move(value)); });
  return *this;
}
Module& Module::add(Class* cls) { return add(cls->name(), Value(cls)); }
Value* Module::find(const Str& name) {
  if (overlay_) {
    if (Value* found = overlay_->find(name)) return found;
  }
  return attributes_->find(name);
}
Value* Module::find(std::string_view name) {
  const Value text = makeStr(name);
  return find(text.to<Str>());
}
void Module::assign(const Value& name, const Value& value) {
  if (!overlay_) {
    overlay_ = make<Dict>();
    machine().touchedModules.push_back(this);
  }
  overlay_->set(name, value);
}

}  // namespace cadrecode::script
