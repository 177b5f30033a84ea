// The objects a running script makes besides data: functions, cells, generators, instances, exceptions, iterators.
#pragma once

#include "script/code.hpp"
#include "script/operations.hpp"

namespace cadrecode::script {

struct Frame;

class Cell final : public Object {
 public:
  static constexpr Kind kKind = Kind::cell;
  explicit Cell(Value content);
  void clear() override { value = Value(); }
  Value value;  // unbound: not assigned yet
};

class Function final : public Object {
 public:
  static constexpr Kind kKind = Kind::function;
  Function(Ref<Code> code, Ref<Dict> globals);
  void clear() override;
  Ref<Code> code;
  Ref<Dict> globals;
  Ref<Tuple> defaults;
  Ref<Dict> keywordDefaults;
  Ref<Tuple> closure;
  Ref<Dict> attributes;
  Value doc;
  std::string name;
  std::string qualifiedName;
};

class Method final : public Object {
 public:
  static constexpr Kind kKind = Kind::method;
  Method(Value self, Value function);
  void clear() override { self = function = Value(); }
  Value self;
  Value function;
};

class Generator final : public Object {
 public:
  static constexpr Kind kKind = Kind::generator;
  Generator(Frame* frame, std::string name);
  ~Generator() override;
  void clear() override;
  Frame* frame;  // null when it is finished
  std::string name;
  bool running = false;
  bool started = false;
  Value returned;
};

// An instance of a script class.
class Instance final : public Object {
 public:
  static constexpr Kind kKind = Kind::instance;
  explicit Instance(Class* cls);
  void clear() override;
  Ref<Dict> attributes;
  Value base;  // of subclasses of str, int, float: the value they are
};

class Exception final : public Object {
 public:
  static constexpr Kind kKind = Kind::exception;
  Exception(Class* cls, Ref<Tuple> arguments);
  void clear() override;
  Ref<Tuple> arguments;
  Ref<Dict> attributes;
  Value cause;
  Value context;
  Value value;  // of StopIteration
  int line = 0;
  int column = 0;
};

// property(), staticmethod() and classmethod() objects, and native properties.
class Property final : public Object {
 public:
  static constexpr Kind kKind = Kind::property;
  Property(Value get, Value set, Value remove);
  void clear() override { get = set = remove = Value(); }
  Value get, set, remove;
  std::function<Value(const Value&)> nativeGet;
  std::function<void(const Value&, const Value&)> nativeSet;
  std::string name;
};

class Wrapper final : public Object {
 public:
  static constexpr Kind kKind = Kind::wrapper;
  Wrapper(Value function, bool classMethod);
  void clear() override { function = Value(); }
  Value function;
  bool classMethod;
};

class Super final : public Object {
 public:
  static constexpr Kind kKind = Kind::super;
  Super(Class* start, Value self, Class* selfClass);
  void clear() override { self = Value(); }
  Class* start;
  Value self;
  Class* selfClass;
};

// None's cousins: Ellipsis and NotImplemented; and opaque things that only have a repr (typing).
class Singleton final : public Object {
 public:
  static constexpr Kind kKind = Kind::singleton;
  Singleton(Class* cls, std::string text);
  void clear() override { origin = Value(); }
  std::string text;
  Value origin;  // of list[int]: list
};

// An iterator written in C++.
class Iterator : public Object {
 public:
  static constexpr Kind kKind = Kind::iterator;
  explicit Iterator(const char* typeName);
  virtual bool next(Value& item) = 0;
  // What len() of the rest is, for list() to reserve; -1 when not known.
  virtual std::int64_t remaining() const { return -1; }
};

// dict.keys(), .values(), .items(): live views.
class View final : public Object {
 public:
  static constexpr Kind kKind = Kind::view;
  enum class What : std::uint8_t { keys, values, items };
  View(Ref<Dict> dict, What what);
  void clear() override { dict.reset(); }
  Ref<Dict> dict;
  What what;
};

// The builtin classes, made once by each interpreter.
struct Types {
  Class *object, *type, *none, *boolean, *integer, *real, *str, *tuple, *list, *dict, *set, *frozenset, *range, *slice;
  Class *function, *method, *builtinFunction, *generator, *module, *property, *staticMethod, *classMethod, *super,
      *cell, *code, *ellipsis, *notImplemented, *array, *enumeration, *alias, *union_;
  Class *dictKeys, *dictValues, *dictItems;
  Class *baseException, *exception, *stopIteration, *attributeError, *keyError, *generatorExit, *typeError,
      *recursionError, *assertionError;
  std::unordered_map<std::string, Class*> iterators;
};
Types& types();

Value makeException(const std::string& type, const std::string& message);
Value makeException(Class* cls, Values arguments);
// str(exception)
std::string exceptionText(const Exception& exception);

// What an attribute of a class gives on an instance (binds functions, asks properties).
Value bindAttribute(const Value& attribute, const Value& self, Class* cls);
// The method of the value's class by a special name, or unbound. Bound to the value.
Value specialMethod(const Value& value, const Str& name);
// Names that operations need all the time.
struct Names {
  Ref<Str> init, newName, repr, str, eq, ne, lt, le, gt, ge, hash, boolean, len, iter, next, getItem, setItem,
      deleteItem, contains, call, getAttr, setAttr, deleteAttr, enter, exit, add, sub, mul, trueDiv, floorDiv, mod, pow,
      lshift, rshift, orName, xorName, andName, matmul, radd, rsub, rmul, rtrueDiv, rfloorDiv, rmod, rpow, rlshift,
      rrshift, ror, rxor, rand, rmatmul, iadd, isub, imul, itrueDiv, ifloorDiv, imod, ipow, ilshift, irshift, ior, ixor,
      iand, imatmul, neg, pos, invert, abs, round, floatName, intName, index, format, reversed, className, name,
      qualname, doc, module, annotations, postInit, missing, setName, initSubclass, matchArgs, dictName, trunc, floor,
      ceil, hint, members, classGetItem, get, set;
};
Names& names();

// A class the way a class statement makes it.
Value makeClass(const std::string& name, const Values& bases, const Ref<Dict>& attributes,
                const KeywordArguments& keywords);
// Calls the class: makes an instance.
Value instantiate(Class* cls, const Value* arguments, std::size_t count, const KeywordArguments& keywords);
Value callArray(const Value& callable, const Value* arguments, std::size_t count, const KeywordArguments& keywords);
// The dict of an object's own attributes, or null when it has none; made when `create`.
Dict* attributesOf(const Value& value, bool create);
// A value that is a str, int or float in disguise (an instance of a subclass) as that plain value.
const Value& plainValue(const Value& value);

// How scripts (not C++ code) may name attributes: refuses __dunders__ that lead to internals.
void checkAttributeName(const Value& object, const Str& name);
bool isDunder(std::string_view name);

// Generators.
bool resume(Generator& generator, const Value& sent, Value& item);
Value throwInto(Generator& generator, const Value& exception);
void closeGenerator(Generator& generator);

std::string formatReal(double value);         // repr of a float
std::string quoted(const std::string& text);  // repr of a str
// "builtins" names bare, others with module: <class 'cadquery.cq.Workplane'>
std::string classRepr(const Class& cls);
std::string functionText(const Value& callable);  // "__main__.f()" for messages

}  // namespace cadrecode::script
