// The methods of list and tuple.
#include "script/builtin_support.hpp"

namespace cadrecode::script {

namespace {

Values& items(const Value& value) { return value.is(Kind::list) ? value.to<List>().items : value.to<Tuple>().items; }

Value constructList(Class* cls, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  checkNoKeywords("list", keywords);
  checkCount("list", count, 0, 1);
  auto list = make<List>(Values(), cls);
  if (count == 1) forEach(arguments[0], [&](const Value& item) { list->items.push_back(item); });
  return Value(std::move(list));
}

Value constructTuple(Class* cls, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  checkNoKeywords("tuple", keywords);
  checkCount("tuple", count, 0, 1);
  if (count == 1 && arguments[0].is(Kind::tuple) && arguments[0].object()->cls() == cls) return arguments[0];
  Values content;
  if (count == 1) forEach(arguments[0], [&](const Value& item) { content.push_back(item); });
  return Value(make<Tuple>(std::move(content), cls));
}

std::int64_t clampIndex(const Value& value, std::size_t size) {
  std::int64_t index = toIndex(value);
  const auto length = static_cast<std::int64_t>(size);
  if (index < 0) index += length;
  return index < 0 ? 0 : index > length ? length : index;
}

std::int64_t indexOf(const PlainArguments& a) {
  const std::int64_t start = a.has(2) ? clampIndex(a[2], items(a[0]).size()) : 0;
  const std::int64_t end = a.has(3) ? clampIndex(a[3], items(a[0]).size()) : INT64_MAX;
  for (std::int64_t i = start; i < end && static_cast<std::size_t>(i) < items(a[0]).size(); ++i) {
    countSteps(1);
    const Value item = items(a[0])[static_cast<std::size_t>(i)];
    if (equals(item, a[1])) return i;
  }
  return -1;
}

Value countOf(const PlainArguments& a) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < items(a[0]).size(); ++i) {
    countSteps(1);
    const Value item = items(a[0])[i];
    if (equals(item, a[1])) ++count;
  }
  return Value(count);
}

Value sort(Arguments& a) {
  List& list = a[0].to<List>();
  if (!a[1].to<Tuple>().items.empty()) raise("TypeError", "sort() takes no positional arguments");
  // As CPython does, the list is empty while it is being sorted.
  Values content;
  content.swap(list.items);
  std::vector<Value> sorted(content.begin(), content.end());
  try {
    sortValues(sorted, a[2], truth(a[3]));
  } catch (...) {
    list.items.assign(sorted.begin(), sorted.end());
    throw;
  }
  const bool modified = !list.items.empty();
  list.items.assign(sorted.begin(), sorted.end());
  if (modified) raise("ValueError", "list modified during sort");
  return Value();
}

}  // namespace

void registerSequences(Interpreter::Impl& impl) {
  Class& list = *impl.types.list;
  list.construct = constructList;
  list.plain("__init__", 0, 1, [](const PlainArguments& a) -> Value {
    Values content;
    if (a.has(1)) forEach(a[1], [&](const Value& item) { content.push_back(item); });
    a[0].to<List>().items.swap(content);
    return Value();
  });
  list.plain("append", 1, 1, [](const PlainArguments& a) -> Value {
    items(a[0]).push_back(a[1]);
    return Value();
  });
  list.plain("extend", 1, 1, [](const PlainArguments& a) -> Value {
    if (a[1].same(a[0])) {
      const Values copy = items(a[0]);
      items(a[0]).insert(items(a[0]).end(), copy.begin(), copy.end());
      return Value();
    }
    forEach(a[1], [&](const Value& item) { items(a[0]).push_back(item); });
    return Value();
  });
  list.plain("insert", 2, 2, [](const PlainArguments& a) -> Value {
    const std::int64_t at = clampIndex(a[1], items(a[0]).size());
    countSteps(items(a[0]).size() / 64);
    items(a[0]).insert(items(a[0]).begin() + at, a[2]);
    return Value();
  });
  list.plain("pop", 0, 1, [](const PlainArguments& a) -> Value {
    Values& content = items(a[0]);
    std::int64_t index = a.has(1) ? toIndex(a[1]) : -1;
    if (content.empty()) raise("IndexError", "pop from empty list");
    if (index < 0) index += static_cast<std::int64_t>(content.size());
    if (index < 0 || static_cast<std::size_t>(index) >= content.size()) raise("IndexError", "pop index out of range");
    countSteps((content.size() - static_cast<std::size_t>(index)) / 64);
    Value item = content[static_cast<std::size_t>(index)];
    content.erase(content.begin() + index);
    return item;
  });
  list.plain("remove", 1, 1, [](const PlainArguments& a) -> Value {
    const std::int64_t at = indexOf(PlainArguments{a.values, 2});
    if (at < 0) raise("ValueError", "list.remove(x): x not in list");
    const Value gone = items(a[0])[static_cast<std::size_t>(at)];
    items(a[0]).erase(items(a[0]).begin() + at);
    return Value();
  });
  list.plain("clear", 0, 0, [](const PlainArguments& a) -> Value {
    Values gone;
    gone.swap(items(a[0]));
    return Value();
  });
  list.plain("copy", 0, 0, [](const PlainArguments& a) -> Value {
    Values copy = items(a[0]);
    return makeList(std::move(copy));
  });
  list.plain("reverse", 0, 0, [](const PlainArguments& a) -> Value {
    Values& content = items(a[0]);
    countSteps(content.size() / 16);
    for (std::size_t i = 0; i < content.size() / 2; ++i) content[i].swap(content[content.size() - 1 - i]);
    return Value();
  });
  list.plain("index", 1, 3, [](const PlainArguments& a) -> Value {
    const std::int64_t at = indexOf(a);
    if (at < 0) raise("ValueError", repr(a[1]) + " is not in list");
    return Value(at);
  });
  list.plain("count", 1, 1, countOf);
  list.method("sort(self, *args, key=None, reverse=False)", sort);

  Class& tuple = *impl.types.tuple;
  tuple.construct = constructTuple;
  tuple.plain("index", 1, 3, [](const PlainArguments& a) -> Value {
    const std::int64_t at = indexOf(a);
    if (at < 0) raise("ValueError", "tuple.index(x): x not in tuple");
    return Value(at);
  });
  tuple.plain("count", 1, 1, countOf);
}

}  // namespace cadrecode::script
