// repr() and str().
#include <cstdio>

#include "script/arrays.hpp"
#include "script/machine.hpp"
#include "script/unicode.hpp"

namespace cadrecode::script {

std::string quoted(const std::string& text) {
  const bool single = text.find('\'') != std::string::npos && text.find('"') == std::string::npos;
  const char quote = single ? '"' : '\'';
  std::string out(1, quote);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    const char32_t c = decodeUtf8(text, i);
    char buffer[16];
    if (c == static_cast<char32_t>(quote) || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (isPrintable(c)) {
      out += text.substr(start, i - start);
    } else {
      std::snprintf(buffer, sizeof buffer,
                    c < 0x100     ? "\\x%02x"
                    : c < 0x10000 ? "\\u%04x"
                                  : "\\U%08x",
                    static_cast<unsigned>(c));
      out += buffer;
    }
  }
  return out + quote;
}

std::string classRepr(const Class& cls) {
  if (cls.module() == "builtins") return "<class '" + cls.qualifiedName() + "'>";
  return "<class '" + cls.module() + "." + cls.qualifiedName() + "'>";
}

namespace {

std::string address(const Object& object) {
  char text[32];
  std::snprintf(text, sizeof text, "0x7f%010x", object.serial() * 16u);
  return text;
}

std::string fullName(const Class& cls) {
  return cls.module() == "builtins" ? cls.qualifiedName() : cls.module() + "." + cls.qualifiedName();
}

std::string defaultRepr(const Value& value) {
  return "<" + fullName(*value.object()->cls()) + " object at " + address(*value.object()) + ">";
}

// Objects whose repr is being written, to stop at cycles.
thread_local std::vector<const Object*> active;
class Active {
 public:
  explicit Active(const Object* object) {
    for (const Object* other : active) cyclic_ = cyclic_ || other == object;
    active.push_back(object);
  }
  ~Active() { active.pop_back(); }
  Active(const Active&) = delete;
  Active& operator=(const Active&) = delete;
  bool cyclic() const { return cyclic_; }

