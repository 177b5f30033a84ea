// Subscripts, lengths and membership.
#include "script/arrays.hpp"
#include "script/machine.hpp"
#include "script/unicode.hpp"

namespace cadrecode::script {

namespace {

// Whether the class of the value has its own way of doing things.
bool overridden(const Value& value) {
  const Kind kind = value.object()->kind();
  return kind == Kind::instance || kind == Kind::native || value.object()->cls()->scripted();
}

std::int64_t sequenceIndex(const Value& key, std::int64_t length, const char* name) {
  const Value& plain = plainValue(key);
  std::int64_t index = 0;
  if (plain.isIntegral()) {
    index = plain.integer();
  } else {
    const Value method = key.isObject() ? specialMethod(key, *names().index) : Value::unbound();
    if (method.isUnbound()) {
      if (std::string_view(name) == "string")
        raise("TypeError", "string indices must be integers, not '" + typeName(key) + "'");
      raise("TypeError", std::string(name) + " indices must be integers or slices, not " + typeName(key));
    }
    index = toIndex(call(method));
  }
  if (index < 0) index += length;
  if (index < 0 || index >= length) {
    if (std::string_view(name) == "range") raise("IndexError", "range object index out of range");
    raise("IndexError", std::string(name) + " index out of range");
  }
  return index;
}

Values slicedItems(const Values& items, const Slice& slice) {
  const SliceIndices at = sliceIndices(slice, static_cast<std::int64_t>(items.size()));
  countSteps(static_cast<std::uint64_t>(at.count) / 16);
  Values result;
  result.reserve(static_cast<std::size_t>(at.count));
  for (std::int64_t i = 0; i < at.count; ++i) result.push_back(items[static_cast<std::size_t>(at.start + i * at.step)]);
  return result;
}

Value stringItem(const Value& text, const Value& key) {
  const Str& source = text.to<Str>();
  const auto length = static_cast<std::int64_t>(source.length());
  if (const Slice* slice = key.as<Slice>()) {
    const SliceIndices at = sliceIndices(*slice, length);
    countSteps(static_cast<std::uint64_t>(at.count) / 32);
    if (source.ascii()) {
      if (at.step == 1)
        return makeStr(std::string_view(source.text())
                           .substr(static_cast<std::size_t>(at.start), static_cast<std::size_t>(at.count)));
      std::string result;
      for (std::int64_t i = 0; i < at.count; ++i)
        result += source.text()[static_cast<std::size_t>(at.start + i * at.step)];
      return makeStr(result);
    }
    const std::u32string codes = decodeAll(source.text());
    std::u32string result;
    for (std::int64_t i = 0; i < at.count; ++i) result += codes[static_cast<std::size_t>(at.start + i * at.step)];
    return makeStr(encodeAll(result));
  }
  const auto index = static_cast<std::size_t>(sequenceIndex(key, length, "string"));
  if (source.ascii()) return makeStr(std::string_view(source.text()).substr(index, 1));
  countSteps(source.text().size() / 16);
  std::size_t position = 0;
  for (std::size_t i = 0; i < index; ++i) decodeUtf8(source.text(), position);
  std::size_t end = position;
  decodeUtf8(source.text(), end);
  return makeStr(std::string_view(source.text()).substr(position, end - position));
}

Value rangeItem(const Range& range, const Value& key) {
  if (const Slice* slice = key.as<Slice>()) {
    const SliceIndices at = sliceIndices(*slice, range.length);
    return Value(make<Range>(range.start + at.start * range.step,
                             range.start + (at.start + at.count * at.step) * range.step, range.step * at.step));
  }
  return Value(range.start + sequenceIndex(key, range.length, "range") * range.step);
}

Value dictItem(const Value& object, const Value& key) {
  Dict& dict = object.to<Dict>();
  if (Value* found = dict.find(key)) return *found;
  if (dict.cls() != types().dict) {
    const Value missing = specialMethod(object, *names().missing);
    if (!missing.isUnbound()) return call(missing, {key});
    if (!dict.factory.isUnbound() && !dict.factory.isNone()) {
      Value made = call(dict.factory);
      dict.set(key, made);
      return made;
    }
  }
  raiseValue("KeyError", key);
}

// list[int], Optional[...]: the text is all that is ever looked at.
Value genericAlias(const Value& object, const Value& key) {
  const auto text = [](const Value& value) -> std::string {
    if (const Class* cls = value.as<Class>())
      return cls->module() == "builtins" ? cls->name() : cls->module() + "." + cls->name();
    if (value.is(Kind::singleton) && value.same(machine().ellipsis)) return "...";
    return repr(value);
  };
  std::string inside;
  if (const Tuple* tuple = key.as<Tuple>()) {
    for (const Value& item : tuple->items) inside += (inside.empty() ? "" : ", ") + text(item);
  } else {
    inside = text(key);
  }
  auto alias = make<Singleton>(types().alias, text(object) + "[" + inside + "]");
  alias->origin = object.is(Kind::type) ? object : object.to<Singleton>().origin;
  return Value(std::move(alias));
}

Value classItem(const Value& object, const Value& key) {
  Class& cls = object.to<Class>();
  if (cls.isEnum) {
    if (Value* members = cls.lookup("_member_map_")) {
      if (Value* found = members->to<Dict>().find(key)) return *found;
    }
    raiseValue("KeyError", key);
  }
  if (cls.lookup(*names().classGetItem)) return call(getAttribute(object, "__class_getitem__"), {key});
  const Types& t = types();
  if (&cls == t.list || &cls == t.dict || &cls == t.tuple || &cls == t.set || &cls == t.frozenset || &cls == t.type ||
      cls.derivesFrom(t.dict)) {
    return genericAlias(object, key);
  }
  raise("TypeError", "type '" + cls.name() + "' is not subscriptable");
}

}  // namespace

std::int64_t length(const Value& value) {
  if (value.isObject()) {
    if (overridden(value)) {
      const Value method = specialMethod(value, *names().len);
      if (!method.isUnbound()) {
        const Value result = call(method);
        if (!result.isIntegral())
          raise("TypeError", "'" + typeName(result) + "' object cannot be interpreted as an integer");
        if (result.integer() < 0) raise("ValueError", "__len__() should return >= 0");
        return result.integer();
      }
    }
    switch (value.object()->kind()) {
      case Kind::str:
        return static_cast<std::int64_t>(value.to<Str>().length());
      case Kind::tuple:
        return static_cast<std::int64_t>(value.to<Tuple>().items.size());
      case Kind::list:
        return static_cast<std::int64_t>(value.to<List>().items.size());
      case Kind::dict:
        return static_cast<std::int64_t>(value.to<Dict>().size());
      case Kind::set:
        return static_cast<std::int64_t>(value.to<Set>().size());
      case Kind::range:
        return value.to<Range>().length;
      case Kind::view:
        return static_cast<std::int64_t>(value.to<View>().dict->size());
      case Kind::array:
        if (value.to<Array>().shape.empty()) raise("TypeError", "len() of unsized object");
        return static_cast<std::int64_t>(value.to<Array>().shape[0]);
      case Kind::type:
        if (value.to<Class>().isEnum) {
          if (Value* members = value.to<Class>().lookup("_member_list_")) return length(*members);
        }
        break;
      case Kind::instance:
        if (isStr(plainValue(value))) return length(plainValue(value));
        break;
      default:
        break;
    }
  }
  raise("TypeError", "object of type '" + typeName(value) + "' has no len()");
}

Value getItem(const Value& object, const Value& key) {
  if (object.isObject()) {
    if (overridden(object)) {
      const Value method = specialMethod(object, *names().getItem);
      if (!method.isUnbound()) return call(method, {key});
    }
    switch (object.object()->kind()) {
      case Kind::list: {
        const Values& items = object.to<List>().items;
        if (const Slice* slice = key.as<Slice>()) return makeList(slicedItems(items, *slice));
        return items[static_cast<std::size_t>(sequenceIndex(key, static_cast<std::int64_t>(items.size()), "list"))];
      }
      case Kind::tuple: {
        const Values& items = object.to<Tuple>().items;
        if (const Slice* slice = key.as<Slice>()) return makeTuple(slicedItems(items, *slice));
        return items[static_cast<std::size_t>(sequenceIndex(key, static_cast<std::int64_t>(items.size()), "tuple"))];
      }
      case Kind::dict:
        return dictItem(object, key);
      case Kind::str:
        return stringItem(object, key);
      case Kind::range:
        return rangeItem(object.to<Range>(), key);
      case Kind::array:
        return arrayGetItem(object, key);
      case Kind::type:
        return classItem(object, key);
      case Kind::singleton:
        if (object.object()->cls() == types().alias) return genericAlias(object, key);
        break;
      case Kind::instance:
        if (isStr(plainValue(object))) return getItem(plainValue(object), key);
        break;
      default:
        break;
    }
  }
  raise("TypeError", "'" + typeName(object) + "' object is not subscriptable");
}

namespace {

void setListSlice(List& list, const Slice& slice, const Value& value) {
  const SliceIndices at = sliceIndices(slice, static_cast<std::int64_t>(list.items.size()));
  if (!isIterable(value)) {
    raise("TypeError", at.step == 1 ? "can only assign an iterable" : "must assign iterable to extended slice");
  }
  const std::vector<Value> items = listOf(value);
  countSteps(items.size() / 16);
  const auto start = static_cast<std::size_t>(at.start);
  if (at.step == 1) {
    Values result;
    result.reserve(list.items.size() + items.size());
    result.insert(result.end(), list.items.begin(), list.items.begin() + at.start);
    result.insert(result.end(), items.begin(), items.end());
    const std::size_t rest = start + static_cast<std::size_t>(at.count);
    for (std::size_t i = rest; i < list.items.size(); ++i) result.push_back(list.items[i]);
    list.items.swap(result);
    return;
  }
  if (static_cast<std::int64_t>(items.size()) != at.count) {
    raise("ValueError", "attempt to assign sequence of size " + std::to_string(items.size()) +
                            " to extended slice of size " + std::to_string(at.count));
  }
  for (std::int64_t i = 0; i < at.count; ++i)
    list.items[static_cast<std::size_t>(at.start + i * at.step)] = items[static_cast<std::size_t>(i)];
}

void deleteListSlice(List& list, const Slice& slice) {
  const SliceIndices at = sliceIndices(slice, static_cast<std::int64_t>(list.items.size()));
  std::vector<bool> gone(list.items.size());
  for (std::int64_t i = 0; i < at.count; ++i) gone[static_cast<std::size_t>(at.start + i * at.step)] = true;
  Values kept;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    if (!gone[i]) kept.push_back(list.items[i]);
  }
  countSteps(list.items.size() / 16);
  list.items.swap(kept);
}

std::int64_t assignedIndex(const Value& key, std::size_t length) {
  try {
    return sequenceIndex(key, static_cast<std::int64_t>(length), "list");
  } catch (const Error& error) {
    if (error.type() == "IndexError") raise("IndexError", "list assignment index out of range");
    throw;
  }
}

}  // namespace

