// How C++ gives classes, functions and modules to scripts. A signature is written as in Python,
//   cls.method("extrude(self, until, combine=True, clean=True)", [](Arguments& a) -> Value { ... });
// and is parsed at the first call; arguments are bound to it as CPython does, with CPython's TypeErrors.
// Errors are thrown as cadrecode::Error(type, message); of a KeyError the message is the key, which Python shows quoted.
// Classes and modules belong to the Interpreter they were defined in and live as long as it does.
#pragma once

#include <functional>
#include <memory>

#include "script/operations.hpp"

namespace cadrecode::script {

class Interpreter;
class NativeFunction;
class Module;

// The bound arguments of a call: a value for every parameter of the signature in its order (`self` or `cls` is 0;
// *args is a tuple, **kwargs a dict; a parameter that was not given has its default).
class Arguments {
 public:
  Arguments(const NativeFunction& function, std::vector<Value> values, std::uint64_t given, Class* cls)
      : function_(function), values_(std::move(values)), given_(given), cls_(cls) {}

  std::size_t size() const { return values_.size(); }
  const Value& operator[](std::size_t index) const { return values_[index]; }
  const Value& operator[](std::string_view name) const;
  const Value& self() const { return values_[0]; }
  // Whether the caller gave it (also for the first 64 parameters only).
  bool given(std::size_t index) const { return index < 64 && (given_ >> index & 1) != 0; }
  // In a constructor: the class being made, perhaps a script's subclass.
  Class* cls() const { return cls_; }
  const NativeFunction& function() const { return function_; }

  double real(std::size_t index) const { return toReal(values_[index]); }
  std::int64_t integer(std::size_t index) const { return toIndex(values_[index]); }
  bool boolean(std::size_t index) const { return truth(values_[index]); }
  const std::string& text(std::size_t index) const { return toText(values_[index]); }
  template <class T>
  T& as(std::size_t index) const;

 private:
  const NativeFunction& function_;
  std::vector<Value> values_;
  std::uint64_t given_;
  Class* cls_;
};

using NativeBody = std::function<Value(Arguments&)>;

// What a builtin in the style of CPython's C functions gets: positional arguments only, self first for methods.
struct PlainArguments {
  const Value* values;
  std::size_t count;
  const Value& operator[](std::size_t index) const { return values[index]; }
  bool has(std::size_t index) const { return index < count; }
};
using PlainBody = Value (*)(const PlainArguments&);

struct Signature;

class NativeFunction final : public Object {
 public:
  static constexpr Kind kKind = Kind::nativeFunction;
  enum class Role : std::uint8_t { function, method, classMethod, constructor };

  NativeFunction(std::string signature, std::string qualifier, Role role, NativeBody body);
  // Like a function of C: messages say "len() takes exactly one argument (2 given)".
  NativeFunction(std::string name, std::string qualifier, Role role, int minimum, int maximum, PlainBody body);
  ~NativeFunction() override;
  void clear() override;

  const std::string& name() const { return name_; }
  // "Workplane.box", as error messages name it.
  std::string qualifiedName() const;
  const std::string& qualifier() const { return qualifier_; }
  Role role() const { return role_; }
  bool plain() const { return plain_ != nullptr; }
  const Signature& signature() const;

  // `self` included in the arguments for methods. `cls` is the class to make, for constructors.
  Value invoke(const Value* arguments, std::size_t count, const KeywordArguments& keywords, Class* cls) const;

 private:
  std::string name_;
  std::string qualifier_;
  std::string text_;
  mutable std::unique_ptr<Signature> signature_;
  NativeBody body_;
  PlainBody plain_ = nullptr;
  int minimum_ = 0;
  int maximum_ = -1;  // -1: any number
  Role role_;
};

// A type object: of builtins, of native classes and of script classes.
class Class final : public Object {
 public:
  static constexpr Kind kKind = Kind::type;
  Class(std::string module, std::string name, std::vector<Class*> bases);
  void clear() override;

  const std::string& name() const { return name_; }
  const std::string& module() const { return module_; }  // "cadquery.cq"; "builtins" is left out in reprs
  const std::string& qualifiedName() const { return qualname_; }
  void setQualifiedName(std::string name) { qualname_ = std::move(name); }
  const std::vector<Class*>& mro() const { return mro_; }
  const std::vector<Class*>& bases() const { return bases_; }
  bool derivesFrom(const Class* other) const;
  bool scripted() const { return scripted_; }
  void setScripted() { scripted_ = true; }

