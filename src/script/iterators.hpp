// The iterators over the builtin containers.
#pragma once

#include "script/runtime.hpp"

namespace cadrecode::script {

class SequenceIterator final : public Iterator {
 public:
  // Over a list or tuple, forwards from `start` by `step`.
  SequenceIterator(const char* name, Value sequence, std::int64_t start, std::int64_t step)
      : Iterator(name), sequence_(std::move(sequence)), index_(start), step_(step) {}
  bool next(Value& item) override;
  void clear() override { sequence_ = Value(); }
  std::int64_t remaining() const override;

 private:
  Value sequence_;
  std::int64_t index_;
  std::int64_t step_;
};

class RangeIterator final : public Iterator {
 public:
  RangeIterator(std::int64_t start, std::int64_t step, std::int64_t count)
      : Iterator("range_iterator"), value_(start), step_(step), left_(count) {}
  bool next(Value& item) override {
    if (left_ == 0) return false;
    item = Value(value_);
    if (--left_ > 0) value_ += step_;
    return true;
  }
  std::int64_t remaining() const override { return left_; }

 private:
  std::int64_t value_, step_, left_;
};

class StringIterator final : public Iterator {
 public:
  explicit StringIterator(Value text) : Iterator("str_iterator"), text_(std::move(text)) {}
  bool next(Value& item) override;
  void clear() override { text_ = Value(); }

 private:
  Value text_;
  std::size_t position_ = 0;
};

class DictIterator final : public Iterator {
 public:
  DictIterator(const char* name, Ref<Dict> dict, View::What what, bool reversed = false);
  bool next(Value& item) override;
  void clear() override { dict_.reset(); }
  std::int64_t remaining() const override { return dict_ ? static_cast<std::int64_t>(dict_->size()) : 0; }

 private:
  Ref<Dict> dict_;
  View::What what_;
  std::size_t index_;
  std::size_t size_;
  bool reversed_;
};

class SetIterator final : public Iterator {
 public:
  explicit SetIterator(Value set)
      : Iterator("set_iterator"), set_(std::move(set)), size_(set_.to<Set>().size()) {}
  bool next(Value& item) override;
  void clear() override { set_ = Value(); }

 private:
  Value set_;
  std::size_t index_ = 0;
  std::size_t size_;
};

// Over anything with __getitem__ and integer keys.
class ItemIterator final : public Iterator {
 public:
  explicit ItemIterator(Value object) : Iterator("iterator"), object_(std::move(object)) {}
  bool next(Value& item) override;
  void clear() override { object_ = Value(); }

 private:
  Value object_;
  std::int64_t index_ = 0;
};

// Over values already gathered.
class ListIterator final : public Iterator {
 public:
  ListIterator(const char* name, Values items) : Iterator(name), items_(std::move(items)) {}
  bool next(Value& item) override {
    if (index_ >= items_.size()) return false;
    item = items_[index_++];
    return true;
  }
  void clear() override { Values().swap(items_); }

 private:
  Values items_;
  std::size_t index_ = 0;
};

// Calls a C++ function that gives the next item or false; `held` are the values the function uses.
class FunctionIterator final : public Iterator {
 public:
  using Step = std::function<bool(Values& held, Value& item)>;
  FunctionIterator(const char* name, Values held, Step step)
      : Iterator(name), held_(std::move(held)), step_(std::move(step)) {}
  bool next(Value& item) override { return !done_ && (step_(held_, item) || ((done_ = true), false)); }
  void clear() override {
    Values().swap(held_);
    done_ = true;
  }

 private:
  Values held_;
  Step step_;
  bool done_ = false;
};

inline Value makeIterator(const char* name, Values held, FunctionIterator::Step step) {
  return Value(make<FunctionIterator>(name, std::move(held), std::move(step)));
}

}  // namespace cadrecode::script