void setItem(const Value& object, const Value& key, const Value& value) {
  if (object.isObject()) {
    if (overridden(object)) {
      const Value method = specialMethod(object, *names().setItem);
      if (!method.isUnbound()) {
        call(method, {key, value});
        return;
      }
    }
    switch (object.object()->kind()) {
      case Kind::list: {
        List& list = object.to<List>();
        if (const Slice* slice = key.as<Slice>()) return setListSlice(list, *slice, value);
        const auto index = static_cast<std::size_t>(assignedIndex(key, list.items.size()));
        list.items[index] = value;
        return;
      }
      case Kind::dict:
        return object.to<Dict>().set(key, value);
      case Kind::array:
        return arraySetItem(object, key, value);
      default:
        break;
    }
  }
  raise("TypeError", "'" + typeName(object) + "' object does not support item assignment");
}

void deleteItem(const Value& object, const Value& key) {
  if (object.isObject()) {
    if (overridden(object)) {
      const Value method = specialMethod(object, *names().deleteItem);
      if (!method.isUnbound()) {
        call(method, {key});
        return;
      }
    }
    if (List* list = object.as<List>()) {
      if (const Slice* slice = key.as<Slice>()) return deleteListSlice(*list, *slice);
      const std::int64_t index = assignedIndex(key, list->items.size());
      countSteps(list->items.size() / 64);
      const Value gone = list->items[static_cast<std::size_t>(index)];
      list->items.erase(list->items.begin() + index);
      return;
    }
    if (Dict* dict = object.as<Dict>()) {
      if (!dict->erase(key)) raiseValue("KeyError", key);
      return;
    }
  }
  raise("TypeError", "'" + typeName(object) + "' object doesn't support item deletion");
}

