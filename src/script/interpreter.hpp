// Runs scripts. One Interpreter belongs to one thread; it is made once (a fraction of a millisecond), gets the native
// modules of its embedder, and then runs any number of scripts one after another, each with a fresh heap and limits.
//
//   Interpreter interpreter;
//   Class* workplane = interpreter.defineClass("cadquery.cq", "Workplane");
//   workplane->method("box(self, length, width, height)", ...);
//   interpreter.module("cadquery").add(workplane);
//   RunResult result = interpreter.run("import cadquery as cq\nr = cq.Workplane()");
#pragma once

#include <exception>
#include <map>

#include "script/native.hpp"

namespace cadrecode::script {

struct Limits {
  std::uint64_t steps = 100'000'000;   // instructions and units of work inside builtins
  int recursionDepth = 1000;           // frames; more raise RecursionError
  std::size_t heapBytes = 512u << 20;  // of script objects
  std::size_t outputBytes = 1u << 20;  // of print
  std::size_t sourceBytes = 4u << 20;  // of the script's text
  std::size_t stackBytes = 5u << 20;   // of C++ stack from run() downwards
};

enum class Status : std::uint8_t { ok, syntaxError, unsupported, runtimeError, limit };

struct ErrorInfo {
  std::string type;                // "ValueError", "StepLimit"
  std::vector<std::string> bases;  // its Python bases from the nearest to Exception, as in the method resolution order
  std::string message;
  int line = 0;    // 1-based line of the script, 0 when unknown
  int column = 0;  // 1-based
};

struct RunResult {
  Status status = Status::ok;
  ErrorInfo error;
  std::string output;  // what print() wrote, also of failed runs
  // The global names in the order of Python's dict (first binding; again at the end after del), without the names the
  // language defines itself. The values are good until the next run() or clear() of the interpreter.
  std::vector<std::pair<std::string, Value>> globals;
  std::uint64_t steps = 0;
  double parseMilliseconds = 0;

  // The value of a global, or null.
  const Value* find(std::string_view name) const;
};

// Turns the C++ exception being handled into an Error that names a Python exception type. `callee` is the qualified
// name of the native function ("Workplane.fillet"); `arguments` is null for functions in C style.
using ExceptionTranslator =
    std::function<Error(std::exception_ptr, const std::string& callee, const Arguments* arguments)>;

class Interpreter {
 public:
  Interpreter();
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // The interpreter of this thread: the one made or run last.
  static Interpreter& current();

  // Set-up, before runs. A null base is `object`. Bases given as a list allow several.
  Class* defineClass(const std::string& module, const std::string& name, Class* base = nullptr);
  // An exception type scripts can name and catch; `base` is a known exception ("Exception", "RuntimeError", ...).
  Class* defineException(const std::string& name, const std::string& base = "Exception",
                         const std::string& module = "builtins");
  // Finds or makes a module ("cadquery", "cadquery.selectors": the latter becomes an attribute of the former too).
  Module& module(const std::string& name);
  // A name scripts see without import (show_object).
  void addBuiltin(const std::string& name, Value value);
  void addBuiltinFunction(std::string signature, NativeBody body);
  void setExceptionTranslator(ExceptionTranslator translator);
  // Called when a run starts, for state the embedder keeps per run.
  void setRunHook(std::function<void()> hook);
  Class* exceptionClass(std::string_view name);  // null: unknown

  // Checks the syntax only.
  RunResult check(std::string_view source, const Limits& limits = {});
  RunResult run(std::string_view source, const Limits& limits = {});
  // Frees everything the last run made.
  void clear();

  // During a run, from native code.
  Value call(const Value& callable, const std::vector<Value>& arguments = {}, const KeywordArguments& keywords = {});
  void write(std::string_view text);  // print
  int currentLine() const;            // line of the script being executed

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace cadrecode::script
