#include "program_generator.hpp"

#include <initializer_list>
#include <vector>

namespace cadrecode::script {

namespace {

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ull + 0x1234567) {}

  std::string run() {
    for (const char* name : {"a", "b", "c", "d"}) line(0, std::string(name) + " = " + expression(0));
    line(0, "n = " + integer());
    line(0, "s = " + text());
    line(0, "xs = " + list(0));
    line(0, "m = {" + text() + ": " + number() + ", 1: " + list(0) + "}");
    if (chance(60)) function();
    if (chance(40)) classes();
    if (chance(30)) generator();
    const int count = 3 + pick(8);
    for (int i = 0; i < count; ++i) guarded(0, 3);
    line(0, "print(a, b, c, d, n, s, xs, m, sep=' | ')");
    return program_;
  }

 private:
  std::uint32_t next() {
    state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<std::uint32_t>(state_ >> 33);
  }
  int pick(int n) { return static_cast<int>(next() % static_cast<std::uint32_t>(n)); }
  bool chance(int percent) { return pick(100) < percent; }
  std::string of(std::initializer_list<const char*> items) {
    return items.begin()[pick(static_cast<int>(items.size()))];
  }
  void line(int indent, const std::string& text) {
    program_ += std::string(static_cast<std::size_t>(indent) * 4, ' ') + text + "\n";
  }

  // --- values
  std::string integer() {
    return of({"0", "1", "2", "3", "-1", "-2", "7", "10", "255", "-100", "12345", "0x1f", "0b101", "1_000"});
  }
  std::string real() {
    return of(
        {"0.0", "1.0", "0.5", "-2.5", "3.14159", "1e16", "1e-5", "2.675", "100.25", "-0.0", "1e300", "0.1", "1e22"});
  }
  std::string text() {
    return of({"''", "'a'", "'abc'", "'Hello World'", "'x,y,,z'", "'  pad '", "'12'", "'3.5'", "'aXbX'", "'é€'",
               "\"it's\"", "'line\\nbreak'", "'%d'", "'{}'", "'TITLE case'"});
  }
  std::string number() { return chance(60) ? integer() : real(); }
  std::string variable() { return of({"a", "b", "c", "d", "n", "s", "xs", "m"}); }

  std::string items(int depth) {
    std::string out;
    const int count = pick(5);
    for (int i = 0; i < count; ++i)
      out += (i > 0 ? ", " : "") + (chance(15) ? "*" + list(depth - 1) : expression(depth - 1));
    return out;
  }
  std::string list(int depth) {
    if (depth <= 0) return of({"[]", "[1, 2, 3]", "['a', 'b']", "[3, 1, 2]", "[[1], [2]]", "[1.5, 2]"});
    return "[" + items(depth) + "]";
  }
  std::string tuple(int depth) {
    const std::string inside = items(depth - 1);
    return inside.empty() ? "()" : "(" + inside + ",)";
  }
  std::string dictionary(int depth) {
    std::string out = "{";
    const int count = pick(4);
    for (int i = 0; i < count; ++i)
      out += (i > 0 ? ", " : "") + (chance(50) ? text() : integer()) + ": " + expression(depth - 1);
    return out + "}";
  }
  std::string numberSet() {
    std::string out = "{";
    const int count = 1 + pick(8);
    for (int i = 0; i < count; ++i)
      out += (i > 0 ? ", " : "") +
             (chance(80) ? std::to_string(pick(200) - 60) : of({"0.5", "2.0", "1.25", "True", "(1, 2)"}));
    return out + "}";
  }

  std::string slice() {
    const auto bound = [this]() -> std::string { return chance(40) ? "" : of({"0", "1", "2", "-1", "-2", "5", "n"}); };
    std::string out = bound() + ":" + bound();
    if (chance(40)) out += ":" + of({"1", "2", "-1", "-2", ""});
    return out;
  }

