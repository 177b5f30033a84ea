// import, and the small modules: typing, copy, random, abc, string, __future__, and which others are refused.
#include <cmath>
#include <random>
#include <set>

#include "script/builtin_support.hpp"

namespace cadrecode::script {

namespace {

// Modules that exist in Python but not here: refused by name rather than "not found".
bool isKnownModule(const std::string& name) {
  static const std::set<std::string, std::less<>> known = {"os",
                                                           "sys",
                                                           "subprocess",
                                                           "socket",
                                                           "shutil",
                                                           "pathlib",
                                                           "io",
                                                           "ctypes",
                                                           "importlib",
                                                           "builtins",
                                                           "inspect",
                                                           "gc",
                                                           "pickle",
                                                           "marshal",
                                                           "tempfile",
                                                           "threading",
                                                           "multiprocessing",
                                                           "asyncio",
                                                           "signal",
                                                           "time",
                                                           "datetime",
                                                           "json",
                                                           "csv",
                                                           "re",
                                                           "struct",
                                                           "array",
                                                           "logging",
                                                           "argparse",
                                                           "getpass",
                                                           "glob",
                                                           "fnmatch",
                                                           "platform",
                                                           "urllib",
                                                           "http",
                                                           "ftplib",
                                                           "smtplib",
                                                           "ssl",
                                                           "select",
                                                           "selectors",
                                                           "queue",
                                                           "concurrent",
                                                           "contextlib",
                                                           "traceback",
                                                           "types",
                                                           "weakref",
                                                           "code",
                                                           "codecs",
                                                           "base64",
                                                           "hashlib",
                                                           "hmac",
                                                           "secrets",
                                                           "uuid",
                                                           "zipfile",
                                                           "tarfile",
                                                           "gzip",
                                                           "bz2",
                                                           "lzma",
                                                           "zlib",
                                                           "sqlite3",
                                                           "xml",
                                                           "html",
                                                           "email",
                                                           "webbrowser",
                                                           "tkinter",
                                                           "turtle",
                                                           "unittest",
                                                           "doctest",
                                                           "pdb",
                                                           "timeit",
                                                           "profile",
                                                           "cProfile",
                                                           "trace",
                                                           "resource",
                                                           "pwd",
                                                           "grp",
                                                           "fcntl",
                                                           "termios",
                                                           "tty",
                                                           "pty",
                                                           "mmap",
                                                           "heapq",
                                                           "bisect",
                                                           "statistics",
                                                           "fractions",
                                                           "decimal",
                                                           "cmath",
                                                           "numbers",
                                                           "pprint",
                                                           "textwrap",
                                                           "difflib",
                                                           "ast",
                                                           "dis",
                                                           "tokenize",
                                                           "keyword",
                                                           "symtable",
                                                           "warnings",
                                                           "atexit",
                                                           "sched",
                                                           "calendar",
                                                           "locale",
                                                           "gettext",
                                                           "configparser",
                                                           "shelve",
                                                           "dbm",
                                                           "runpy",
                                                           "pkgutil",
                                                           "zipimport",
                                                           "site",
                                                           "sysconfig",
                                                           "errno",
                                                           "faulthandler",
                                                           "copyreg",
                                                           "reprlib",
                                                           "colorsys",
                                                           "OCP",
                                                           "posix",
                                                           "nt",
                                                           "_thread",
                                                           "curses",
                                                           "readline",
                                                           "cmd",
                                                           "shlex",
                                                           "linecache",
                                                           "filecmp",
                                                           "fileinput",
                                                           "stat",
                                                           "optparse",
                                                           "graphlib",
                                                           "zoneinfo",
                                                           "tomllib",
                                                           "typing_extensions",
                                                           "pip",
                                                           "setuptools"};
  return known.contains(name);
}

void addAlias(Interpreter::Impl& impl, Module& m, const char* name, Value origin) {
  const PermanentScope scope;
  auto alias = make<Singleton>(impl.types.alias, m.name() + "." + name);
  alias->origin = std::move(origin);
  m.add(name, Value(alias));
}

Value copyValue(const Value& value, bool deep, Dict& seen) {
  const RecursionGuard guard;
  if (!value.isObject()) return value;
  const Value id(static_cast<std::int64_t>(value.object()->serial()));
  if (Value* found = seen.find(id)) return *found;
  countSteps(1);
  const auto inner = [&](const Value& item) { return deep ? copyValue(item, true, seen) : item; };
  const auto copyAttributes = [&](const Ref<Dict>& from) {
    Ref<Dict> to;
    if (from) {
      to = make<Dict>();
      for (const auto& entry : std::vector<Dict::Entry>(from->entries().begin(), from->entries().end())) {
        if (!entry.key.isUnbound()) to->set(entry.key, inner(entry.value));
      }
    }
    return to;
  };
  switch (value.object()->kind()) {
    case Kind::list: {
      auto copy = make<List>(Values(), value.object()->cls());
      const Value result(copy);
      seen.set(id, result);
      for (const Value& item : Values(value.to<List>().items)) copy->items.push_back(inner(item));
      copy->attributes = copyAttributes(value.to<List>().attributes);
      return result;
    }
    case Kind::tuple: {
      if (!deep) return value;
      Values items;
      for (const Value& item : value.to<Tuple>().items) items.push_back(inner(item));
      return Value(make<Tuple>(std::move(items), value.object()->cls()));
    }
    case Kind::dict: {
      auto copy = make<Dict>(value.object()->cls());
      const Value result(copy);
      seen.set(id, result);
      copy->factory = value.to<Dict>().factory;
      for (const auto& entry :
           std::vector<Dict::Entry>(value.to<Dict>().entries().begin(), value.to<Dict>().entries().end())) {
        if (!entry.key.isUnbound()) copy->set(inner(entry.key), inner(entry.value));
      }
      copy->attributes = copyAttributes(value.to<Dict>().attributes);
      return result;
    }
    case Kind::set: {
      auto copy = make<Set>(value.to<Set>().frozen(), value.object()->cls());
      copy->merge(value.to<Set>());
      return Value(std::move(copy));
    }
    case Kind::instance: {
      if (value.object()->cls()->isEnum) return value;
      const Value hook = findAttribute(value, deep ? "__deepcopy__" : "__copy__");
      if (!hook.isUnbound()) return deep ? call(hook, {Value(Ref<Dict>(&seen))}) : call(hook);
      auto copy = make<Instance>(value.object()->cls());
      const Value result(copy);
      seen.set(id, result);
      copy->base = value.to<Instance>().base;
      copy->attributes = copyAttributes(value.to<Instance>().attributes);
      return result;
    }
    case Kind::native: {
      const Value hook = findAttribute(value, deep ? "__deepcopy__" : "__copy__");
      if (hook.isUnbound()) return value;
      return deep ? call(hook, {Value(Ref<Dict>(&seen))}) : call(hook);
    }
    default:
      return value;
  }
}

// --- random: the generator of CPython (MT19937), so that seeded scripts give the same numbers.

class Random {
 public:
  void seed(std::uint64_t value) {
    // init_by_array with the words of the seed.
    std::vector<std::uint32_t> key{static_cast<std::uint32_t>(value)};
    if (value >> 32 != 0) key.push_back(static_cast<std::uint32_t>(value >> 32));
    start(19650218u);
    std::size_t i = 1;
    std::size_t j = 0;
    for (std::size_t k = kSize > key.size() ? kSize : key.size(); k > 0; --k) {
      state_[i] =
          (state_[i] ^ ((state_[i - 1] ^ (state_[i - 1] >> 30)) * 1664525u)) + key[j] + static_cast<std::uint32_t>(j);
      if (++i >= kSize) state_[0] = state_[kSize - 1], i = 1;
      if (++j >= key.size()) j = 0;
    }
    for (std::size_t k = kSize - 1; k > 0; --k) {
      state_[i] = (state_[i] ^ ((state_[i - 1] ^ (state_[i - 1] >> 30)) * 1566083941u)) - static_cast<std::uint32_t>(i);
      if (++i >= kSize) state_[0] = state_[kSize - 1], i = 1;
    }
    state_[0] = 0x80000000u;
    index_ = kSize;
  }
  std::uint32_t next() {
    if (index_ >= kSize) {
      for (std::size_t k = 0; k < kSize; ++k) {
        const std::uint32_t y = (state_[k] & 0x80000000u) | (state_[(k + 1) % kSize] & 0x7FFFFFFFu);
        state_[k] = state_[(k + 397) % kSize] ^ (y >> 1) ^ ((y & 1) != 0 ? 0x9908B0DFu : 0);
      }
      index_ = 0;
    }
    std::uint32_t y = state_[index_++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9D2C5680u;
    y ^= y << 15 & 0xEFC60000u;
    return y ^ y >> 18;
  }
  double real() {
    const std::uint32_t a = next() >> 5;
    const std::uint32_t b = next() >> 6;
    return (a * 67108864.0 + b) * (1.0 / 9007199254740992.0);
  }
  std::uint64_t bits(int count) {
    if (count <= 32) return next() >> (32 - count);
    const std::uint64_t low = next();
    return low | static_cast<std::uint64_t>(next() >> (64 - count)) << 32;
  }
  std::int64_t below(std::int64_t n) {
    int count = 0;
    while (n >> count != 0) ++count;
    std::uint64_t value = bits(count);
    while (value >= static_cast<std::uint64_t>(n)) value = bits(count);
    return static_cast<std::int64_t>(value);
  }

 private:
  static constexpr std::size_t kSize = 624;
  void start(std::uint32_t value) {
    state_[0] = value;
    for (std::size_t i = 1; i < kSize; ++i) {
      state_[i] = 1812433253u * (state_[i - 1] ^ (state_[i - 1] >> 30)) + static_cast<std::uint32_t>(i);
    }
    index_ = kSize;
  }
  std::uint32_t state_[kSize] = {};
  std::size_t index_ = kSize;
};

void registerRandom(Interpreter::Impl& impl) {
  Module& m = impl.owner.module("random");
  // Not seeded by the script it starts from 0: the same script always gives the same part.
  const auto random = std::make_shared<Random>();
  random->seed(0);
  impl.resetHooks.push_back([random] { random->seed(0); });
  m.function("seed(a=None, version=2)", [random](Arguments& a) -> Value {
    if (!a[0].isNone() && !a[0].isIntegral()) throwUnsupported("random.seed() with a " + typeName(a[0]));
    const std::int64_t value = a[0].isNone() ? 0 : a[0].integer();
    random->seed(value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
    return Value();
  });
  m.function("random()", [random](Arguments&) { return Value(random->real()); });
  m.function("uniform(a, b)",
             [random](Arguments& a) { return Value(a.real(0) + (a.real(1) - a.real(0)) * random->real()); });
  m.function("randrange(start, stop=None, step=1)", [random](Arguments& a) -> Value {
    std::int64_t start = a.integer(0);
    std::int64_t stop = 0;
    if (a[1].isNone()) {
      stop = start;
      start = 0;
    } else {
      stop = a.integer(1);
    }
    const Ref<Range> range = make<Range>(start, stop, a.integer(2) == 0 ? 1 : a.integer(2));
    if (range->length == 0)
      raise("ValueError", "empty range for randrange() (" + std::to_string(start) + ", " + std::to_string(stop) + ", " +
                              std::to_string(stop - start) + ")");
    return Value(start + random->below(range->length) * range->step);
  });
  m.function("randint(a, b)", [random](Arguments& a) -> Value {
    const std::int64_t low = a.integer(0);
    const std::int64_t high = a.integer(1);
    if (high < low) {
      raise("ValueError", "empty range for randrange() (" + std::to_string(low) + ", " + std::to_string(high + 1) +
                              ", " + std::to_string(high + 1 - low) + ")");
    }
    return Value(low + random->below(high - low + 1));
  });
  m.function("choice(seq)", [random](Arguments& a) -> Value {
    const std::int64_t count = length(a[0]);
    if (count == 0) raise("IndexError", "Cannot choose from an empty sequence");
    return getItem(a[0], Value(random->below(count)));
  });
  m.function("shuffle(x)", [random](Arguments& a) -> Value {
    if (!a[0].is(Kind::list)) raise("TypeError", "'" + typeName(a[0]) + "' object does not support item assignment");
    Values& items = a[0].to<List>().items;
    for (std::size_t i = items.size(); i-- > 1;)
      items[i].swap(items[static_cast<std::size_t>(random->below(static_cast<std::int64_t>(i) + 1))]);
    return Value();
  });
  m.function("gauss(mu=0.0, sigma=1.0)", [random](Arguments& a) {
    const double angle = random->real() * 2 * M_PI;
    const double radius = std::sqrt(-2.0 * std::log(1.0 - random->real()));
    return Value(a.real(0) + std::cos(angle) * radius * a.real(1));
  });
}

}  // namespace

Value Interpreter::Impl::importModule(const std::string& name) {
  if (!name.empty() && name[0] == '.') raise("ImportError", "attempted relative import with no known parent package");
  const auto found = modules.find(name);
  if (found != modules.end()) return Value(found->second);
  const std::string top = name.substr(0, name.find('.'));
  if (modules.contains(top) || !isKnownModule(top)) {
    std::string missing = name;
    if (modules.contains(top)) {
      // The shortest part of the path that does not exist is what is missing.
      for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
        const std::size_t end = name.find('.', dot + 1);
        missing = name.substr(0, end);
        if (!modules.contains(missing)) break;
      }
      const bool package = modules.lower_bound(top + ".") != modules.end() &&
                           modules.lower_bound(top + ".")->first.rfind(top + ".", 0) == 0;
      raise("ModuleNotFoundError",
            "No module named '" + missing + "'" + (package ? "" : "; '" + top + "' is not a package"));
    }
    raise("ModuleNotFoundError", "No module named '" + top + "'");
  }
  throwUnsupported("import " + top);
}

void importStar(const Value& module, Dict& into) {
  Module& source = module.to<Module>();
  if (Value* all = source.find("__all__")) {
    for (const Value& name : listOf(*all)) into.set(name, getAttribute(module, textOf(name)));
    return;
  }
  for (Dict* part : {&source.attributes(), source.overlay()}) {
    if (!part) continue;
    for (const auto& entry : part->entries()) {
      if (!entry.key.isUnbound() && textOf(entry.key)[0] != '_') into.set(entry.key, entry.hash, entry.value);
    }
  }
}

void registerTyping(Interpreter::Impl& impl) {
  Module& m = impl.owner.module("typing");
  const Types& t = impl.types;
  for (const char* name :
       {"Any",      "Union",    "Optional", "Callable", "Iterable",      "Iterator",    "Generator",
        "ClassVar", "Final",    "Literal",  "Generic",  "Protocol",      "Annotated",   "Self",
        "NoReturn", "Hashable", "Sized",    "Type",     "SupportsFloat", "SupportsInt", "TypeAlias"}) {
    addAlias(impl, m, name, Value());
  }
  addAlias(impl, m, "List", Value(t.list));
  addAlias(impl, m, "Dict", Value(t.dict));
  addAlias(impl, m, "Tuple", Value(t.tuple));
  addAlias(impl, m, "Set", Value(t.set));
  addAlias(impl, m, "FrozenSet", Value(t.frozenset));
  addAlias(impl, m, "Mapping", Value(t.dict));
  addAlias(impl, m, "MutableMapping", Value(t.dict));
  addAlias(impl, m, "DefaultDict", Value(t.dict));
  addAlias(impl, m, "Sequence", makeTuple({Value(t.list), Value(t.tuple), Value(t.str), Value(t.range)}));
  addAlias(impl, m, "Collection", Value());
  m.add("TYPE_CHECKING", Value(false));
  m.add("Text", Value(t.str));
  Class* namedTuple = addClass(impl, "NamedTuple", nullptr, "typing");
  m.add(namedTuple);
  m.function("TypeVar(name, *constraints, bound=None, covariant=False, contravariant=False)",
             [](Arguments& a) -> Value { return Value(make<Singleton>(types().alias, "~" + toText(a[0], "name"))); });
  m.function("NewType(name, tp)", [](Arguments& a) { return a[1]; });
  m.function("cast(typ, val)", [](Arguments& a) { return a[1]; });
  for (const char* name : {"overload", "final", "no_type_check", "runtime_checkable"}) {
    m.plain(name, 1, 1, [](const PlainArguments& a) { return a[0]; });
  }
}

void registerSmallModules(Interpreter::Impl& impl) {
  Module& copy = impl.owner.module("copy");
  copy.plain("copy", 1, 1, [](const PlainArguments& a) {
    const auto seen = make<Dict>();
    return copyValue(a[0], false, *seen);
  });
  copy.plain("deepcopy", 1, 2, [](const PlainArguments& a) {
    const auto seen = make<Dict>();
    return copyValue(a[0], true, *seen);
  });
  registerRandom(impl);
  Module& abc = impl.owner.module("abc");
  Class* meta = addClass(impl, "ABCMeta", nullptr, "abc");
  meta->layout = Class::Layout::fixed;
  abc.add(meta);
  abc.add(addClass(impl, "ABC", nullptr, "abc"));
  for (const char* name : {"abstractmethod", "abstractproperty"}) {
    abc.plain(name, 1, 1, [](const PlainArguments& a) { return a[0]; });
  }
  Module& future = impl.owner.module("__future__");
  for (const char* name :
       {"annotations", "division", "print_function", "absolute_import", "unicode_literals", "generator_stop"}) {
    future.add(name, Value(true));
  }
  Module& string = impl.owner.module("string");
  const std::string lower = "abcdefghijklmnopqrstuvwxyz";
  const std::string upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  string.add("ascii_lowercase", makeStr(lower));
  string.add("ascii_uppercase", makeStr(upper));
  string.add("ascii_letters", makeStr(lower + upper));
  string.add("digits", makeStr("0123456789"));
  string.add("hexdigits", makeStr("0123456789abcdefABCDEF"));
  string.add("octdigits", makeStr("01234567"));
  string.add("punctuation", makeStr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"));
  string.add("whitespace", makeStr(" \t\n\r\v\f"));
}

}  // namespace cadrecode::script
