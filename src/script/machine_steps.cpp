#include "script/machine_steps.hpp"

namespace cadrecode::script {

[[noreturn]] void throwUnbound(const Code& code, std::int32_t slot) {
  const std::string& name = code.locals[static_cast<std::size_t>(slot)]->text();
  if (static_cast<std::size_t>(slot) >= code.freeStart) {
    raise("NameError",
          "cannot access free variable '" + name + "' where it is not associated with a value in enclosing scope");
  }
  raise("UnboundLocalError", "cannot access local variable '" + name + "' where it is not associated with a value");
}

[[noreturn]] void throwName(const Str& name) { raise("NameError", "name '" + name.text() + "' is not defined"); }

Value loadGlobal(Interpreter::Impl& impl, Frame* frame, const Str& name) {
  if (Value* found = frame->globals->find(name)) return *found;
  if (Value* found = impl.builtins->find(name)) return *found;
  throwName(name);
}

Value loadName(Interpreter::Impl& impl, Frame* frame, const Str& name) {
  if (frame->locals) {
    if (Value* found = frame->locals->find(name)) return *found;
  }
  return loadGlobal(impl, frame, name);
}

void loadMethod(Frame* frame, const Str& name) {
  const Value object = frame->top[-1];
  if (isDunder(name.text())) checkAttributeName(object, name);
  if (object.isObject()) {
    const Kind kind = object.object()->kind();
    if (kind == Kind::native || kind == Kind::list || kind == Kind::str || kind == Kind::dict ||
        kind == Kind::instance) {
      Class* cls = object.object()->cls();
      Value* found = cls->lookup(name);
      bool method = false;
      if (found) {
        if (found->is(Kind::function)) {
          method = true;
        } else if (const NativeFunction* native = found->as<NativeFunction>()) {
          method = native->role() == NativeFunction::Role::method;
        }
      }
      if (method) {
        Dict* own = attributesOf(object, false);
        if (!own || !own->find(name)) {
          frame->top[-1] = *found;
          push(frame, object);
          return;
        }
      }
    }
  }
  Value attribute = findAttribute(object, name);
  if (attribute.isUnbound()) attribute = getAttribute(object, name.text());
  frame->top[-1] = std::move(attribute);
  push(frame, Value::unbound());
}

Value makeFunction(Frame* frame, int flags) {
  const Value code = pop(frame);
  auto function = make<Function>(Ref<Code>(&code.to<Code>()), frame->globals);
  function->name = function->code->name;
  function->qualifiedName = function->code->qualifiedName;
  if ((flags & kClosure) != 0) function->closure = Ref<Tuple>(&pop(frame).to<Tuple>());
  if ((flags & kKeywordDefaults) != 0) function->keywordDefaults = Ref<Dict>(&pop(frame).to<Dict>());
  if ((flags & kDefaults) != 0) function->defaults = Ref<Tuple>(&pop(frame).to<Tuple>());
  return Value(std::move(function));
}

Value buildClass(Interpreter::Impl& impl, Frame* frame) {
  const Value keywords = pop(frame);
  const Value bases = pop(frame);
  const Value name = pop(frame);
  const Value body = pop(frame);
  Function& function = body.to<Function>();
  auto space = make<Dict>();
  if (Value* module = frame->globals->find("__name__")) space->set("__module__", *module);
  Value cell;
  {
    impl.enter();
    Frame* inner = nullptr;
    try {
      inner = impl.bind(function, nullptr, 0, {});
      inner->locals = space;
      cell = impl.execute(inner);
    } catch (...) {
      impl.leave();
      throw;
    }
    impl.leave();
  }
  KeywordArguments arguments;
  for (const auto& entry : keywords.to<Dict>().entries()) arguments.emplace_back(entry.key, entry.value);
  const Value cls = makeClass(textOf(name), bases.to<Tuple>().items, space, arguments);
  if (Cell* content = cell.as<Cell>()) content->value = cls;
  return cls;
}

Value callWithKeywords(Frame* frame, std::int32_t count) {
  const Value names = pop(frame);
  const Tuple& keys = names.to<Tuple>();
  KeywordArguments keywords;
  const std::size_t named = keys.items.size();
  Value* first = frame->top - count;
  for (std::size_t i = 0; i < named; ++i)
    keywords.emplace_back(keys.items[i],
                          frame->top[static_cast<std::ptrdiff_t>(i) - static_cast<std::ptrdiff_t>(named)]);
  Value result = callArray(first[-1], first, static_cast<std::size_t>(count) - named, keywords);
  dropTo(frame, first - 1);
  return result;
}

Value callExtended(Frame* frame) {
  const Value keywordDict = pop(frame);
  const Value list = pop(frame);
  const Value callable = pop(frame);
  KeywordArguments keywords;
  for (const auto& entry : keywordDict.to<Dict>().entries()) {
    if (!entry.key.isUnbound()) keywords.emplace_back(entry.key, entry.value);
  }
  const Values& items = list.to<List>().items;
  return callArray(callable, items.data(), items.size(), keywords);
}

void mergeKeywords(Frame* frame) {
  const Value added = pop(frame);
  Dict& dict = frame->top[-1].to<Dict>();
  const Value& callable = frame->top[-3];
  const auto insert = [&](const Value& key, const Value& value) {
    if (!isStr(key)) raise("TypeError", "keywords must be strings");
    if (dict.find(key)) {
      raise("TypeError", functionText(callable) + " got multiple values for keyword argument '" + textOf(key) + "'");
    }
    dict.set(key, value);
  };
  if (Dict* other = added.as<Dict>()) {
    for (const auto& entry : std::vector<Dict::Entry>(other->entries().begin(), other->entries().end())) {
      if (!entry.key.isUnbound()) insert(entry.key, entry.value);
    }
    return;
  }
  const Value keys = findAttribute(added, "keys");
  if (keys.isUnbound()) {
    raise("TypeError", functionText(callable) + " argument after ** must be a mapping, not " + typeName(added));
  }
  for (const Value& key : listOf(call(keys))) insert(key, getItem(added, key));
}

Value buildString(Frame* frame, std::int32_t count) {
  std::string text;
  for (std::int32_t i = count; i > 0; --i) text += textOf(frame->top[-i]);
  Heap::current().check(text.size());
  dropTo(frame, frame->top - count);
  return makeStr(text);
}

void withEnter(Frame* frame) {
  const Value manager = frame->top[-1];
  const Value enter = specialMethod(manager, *names().enter);
  if (enter.isUnbound()) {
    raise("TypeError", "'" + typeName(manager) + "' object does not support the context manager protocol");
  }
  const Value exit = specialMethod(manager, *names().exit);
  if (exit.isUnbound()) {
    raise("TypeError",
          "'" + typeName(manager) + "' object does not support the context manager protocol (missed __exit__ method)");
  }
  frame->top[-1] = exit;
  push(frame, call(enter));
}

void extendList(Frame* frame, std::int32_t argument) {
  const Value added = pop(frame);
  const bool loneStar = (argument & 256) != 0;
  Value& target = frame->top[-(argument & 255)];
  if (!isIterable(added)) {
    if (loneStar) {
      raise("TypeError",
            functionText(frame->top[-2]) + " argument after * must be an iterable, not " + typeName(added));
    }
    raise("TypeError", "Value after * must be an iterable, not " + typeName(added));
  }
  List& list = target.to<List>();
  forEach(added, [&](const Value& item) { list.items.push_back(item); });
}

void updateDict(Dict& dict, const Value& added) {
  if (Dict* other = added.as<Dict>()) {
    for (const auto& entry : std::vector<Dict::Entry>(other->entries().begin(), other->entries().end())) {
      if (!entry.key.isUnbound()) dict.set(entry.key, entry.hash, entry.value);
    }
    return;
  }
  const Value keys = findAttribute(added, "keys");
  if (keys.isUnbound()) raise("TypeError", "'" + typeName(added) + "' object is not a mapping");
  for (const Value& key : listOf(call(keys))) dict.set(key, getItem(added, key));
}

// Finds the handler of an exception in the frames of one execute(); false when there is none.
bool Interpreter::Impl::handle(Frame*& active, const Value& exception, const Frame* outside) {
  Exception& object = exception.to<Exception>();
  while (active != outside) {
    Frame* current = active;
    if (object.line == 0 && !current->code->instructions.empty()) {
      const auto at = static_cast<std::size_t>(current->next - current->code->instructions.data());
      const Location location = current->code->locations[at > 0 ? at - 1 : 0];
      object.line = location.line;
      object.column = location.column + 1;
    }
    if (!current->blocks.empty()) {
      const Frame::Block block = current->blocks.back();
      current->blocks.pop_back();
      dropTo(current, current->stack + block.height);
      while (current->handled.size() > static_cast<std::size_t>(block.handled)) current->handled.pop_back();
      if (!current->handled.empty() && object.context.isNone() && !current->handled.back().same(exception)) {
        object.context = current->handled.back();
      }
      push(current, exception);
      current->handled.push_back(exception);
      current->next = current->code->instructions.data() + block.handler;
      return true;
    }
    const bool entry = current->entry;
    Frame* const back = current->back;
    active = entry ? const_cast<Frame*>(outside) : back;
    if (!entry) leave();
    if (!current->generator) dropFrame(current);
    if (entry) break;
  }
  return false;
}

}  // namespace cadrecode::script