  std::string call(int depth) {
    const auto e = [&] { return expression(depth - 1); };
    switch (pick(46)) {
      case 0:
        return "len(" + e() + ")";
      case 1:
        return "str(" + e() + ")";
      case 2:
        return "repr(" + e() + ")";
      case 3:
        return "int(" + e() + ")";
      case 4:
        return "float(" + e() + ")";
      case 5:
        return "bool(" + e() + ")";
      case 6:
        return "list(" + e() + ")";
      case 7:
        return "tuple(" + e() + ")";
      case 8:
        return "sorted(" + e() + ")";
      case 9:
        return "sum(" + e() + ")";
      case 10:
        return "max(" + e() + ")";
      case 11:
        return "min(" + e() + ", " + e() + ")";
      case 12:
        return "abs(" + e() + ")";
      case 13:
        return "round(" + e() + (chance(50) ? ", " + of({"0", "1", "2", "-1", "3"}) : "") + ")";
      case 14:
        return "divmod(" + e() + ", " + e() + ")";
      case 15:
        return "list(range(" + of({"3", "0, 5", "5, 0, -2", "n % 7"}) + "))";
      case 16:
        return "list(zip(" + e() + ", " + e() + "))";
      case 17:
        return "list(enumerate(" + e() + "))";
      case 18:
        return "list(map(" + of({"str", "lambda v: v", "lambda v: v * 2", "int", "repr", "len"}) + ", " + e() + "))";
      case 19:
        return "list(filter(" + of({"None", "lambda v: v", "lambda v: v != 1"}) + ", " + e() + "))";
      case 20:
        return "list(reversed(" + e() + "))";
      case 21:
        return "any(" + e() + ")";
      case 22:
        return "all(" + e() + ")";
      case 23:
        return "isinstance(" + e() + ", " + of({"int", "str", "(int, float)", "list", "bool"}) + ")";
      case 24:
        return "type(" + e() + ").__name__";
      case 25:
        return "dict(" + e() + ")";
      case 26:
        return "(" + e() + ")." +
               of({"upper()", "lower()", "title()", "strip()", "split()", "isdigit()", "swapcase()", "capitalize()",
                   "isalpha()", "splitlines()"});
      case 27:
        return "(" + e() + ")." +
               of({"split(',')", "replace('a', 'bb')", "find('b')", "count('a')", "startswith('a')", "center(9, '*')",
                   "zfill(6)", "rjust(7)", "partition('X')", "rsplit('X', 1)", "index('a')", "join(['p', 'q'])",
                   "lstrip('a ')"});
      case 28:
        return "(" + e() + ")." +
               of({"keys()", "values()", "items()", "get('a')", "get('a', 1)", "copy()", "pop('a', 0)"});
      case 29:
        return "'-'.join(" + e() + ")";
      case 30:
        return "hash(" + of({"1", "1.5", "(1, 2.5)", "2**40", "-1", "0.1", "(3, (4,))"}) + ")";
      case 31:
        return "list(" + numberSet() + ")";
      case 32:
        return "list(" + numberSet() + " " + of({"|", "&", "-", "^"}) + " " + numberSet() + ")";
      case 33:
        return "'" + of({"%s", "%d", "%5.2f", "%r", "%x", "%-6s|", "%05d", "%+d", "%e", "%g", "%s %s"}) + "' % " +
               of({"(", "("}) + e() + ",)";
      case 34:
        return "f'{" + variableOrLiteral() + of({"}", "!r}", "!s}"}) + "'";
      case 35:
        return "format(" + number() + ", '" +
               of({"", "d", ".2f", "8", "<8", "^9", "+", "08.3f", ",", "e", "g", "x", "%", ".3", "_d", "=+7"}) + "')";
      case 36:
        return "format(" + e() + ", '" + of({"", "5", ">6", "s", "*^8"}) + "')";
      case 37:
        return "'" + of({"{}", "{0}", "{:>5}", "{!r}", "{0} {0}", "{:.2f}", "{} {}"}) + "'.format(" + e() + ")";
      case 38:
        return "pow(" + number() + ", " + of({"2", "3", "0", "-1", "0.5"}) + ")";
      case 39:
        return "chr(" + of({"65", "97", "233", "-1", "8364"}) + ")";
      case 40:
        return "ord(" + e() + ")";
      case 41:
        return "next(iter(" + e() + "), 'none')";
      case 42:
        return "f(" + e() + (chance(50) ? ", " + e() : "") + (chance(30) ? ", k=" + e() : "") + ")";
      case 43:
        return "getattr(" + e() + ", 'real', 'no')";
      case 44:
        return "callable(" + e() + ")";
      default:
        return of({"hex", "oct", "bin"}) + "(" + e() + ")";
    }
  }

  std::string comprehension(int depth) {
    const std::string source = chance(60) ? "range(" + std::to_string(1 + pick(5)) + ")" : expression(depth - 1);
    const std::string filter = chance(40) ? " if " + of({"i", "i != 1", "i % 2 == 0", "not i"}) : "";
    const std::string body = of({"i", "i * 2", "str(i)", "(i, n)", "[i]", "i + n", "i == i"});
    switch (pick(4)) {
      case 0:
        return "{i: " + body + " for i in " + source + filter + "}";
      case 1:
        return "tuple(" + body + " for i in " + source + filter + ")";
      case 2:
        return "[" + body + " for i in " + source + " for j in range(2)" + filter + "]";
      default:
        return "[" + body + " for i in " + source + filter + "]";
    }
  }