  // Definition of native classes.
  Class& method(std::string signature, NativeBody body);
  Class& staticMethod(std::string signature, NativeBody body);
  Class& classMethod(std::string signature, NativeBody body);
  // "__init__(self, ...)". The body gets None for self and returns a new object made by wrap(a.cls(), ...).
  Class& constructor(std::string signature, NativeBody body);
  Class& property(std::string name, std::function<Value(const Value& self)> get,
                  std::function<void(const Value& self, const Value& value)> set = nullptr);
  Class& attribute(const std::string& name, Value value);
  // A method in C style: positional arguments (self not counted) between minimum and maximum (-1: any number).
  Class& plain(const std::string& name, int minimum, int maximum, PlainBody body);
  Class& plainStatic(const std::string& name, int minimum, int maximum, PlainBody body);

  // Along the method resolution order, with what this run assigned over native classes first. Null: none.
  Value* lookup(const Str& name);
  Value* lookup(std::string_view name);
  Dict& attributes() { return *attributes_; }
  Dict* overlay() { return overlay_.get(); }
  // Binding of a name by a script; on a native class it lasts for this run only.
  void assign(const Value& name, const Value& value);
  bool erase(const Value& name);
  void dropOverlay() {
    overlay_.reset();
    ++epoch;
  }

  // How instances are made and laid out: the kind of object the builtin base has.
  enum class Layout : std::uint8_t { plain, native, exception, list, dict, tuple, set, str, integer, real, fixed };
  Layout layout = Layout::plain;
  // Makes an instance of a builtin class or of a script class derived from it. Inherited.
  using Construct = Value (*)(Class* cls, const Value* arguments, std::size_t count, const KeywordArguments& keywords);
  Construct construct = nullptr;
  // Slots that operations look at often.
  bool isEnum = false;
  bool isDataclass = false;
  bool frozenDataclass = false;
  static std::uint64_t epoch;  // grows whenever any class changes

 private:
  void computeOrder();
  std::string module_;
  std::string name_;
  std::string qualname_;
  std::vector<Class*> bases_;
  std::vector<Class*> mro_;
  Ref<Dict> attributes_;
  Ref<Dict> overlay_;
  bool scripted_ = false;
};

// An instance of a native class: holds one C++ value of any type.
class Native final : public Object {
 public:
  static constexpr Kind kKind = Kind::native;
  struct Payload {
    virtual ~Payload() = default;
    virtual const void* type() const = 0;
  };
  template <class T>
  struct Holder final : Payload {
    explicit Holder(T v) : value(std::move(v)) {}
    const void* type() const override { return tag<T>(); }
    T value;
  };
  template <class T>
  static const void* tag() {
    static const char unique = 0;
    return &unique;
  }

  Native(Class* cls, std::unique_ptr<Payload> content);
  void clear() override;

  std::unique_ptr<Payload> payload;  // null in an instance of a script's subclass before super().__init__()
  Ref<Dict> attributes;              // only of instances of script classes
};

template <class T>
Value wrap(Class* cls, T value) {
  return Value(make<Native>(cls, std::make_unique<Native::Holder<T>>(std::move(value))));
}
// The C++ value inside, or null when the value is something else.
template <class T>
T* tryUnwrap(const Value& value) {
  Native* native = value.as<Native>();
  if (!native || !native->payload || native->payload->type() != Native::tag<T>()) return nullptr;
  return &static_cast<Native::Holder<T>*>(native->payload.get())->value;
}
[[noreturn]] void throwWrongNative(const Value& value);
template <class T>
T& unwrap(const Value& value) {
  T* inside = tryUnwrap<T>(value);
  if (!inside) throwWrongNative(value);
  return *inside;
}
template <class T>
T& Arguments::as(std::size_t index) const {
  return unwrap<T>(values_[index]);
}

class Module final : public Object {
 public:
  static constexpr Kind kKind = Kind::module;
  explicit Module(std::string name);
  void clear() override;

  const std::string& name() const { return name_; }
  Module& function(std::string signature, NativeBody body);
  Module& plain(const std::string& name, int minimum, int maximum, PlainBody body);
  Module& add(const std::string& name, Value value);
  Module& add(Class* cls);
  Value* find(const Str& name);
  Value* find(std::string_view name);
  void assign(const Value& name, const Value& value);  // by a script: for this run only
  Dict& attributes() { return *attributes_; }
  Dict* overlay() { return overlay_.get(); }
  void dropOverlay() { overlay_.reset(); }

 private:
  std::string name_;
  Ref<Dict> attributes_;
  Ref<Dict> overlay_;
};

}  // namespace cadrecode::script
