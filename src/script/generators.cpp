// Generators: frames that are left at a yield and entered again.
#include "script/machine.hpp"

namespace cadrecode::script {

Generator::Generator(Frame* body, std::string text)
    : Object(kKind, types().generator), frame(body), name(std::move(text)) {}

Generator::~Generator() { clear(); }

void Generator::clear() {
  if (frame && !running) {
    Frame* gone = frame;
    frame = nullptr;
    machine().dropFrame(gone);
  }
  returned = Value();
}

namespace {

// Runs the generator to its next yield. False: it ended.
bool run(Generator& generator, Value& item) {
  Interpreter::Impl& impl = machine();
  const Ref<Generator> hold(&generator);
  Frame* frame = generator.frame;
  impl.enter();
  generator.running = true;
  try {
    item = impl.execute(frame);
  } catch (...) {
    impl.leave();
    generator.running = false;
    generator.frame = nullptr;
    impl.dropFrame(frame);
    throw;
  }
  impl.leave();
  generator.running = false;
  if (!item.isUnbound()) return true;
  generator.frame = nullptr;
  impl.dropFrame(frame);
  item = Value();
  return false;
}

// StopIteration must not leave a generator.
[[noreturn]] void rethrow(const Value& exception) {
  if (!exception.object()->cls()->derivesFrom(types().stopIteration)) throw Raised{exception};
  const Value error = makeException("RuntimeError", "generator raised StopIteration");
  error.to<Exception>().cause = exception;
  throw Raised{error};
}

}  // namespace

bool resume(Generator& generator, const Value& sent, Value& item) {
  if (generator.running) raise("ValueError", "generator already executing");
  if (!generator.frame) {
    generator.returned = Value();
    return false;
  }
  if (!generator.started) {
    if (!sent.isNone()) raise("TypeError", "can't send non-None value to a just-started generator");
    generator.started = true;
  } else {
    *generator.frame->top++ = sent;
  }
  try {
    return run(generator, item);
  } catch (const Raised& raised) {
    rethrow(raised.exception);
  }
}

Value throwInto(Generator& generator, const Value& exception) {
  if (generator.running) raise("ValueError", "generator already executing");
  if (!generator.frame) throw Raised{exception};
  // An inner generator of `yield from` gets it first.
  Frame* frame = generator.frame;
  if (generator.started && frame->next->op == Op::yieldFrom) {
    if (Generator* inner = frame->top[-1].as<Generator>()) {
      const Ref<Generator> hold(inner);
      try {
        return throwInto(*inner, exception);
      } catch (const Raised& raised) {
        if (raised.exception.object()->cls()->derivesFrom(types().stopIteration)) {
          const Value value = raised.exception.to<Exception>().value;
          frame->top[-1] = value;
          ++frame->next;
          Value item;
          if (run(generator, item)) return item;
          raiseValue("StopIteration", generator.returned);
        }
        return throwInto(generator, raised.exception);
      }
    }
  }
  if (!generator.started) {
    generator.started = true;
    Frame* gone = generator.frame;
    generator.frame = nullptr;
    machine().dropFrame(gone);
    throw Raised{exception};
  }
  // The machine's own search for a handler starts at the yield.
  Interpreter::Impl& impl = machine();
  const bool yieldFrom = frame->next->op == Op::yieldFrom;
  if (yieldFrom) ++frame->next;
  Frame* const outside = impl.frame;
  frame->entry = true;
  frame->back = outside;
  Frame* active = frame;
  if (!impl.handle(active, exception, outside)) {
    generator.frame = nullptr;
    impl.dropFrame(frame);
    rethrow(exception);
  }
  Value item;
  try {
    if (run(generator, item)) return item;
  } catch (const Raised& raised) {
    rethrow(raised.exception);
  }
  raiseValue("StopIteration", generator.returned);
}

void closeGenerator(Generator& generator) {
  if (!generator.frame || generator.running) return;
  try {
    throwInto(generator, makeException(types().generatorExit, Values()));
  } catch (const Raised& raised) {
    const Class* cls = raised.exception.object()->cls();
    if (cls->derivesFrom(types().generatorExit) || cls->derivesFrom(types().stopIteration)) return;
    throw;
  } catch (const Error& error) {
    if (error.type() == "StopIteration") return;
    throw;
  }
  raise("RuntimeError", "generator ignored GeneratorExit");
}

}  // namespace cadrecode::script
