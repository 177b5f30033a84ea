// The values of the language: a 16 byte Value that is None, a bool, an int (64 bits), a float, or a counted reference
// to an Object. Objects belong to the Heap of the Interpreter of their thread; nothing here may cross threads.
// An operation that needs the language (equality, repr, calling) is in operations.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace cadrecode::script {

class Class;
class Dict;
class Heap;

enum class Kind : std::uint8_t {
  str,
  tuple,
  list,
  dict,
  set,
  range,
  slice,
  singleton,
  function,
  method,
  nativeFunction,
  generator,
  iterator,
  view,
  type,
  instance,
  exception,
  module,
  native,
  array,
  cell,
  code,
  property,
  wrapper,
  super
};

// The heap of one interpreter: counts bytes against the limit of the run and knows every live object, so that cycles
// can be broken when a run ends.
class Heap {
 public:
  Heap() = default;
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  static Heap& current();
  static void setCurrent(Heap* heap);

  // Counts bytes about to be allocated; throws the uncatchable HeapLimit error when they do not fit.
  void charge(std::size_t bytes) {
    if (bytes > limit_ || used_ + bytes > limit_) fail(bytes);
    used_ += bytes;
  }
  void discharge(std::size_t bytes) { used_ -= bytes; }
  // As charge, without taking: for a size known before a long computation.
  void check(std::size_t bytes) const {
    if (bytes > limit_ || used_ + bytes > limit_) fail(bytes);
  }
  std::size_t used() const { return used_; }
  std::size_t objects() const { return count_; }
  void setLimit(std::size_t bytes) { limit_ = bytes; }

  // Objects created from now on outlive every run (builtin and native classes) when on. Gives what it was.
  bool setPermanent(bool on) { return std::exchange(permanent_, on); }
  // Frees all objects that are not permanent. Values still held outside keep emptied objects.
  void collect();

 private:
  friend class Object;
  [[noreturn]] void fail(std::size_t bytes) const;
  void destroy(class Object* object);

  std::size_t used_ = 0;
  std::size_t limit_ = SIZE_MAX / 2;
  std::size_t count_ = 0;
  std::uint32_t serial_ = 0;
  bool permanent_ = false;
  bool destroying_ = false;
  class Object* first_ = nullptr;
  std::vector<class Object*> dead_;
};

// What is made while one of these lives is permanent.
class PermanentScope {
 public:
  PermanentScope() : heap_(Heap::current()), before_(heap_.setPermanent(true)) {}
  ~PermanentScope() { heap_.setPermanent(before_); }
  PermanentScope(const PermanentScope&) = delete;
  PermanentScope& operator=(const PermanentScope&) = delete;

 private:
  Heap& heap_;
  bool before_;
};

class Object {
 public:
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
  virtual ~Object();

  Kind kind() const { return kind_; }
  Class* cls() const { return cls_; }
  void setClass(Class* cls) { cls_ = cls; }
  bool permanent() const { return permanent_; }
  // Counts up within a run: what id() and the hash of plain objects come from.
  std::uint32_t serial() const { return serial_; }

  void retain() { ++references_; }
  void release() {
    if (--references_ == 0) heap_->destroy(this);
  }
  std::uint32_t references() const { return references_; }

  // Drops the references to other objects; called to break cycles when a run ends.
  virtual void clear() {}

  static void* operator new(std::size_t size);
  static void operator delete(void* pointer, std::size_t size);

 protected:
  Object(Kind kind, Class* cls);
  Heap& heap() const { return *heap_; }

 private:
  friend class Heap;
  Heap* heap_;
  Object* previous_ = nullptr;
  Object* next_ = nullptr;
  Class* cls_;
  std::uint32_t references_ = 0;
  std::uint32_t serial_;
  Kind kind_;
  bool permanent_;
};

// A counted reference to an object of a known C++ type.
template <class T>
class Ref {
 public:
  Ref() = default;
  Ref(T* object) : object_(object) {
    if (object_) object_->retain();
  }
  Ref(const Ref& other) : Ref(other.object_) {}
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  template <class U, class = std::enable_if_t<std::is_convertible_v<U*, T*>>>
  Ref(const Ref<U>& other) : Ref(other.get()) {}
  ~Ref() {
    if (object_) object_->release();
  }
  Ref& operator=(Ref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  T* get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }
  T* detach() { return std::exchange(object_, nullptr); }
  void reset() { *this = Ref(); }

 private:
  T* object_ = nullptr;
};