 private:
  bool cyclic_ = false;
};

class Writer {
 public:
  void add(const std::string& text) {
    text_ += text;
    countSteps(1);
    if (text_.size() > checked_ + 65536) {
      checked_ = text_.size();
      Heap::current().check(checked_);
    }
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::size_t checked_ = 0;
};

std::string listRepr(const Value& value, const Values& source, const char* open, const char* close, bool tuple) {
  const RecursionGuard guard(" while getting the repr of an object");
  const Active mark(value.object());
  if (mark.cyclic()) return std::string(open) + "..." + close;
  Writer out;
  out.add(open);
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (i > 0) out.add(", ");
    const Value item = source[i];
    out.add(repr(item));
  }
  if (tuple && source.size() == 1) out.add(",");
  out.add(close);
  return out.take();
}

std::string dictRepr(const Value& value) {
  const RecursionGuard guard(" while getting the repr of an object");
  const Active mark(value.object());
  if (mark.cyclic()) return "{...}";
  Dict& dict = value.to<Dict>();
  Writer out;
  out.add("{");
  bool first = true;
  for (std::size_t i = 0; i < dict.entries().size(); ++i) {
    const Dict::Entry entry = dict.entries()[i];
    if (entry.key.isUnbound()) continue;
    if (!first) out.add(", ");
    first = false;
    out.add(repr(entry.key));
    out.add(": ");
    out.add(repr(entry.value));
  }
  out.add("}");
  return out.take();
}

std::string setRepr(const Value& value) {
  const Set& set = value.to<Set>();
  const std::string name = value.object()->cls()->name();
  if (set.size() == 0) return name + "()";
  const RecursionGuard guard(" while getting the repr of an object");
  const Active mark(value.object());
  if (mark.cyclic()) return name + "(...)";
  Writer out;
  out.add(name == "set" ? "{" : name + "({");
  bool first = true;
  for (const Value& item : set.items()) {
    if (!first) out.add(", ");
    first = false;
    out.add(repr(item));
  }
  out.add(name == "set" ? "}" : "})");
  return out.take();
}

std::string exceptionRepr(const Exception& exception) {
  const Values& items = exception.arguments->items;
  std::string text = exception.cls()->name() + "(";
  for (std::size_t i = 0; i < items.size(); ++i) text += (i > 0 ? ", " : "") + repr(items[i]);
  return text + ")";
}

std::string functionRepr(const Value& value) {
  if (const Function* function = value.as<Function>()) {
    return "<function " + function->qualifiedName + " at " + address(*function) + ">";
  }
  const NativeFunction& function = value.to<NativeFunction>();
  if (function.cls() == types().builtinFunction) return "<built-in function " + function.name() + ">";
  return "<function " + function.qualifiedName() + " at " + address(function) + ">";
}

std::string methodRepr(const Value& value) {
  const Method& method = value.to<Method>();
  if (const NativeFunction* native = method.function.as<NativeFunction>(); native && native->plain()) {
    return "<built-in method " + native->name() + " of " + typeName(method.self) + " object at " +
           (method.self.isObject() ? address(*method.self.object()) : "0x7f0000000000") + ">";
  }
  std::string name = "?";
  if (const Function* function = method.function.as<Function>()) name = function->qualifiedName;
  if (const NativeFunction* native = method.function.as<NativeFunction>()) name = native->qualifiedName();
  return "<bound method " + name + " of " + repr(method.self) + ">";
}

std::string builtinRepr(const Value& value) {
  switch (value.object()->kind()) {
    case Kind::str:
      return quoted(textOf(value));
    case Kind::tuple:
      return listRepr(value, value.to<Tuple>().items, "(", ")", true);
    case Kind::list:
      return listRepr(value, value.to<List>().items, "[", "]", false);
    case Kind::dict:
      return dictRepr(value);
    case Kind::set:
      return setRepr(value);
    case Kind::range: {
      const Range& range = value.to<Range>();
      std::string text = "range(" + std::to_string(range.start) + ", " + std::to_string(range.stop);
      if (range.step != 1) text += ", " + std::to_string(range.step);
      return text + ")";
    }
    case Kind::slice: {
      const Slice& slice = value.to<Slice>();
      return "slice(" + repr(slice.start) + ", " + repr(slice.stop) + ", " + repr(slice.step) + ")";
    }
    case Kind::singleton:
      return value.to<Singleton>().text;
    case Kind::function:
    case Kind::nativeFunction:
      return functionRepr(value);
    case Kind::method:
      return methodRepr(value);
    case Kind::generator:
      return "<generator object " + value.to<Generator>().name + " at " + address(*value.object()) + ">";
    case Kind::view: {
      const View& view = value.to<View>();
      const std::vector<Value> items = listOf(value);
      return view.cls()->name() + "(" + repr(makeList(items)) + ")";
    }
    case Kind::type: {
      const Class& cls = value.to<Class>();
      if (cls.isEnum && cls.scripted()) return "<enum '" + cls.name() + "'>";
      return classRepr(cls);
    }
    case Kind::exception:
      return exceptionRepr(value.to<Exception>());
    case Kind::module:
      return "<module '" + value.to<Module>().name() + "'>";
    case Kind::array:
      return arrayText(value.to<Array>(), true);
    case Kind::super:
      return "<super: " + classRepr(*value.to<Super>().start) + ", <" + value.to<Super>().selfClass->name() +
             " object>>";
    default:
      return defaultRepr(value);
  }
}

}  // namespace

std::string repr(const Value& value) {
  switch (value.tag()) {
    case Value::Tag::none:
      return "None";
    case Value::Tag::unbound:
      return "<unbound>";
    case Value::Tag::boolean:
      return value.boolean() ? "True" : "False";
    case Value::Tag::integer:
      return std::to_string(value.integer());
    case Value::Tag::real:
      return formatReal(value.real());
    default:
      break;
  }
  Class* cls = value.object()->cls();
  const Kind kind = value.object()->kind();
  if (kind == Kind::instance || kind == Kind::native || (cls->scripted() && kind != Kind::type) ||
      cls->layout == Class::Layout::fixed || (kind == Kind::dict && cls != types().dict)) {
    if (Value* found = cls->lookup(*names().repr)) {
      const RecursionGuard guard(" while calling a Python object");
      const Value text = call(bindAttribute(*found, value, cls));
      if (!isStr(text)) raise("TypeError", "__repr__ returned non-string (type " + typeName(text) + ")");
      return textOf(text);
    }
    const Value& plain = plainValue(value);
    if (!plain.same(value)) return repr(plain);
  }
  return builtinRepr(value);
}

std::string exceptionText(const Exception& exception) {
  const Values& items = exception.arguments->items;
  if (items.empty()) return "";
  if (items.size() == 1) {
    const bool key = exception.cls()->derivesFrom(types().keyError);
    return key ? repr(items[0]) : str(items[0]);
  }
  if (items.size() == 2 && exception.cls()->lookup("errno")) return "[Errno " + str(items[0]) + "] " + str(items[1]);
  return repr(Value(exception.arguments));
}

std::string str(const Value& value) {
  if (!value.isObject()) return repr(value);
  if (isStr(value)) return textOf(value);
  Class* cls = value.object()->cls();
  const Kind kind = value.object()->kind();
  if (kind == Kind::instance || kind == Kind::native || kind == Kind::exception ||
      (cls->scripted() && kind != Kind::type)) {
    if (Value* found = cls->lookup(*names().str)) {
      const RecursionGuard guard(" while getting the str of an object");
      const Value text = call(bindAttribute(*found, value, cls));
      if (!isStr(text)) raise("TypeError", "__str__ returned non-string (type " + typeName(text) + ")");
      return textOf(text);
    }
    if (kind == Kind::exception) return exceptionText(value.to<Exception>());
    const Value& plain = plainValue(value);
    if (isStr(plain) && !cls->lookup(*names().repr)) return textOf(plain);
  }
  if (kind == Kind::array) return arrayText(value.to<Array>(), false);
  return repr(value);
}

Value formatField(const Value& value, const Value& spec, int conversion) {
  if (conversion == 0 && spec.isNone() && isStr(value)) return value;
  Value shown = value;
  if (conversion == 'r' || conversion == 'a') shown = makeStr(repr(value));
  if (conversion == 's') shown = makeStr(str(value));
  return makeStr(format(shown, spec.isNone() ? std::string() : textOf(spec)));
}

}  // namespace cadrecode::script
