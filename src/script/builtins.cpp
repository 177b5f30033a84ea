// The builtin functions, except those that make iterators.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "script/builtin_support.hpp"
#include "script/text_format.hpp"
#include "script/unicode.hpp"

namespace cadrecode::script {

namespace {

bool isInstanceOf(const Value& value, const Value& pattern, const char* function) {
  if (const Tuple* tuple = pattern.as<Tuple>()) {
    for (const Value& item : tuple->items) {
      if (isInstanceOf(value, item, function)) return true;
    }
    return false;
  }
  if (const Class* cls = pattern.as<Class>()) return isInstance(value, cls);
  if (pattern.is(Kind::singleton) && pattern.object()->cls() == types().alias) {
    const Value origin = pattern.to<Singleton>().origin;
    if (origin.is(Kind::type)) return isInstance(value, &origin.to<Class>());
    if (origin.is(Kind::tuple)) return isInstanceOf(value, origin, function);
  }
  if (pattern.isNone()) return value.isNone();
  raise("TypeError", "isinstance() arg 2 must be a type, a tuple of types, or a union");
}

bool isSubclassOf(const Class& cls, const Value& pattern) {
  if (const Tuple* tuple = pattern.as<Tuple>()) {
    for (const Value& item : tuple->items) {
      if (isSubclassOf(cls, item)) return true;
    }
    return false;
  }
  if (const Class* base = pattern.as<Class>()) return cls.derivesFrom(base);
  raise("TypeError", "issubclass() arg 2 must be a class, a tuple of classes, or a union");
}

// min and max.
Value extreme(Arguments& a, const char* name, CompareOperator op) {
  const Values& given = a[0].to<Tuple>().items;
  const Value key = a[1];
  const bool hasDefault = a.given(2);
  if (given.empty()) raise("TypeError", std::string(name) + " expected at least 1 argument, got 0");
  if (given.size() > 1 && hasDefault) {
    raise("TypeError", std::string("Cannot specify a default for ") + name + "() with multiple positional arguments");
  }
  Value best = Value::unbound();
  Value bestKey;
  forEach(given.size() > 1 ? a[0] : given[0], [&](const Value& item) {
    const Value itemKey = key.isNone() ? item : call(key, {item});
    if (best.isUnbound() || truth(compare(op, itemKey, bestKey))) {
      best = item;
      bestKey = itemKey;
    }
  });
  if (best.isUnbound()) {
    if (hasDefault) return a[2];
    raise("ValueError", std::string(name) + "() arg is an empty sequence");
  }
  return best;
}

Value sum(Arguments& a) {
  Value total = a[1];
  if (isStr(total)) raise("TypeError", "sum() can't sum strings [use ''.join(seq) instead]");
  forEach(a[0], [&](const Value& item) { total = addValues(total, item); });
  return total;
}

std::string inBase(const Value& value, int base, const char* prefix) {
  const std::int64_t number = toIndex(value);
  FormatSpec spec;
  spec.type = base == 16 ? 'x' : base == 8 ? 'o' : 'b';
  const std::string digits = formatInteger(number, spec);
  return number < 0 ? "-" + std::string(prefix) + digits.substr(1) : prefix + digits;
}

const Str& attributeName(const Value& name) {
  if (!isStr(name)) raise("TypeError", "attribute name must be string, not '" + typeName(name) + "'");
  return name.to<Str>();
}

Value getattr(const PlainArguments& a) {
  const Str& name = attributeName(a[1]);
  if (isDunder(name.text())) checkAttributeName(a[0], name);
  if (!a.has(2)) return getAttribute(a[0], name.text());
  try {
    const Value value = findAttribute(a[0], name);
    return value.isUnbound() ? a[2] : value;
  } catch (const Raised& raised) {
    if (raised.exception.object()->cls()->derivesFrom(types().attributeError)) return a[2];
    throw;
  } catch (const Error& error) {
    if (error.type() == "AttributeError") return a[2];
    throw;
  }
}

Value power(Arguments& a) {
  if (a[2].isNone()) return binary(BinaryOperator::power, a[0], a[1]);
  if (!a[0].isNumber() || !a[1].isNumber() || !a[2].isNumber()) {
    raise("TypeError", "unsupported operand type(s) for ** or pow(): '" + typeName(a[0]) + "', '" + typeName(a[1]) +
                           "', '" + typeName(a[2]) + "'");
  }
  if (!a[0].isIntegral() || !a[1].isIntegral() || !a[2].isIntegral()) {
    raise("TypeError", "pow() 3rd argument not allowed unless all arguments are integers");
  }
  __extension__ typedef __int128 Wide;
  const std::int64_t modulus = a[2].integer();
  if (modulus == 0) raise("ValueError", "pow() 3rd argument cannot be 0");
  const std::int64_t size = modulus < 0 ? -modulus : modulus;
  Wide base = a[0].integer() % size;
  if (base < 0) base += size;
  std::int64_t exponent = a[1].integer();
  if (exponent < 0) {
    // The inverse by Euclid's algorithm.
    Wide r0 = size, r1 = base, t0 = 0, t1 = 1;
    while (r1 != 0) {
      const Wide q = r0 / r1;
      const Wide r = r0 - q * r1;
      const Wide t = t0 - q * t1;
      r0 = r1, r1 = r, t0 = t1, t1 = t;
    }
    if (r0 != 1) raise("ValueError", "base is not invertible for the given modulus");
    base = t0 < 0 ? t0 + size : t0;
    exponent = -exponent;
  }
  Wide result = 1 % size;
  for (; exponent > 0; exponent >>= 1) {
    if ((exponent & 1) != 0) result = result * base % size;
    base = base * base % size;
  }
  if (modulus < 0 && result != 0) result += modulus;
  return Value(static_cast<std::int64_t>(result));
}

Value print(Arguments& a) {
  const auto separator = [](const Value& value, const char* name, const char* standard) -> std::string {
    if (value.isNone()) return standard;
    if (!isStr(value)) raise("TypeError", std::string(name) + " must be None or a string, not " + typeName(value));
    return textOf(value);
  };
  const Dict& more = a[4].to<Dict>();
  for (const auto& entry : more.entries()) {
    const std::string& key = textOf(entry.key);
    if (key == "file") throwUnsupported("print() to a file");
    raise("TypeError", "'" + key + "' is an invalid keyword argument for print()");
  }
  const std::string between = separator(a[1], "sep", " ");
  const std::string end = separator(a[2], "end", "\n");
  Interpreter& interpreter = Interpreter::current();
  std::string line;
  bool first = true;
  for (const Value& item : a[0].to<Tuple>().items) {
    if (!first) line += between;
    first = false;
    line += str(item);
    if (line.size() > 65536) {
      interpreter.write(line);
      line.clear();
    }
  }
  interpreter.write(line + end);
  return Value();
}

void registerRefused(Interpreter::Impl& impl) {
  static constexpr const char* kRefused[] = {
      "open", "exec",       "eval",      "compile", "__import__", "globals", "locals", "vars", "input", "breakpoint",
      "dir",  "memoryview", "bytearray", "bytes",   "complex",    "help",    "exit",   "quit", "aiter", "anext"};
  for (const char* name : kRefused) {
    const std::string text = name;
    addFunction(impl, (text + "(*args, **kwargs)").c_str(),
                [text](Arguments&) -> Value { throwUnsupported(text + "()"); });
  }
}

}  // namespace

Value addValues(const Value& left, const Value& right) {
  if (left.isFloat() && right.isNumber()) return Value(left.real() + right.number());
  return binary(BinaryOperator::add, left, right);
}

namespace {

// Short lists are sorted as CPython does it, by insertion into the run they begin with: when a comparison fails, the
// list is left in the same order.
void insertionSort(const std::vector<Value>& by, std::vector<std::size_t>& order) {
  const auto lower = [&](std::size_t a, std::size_t b) {
    countSteps(1);
    return less(by[order[a]], by[order[b]]);
  };
  const std::size_t count = order.size();
  std::size_t run = 2;
  const bool descending = lower(1, 0);
  while (run < count && lower(run, run - 1) == descending) ++run;
  if (descending) std::reverse(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(run));
  for (std::size_t start = run; start < count; ++start) {
    std::size_t low = 0;
    std::size_t high = start;
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (lower(start, middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    const auto first = order.begin() + static_cast<std::ptrdiff_t>(low);
    const auto last = order.begin() + static_cast<std::ptrdiff_t>(start);
    std::rotate(first, last, last + 1);
  }
}

// Merges runs of doubling width; the comparison may be any script code.
void mergeSort(const std::vector<Value>& by, std::vector<std::size_t>& order) {
  const std::size_t count = order.size();
  std::vector<std::size_t> from = order;
  std::vector<std::size_t> other(count);
  for (std::size_t width = 1; width < count; width *= 2) {
    for (std::size_t start = 0; start < count; start += 2 * width) {
      const std::size_t middle = start + width < count ? start + width : count;
      const std::size_t end = start + 2 * width < count ? start + 2 * width : count;
      std::size_t a = start;
      std::size_t b = middle;
      for (std::size_t out = start; out < end; ++out) {
        bool right = a >= middle;
        if (!right && b < end) {
          countSteps(1);
          right = less(by[from[b]], by[from[a]]);
        }
        other[out] = right ? from[b++] : from[a++];
      }
    }
    from.swap(other);
  }
  order.swap(from);
}

}  // namespace

void sortValues(std::vector<Value>& values, const Value& key, bool reverse) {
  const std::size_t count = values.size();
  Heap::current().check(count * (sizeof(Value) * 2 + sizeof(std::size_t) * 2));
  std::vector<Value> keys;
  if (!key.isNone()) {
    keys.reserve(count);
    for (const Value& value : values) keys.push_back(call(key, {value}));
  }
  const std::vector<Value>& by = key.isNone() ? values : keys;
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = reverse ? count - 1 - i : i;
  const auto apply = [&] {
    std::vector<Value> result;
    result.reserve(count);
    for (std::size_t i = 0; i < count; ++i) result.push_back(values[order[reverse ? count - 1 - i : i]]);
    values.swap(result);
  };
  if (count > 1) {
    try {
      if (count < 64) {
        insertionSort(by, order);
      } else {
        mergeSort(by, order);
      }
    } catch (...) {
      apply();
      throw;
    }
  }
  apply();
}

void registerBuiltins(Interpreter::Impl& impl) {
  addFunction(impl, "print(*values, sep=' ', end='\\n', flush=False, **kwargs)", print);
  addPlain(impl, "len", 1, 1, [](const PlainArguments& a) { return Value(length(a[0])); });
  addPlain(impl, "abs", 1, 1, [](const PlainArguments& a) -> Value {
    const Value& plain = plainValue(a[0]);
    if (plain.isFloat())
      return Value(plain.real() < 0 || (plain.real() == 0 && std::signbit(plain.real())) ? -plain.real()
                                                                                         : plain.real());
    if (plain.isIntegral()) return plain.integer() < 0 ? negative(Value(plain.integer())) : Value(plain.integer());
    const Value method = specialMethod(a[0], *names().abs);
    if (method.isUnbound()) raise("TypeError", "bad operand type for abs(): '" + typeName(a[0]) + "'");
    return call(method);
  });
  addFunction(impl, "min(*values, key=None, default=None)",
              [](Arguments& a) { return extreme(a, "min", CompareOperator::less); });
  addFunction(impl, "max(*values, key=None, default=None)",
              [](Arguments& a) { return extreme(a, "max", CompareOperator::greater); });
  addFunction(impl, "sum(iterable, /, start=0)", sum);
  addFunction(impl, "sorted(*iterable, key=None, reverse=False)", [](Arguments& a) -> Value {
    const Values& given = a[0].to<Tuple>().items;
    checkCount("sorted", given.size(), 1, 1);
    std::vector<Value> values = listOf(given[0]);
    sortValues(values, a[1], a.boolean(2));
    return makeList(values);
  });
  addPlain(impl, "any", 1, 1, [](const PlainArguments& a) -> Value {
    const Value iterator = iterate(a[0]);
    Value item;
    while (next(iterator, item)) {
      if (truth(item)) return Value(true);
    }
    return Value(false);
  });
  addPlain(impl, "all", 1, 1, [](const PlainArguments& a) -> Value {
    const Value iterator = iterate(a[0]);
    Value item;
    while (next(iterator, item)) {
      if (!truth(item)) return Value(false);
    }
    return Value(true);
  });
  addFunction(impl, "round(number, ndigits=None)", [](Arguments& a) { return roundNumber(a[0], a[1]); });
  addFunction(impl, "pow(base, exp, mod=None)", power);
  addPlain(impl, "divmod", 2, 2, [](const PlainArguments& a) -> Value {
    const Value& x = plainValue(a[0]);
    const Value& y = plainValue(a[1]);
    if (x.isNumber() && y.isNumber() && (x.isFloat() || y.isFloat()) && y.number() == 0)
      raise("ZeroDivisionError", "float divmod()");
    if (!x.isNumber() || !y.isNumber()) {
      if (!a[0].is(Kind::instance) && !a[1].is(Kind::instance)) {
        raise("TypeError",
              "unsupported operand type(s) for divmod(): '" + typeName(a[0]) + "' and '" + typeName(a[1]) + "'");
      }
      const Value method = findAttribute(a[0], "__divmod__");
      if (!method.isUnbound()) return call(method, {a[1]});
    }
    return makeTuple({binary(BinaryOperator::floorDivide, x, y), binary(BinaryOperator::modulo, x, y)});
  });
  addPlain(impl, "isinstance", 2, 2,
           [](const PlainArguments& a) { return Value(isInstanceOf(a[0], a[1], "isinstance")); });
  addPlain(impl, "issubclass", 2, 2, [](const PlainArguments& a) -> Value {
    const Class* cls = a[0].as<Class>();
    if (!cls) raise("TypeError", "issubclass() arg 1 must be a class");
    return Value(isSubclassOf(*cls, a[1]));
  });
  addPlain(impl, "callable", 1, 1, [](const PlainArguments& a) { return Value(isCallable(a[0])); });
  addPlain(impl, "repr", 1, 1, [](const PlainArguments& a) { return makeStr(repr(a[0])); });
  addPlain(impl, "ascii", 1, 1, [](const PlainArguments& a) -> Value {
    std::string out;
    const std::string text = repr(a[0]);
    for (std::size_t i = 0; i < text.size();) {
      const char32_t c = decodeUtf8(text, i);
      char buffer[16];
      if (c < 0x80) {
        out += static_cast<char>(c);
      } else {
        std::snprintf(buffer, sizeof buffer,
                      c < 0x100     ? "\\x%02x"
                      : c < 0x10000 ? "\\u%04x"
                                    : "\\U%08x",
                      static_cast<unsigned>(c));
        out += buffer;
      }
    }
    return makeStr(out);
  });
  addPlain(impl, "hash", 1, 1, [](const PlainArguments& a) { return Value(hashOf(a[0])); });
  addPlain(impl, "id", 1, 1, [](const PlainArguments& a) {
    return a[0].isObject() ? Value(static_cast<std::int64_t>(a[0].object()->serial()) * 16)
                           : Value(hashOf(a[0]) * 2 + 1);
  });
  addPlain(impl, "hex", 1, 1, [](const PlainArguments& a) { return makeStr(inBase(a[0], 16, "0x")); });
  addPlain(impl, "oct", 1, 1, [](const PlainArguments& a) { return makeStr(inBase(a[0], 8, "0o")); });
  addPlain(impl, "bin", 1, 1, [](const PlainArguments& a) { return makeStr(inBase(a[0], 2, "0b")); });
  addPlain(impl, "chr", 1, 1, [](const PlainArguments& a) -> Value {
    const std::int64_t code = toIndex(a[0]);
    if (code < 0 || code > 0x10FFFF) raise("ValueError", "chr() arg not in range(0x110000)");
    std::string text;
    appendUtf8(text, static_cast<char32_t>(code));
    return makeStr(text);
  });
  addPlain(impl, "ord", 1, 1, [](const PlainArguments& a) -> Value {
    if (!isStr(a[0])) raise("TypeError", "ord() expected string of length 1, but " + typeName(a[0]) + " found");
    const std::size_t count = a[0].to<Str>().length();
    if (count != 1)
      raise("TypeError", "ord() expected a character, but string of length " + std::to_string(count) + " found");
    std::size_t position = 0;
    return Value(static_cast<std::int64_t>(decodeUtf8(textOf(a[0]), position)));
  });
  addPlain(impl, "format", 1, 2, [](const PlainArguments& a) -> Value {
    if (a.has(1) && !isStr(a[1])) raise("TypeError", "format() argument 2 must be str, not " + typeName(a[1]));
    return makeStr(format(a[0], a.has(1) ? textOf(a[1]) : std::string()));
  });
  addPlain(impl, "getattr", 2, 3, getattr);
  addPlain(impl, "hasattr", 2, 2, [](const PlainArguments& a) -> Value {
    const Str& name = attributeName(a[1]);
    if (isDunder(name.text())) checkAttributeName(a[0], name);
    try {
      return Value(!findAttribute(a[0], name).isUnbound());
    } catch (const Raised& raised) {
      if (raised.exception.object()->cls()->derivesFrom(types().attributeError)) return Value(false);
      throw;
    } catch (const Error& error) {
      if (error.type() == "AttributeError") return Value(false);
      throw;
    }
  });
  addPlain(impl, "setattr", 3, 3, [](const PlainArguments& a) -> Value {
    const Str& name = attributeName(a[1]);
    if (isDunder(name.text())) checkAttributeName(a[0], name);
    setAttribute(a[0], name, a[2]);
    return Value();
  });
  addPlain(impl, "delattr", 2, 2, [](const PlainArguments& a) -> Value {
    const Str& name = attributeName(a[1]);
    if (isDunder(name.text())) checkAttributeName(a[0], name);
    deleteAttribute(a[0], name);
    return Value();
  });
  registerRefused(impl);
}

}  // namespace cadrecode::script
