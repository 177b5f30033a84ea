// Exceptions: the classes, raising them from C++, matching them in except clauses.
#include "script/machine.hpp"

namespace cadrecode::script {

namespace {

struct Known {
  const char* name;
  const char* base;
};
// Every base stands before what derives from it.
constexpr Known kExceptions[] = {{"SystemExit", "BaseException"},
                                 {"KeyboardInterrupt", "BaseException"},
                                 {"GeneratorExit", "BaseException"},
                                 {"Exception", "BaseException"},
                                 {"ArithmeticError", "Exception"},
                                 {"FloatingPointError", "ArithmeticError"},
                                 {"OverflowError", "ArithmeticError"},
                                 {"ZeroDivisionError", "ArithmeticError"},
                                 {"AssertionError", "Exception"},
                                 {"AttributeError", "Exception"},
                                 {"BufferError", "Exception"},
                                 {"EOFError", "Exception"},
                                 {"ImportError", "Exception"},
                                 {"ModuleNotFoundError", "ImportError"},
                                 {"LookupError", "Exception"},
                                 {"IndexError", "LookupError"},
                                 {"KeyError", "LookupError"},
                                 {"MemoryError", "Exception"},
                                 {"NameError", "Exception"},
                                 {"UnboundLocalError", "NameError"},
                                 {"OSError", "Exception"},
                                 {"FileNotFoundError", "OSError"},
                                 {"FileExistsError", "OSError"},
                                 {"PermissionError", "OSError"},
                                 {"TimeoutError", "OSError"},
                                 {"ConnectionError", "OSError"},
                                 {"ReferenceError", "Exception"},
                                 {"RuntimeError", "Exception"},
                                 {"NotImplementedError", "RuntimeError"},
                                 {"RecursionError", "RuntimeError"},
                                 {"StopIteration", "Exception"},
                                 {"StopAsyncIteration", "Exception"},
                                 {"SyntaxError", "Exception"},
                                 {"IndentationError", "SyntaxError"},
                                 {"TabError", "IndentationError"},
                                 {"SystemError", "Exception"},
                                 {"TypeError", "Exception"},
                                 {"ValueError", "Exception"},
                                 {"UnicodeError", "ValueError"},
                                 {"UnicodeDecodeError", "UnicodeError"},
                                 {"UnicodeEncodeError", "UnicodeError"},
                                 {"Warning", "Exception"},
                                 {"DeprecationWarning", "Warning"},
                                 {"UserWarning", "Warning"},
                                 {"RuntimeWarning", "Warning"},
                                 {"FutureWarning", "Warning"},
                                 {"SyntaxWarning", "Warning"},
                                 {"PendingDeprecationWarning", "Warning"}};

Value constructException(Class* cls, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  const Value* init = cls->lookup(*names().init);
  const bool scripted = init && !init->is(Kind::nativeFunction);
  if (!keywords.empty() && !scripted) raise("TypeError", cls->name() + "() takes no keyword arguments");
  return makeException(cls, Values(arguments, arguments + count));
}

}  // namespace

void registerExceptions(Interpreter::Impl& impl) {
  Types& t = impl.types;
  const auto define = [&](const char* name, Class* base) {
    auto cls = make<Class>("builtins", name, std::vector<Class*>{base});
    impl.permanent.emplace_back(cls);
    impl.exceptions[name] = cls.get();
    impl.builtins->set(name, Value(cls));
    return cls.get();
  };
  t.baseException = define("BaseException", t.object);
  t.baseException->layout = Class::Layout::exception;
  t.baseException->construct = constructException;
  t.baseException->plain("__init__", 0, -1, [](const PlainArguments& a) {
    Exception* exception = a[0].as<Exception>();
    if (!exception) raise("TypeError", "descriptor '__init__' requires a 'BaseException' object");
    exception->arguments = make<Tuple>(Values(a.values + 1, a.values + a.count));
    return Value();
  });
  t.baseException->plain("with_traceback", 1, 1, [](const PlainArguments& a) { return a[0]; });
  t.baseException->plain("add_note", 1, 1, [](const PlainArguments&) { return Value(); });
  for (const Known& known : kExceptions) define(known.name, impl.exceptions.at(known.base));
  impl.exceptions.at("OSError")->attributes().set("errno", Value());
  impl.builtins->set("EnvironmentError", Value(impl.exceptions.at("OSError")));
  impl.builtins->set("IOError", Value(impl.exceptions.at("OSError")));
  auto frozen =
      make<Class>("dataclasses", "FrozenInstanceError", std::vector<Class*>{impl.exceptions.at("AttributeError")});
  impl.permanent.emplace_back(frozen);
  impl.exceptions["FrozenInstanceError"] = frozen.get();
  t.exception = impl.exceptions.at("Exception");
  t.stopIteration = impl.exceptions.at("StopIteration");
  t.attributeError = impl.exceptions.at("AttributeError");
  t.keyError = impl.exceptions.at("KeyError");
  t.generatorExit = impl.exceptions.at("GeneratorExit");
  t.typeError = impl.exceptions.at("TypeError");
  t.recursionError = impl.exceptions.at("RecursionError");
  t.assertionError = impl.exceptions.at("AssertionError");
}

Value makeException(Class* cls, Values arguments) {
  auto exception = make<Exception>(cls, make<Tuple>(std::move(arguments)));
  if (cls->derivesFrom(types().stopIteration) && !exception->arguments->items.empty()) {
    exception->value = exception->arguments->items[0];
  }
  return Value(std::move(exception));
}

Value makeException(const std::string& type, const std::string& message) {
  Interpreter::Impl& impl = machine();
  auto found = impl.exceptions.find(type);
  Class* cls = found == impl.exceptions.end() ? impl.owner.defineException(type) : found->second;
  Values arguments;
  if (!message.empty() || type != "StopIteration") {
    if (!message.empty()) arguments.push_back(makeStr(message));
  }
  return makeException(cls, std::move(arguments));
}

void raise(const std::string& type, const std::string& message) { throw Error(type, message); }

void raiseValue(const std::string& type, const Value& argument) {
  Values arguments;
  if (const Tuple* tuple = argument.as<Tuple>(); tuple && type == "OverflowError") {
    arguments = tuple->items;
  } else if (!(type == "StopIteration" && argument.isNone())) {
    arguments.push_back(argument);
  }
  throw Raised{makeException(machine().exceptions.at(type), std::move(arguments))};
}

void throwUnsupported(const std::string& what) { throw Error("Unsupported", "not supported: " + what); }

// What `raise x` throws: an instance, made if x is a class.
Value raisedValue(const Value& value) {
  if (value.is(Kind::exception)) return value;
  if (Class* cls = value.as<Class>(); cls && cls->derivesFrom(types().baseException)) {
    Value made = call(value);
    if (!made.is(Kind::exception)) {
      raise("TypeError", "calling " + classRepr(*cls) + " should have returned an instance of BaseException, not " +
                             classRepr(*typeOf(made)));
    }
    return made;
  }
  raise("TypeError", "exceptions must derive from BaseException");
}

bool matchesException(const Value& exception, const Value& pattern) {
  const auto fail = [] {
    raise("TypeError", "catching classes that do not inherit from BaseException is not allowed");
  };
  const auto check = [&](const Value& item) {
    const Class* cls = item.as<Class>();
    if (!cls || !cls->derivesFrom(types().baseException)) fail();
    return exception.object()->cls()->derivesFrom(cls);
  };
  if (const Tuple* tuple = pattern.as<Tuple>()) {
    bool matched = false;
    for (const Value& item : tuple->items) matched = check(item) || matched;
    return matched;
  }
  return check(pattern);
}

Value Interpreter::Impl::currentException() {
  try {
    throw;
  } catch (const Raised& raised) {
    return raised.exception;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::limit || error.type() == "Unsupported") throw;
    return makeException(error.type(), error.what());
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::limit, "HeapLimit", "out of memory");
  } catch (const std::exception& error) {
    if (translator) {
      const Error translated = translator(std::current_exception(), "", nullptr);
      return makeException(translated.type(), translated.what());
    }
    return makeException("RuntimeError", error.what());
  } catch (...) {
    if (!translator) return makeException("RuntimeError", "an unknown error in native code");
    const Error translated = translator(std::current_exception(), "", nullptr);
    return makeException(translated.type(), translated.what());
  }
}

}  // namespace cadrecode::script
