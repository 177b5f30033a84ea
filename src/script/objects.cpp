// Construction of the data objects and of the runtime's.
#include "script/objects.hpp"

#include "script/runtime.hpp"
#include "script/unicode.hpp"

namespace cadrecode::script {

Str::Str(std::string text, Class* cls)
    : Object(kKind, cls ? cls : types().str), text_(std::move(text)), length_(countCharacters(text_)) {
  if (text_.capacity() > 15) heap().charge(text_.size());
}
Str::~Str() {
  if (text_.capacity() > 15) heap().discharge(text_.size());
}
std::uint64_t Str::computeHash() const {
  std::uint64_t hash = 0xCBF29CE484222325ull;
  for (const char c : text_) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  hash ^= hash >> 29;
  hash_ = hash == 0 ? 1 : hash;
  return hash_;
}

Tuple::Tuple(Values content, Class* cls) : Object(kKind, cls ? cls : types().tuple), items(std::move(content)) {}
List::List(Values content, Class* cls) : Object(kKind, cls ? cls : types().list), items(std::move(content)) {}
void List::clear() {
  Values().swap(items);
  attributes.reset();
}

Range::Range(std::int64_t from, std::int64_t to, std::int64_t by)
    : Object(kKind, types().range), start(from), stop(to), step(by), length(0) {
  __extension__ typedef __int128 Wide;
  if (step > 0 && start < stop) {
    length = static_cast<std::int64_t>((static_cast<Wide>(stop) - start - 1) / step + 1);
  } else if (step < 0 && start > stop) {
    length = static_cast<std::int64_t>((static_cast<Wide>(start) - stop - 1) / -static_cast<Wide>(step) + 1);
  }
  if (length < 0) raise("OverflowError", "range() result has too many items");
}

Slice::Slice(Value from, Value to, Value by)
    : Object(kKind, types().slice), start(std::move(from)), stop(std::move(to)), step(std::move(by)) {}

namespace {
std::int64_t sliceIndex(const Value& value) {
  const Value& plain = plainValue(value);
  if (plain.isIntegral()) return plain.integer();
  const Value index = specialMethod(value, *names().index);
  if (index.isUnbound()) raise("TypeError", "slice indices must be integers or None or have an __index__ method");
  return toIndex(call(index));
}
}  // namespace

SliceIndices sliceIndices(const Slice& slice, std::int64_t length) {
  SliceIndices result{};
  result.step = slice.step.isNone() ? 1 : sliceIndex(slice.step);
  if (result.step == 0) raise("ValueError", "slice step cannot be zero");
  if (result.step < -INT64_MAX) result.step = -INT64_MAX;
  const bool backwards = result.step < 0;
  const auto clamp = [&](std::int64_t value) {
    if (value < 0) {
      value += length;
      if (value < 0) value = backwards ? -1 : 0;
    } else if (value >= length) {
      value = backwards ? length - 1 : length;
    }
    return value;
  };
  result.start = slice.start.isNone() ? (backwards ? length - 1 : 0) : clamp(sliceIndex(slice.start));
  result.stop = slice.stop.isNone() ? (backwards ? -1 : length) : clamp(sliceIndex(slice.stop));
  if (backwards) {
    result.count = result.stop < result.start ? (result.start - result.stop - 1) / -result.step + 1 : 0;
  } else {
    result.count = result.start < result.stop ? (result.stop - result.start - 1) / result.step + 1 : 0;
  }
  return result;
}

Value makeStr(std::string_view text) { return Value(make<Str>(std::string(text))); }
Value makeTuple(std::initializer_list<Value> items) { return Value(make<Tuple>(Values(items))); }
Value makeTuple(const std::vector<Value>& items) { return Value(make<Tuple>(Values(items.begin(), items.end()))); }
Value makeTuple(Values&& items) { return Value(make<Tuple>(std::move(items))); }
Value makeList(const std::vector<Value>& items) { return Value(make<List>(Values(items.begin(), items.end()))); }
Value makeList(Values&& items) { return Value(make<List>(std::move(items))); }

Code::Code() : Object(kKind, types().code) {}
void Code::clear() { Values().swap(constants); }

Cell::Cell(Value content) : Object(kKind, types().cell), value(std::move(content)) {}

Function::Function(Ref<Code> body, Ref<Dict> global)
    : Object(kKind, types().function), code(std::move(body)), globals(std::move(global)) {}
void Function::clear() {
  code.reset();
  globals.reset();
  defaults.reset();
  keywordDefaults.reset();
  closure.reset();
  attributes.reset();
}

Method::Method(Value target, Value callable)
    : Object(kKind, types().method), self(std::move(target)), function(std::move(callable)) {
  if (const NativeFunction* native = function.as<NativeFunction>(); native && native->plain()) setClass(types().builtinFunction);
}

Instance::Instance(Class* cls) : Object(kKind, cls), base(Value::unbound()) {}
void Instance::clear() {
  attributes.reset();
  base = Value::unbound();
}

Exception::Exception(Class* cls, Ref<Tuple> values) : Object(kKind, cls), arguments(std::move(values)) {}
void Exception::clear() {
  arguments = make<Tuple>(Values());
  attributes.reset();
  cause = context = value = Value();
}

Property::Property(Value getter, Value setter, Value remover)
    : Object(kKind, types().property), get(std::move(getter)), set(std::move(setter)), remove(std::move(remover)) {}
Wrapper::Wrapper(Value callable, bool forClass)
    : Object(kKind, forClass ? types().classMethod : types().staticMethod),
      function(std::move(callable)),
      classMethod(forClass) {}
Super::Super(Class* from, Value target, Class* targetClass)
    : Object(kKind, types().super), start(from), self(std::move(target)), selfClass(targetClass) {}
Singleton::Singleton(Class* cls, std::string shown) : Object(kKind, cls), text(std::move(shown)) {}
View::View(Ref<Dict> source, What part)
    : Object(kKind, part == What::keys     ? types().dictKeys
                    : part == What::values ? types().dictValues
                                           : types().dictItems),
      dict(std::move(source)),
      what(part) {}

Native::Native(Class* cls, std::unique_ptr<Payload> content) : Object(kKind, cls), payload(std::move(content)) {}
void Native::clear() {
  payload.reset();
  attributes.reset();
}

}  // namespace cadrecode::script
