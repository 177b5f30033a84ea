#include "script/interpreter.hpp"

#include <chrono>

#include "script/compiler.hpp"
#include "script/machine.hpp"

namespace cadrecode::script {

namespace {
thread_local Interpreter* currentInterpreter = nullptr;

void fillNames(Names& n) {
  struct Entry {
    Ref<Str> Names::*place;
    const char* text;
  };
  const Entry entries[] = {{&Names::init, "__init__"},
                           {&Names::newName, "__new__"},
                           {&Names::repr, "__repr__"},
                           {&Names::str, "__str__"},
                           {&Names::eq, "__eq__"},
                           {&Names::ne, "__ne__"},
                           {&Names::lt, "__lt__"},
                           {&Names::le, "__le__"},
                           {&Names::gt, "__gt__"},
                           {&Names::ge, "__ge__"},
                           {&Names::hash, "__hash__"},
                           {&Names::boolean, "__bool__"},
                           {&Names::len, "__len__"},
                           {&Names::iter, "__iter__"},
                           {&Names::next, "__next__"},
                           {&Names::getItem, "__getitem__"},
                           {&Names::setItem, "__setitem__"},
                           {&Names::deleteItem, "__delitem__"},
                           {&Names::contains, "__contains__"},
                           {&Names::call, "__call__"},
                           {&Names::getAttr, "__getattr__"},
                           {&Names::setAttr, "__setattr__"},
                           {&Names::deleteAttr, "__delattr__"},
                           {&Names::enter, "__enter__"},
                           {&Names::exit, "__exit__"},
                           {&Names::add, "__add__"},
                           {&Names::sub, "__sub__"},
                           {&Names::mul, "__mul__"},
                           {&Names::trueDiv, "__truediv__"},
                           {&Names::floorDiv, "__floordiv__"},
                           {&Names::mod, "__mod__"},
                           {&Names::pow, "__pow__"},
                           {&Names::lshift, "__lshift__"},
                           {&Names::rshift, "__rshift__"},
                           {&Names::orName, "__or__"},
                           {&Names::xorName, "__xor__"},
                           {&Names::andName, "__and__"},
                           {&Names::matmul, "__matmul__"},
                           {&Names::radd, "__radd__"},
                           {&Names::rsub, "__rsub__"},
                           {&Names::rmul, "__rmul__"},
                           {&Names::rtrueDiv, "__rtruediv__"},
                           {&Names::rfloorDiv, "__rfloordiv__"},
                           {&Names::rmod, "__rmod__"},
                           {&Names::rpow, "__rpow__"},
                           {&Names::rlshift, "__rlshift__"},
                           {&Names::rrshift, "__rrshift__"},
                           {&Names::ror, "__ror__"},
                           {&Names::rxor, "__rxor__"},
                           {&Names::rand, "__rand__"},
                           {&Names::rmatmul, "__rmatmul__"},
                           {&Names::iadd, "__iadd__"},
                           {&Names::isub, "__isub__"},
                           {&Names::imul, "__imul__"},
                           {&Names::itrueDiv, "__itruediv__"},
                           {&Names::ifloorDiv, "__ifloordiv__"},
                           {&Names::imod, "__imod__"},
                           {&Names::ipow, "__ipow__"},
                           {&Names::ilshift, "__ilshift__"},
                           {&Names::irshift, "__irshift__"},
                           {&Names::ior, "__ior__"},
                           {&Names::ixor, "__ixor__"},
                           {&Names::iand, "__iand__"},
                           {&Names::imatmul, "__imatmul__"},
                           {&Names::neg, "__neg__"},
                           {&Names::pos, "__pos__"},
                           {&Names::invert, "__invert__"},
                           {&Names::abs, "__abs__"},
                           {&Names::round, "__round__"},
                           {&Names::floatName, "__float__"},
                           {&Names::intName, "__int__"},
                           {&Names::index, "__index__"},
                           {&Names::format, "__format__"},
                           {&Names::reversed, "__reversed__"},
                           {&Names::className, "__class__"},
                           {&Names::name, "__name__"},
                           {&Names::qualname, "__qualname__"},
                           {&Names::doc, "__doc__"},
                           {&Names::module, "__module__"},
                           {&Names::annotations, "__annotations__"},
                           {&Names::postInit, "__post_init__"},
                           {&Names::missing, "__missing__"},
                           {&Names::setName, "__set_name__"},
                           {&Names::initSubclass, "__init_subclass__"},
                           {&Names::matchArgs, "__match_args__"},
                           {&Names::dictName, "__dict__"},
                           {&Names::trunc, "__trunc__"},
                           {&Names::floor, "__floor__"},
                           {&Names::ceil, "__ceil__"},
                           {&Names::hint, "__length_hint__"},
                           {&Names::members, "__members__"},
                           {&Names::classGetItem, "__class_getitem__"},
                           {&Names::get, "__get__"},
                           {&Names::set, "__set__"}};
  for (const Entry& entry : entries) n.*entry.place = make<Str>(entry.text);
}
}  // namespace

Interpreter::Impl& machine() { return currentInterpreter->impl(); }
Types& types() { return machine().types; }
Names& names() { return machine().names; }
Value notImplemented() { return machine().notImplemented; }
Value ellipsis() { return machine().ellipsis; }
void countSteps(std::uint64_t steps) { machine().addSteps(steps); }

Interpreter::Impl::Impl(Interpreter& interpreter) : owner(interpreter) {}

Interpreter::Impl::~Impl() {
  for (Frame* unused : freeFrames) delete unused;
}

void Interpreter::Impl::failSteps() {
  stepsLeft = 0;
  throw Error(ErrorCode::limit, "StepLimit", "the script needs more than " + std::to_string(limits.steps) + " steps");
}

void Interpreter::Impl::registerAll() {
  const PermanentScope scope;
  registerTypes(*this);
  fillNames(names);
  registerExceptions(*this);
  registerObjects(*this);
  registerBuiltins(*this);
  registerNumbers(*this);
  registerStrings(*this);
  registerSequences(*this);
  registerDicts(*this);
  registerSets(*this);
  registerIterators(*this);
  registerMath(*this);
  registerItertools(*this);
  registerFunctools(*this);
  registerCollections(*this);
  registerDataclasses(*this);
  registerEnum(*this);
  registerTyping(*this);
  registerSmallModules(*this);
  registerNumpy(*this);
}

Interpreter::Interpreter() : impl_(std::make_unique<Impl>(*this)) {
  currentInterpreter = this;
  Heap::setCurrent(&impl_->heap);
  impl_->stepsLeft = INT64_MAX / 2;
  impl_->stackLimit = nullptr;
  impl_->registerAll();
}

Interpreter::~Interpreter() {
  Interpreter* outside = currentInterpreter == this ? nullptr : currentInterpreter;
  currentInterpreter = this;
  Heap::setCurrent(&impl_->heap);
  clear();
  // Permanent objects reach each other in cycles; break those before the references to them go.
  for (auto& [name, module] : impl_->modules) module->clear();
  impl_->builtins->clear();
  for (auto& object : impl_->permanent) object->clear();
  impl_->modules.clear();
  impl_->builtins.reset();
  impl_->permanent.clear();
  impl_->notImplemented = impl_->ellipsis = impl_->emptyString = Value();
  impl_->names = Names();
  for (Frame* unused : impl_->freeFrames) delete unused;
  impl_->freeFrames.clear();
  impl_->chunks.clear();
  currentInterpreter = outside;
  Heap::setCurrent(outside ? &outside->impl_->heap : nullptr);
}

Interpreter& Interpreter::current() { return *currentInterpreter; }

Class* Interpreter::defineClass(const std::string& module, const std::string& name, Class* base) {
  currentInterpreter = this;
  Heap::setCurrent(&impl_->heap);
  const PermanentScope scope;
  auto cls = make<Class>(module, name, std::vector<Class*>{base ? base : impl_->types.object});
  if (cls->layout == Class::Layout::plain) cls->layout = Class::Layout::native;
  impl_->permanent.emplace_back(cls);
  return cls.get();
}

Class* Interpreter::defineException(const std::string& name, const std::string& base, const std::string& module) {
  if (Class* known = exceptionClass(name)) return known;
  Class* parent = exceptionClass(base);
  const PermanentScope scope;
  auto cls = make<Class>(module, name, std::vector<Class*>{parent ? parent : impl_->types.exception});
  impl_->permanent.emplace_back(cls);
  impl_->exceptions[name] = cls.get();
  return cls.get();
}

Class* Interpreter::exceptionClass(std::string_view name) {
  const auto found = impl_->exceptions.find(std::string(name));
  return found == impl_->exceptions.end() ? nullptr : found->second;
}

Module& Interpreter::module(const std::string& name) {
  currentInterpreter = this;
  Heap::setCurrent(&impl_->heap);
  const auto found = impl_->modules.find(name);
  if (found != impl_->modules.end()) return *found->second;
  const PermanentScope scope;
  auto made = make<Module>(name);
  impl_->modules.emplace(name, made);
  const std::size_t dot = name.rfind('.');
  if (dot != std::string::npos) module(name.substr(0, dot)).add(name.substr(dot + 1), Value(made));
  return *made;
}

void Interpreter::addBuiltin(const std::string& name, Value value) {
  const PermanentScope scope;
  impl_->builtins->set(name, std::move(value));
}
void Interpreter::addBuiltinFunction(std::string signature, NativeBody body) {
  const PermanentScope scope;
  const std::string name = signature.substr(0, signature.find('('));
  impl_->builtins->set(
      name, Value(make<NativeFunction>(std::move(signature), "", NativeFunction::Role::function, std::move(body))));
}
void Interpreter::setExceptionTranslator(ExceptionTranslator translator) { impl_->translator = std::move(translator); }
void Interpreter::setRunHook(std::function<void()> hook) { impl_->runHook = std::move(hook); }

const Value* RunResult::find(std::string_view name) const {
  for (const auto& [key, value] : globals) {
    if (key == name) return &value;
  }
  return nullptr;
}

void Interpreter::clear() {
  currentInterpreter = this;
  Heap::setCurrent(&impl_->heap);
  Impl& impl = *impl_;
  impl.heap.setLimit(SIZE_MAX / 2);
  impl.globals.reset();
  for (Class* cls : impl.touchedClasses) cls->dropOverlay();
  for (Module* module : impl.touchedModules) module->dropOverlay();
  impl.touchedClasses.clear();
  impl.touchedModules.clear();
  impl.heap.collect();
  impl.frame = nullptr;
  impl.depth = 0;
  impl.output.clear();
  impl.output.shrink_to_fit();
  while (impl.chunks.size() > 1) impl.chunks.pop_back();
  impl.chunk = 0;
  if (!impl.chunks.empty()) impl.chunks[0].used = 0;
  while (impl.freeFrames.size() > 64) {
    delete impl.freeFrames.back();
    impl.freeFrames.pop_back();
  }
}

namespace {

void fillError(ErrorInfo& info, const Value& value) {
  const Exception& exception = value.to<Exception>();
  info.type = exception.cls()->name();
  for (std::size_t i = 1; i < exception.cls()->mro().size(); ++i) {
    const Class* cls = exception.cls()->mro()[i];
    if (cls == types().baseException || cls == types().object) break;
    info.bases.push_back(cls->name());
  }
  info.line = exception.line;
  info.column = exception.column;
  try {
    info.message = str(value);
  } catch (const Raised&) {
    info.message = "<exception str() failed>";
  } catch (const Error&) {
    info.message = "<exception str() failed>";
  }
}

void basesByName(Interpreter& interpreter, ErrorInfo& info) {
  const Class* cls = interpreter.exceptionClass(info.type);
  if (!cls) return;
  for (std::size_t i = 1; i < cls->mro().size(); ++i) {
    if (cls->mro()[i] == types().baseException) break;
    info.bases.push_back(cls->mro()[i]->name());
  }
}

}  // namespace

RunResult Interpreter::check(std::string_view source, const Limits& limits) {
  clear();
  RunResult result;
  Impl& impl = *impl_;
  impl.limits = limits;
  impl.stepsLeft = static_cast<std::int64_t>(limits.steps < INT64_MAX ? limits.steps : INT64_MAX);
  impl.stackLimit = static_cast<char*>(__builtin_frame_address(0)) - limits.stackBytes;
  impl.heap.setLimit(impl.heap.used() + limits.heapBytes);
  const auto start = std::chrono::steady_clock::now();
  if (source.size() > limits.sourceBytes) {
    result.status = Status::limit;
    result.error = {
        "SourceLimit", {}, "the script is longer than " + std::to_string(limits.sourceBytes) + " bytes", 0, 0};
    return result;
  }
  Ref<Code> code;
  try {
    code = compileScript(source);
  } catch (const SyntaxFailure& failure) {
    const bool syntax =
        failure.type == "SyntaxError" || failure.type == "IndentationError" || failure.type == "TabError";
    result.status = syntax                          ? Status::syntaxError
                    : failure.type == "Unsupported" ? Status::unsupported
                                                    : Status::runtimeError;
    result.error = {failure.type, {}, failure.message, failure.line, failure.column};
    basesByName(*this, result.error);
  } catch (const Error& error) {
    result.status = error.code() == ErrorCode::limit ? Status::limit : Status::runtimeError;
    result.error = {error.type(), {}, error.what(), 0, 0};
  }
  result.parseMilliseconds =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  if (result.status != Status::ok) return result;
  impl.globals = make<Dict>();
  impl.globals->set("__name__", makeStr("__main__"));
  impl.globals->set("\n", Value(code));
  return result;
}

RunResult Interpreter::run(std::string_view source, const Limits& limits) {
  RunResult result = check(source, limits);
  Impl& impl = *impl_;
  if (result.status != Status::ok) return result;
  impl.stackLimit = static_cast<char*>(__builtin_frame_address(0)) - limits.stackBytes;
  impl.stopLine = impl.stopColumn = 0;
  const auto countUsed = [&] {
    result.steps = limits.steps - static_cast<std::uint64_t>(impl.stepsLeft < 0 ? 0 : impl.stepsLeft);
  };
  for (const auto& reset : impl.resetHooks) reset();
  if (impl.runHook) impl.runHook();
  try {
    const Value code = *impl.globals->find("\n");
    impl.globals->erase(makeStr("\n"));
    auto function = make<Function>(Ref<Code>(&code.to<Code>()), impl.globals);
    impl.enter();
    Frame* frame = impl.bind(*function, nullptr, 0, {});
    frame->locals = impl.globals;
    impl.execute(frame);
    impl.leave();
    countUsed();
  } catch (const Raised& raised) {
    result.status = Status::runtimeError;
    countUsed();
    impl.depth = 0;
    impl.heap.setLimit(impl.heap.used() + (std::size_t{16} << 20));
    impl.stepsLeft += 100000;
    fillError(result.error, raised.exception);
  } catch (const Error& error) {
    result.status = error.code() == ErrorCode::limit ? Status::limit
                    : error.type() == "Unsupported"  ? Status::unsupported
                                                     : Status::runtimeError;
    result.error = {error.type(), {}, error.what(), impl.stopLine, impl.stopColumn};
    countUsed();
    impl.depth = 0;
  }
  impl.frame = nullptr;
  impl.heap.setLimit(SIZE_MAX / 2);
  impl.stepsLeft = INT64_MAX / 2;  // for what the embedder asks of the result
  result.output = impl.output;
  for (const auto& entry : impl.globals->entries()) {
    if (entry.key.isUnbound() || textOf(entry.key) == "__name__") continue;
    result.globals.emplace_back(textOf(entry.key), entry.value);
  }
  return result;
}

Value Interpreter::call(const Value& callable, const std::vector<Value>& arguments, const KeywordArguments& keywords) {
  return script::call(callable, arguments, keywords);
}

void Interpreter::write(std::string_view text) {
  Impl& impl = *impl_;
  if (impl.output.size() + text.size() > impl.limits.outputBytes) {
    impl.output += text.substr(0, impl.limits.outputBytes - impl.output.size());
    throw Error(ErrorCode::limit, "OutputLimit",
                "the script prints more than " + std::to_string(impl.limits.outputBytes) + " bytes");
  }
  impl.output += text;
}

int Interpreter::currentLine() const {
  const Frame* frame = impl_->frame;
  if (!frame) return 0;
  const auto at = static_cast<std::size_t>(frame->next - frame->code->instructions.data());
  return frame->code->locations[at > 0 ? at - 1 : 0].line;
}

}  // namespace cadrecode::script
