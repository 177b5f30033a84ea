// Calling: frames, arguments of script functions, classes, anything callable.
#include "script/machine.hpp"

namespace cadrecode::script {

Value* Interpreter::Impl::takeSlots(std::size_t count) {
  while (chunk < chunks.size() && chunks[chunk].used + count > chunks[chunk].size) ++chunk;
  if (chunk == chunks.size()) {
    const std::size_t size = count > 16384 ? count : 16384;
    chunks.push_back({std::make_unique<Value[]>(size), size, 0});
  }
  Value* slots = chunks[chunk].slots.get() + chunks[chunk].used;
  chunks[chunk].used += count;
  return slots;
}

void Interpreter::Impl::returnSlots(Value* slots, std::size_t count) {
  (void)slots;
  chunks[chunk].used -= count;
  while (chunk > 0 && chunks[chunk].used == 0) --chunk;
}

Frame* Interpreter::Impl::newFrame(const Ref<Code>& code, const Ref<Dict>& frameGlobals, bool generator) {
  Frame* made = nullptr;
  if (freeFrames.empty()) {
    made = new Frame;
  } else {
    made = freeFrames.back();
    freeFrames.pop_back();
  }
  const std::size_t count = code->locals.size() + static_cast<std::size_t>(code->stackSize);
  made->back = nullptr;
  made->owned = 0;
  try {
    if (generator) {
      heap.charge(count * sizeof(Value));
      made->slots = new Value[count];
      made->owned = count;
    } else {
      made->slots = takeSlots(count);
    }
  } catch (...) {
    freeFrames.push_back(made);
    throw;
  }
  made->code = code;
  made->globals = frameGlobals;
  made->stack = made->top = made->slots + code->locals.size();
  made->next = code->instructions.data();
  made->entry = false;
  for (std::size_t i = 0; i < code->locals.size(); ++i) made->slots[i] = Value::unbound();
  return made;
}

void Interpreter::Impl::dropFrame(Frame* gone) {
  // Values go one by one: releasing them may free more.
  while (gone->top > gone->slots) {
    const Value value = std::move(*--gone->top);
    (void)value;
  }
  const std::size_t count = gone->code->locals.size() + static_cast<std::size_t>(gone->code->stackSize);
  if (gone->owned > 0) {
    delete[] gone->slots;
    heap.discharge(gone->owned * sizeof(Value));
  } else {
    returnSlots(gone->slots, count);
  }
  gone->slots = nullptr;
  gone->generator = nullptr;
  gone->blocks.clear();
  gone->handled.clear();
  gone->locals.reset();
  gone->globals.reset();
  gone->code.reset();
  freeFrames.push_back(gone);
}

void Interpreter::Impl::enter() {
  const bool deep = static_cast<char*>(__builtin_frame_address(0)) < stackLimit;
  if (depth >= limits.recursionDepth || deep) raise("RecursionError", "maximum recursion depth exceeded");
  ++depth;
}

RecursionGuard::RecursionGuard(const char* where) {
  Interpreter::Impl& impl = machine();
  const bool deep = static_cast<char*>(__builtin_frame_address(0)) < impl.stackLimit;
  if (impl.depth >= impl.limits.recursionDepth || deep) {
    raise("RecursionError", std::string("maximum recursion depth exceeded") + where);
  }
  ++impl.depth;
}
RecursionGuard::~RecursionGuard() { --machine().depth; }

std::string joinQuoted(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += names.size() == 2 ? " and " : i + 1 == names.size() ? ", and " : ", ";
    text += "'" + names[i] + "'";
  }
  return text;
}