template <class T, class... Args>
Ref<T> make(Args&&... args) {
  return Ref<T>(new T(std::forward<Args>(args)...));
}

class Value {
 public:
  enum class Tag : std::uint8_t { unbound, none, boolean, integer, real, object };

  Value() : tag_(Tag::none) { bits_.integer = 0; }
  Value(std::nullptr_t) : Value() {}
  Value(bool value) : tag_(Tag::boolean) { bits_.integer = value; }
  template <class T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>, int> = 0>
  Value(T value) : tag_(Tag::integer) {
    bits_.integer = static_cast<std::int64_t>(value);
  }
  Value(double value) : tag_(Tag::real) { bits_.real = value; }
  Value(Object* object) : tag_(Tag::object) {
    bits_.object = object;
    object->retain();
  }
  template <class T, class = std::enable_if_t<std::is_base_of_v<Object, T>>>
  Value(const Ref<T>& ref) : Value(static_cast<Object*>(ref.get())) {}
  template <class T, class = std::enable_if_t<std::is_base_of_v<Object, T>>>
  Value(Ref<T>&& ref) : tag_(Tag::object) {
    bits_.object = ref.detach();
  }
  Value(const char* text) = delete;  // makeStr
  Value(const Value& other) : tag_(other.tag_), bits_(other.bits_) {
    if (tag_ == Tag::object) bits_.object->retain();
  }
  Value(Value&& other) noexcept : tag_(other.tag_), bits_(other.bits_) { other.tag_ = Tag::none; }
  ~Value() {
    if (tag_ == Tag::object) bits_.object->release();
  }
  Value& operator=(const Value& other) {
    Value copy(other);
    swap(copy);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    Value old(std::move(other));
    swap(old);
    return *this;
  }
  void swap(Value& other) noexcept {
    std::swap(tag_, other.tag_);
    std::swap(bits_, other.bits_);
  }

  // "No value": a variable that was not assigned, an optional argument that was not given.
  static Value unbound() {
    Value value;
    value.tag_ = Tag::unbound;
    return value;
  }

  Tag tag() const { return tag_; }
  bool isUnbound() const { return tag_ == Tag::unbound; }
  bool isNone() const { return tag_ == Tag::none; }
  bool isBool() const { return tag_ == Tag::boolean; }
  bool isInt() const { return tag_ == Tag::integer; }  // not a bool
  bool isIntegral() const { return tag_ == Tag::integer || tag_ == Tag::boolean; }
  bool isFloat() const { return tag_ == Tag::real; }
  bool isNumber() const { return isIntegral() || isFloat(); }
  bool isObject() const { return tag_ == Tag::object; }
  bool is(Kind kind) const { return tag_ == Tag::object && bits_.object->kind() == kind; }

  // Unchecked: look at the tag first.
  bool boolean() const { return bits_.integer != 0; }
  std::int64_t integer() const { return bits_.integer; }  // of a bool as well
  double real() const { return bits_.real; }
  Object* object() const { return bits_.object; }
  // The value of a number as a double.
  double number() const { return isFloat() ? bits_.real : static_cast<double>(bits_.integer); }

  // The object as a T, or null when it is something else; T has a static member `kKind`.
  template <class T>
  T* as() const {
    return is(T::kKind) ? static_cast<T*>(bits_.object) : nullptr;
  }
  template <class T>
  T& to() const {
    return *static_cast<T*>(bits_.object);
  }

  // Python's `is`.
  bool same(const Value& other) const {
    if (tag_ != other.tag_) return false;
    if (tag_ == Tag::none || tag_ == Tag::unbound) return true;
    return bits_.integer == other.bits_.integer;
  }

 private:
  Tag tag_;
  union {
    std::int64_t integer;
    double real;
    Object* object;
  } bits_;
};

// An allocator of the containers' storage that counts on the current heap.
template <class T>
struct CountedAllocator {
  using value_type = T;
  CountedAllocator() = default;
  template <class U>
  CountedAllocator(const CountedAllocator<U>&) {}
  T* allocate(std::size_t n) {
    Heap::current().charge(n * sizeof(T));
    return static_cast<T*>(::operator new(n * sizeof(T)));
  }
  void deallocate(T* pointer, std::size_t n) {
    Heap::current().discharge(n * sizeof(T));
    ::operator delete(pointer);
  }
  friend bool operator==(const CountedAllocator&, const CountedAllocator&) { return true; }
};

using Values = std::vector<Value, CountedAllocator<Value>>;
using KeywordArguments = std::vector<std::pair<Value, Value>>;  // names (str) and values

}  // namespace cadrecode::script