  std::string expression(int depth) {
    if (depth <= 0) {
      switch (pick(6)) {
        case 0:
          return text();
        case 1:
          return variableOrLiteral();
        case 2:
          return of({"None", "True", "False", "()", "[]", "{}"});
        default:
          return number();
      }
    }
    switch (pick(16)) {
      case 0:
      case 1:
        return "(" + expression(depth - 1) + " " + of({"+", "-", "*", "/", "//", "%"}) + " " + expression(depth - 1) +
               ")";
      case 2:
        return "(" + number() + " " + of({"+", "-", "*", "/", "//", "%", "<<", ">>", "&", "|", "^"}) + " " + number() +
               ")";
      case 3:
        return "(" + expression(depth - 1) + " " + of({"<", "<=", "==", "!=", ">", ">=", "in", "not in"}) + " " +
               expression(depth - 1) + ")";
      case 4:
        return "(" + expression(depth - 1) + " " + of({"and", "or"}) + " " + expression(depth - 1) + ")";
      case 5:
        return "(" + of({"-", "not ", "+", "~"}) + expression(depth - 1) + ")";
      case 6:
        return "(" + expression(depth - 1) + " if " + expression(depth - 1) + " else " + expression(depth - 1) + ")";
      case 7:
        return list(depth);
      case 8:
        return tuple(depth);
      case 9:
        return dictionary(depth);
      case 10:
        return "(" + expression(depth - 1) + ")[" + (chance(50) ? slice() : expression(depth - 1)) + "]";
      case 11:
        return comprehension(depth);
      case 12:
        return "(" + number() + " < " + expression(depth - 1) + " <= " + number() + ")";
      default:
        return call(depth);
    }
  }
  std::string variableOrLiteral() { return started_ ? variable() : integer(); }

  // --- statements
  void guarded(int indent, int depth) {
    started_ = true;
    line(indent, "try:");
    statement(indent + 1, depth);
    line(indent, "except Exception as e:");
    line(indent + 1, "print(type(e).__name__, e)");
    if (chance(15)) {
      line(indent, "else:");
      line(indent + 1, "print('fine')");
    }
    if (chance(15)) {
      line(indent, "finally:");
      line(indent + 1, "print('finally', n)");
    }
  }

  void block(int indent, int depth) {
    const int count = 1 + pick(2);
    for (int i = 0; i < count; ++i) statement(indent, depth - 1);
  }

  void statement(int indent, int depth) {
    if (depth <= 0) return simple(indent);
    switch (pick(12)) {
      case 0:
        line(indent, "if " + expression(2) + ":");
        block(indent + 1, depth);
        if (chance(50)) {
          line(indent, chance(50) ? "else:" : "elif " + expression(1) + ":");
          block(indent + 1, depth);
        }
        break;
      case 1: {
        line(indent, "for i in " + (chance(50) ? "range(" + std::to_string(pick(5)) + ")" : expression(2)) + ":");
        if (chance(30)) line(indent + 1, "if i == " + integer() + ": " + of({"break", "continue"}));
        block(indent + 1, depth);
        if (chance(30)) {
          line(indent, "else:");
          line(indent + 1, "print('else')");
        }
        break;
      }
      case 2: {
        const std::string counter = "k" + std::to_string(indent);
        line(indent, counter + " = " + std::to_string(1 + pick(4)));
        line(indent, "while " + counter + ":");
        line(indent + 1, counter + " -= 1");
        block(indent + 1, depth);
        break;
      }
      case 3:
        guarded(indent, depth - 1);
        break;
      case 4:
        line(indent, "try:");
        block(indent + 1, depth);
        line(indent,
             "except (" + of({"TypeError", "ValueError", "KeyError", "LookupError"}) + ", ZeroDivisionError) as err:");
        line(indent + 1, "print('caught', repr(err))");
        if (chance(40)) line(indent + 1, of({"raise", "raise ValueError('again') from err", "n = 0"}));
        break;
      default:
        simple(indent);
    }
  }

