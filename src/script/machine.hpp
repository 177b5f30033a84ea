// The state of an interpreter and the machine that executes instructions. Internal to the language.
#pragma once

#include <unordered_map>

#include "script/interpreter.hpp"
#include "script/runtime.hpp"

namespace cadrecode::script {

struct Frame {
  struct Block {
    std::int32_t handler;
    std::int32_t height;   // of the stack of values
    std::int32_t handled;  // number of exceptions being handled
  };
  Frame* back = nullptr;
  Ref<Code> code;
  Ref<Dict> globals;
  Ref<Dict> locals;  // the namespace of a module or class body; null in functions
  Generator* generator = nullptr;
  Value* slots = nullptr;
  Value* stack = nullptr;
  Value* top = nullptr;  // one past the top value
  const Instruction* next = nullptr;
  std::vector<Block> blocks;
  std::vector<Value> handled;
  bool entry = false;     // returning from it leaves execute()
  std::size_t owned = 0;  // slots allocated for a generator; 0: on the interpreter's stack of slots
};

struct Interpreter::Impl {
  explicit Impl(Interpreter& owner);
  ~Impl();

  Interpreter& owner;
  Heap heap;
  Types types{};
  Names names{};
  Limits limits;
  std::int64_t stepsLeft = 0;
  int depth = 0;
  char* stackLimit = nullptr;
  std::string output;
  Frame* frame = nullptr;
  int stopLine = 0;  // where an error that scripts cannot catch came from
  int stopColumn = 0;
  std::vector<Frame*> freeFrames;
  Ref<Dict> builtins;
  Ref<Dict> globals;
  std::map<std::string, Ref<Module>, std::less<>> modules;
  std::unordered_map<std::string, Class*> exceptions;
  std::unordered_map<std::string, Class*> helperClasses;  // of modules, by a name of their own
  std::vector<Ref<Object>> permanent;
  std::vector<Class*> touchedClasses;
  std::vector<Module*> touchedModules;
  ExceptionTranslator translator;
  std::function<void()> runHook;
  std::vector<std::function<void()>> resetHooks;  // of modules with state, before each run
  Value notImplemented, ellipsis, emptyString;

  // A stack of slots for the frames of plain calls, in chunks that are never moved.
  struct Chunk {
    std::unique_ptr<Value[]> slots;
    std::size_t size = 0;
    std::size_t used = 0;
  };
  std::vector<Chunk> chunks;
  std::size_t chunk = 0;
  Value* takeSlots(std::size_t count);
  void returnSlots(Value* slots, std::size_t count);

  Frame* newFrame(const Ref<Code>& code, const Ref<Dict>& globals, bool generator);
  void dropFrame(Frame* frame);
  void enter();  // counts a call; throws RecursionError
  void leave() { --depth; }
  void addSteps(std::uint64_t steps) {
    stepsLeft -= static_cast<std::int64_t>(steps > INT64_MAX / 2 ? INT64_MAX / 2 : steps);
    if (stepsLeft < 0) failSteps();
  }
  [[noreturn]] void failSteps();

  // Runs the frame until it returns or (a generator) yields.
  Value execute(Frame* frame);
  // Turns the C++ exception being handled into a Python exception object; rethrows what scripts cannot catch.
  Value currentException();
  Value callFunction(Function& function, const Value* arguments, std::size_t count, const KeywordArguments& keywords);
  Frame* bind(Function& function, const Value* arguments, std::size_t count, const KeywordArguments& keywords);
  bool handle(Frame*& frame, const Value& exception, const Frame* base);
  Value importModule(const std::string& name);
  void registerAll();
};

Interpreter::Impl& machine();

// Pieces of the machine that live in files of their own.
void unpackValue(const Value& value, Value* out, std::int32_t count);
void unpackStarred(const Value& value, Value* out, std::int32_t before, std::int32_t after);
[[noreturn]] void throwArgumentError(const Function& function, const Value* arguments, std::size_t count,
                                     const KeywordArguments& keywords);
bool matchesException(const Value& exception, const Value& pattern);
Value formatField(const Value& value, const Value& spec, int conversion);
Value matchClassPattern(const Value& subject, const Value& cls, const Tuple& names, std::size_t positional);
Value raisedValue(const Value& value);
void importStar(const Value& module, Dict& into);
std::string joinQuoted(const std::vector<std::string>& names);

// What each file of builtins and modules adds.
void registerTypes(Interpreter::Impl& impl);
void registerExceptions(Interpreter::Impl& impl);
void registerBuiltins(Interpreter::Impl& impl);
void registerNumbers(Interpreter::Impl& impl);
void registerStrings(Interpreter::Impl& impl);
void registerSequences(Interpreter::Impl& impl);
void registerDicts(Interpreter::Impl& impl);
void registerSets(Interpreter::Impl& impl);
void registerObjects(Interpreter::Impl& impl);
void registerIterators(Interpreter::Impl& impl);
void registerMath(Interpreter::Impl& impl);
void registerItertools(Interpreter::Impl& impl);
void registerFunctools(Interpreter::Impl& impl);
void registerCollections(Interpreter::Impl& impl);
void registerDataclasses(Interpreter::Impl& impl);
void registerEnum(Interpreter::Impl& impl);
void registerTyping(Interpreter::Impl& impl);
void registerSmallModules(Interpreter::Impl& impl);
void registerNumpy(Interpreter::Impl& impl);

}  // namespace cadrecode::script