namespace {

std::string plural(std::size_t count) { return count == 1 ? "" : "s"; }

void throwMissing(const Code& code, const Value* slots, std::size_t from, std::size_t to, const char* kind) {
  std::vector<std::string> missing;
  for (std::size_t i = from; i < to; ++i) {
    if (slots[i].isUnbound()) missing.push_back(code.locals[i]->text());
  }
  if (missing.empty()) return;
  raise("TypeError", code.qualifiedName + "() missing " + std::to_string(missing.size()) + " required " + kind +
                         " argument" + plural(missing.size()) + ": " + joinQuoted(missing));
}

[[noreturn]] void throwTooMany(const Function& function, const Value* slots, std::size_t count) {
  const Code& code = *function.code;
  const auto most = static_cast<std::size_t>(code.positional);
  const std::size_t defaults = function.defaults ? function.defaults->items.size() : 0;
  std::size_t keywordOnly = 0;
  for (std::size_t i = most; i < most + static_cast<std::size_t>(code.keywordOnly); ++i)
    keywordOnly += slots[i].isUnbound() ? 0 : 1;
  std::string message = function.qualifiedName + "() takes ";
  bool many = most != 1;
  if (defaults > 0) {
    message += "from " + std::to_string(most - defaults) + " to " + std::to_string(most);
    many = true;
  } else {
    message += std::to_string(most);
  }
  message += std::string(" positional argument") + (many ? "s" : "") + " but " + std::to_string(count);
  if (keywordOnly > 0) {
    message += " positional argument" + plural(count) + " (and " + std::to_string(keywordOnly) +
               " keyword-only argument" + plural(keywordOnly) + ")";
  }
  raise("TypeError", message + (count == 1 && keywordOnly == 0 ? " was given" : " were given"));
}

void bindKeywords(const Function& function, Value* slots, const KeywordArguments& keywords, Dict* more) {
  const Code& code = *function.code;
  const auto named = static_cast<std::size_t>(code.positional + code.keywordOnly);
  const auto positionalOnly = static_cast<std::size_t>(code.positionalOnly);
  for (const auto& [key, value] : keywords) {
    const std::string& text = textOf(key);
    std::size_t found = SIZE_MAX;
    for (std::size_t i = positionalOnly; i < named && found == SIZE_MAX; ++i) {
      if (code.locals[i].get() == key.object() || code.locals[i]->text() == text) found = i;
    }
    if (found != SIZE_MAX) {
      if (!slots[found].isUnbound()) {
        raise("TypeError", function.qualifiedName + "() got multiple values for argument '" + text + "'");
      }
      slots[found] = value;
      continue;
    }
    if (more) {
      more->set(key, value);
      continue;
    }
    std::string wrong;
    for (const auto& [other, ignored] : keywords) {
      for (std::size_t i = 0; i < positionalOnly; ++i) {
        if (code.locals[i]->text() == textOf(other)) wrong += (wrong.empty() ? "" : ", ") + textOf(other);
      }
    }
    if (!wrong.empty()) {
      raise("TypeError", function.qualifiedName +
                             "() got some positional-only arguments passed as keyword arguments: '" + wrong + "'");
    }
    raise("TypeError", function.qualifiedName + "() got an unexpected keyword argument '" + text + "'");
  }
}

}  // namespace

// A frame for the function with its arguments in place.
Frame* Interpreter::Impl::bind(Function& function, const Value* arguments, std::size_t count,
                               const KeywordArguments& keywords) {
  const Code& code = *function.code;
  Frame* made = newFrame(function.code, function.globals, code.generator);
  try {
    Value* slots = made->slots;
    const auto positional = static_cast<std::size_t>(code.positional);
    const std::size_t direct = count < positional ? count : positional;
    for (std::size_t i = 0; i < direct; ++i) slots[i] = arguments[i];
    if (!code.simple || !keywords.empty() || count != positional) {
      const std::size_t named = positional + static_cast<std::size_t>(code.keywordOnly);
      std::size_t next = named;
      if (code.rest) {
        Values extra;
        for (std::size_t i = positional; i < count; ++i) extra.push_back(arguments[i]);
        slots[next++] = makeTuple(std::move(extra));
      }
      Ref<Dict> more;
      if (code.keywords) {
        more = make<Dict>();
        slots[next] = Value(more);
      }
      bindKeywords(function, slots, keywords, more.get());
      if (count > positional && !code.rest) throwTooMany(function, slots, count);
      if (direct < positional) {
        const std::size_t defaults = function.defaults ? function.defaults->items.size() : 0;
        throwMissing(code, slots, 0, positional - defaults, "positional");
        for (std::size_t i = 0; i < defaults; ++i) {
          Value& slot = slots[positional - defaults + i];
          if (slot.isUnbound()) slot = function.defaults->items[i];
        }
      }
      if (code.keywordOnly > 0) {
        for (std::size_t i = positional; i < named && function.keywordDefaults; ++i) {
          if (!slots[i].isUnbound()) continue;
          if (Value* value = function.keywordDefaults->find(*code.locals[i])) slots[i] = *value;
        }
        throwMissing(code, slots, positional, named, "keyword-only");
      }
    }
    for (const std::int32_t slot : code.cellSlots) slots[slot] = Value(make<Cell>(slots[slot]));
    if (function.closure) {
      for (std::size_t i = 0; i < function.closure->items.size(); ++i)
        slots[code.freeStart + i] = function.closure->items[i];
    }
  } catch (...) {
    dropFrame(made);
    throw;
  }
  return made;
}

Value Interpreter::Impl::callFunction(Function& function, const Value* arguments, std::size_t count,
                                      const KeywordArguments& keywords) {
  enter();
  Frame* made = nullptr;
  try {
    made = bind(function, arguments, count, keywords);
    if (function.code->generator) {
      auto generator = make<Generator>(made, function.code->qualifiedName);
      made->generator = generator.get();
      leave();
      return Value(std::move(generator));
    }
    Value result = execute(made);
    leave();
    return result;
  } catch (...) {
    leave();
    throw;
  }
}

