// The concrete data objects: str, tuple, list, dict, set, range, slice. All of them are created with make<T>() or the
// make... functions below and live on the heap of the current interpreter.
#pragma once

#include <initializer_list>
#include <optional>

#include "script/value.hpp"

namespace cadrecode::script {

// Text as UTF-8 (lone surrogates in the same pattern of bytes). Immutable.
class Str final : public Object {
 public:
  static constexpr Kind kKind = Kind::str;
  explicit Str(std::string text, Class* cls = nullptr);
  ~Str() override;

  const std::string& text() const { return text_; }
  bool ascii() const { return length_ == text_.size(); }
  std::size_t length() const { return length_; }  // in code points
  std::uint64_t hash() const { return hash_ != 0 ? hash_ : computeHash(); }

 private:
  std::uint64_t computeHash() const;
  std::string text_;
  std::size_t length_;
  mutable std::uint64_t hash_ = 0;
};

class Tuple final : public Object {
 public:
  static constexpr Kind kKind = Kind::tuple;
  explicit Tuple(Values items, Class* cls = nullptr);
  void clear() override { Values().swap(items); }
  Values items;
};

class List final : public Object {
 public:
  static constexpr Kind kKind = Kind::list;
  explicit List(Values items = {}, Class* cls = nullptr);
  void clear() override;
  Values items;
  Ref<Dict> attributes;  // only of instances of script classes that derive from list
};

// Keeps insertion order. Keys are hashed and compared as Python does.
class Dict final : public Object {
 public:
  static constexpr Kind kKind = Kind::dict;
  struct Entry {
    std::int64_t hash;
    Value key;  // unbound: deleted
    Value value;
  };
  explicit Dict(Class* cls = nullptr);
  void clear() override;

  std::size_t size() const { return used_; }
  // The value, or null. May run script code (__hash__, __eq__) and throw.
  Value* find(const Value& key);
  Value* find(const Value& key, std::int64_t hash);
  Value* find(const Str& key);
  Value* find(std::string_view key);
  Value* find(const char* key) { return find(std::string_view(key)); }
  void set(const Value& key, Value value);
  void set(const Value& key, std::int64_t hash, Value value);
  void set(std::string_view key, Value value);
  void set(const std::string& key, Value value) { set(std::string_view(key), std::move(value)); }
  void set(const char* key, Value value) { set(std::string_view(key), std::move(value)); }
  bool erase(const Value& key);  // false: no such key
  void eraseAt(std::size_t index);
  void clearItems();
  // Raw entries in order of insertion; those with an unbound key are holes.
  const std::vector<Entry, CountedAllocator<Entry>>& entries() const { return entries_; }
  std::vector<Entry, CountedAllocator<Entry>>& entries() { return entries_; }
  std::uint64_t version() const { return version_; }

  Value factory;         // of a defaultdict; unbound otherwise
  Ref<Dict> attributes;  // only of instances of script classes that derive from dict

 private:
  std::int64_t lookup(const Value& key, std::int64_t hash);
  void insertNew(const Value& key, std::int64_t hash, Value value);
  void rebuild(std::size_t capacity);

  std::vector<Entry, CountedAllocator<Entry>> entries_;
  std::vector<std::int32_t, CountedAllocator<std::int32_t>> index_;
  std::size_t used_ = 0;
  std::uint64_t version_ = 0;
};

// set and frozenset, iterated in the order CPython iterates a table of the same history.
class Set final : public Object {
 public:
  static constexpr Kind kKind = Kind::set;
  struct Entry {
    std::int64_t hash = 0;
    Value key = Value::unbound();
    bool dummy = false;
  };
  explicit Set(bool frozen = false, Class* cls = nullptr);
  void clear() override;

  bool frozen() const { return frozen_; }
  std::size_t size() const { return used_; }
  bool contains(const Value& key);
  bool contains(const Value& key, std::int64_t hash);
  void add(const Value& key);
  void add(const Value& key, std::int64_t hash);
  void merge(const Set& other);
  bool discard(const Value& key);
  void clearItems();
  Value pop();  // unbound when empty
  const std::vector<Entry, CountedAllocator<Entry>>& table() const { return table_; }
  std::vector<Value> items() const;

 private:
  // The place of the key, or -1 and the place where it would go: the last one a removed key left on the way, if any.
  std::int64_t lookup(const Value& key, std::int64_t hash, std::size_t* freeSlot = nullptr);
  void insertClean(const Value& key, std::int64_t hash);
  void resize(std::size_t minimum);

  std::vector<Entry, CountedAllocator<Entry>> table_;
  std::size_t used_ = 0;
  std::size_t fill_ = 0;
  std::size_t finger_ = 0;
  bool frozen_;
};

class Range final : public Object {
 public:
  static constexpr Kind kKind = Kind::range;
  Range(std::int64_t start, std::int64_t stop, std::int64_t step);
  std::int64_t start, stop, step;
  std::int64_t length;
};

class Slice final : public Object {
 public:
  static constexpr Kind kKind = Kind::slice;
  Slice(Value start, Value stop, Value step);
  void clear() override { start = stop = step = Value(); }
  Value start, stop, step;
};

// The indices a slice means on a sequence of some length.
struct SliceIndices {
  std::int64_t start, stop, step, count;
};
SliceIndices sliceIndices(const Slice& slice, std::int64_t length);

Value makeStr(std::string_view text);
Value makeTuple(std::initializer_list<Value> items);
Value makeTuple(const std::vector<Value>& items);
Value makeTuple(Values&& items);
Value makeList(const std::vector<Value>& items = {});
Value makeList(Values&& items);
Value notImplemented();
Value ellipsis();

inline bool isStr(const Value& value) { return value.is(Kind::str); }
inline const std::string& textOf(const Value& value) { return value.to<Str>().text(); }

}  // namespace cadrecode::script
