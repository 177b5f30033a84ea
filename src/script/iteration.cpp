// Iterators over the builtin containers, iteration in general, unpacking.
#include "script/arrays.hpp"
#include "script/iterators.hpp"
#include "script/machine.hpp"
#include "script/unicode.hpp"

namespace cadrecode::script {

Iterator::Iterator(const char* typeName) : Object(kKind, nullptr) {
  Types& all = types();
  Class*& cls = all.iterators[typeName];
  if (!cls) {
    const PermanentScope scope;
    auto made = make<Class>("builtins", typeName, std::vector<Class*>{all.object});
    machine().permanent.emplace_back(made);
    cls = made.get();
  }
  setClass(cls);
}

bool SequenceIterator::next(Value& item) {
  if (sequence_.isNone()) return false;
  const Values& items = sequence_.is(Kind::list) ? sequence_.to<List>().items : sequence_.to<Tuple>().items;
  if (index_ < 0 || static_cast<std::size_t>(index_) >= items.size()) {
    sequence_ = Value();
    return false;
  }
  item = items[static_cast<std::size_t>(index_)];
  index_ += step_;
  return true;
}
std::int64_t SequenceIterator::remaining() const {
  if (sequence_.isNone() || step_ < 0) return -1;
  const Values& items = sequence_.is(Kind::list) ? sequence_.to<List>().items : sequence_.to<Tuple>().items;
  return static_cast<std::int64_t>(items.size()) - index_;
}

bool StringIterator::next(Value& item) {
  if (text_.isNone()) return false;
  const std::string& text = textOf(text_);
  if (position_ >= text.size()) return false;
  const std::size_t start = position_;
  decodeUtf8(text, position_);
  item = makeStr(std::string_view(text).substr(start, position_ - start));
  return true;
}

DictIterator::DictIterator(const char* name, Ref<Dict> dict, View::What what, bool reversed)
    : Iterator(name), dict_(std::move(dict)), what_(what), index_(0), size_(dict_->size()), reversed_(reversed) {
  if (reversed_) index_ = dict_->entries().size();
}

bool DictIterator::next(Value& item) {
  if (!dict_) return false;
  if (dict_->size() != size_) {
    size_ = SIZE_MAX;
    raise("RuntimeError", "dictionary changed size during iteration");
  }
  const auto& entries = dict_->entries();
  const Dict::Entry* entry = nullptr;
  if (reversed_) {
    while (index_ > 0 && !entry) {
      --index_;
      if (index_ < entries.size() && !entries[index_].key.isUnbound()) entry = &entries[index_];
    }
  } else {
    while (index_ < entries.size() && entries[index_].key.isUnbound()) ++index_;
    if (index_ < entries.size()) entry = &entries[index_++];
  }
  if (!entry) {
    dict_.reset();
    return false;
  }
  switch (what_) {
    case View::What::keys:
      item = entry->key;
      break;
    case View::What::values:
      item = entry->value;
      break;
    case View::What::items:
      item = makeTuple({entry->key, entry->value});
      break;
  }
  return true;
}

bool SetIterator::next(Value& item) {
  if (set_.isNone()) return false;
  const Set& set = set_.to<Set>();
  if (set.size() != size_) {
    size_ = SIZE_MAX;
    raise("RuntimeError", "Set changed size during iteration");
  }
  while (index_ < set.table().size() && set.table()[index_].key.isUnbound()) ++index_;
  if (index_ >= set.table().size()) {
    set_ = Value();
    return false;
  }
  item = set.table()[index_++].key;
  return true;
}

bool ItemIterator::next(Value& item) {
  if (object_.isNone()) return false;
  try {
    item = getItem(object_, Value(index_++));
    return true;
  } catch (const Raised& raised) {
    const Class* cls = raised.exception.object()->cls();
    if (cls->derivesFrom(machine().exceptions.at("IndexError")) || cls->derivesFrom(types().stopIteration)) {
      object_ = Value();
      return false;
    }
    throw;
  } catch (const Error& error) {
    if (error.type() == "IndexError") {
      object_ = Value();
      return false;
    }
    throw;
  }
}

bool isIterable(const Value& value) {
  if (!value.isObject()) return false;
  switch (value.object()->kind()) {
    case Kind::str:
    case Kind::tuple:
    case Kind::list:
    case Kind::dict:
    case Kind::set:
    case Kind::range:
    case Kind::view:
    case Kind::iterator:
    case Kind::generator:
      return true;
    case Kind::array:
      return !value.to<Array>().shape.empty();
    case Kind::type:
      return value.to<Class>().isEnum;
    default:
      if (!specialMethod(value, *names().iter).isUnbound()) return true;
      if (isStr(plainValue(value))) return true;
      return !specialMethod(value, *names().getItem).isUnbound();
  }
}

Value iterate(const Value& value) {
  if (value.isObject()) {
    const bool scripted = value.object()->cls()->scripted();
    if (scripted || value.is(Kind::native) || value.is(Kind::instance)) {
      const Value method = specialMethod(value, *names().iter);
      if (!method.isUnbound()) {
        Value iterator = call(method);
        if (iterator.is(Kind::iterator) || iterator.is(Kind::generator)) return iterator;
        if (!specialMethod(iterator, *names().next).isUnbound()) return iterator;
        // Native classes may give any iterable.
        if (value.is(Kind::native) && isIterable(iterator)) return iterate(iterator);
        raise("TypeError", "iter() returned non-iterator of type '" + typeName(iterator) + "'");
      }
    }
    switch (value.object()->kind()) {
      case Kind::list:
        return Value(make<SequenceIterator>("list_iterator", value, 0, 1));
      case Kind::tuple:
        return Value(make<SequenceIterator>("tuple_iterator", value, 0, 1));
      case Kind::str:
        return Value(make<StringIterator>(value));
      case Kind::dict:
        return Value(make<DictIterator>("dict_keyiterator", Ref<Dict>(&value.to<Dict>()), View::What::keys));
      case Kind::set:
        return Value(make<SetIterator>(value));
      case Kind::range: {
        const Range& range = value.to<Range>();
        return Value(make<RangeIterator>(range.start, range.step, range.length));
      }
      case Kind::view: {
        const View& view = value.to<View>();
        const char* name = view.what == View::What::keys     ? "dict_keyiterator"
                           : view.what == View::What::values ? "dict_valueiterator"
                                                             : "dict_itemiterator";
        return Value(make<DictIterator>(name, view.dict, view.what));
      }
      case Kind::iterator:
      case Kind::generator:
        return value;
      case Kind::array:
        return arrayIterator(value);
      case Kind::type:
        if (value.to<Class>().isEnum) {
          if (Value* members = value.to<Class>().lookup("_member_list_")) return iterate(*members);
        }
        break;
      default:
        if (isStr(plainValue(value))) return iterate(plainValue(value));
        if (!specialMethod(value, *names().getItem).isUnbound()) return Value(make<ItemIterator>(value));
    }
  }
  raise("TypeError", "'" + typeName(value) + "' object is not iterable");
}

bool next(const Value& iterator, Value& item) {
  if (iterator.isObject()) {
    if (iterator.object()->kind() == Kind::iterator) {
      countSteps(1);
      return static_cast<Iterator*>(iterator.object())->next(item);
    }
    if (Generator* generator = iterator.as<Generator>()) return resume(*generator, Value(), item);
    const Value method = specialMethod(iterator, *names().next);
    if (!method.isUnbound()) {
      try {
        item = call(method);
        return true;
      } catch (const Raised& raised) {
        if (raised.exception.object()->cls()->derivesFrom(types().stopIteration)) return false;
        throw;
      } catch (const Error& error) {
        if (error.type() == "StopIteration") return false;
        throw;
      }
    }
  }
  raise("TypeError", "'" + typeName(iterator) + "' object is not an iterator");
}

void forEach(const Value& iterable, const std::function<void(const Value&)>& visit) {
  if (!(iterable.isObject() && iterable.object()->cls()->scripted()) &&
      (iterable.is(Kind::list) || iterable.is(Kind::tuple))) {
    const Ref<Object> hold(iterable.object());
    const Values& items = iterable.is(Kind::list) ? iterable.to<List>().items : iterable.to<Tuple>().items;
    for (std::size_t i = 0; i < items.size(); ++i) {
      countSteps(1);
      const Value item = items[i];
      visit(item);
    }
    return;
  }
  const Value iterator = iterate(iterable);
  Value item;
  while (next(iterator, item)) {
    countSteps(1);
    visit(item);
  }
}

std::vector<Value> listOf(const Value& iterable) {
  std::vector<Value> items;
  std::size_t counted = 0;
  forEach(iterable, [&](const Value& item) {
    items.push_back(item);
    if (items.size() >= counted + 4096) {
      counted = items.size();
      Heap::current().check(counted * sizeof(Value) * 2);
    }
  });
  return items;
}

void unpackValue(const Value& value, Value* out, std::int32_t count) {
  const auto wanted = static_cast<std::size_t>(count);
  const auto tooFew = [&](std::size_t got) {
    raise("ValueError",
          "not enough values to unpack (expected " + std::to_string(count) + ", got " + std::to_string(got) + ")");
  };
  const auto tooMany = [&] {
    raise("ValueError", "too many values to unpack (expected " + std::to_string(count) + ")");
  };
  if ((value.is(Kind::tuple) || value.is(Kind::list)) && !value.object()->cls()->scripted()) {
    const Values& items = value.is(Kind::list) ? value.to<List>().items : value.to<Tuple>().items;
    if (items.size() < wanted) tooFew(items.size());
    if (items.size() > wanted) tooMany();
    // The first value goes on top.
    for (std::size_t i = 0; i < wanted; ++i) out[wanted - 1 - i] = items[i];
    return;
  }
  if (!isIterable(value)) raise("TypeError", "cannot unpack non-iterable " + typeName(value) + " object");
  const Value iterator = iterate(value);
  Value item;
  std::vector<Value> items;
  while (items.size() < wanted) {
    if (!next(iterator, item)) tooFew(items.size());
    items.push_back(item);
  }
  if (next(iterator, item)) tooMany();
  for (std::size_t i = 0; i < wanted; ++i) out[wanted - 1 - i] = items[i];
}

void unpackStarred(const Value& value, Value* out, std::int32_t before, std::int32_t after) {
  if (!isIterable(value)) raise("TypeError", "cannot unpack non-iterable " + typeName(value) + " object");
  const std::vector<Value> items = listOf(value);
  const auto head = static_cast<std::size_t>(before);
  const auto tail = static_cast<std::size_t>(after);
  if (items.size() < head + tail) {
    raise("ValueError", "not enough values to unpack (expected at least " + std::to_string(head + tail) + ", got " +
                            std::to_string(items.size()) + ")");
  }
  const std::size_t total = head + 1 + tail;
  for (std::size_t i = 0; i < head; ++i) out[total - 1 - i] = items[i];
  const auto begin = items.begin() + before;
  const auto end = items.end() - after;
  out[tail] = makeList(Values(begin, end));
  for (std::size_t i = 0; i < tail; ++i) out[tail - 1 - i] = items[items.size() - tail + i];
}

}  // namespace cadrecode::script