namespace {

// A method's function with self in front of the arguments.
Value callWithSelf(const Value& function, const Value& self, const Value* arguments, std::size_t count,
                   const KeywordArguments& keywords) {
  std::vector<Value> all;
  all.reserve(count + 1);
  all.push_back(self);
  all.insert(all.end(), arguments, arguments + count);
  return callArray(function, all.data(), all.size(), keywords);
}

// A native method called on the class itself (list.append(x, 1)) must get an instance first.
void checkReceiver(const NativeFunction& function, const Value* arguments, std::size_t count) {
  Class* expected = nullptr;
  for (Class* cls : {types().list, types().dict, types().str, types().set, types().tuple, types().integer, types().real,
                     types().frozenset}) {
    if (cls->name() == function.qualifier()) expected = cls;
  }
  if (!expected) return;
  if (count == 0) {
    raise("TypeError", "unbound method " + function.qualifiedName() + "() needs an argument");
  }
  if (!isInstance(arguments[0], expected)) {
    raise("TypeError", "descriptor '" + function.name() + "' for '" + expected->name() +
                           "' objects doesn't apply to a '" + typeName(arguments[0]) + "' object");
  }
}

}  // namespace

Value callArray(const Value& callable, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  Interpreter::Impl& impl = machine();
  if (callable.isObject()) {
    switch (callable.object()->kind()) {
      case Kind::function: {
        const Ref<Function> hold(&callable.to<Function>());
        return impl.callFunction(*hold, arguments, count, keywords);
      }
      case Kind::nativeFunction: {
        const NativeFunction& function = callable.to<NativeFunction>();
        if (function.plain()) {
          if (function.role() == NativeFunction::Role::method) checkReceiver(function, arguments, count);
          const RecursionGuard guard;
          return function.invoke(arguments, count, keywords, nullptr);
        }
        const RecursionGuard guard;
        if (function.role() == NativeFunction::Role::constructor) {
          // Class.__init__(self, ...): what the constructor makes moves into self.
          if (count == 0 || !arguments[0].is(Kind::native)) {
            raise("TypeError", function.qualifiedName() + "() needs an instance of a native class as self");
          }
          Native& self = arguments[0].to<Native>();
          std::vector<Value> all(arguments, arguments + count);
          all[0] = Value();
          const Value made = function.invoke(all.data(), count, keywords, self.cls());
          if (Native* native = made.as<Native>()) self.payload = std::move(native->payload);
          return Value();
        }
        return function.invoke(arguments, count, keywords, nullptr);
      }
      case Kind::method: {
        const Ref<Method> method(&callable.to<Method>());
        return callWithSelf(method->function, method->self, arguments, count, keywords);
      }
      case Kind::type: {
        const RecursionGuard guard;
        return instantiate(&callable.to<Class>(), arguments, count, keywords);
      }
      case Kind::wrapper:
        return callArray(callable.to<Wrapper>().function, arguments, count, keywords);
      case Kind::singleton: {
        const Value origin = callable.to<Singleton>().origin;
        if (callable.object()->cls() == types().alias && origin.is(Kind::type))
          return callArray(origin, arguments, count, keywords);
        break;
      }
      default: {
        const Value method = specialMethod(callable, *names().call);
        if (!method.isUnbound()) {
          const RecursionGuard guard;
          return callArray(method, arguments, count, keywords);
        }
      }
    }
  }
  raise("TypeError", "'" + typeName(callable) + "' object is not callable");
}

Value call(const Value& callable, const std::vector<Value>& arguments, const KeywordArguments& keywords) {
  return callArray(callable, arguments.data(), arguments.size(), keywords);
}

Value callMethod(const Value& object, std::string_view name, const std::vector<Value>& arguments) {
  return call(getAttribute(object, name), arguments);
}

bool isCallable(const Value& value) {
  if (!value.isObject()) return false;
  switch (value.object()->kind()) {
    case Kind::function:
    case Kind::nativeFunction:
    case Kind::method:
    case Kind::type:
    case Kind::wrapper:
      return true;
    default:
      return !specialMethod(value, *names().call).isUnbound();
  }
}

std::string functionText(const Value& callable) {
  if (const Function* function = callable.as<Function>()) return "__main__." + function->qualifiedName + "()";
  if (const NativeFunction* function = callable.as<NativeFunction>()) return function->qualifiedName() + "()";
  if (const Method* method = callable.as<Method>()) return functionText(method->function);
  if (const Class* cls = callable.as<Class>())
    return (cls->module() == "builtins" ? "" : cls->module() + ".") + cls->name() + "()";
  return typeName(callable) + " object";
}

}  // namespace cadrecode::script