  void simple(int indent) {
    const std::string target = of({"a", "b", "c", "d"});
    switch (pick(18)) {
      case 0:
      case 1:
        return line(indent, target + " = " + expression(3));
      case 2:
        return line(indent, target + " " + of({"+=", "-=", "*=", "//=", "%=", "|="}) + " " + expression(2));
      case 3:
        return line(indent, "print(" + expression(3) + ")");
      case 4:
        return line(indent, "print(" + expression(2) + ", " + expression(2) + ", sep='-')");
      case 5:
        return line(indent, "a, b = " + expression(2));
      case 6:
        return line(indent, "a, *b = " + expression(2));
      case 7:
        return line(indent, "xs" + of({".append(", ".extend(", ".remove(", ".insert(0, "}) + expression(1) + ")");
      case 8:
        return line(indent, "xs[" + (chance(50) ? slice() : of({"0", "1", "-1", "9"})) + "] = " + expression(1));
      case 9:
        return line(indent, "m[" + expression(1) + "] = " + expression(1));
      case 10:
        return line(indent, "del " + of({"xs[0]", "xs[:1]", "m['a']", "m[1]", "undefined"}));
      case 11:
        return line(indent, "print(" +
                                of({"xs.pop()", "m.pop(1)", "xs.sort()", "m.setdefault(2, 3)", "xs.reverse()",
                                    "xs.index(1)", "m.update(q=1)", "xs.count(1)"}) +
                                ")");
      case 12:
        return line(indent, "raise " + of({"ValueError('bad')", "KeyError('k')", "TypeError", "RuntimeError(1, 2)",
                                           "IndexError()"}));
      case 13:
        return line(indent, "assert " + expression(1) + (chance(50) ? ", 'message'" : ""));
      case 14:
        return line(indent, "print(f'{" +
                                of({"n:>5", "n!r", "n=", "s:^8", "a", "n:05d", "s!r:>9", "n:.2f", "n:{3}", "xs", "m"}) +
                                "}')");
      case 15:
        return line(indent, "print(f(" + expression(1) + ", " + expression(1) + "))");
      case 16:
        return line(indent, of({"print(P(1, 2), P(1, 2) == P(1, 2), P(3).total())",
                                "print(Q(5).total(), Q(1).kind, isinstance(Q(2), P))", "print(P())",
                                "print(P(1).missing)", "print(list(g(3)), sum(g(4)))", "print(sorted([P(3), P(1)]))",
                                "print(Q(2) + P(1, 1))", "print(next(g(0)))"}));
      default:
        return line(indent, "n = " + expression(1));
    }
  }

  void function() {
    line(0, "def f(x, y=" + number() + ", *rest, k=" + text() + ", **more):");
    const int shape = pick(4);
    if (shape == 0) {
      line(1, "if isinstance(x, int) and 0 < x < 6:");
      line(2, "return [x, f(x - 1, y)]");
      line(1, "return (x, y, rest, k, more)");
    } else if (shape == 1) {
      line(1, "total = 0");
      line(1, "def inner(v):");
      line(2, "nonlocal total");
      line(2, "total += v");
      line(2, "return total");
      line(1, "for v in (x, y):");
      line(2, "inner(v)");
      line(1, "return total");
    } else if (shape == 2) {
      line(1, "global n");
      line(1, "n = " + number());
      line(1, "try:");
      line(2, "return x + y");
      line(1, "finally:");
      line(2, "print('leaving', k)");
    } else {
      line(1, "return [lambda z=x: z for _ in range(2)][0]() == x or y");
    }
  }

  void classes() {
    line(0, "class P:");
    line(1, "kind = " + text());
    line(1, "def __init__(self, x, y=0):");
    line(2, "self.x, self.y = x, y");
    line(1, "def __repr__(self):");
    line(2, "return f'{type(self).__name__}({self.x}, {self.y})'");
    line(1, "def __eq__(self, other):");
    line(2, "return isinstance(other, P) and (self.x, self.y) == (other.x, other.y)");
    if (chance(60)) {
      line(1, "def __lt__(self, other):");
      line(2, "return self.x < other.x");
    }
    if (chance(60)) {
      line(1, "def __add__(self, other):");
      line(2, "return P(self.x + other.x, self.y + other.y)");
    }
    line(1, "def total(self):");
    line(2, "return self.x + self.y");
    line(0, "class Q(P):");
    line(1, "def __init__(self, x):");
    line(2, "super().__init__(x, x)");
    line(1, "def total(self):");
    line(2, "return super().total() * 2");
  }

  void generator() {
    line(0, "def g(limit):");
    line(1, "i = 0");
    line(1, "while i < limit:");
    line(2, "got = yield i * " + number());
    line(2, "i += 1");
    if (chance(40)) line(1, "yield from [7, 8]");
    line(1, "return i");
  }

  std::uint64_t state_;
  std::string program_;
  bool started_ = false;
};

}  // namespace

std::string randomProgram(std::uint64_t seed) { return Generator(seed).run(); }

}  // namespace cadrecode::script