bool contains(const Value& container, const Value& item) {
  if (container.isObject()) {
    if (overridden(container)) {
      const Value method = specialMethod(container, *names().contains);
      if (!method.isUnbound()) return truth(call(method, {item}));
    }
    switch (container.object()->kind()) {
      case Kind::str:
        if (!isStr(plainValue(item)))
          raise("TypeError", "'in <string>' requires string as left operand, not " + typeName(item));
        countSteps(textOf(container).size() / 32);
        return textOf(container).find(textOf(plainValue(item))) != std::string::npos;
      case Kind::dict:
        return container.to<Dict>().find(item) != nullptr;
      case Kind::set:
        return container.to<Set>().contains(item);
      case Kind::range: {
        const Range& range = container.to<Range>();
        const Value number =
            item.isFloat() && item.real() == static_cast<double>(static_cast<std::int64_t>(item.real()))
                ? Value(static_cast<std::int64_t>(item.real()))
                : item;
        if (!number.isIntegral() || range.length == 0) return false;
        const std::int64_t value = number.integer();
        const bool inside =
            range.step > 0 ? value >= range.start && value < range.stop : value <= range.start && value > range.stop;
        return inside && (value - range.start) % range.step == 0;
      }
      case Kind::view: {
        const View& view = container.to<View>();
        if (view.what == View::What::keys) return view.dict->find(item) != nullptr;
        break;
      }
      case Kind::type:
        if (container.to<Class>().isEnum) return isInstance(item, &container.to<Class>());
        break;
      case Kind::tuple:
      case Kind::list: {
        const Ref<Object> hold(container.object());
        const Values& items = container.is(Kind::list) ? container.to<List>().items : container.to<Tuple>().items;
        for (std::size_t i = 0; i < items.size(); ++i) {
          countSteps(1);
          const Value held = items[i];
          if (equals(held, item)) return true;
        }
        return false;
      }
      default:
        break;
    }
  }
  if (!isIterable(container)) raise("TypeError", "argument of type '" + typeName(container) + "' is not iterable");
  const Value iterator = iterate(container);
  Value candidate;
  while (next(iterator, candidate)) {
    countSteps(1);
    if (equals(candidate, item)) return true;
  }
  return false;
}

}  // namespace cadrecode::script
