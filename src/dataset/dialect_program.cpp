#include "dataset/dialect_program.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <optional>

#include "core/error.hpp"
#include "script/lexer.hpp"

namespace cadrecode::dataset {
namespace {

using script::Token;
using script::TokenType;

struct Chain;

struct Argument {
  std::string name;             // of name=value
  std::vector<double> numbers;  // a number or the numbers of a tuple (of tuples)
  std::string text;
  std::shared_ptr<Chain> chain;
};

struct Call {
  std::string name;
  std::vector<Argument> arguments;
  int line = 0;
};

struct Chain {
  std::string head;
  std::vector<Call> calls;
};

[[noreturn]] void fail(int line, const std::string& reason) {
  throw Error("ValueError", fmt::format("line {}: {}", line, reason));
}

class Reader {
 public:
  explicit Reader(std::string_view text) : list_(script::tokenize(text)) {
    if (list_.failure) fail(list_.failure->line, list_.failure->message);
  }

  DialectProgram read() {
    DialectProgram program;
    while (peek().type != TokenType::end) {
      if (peek().type == TokenType::newline) {
        next();
      } else if (peek().text == "import") {
        while (peek().type != TokenType::newline && peek().type != TokenType::end) next();
      } else {
        statement(program);
      }
    }
    return program;
  }

 private:
  const Token& peek() const { return list_.tokens[position_]; }
  const Token& next() {
    const Token& token = peek();
    if (token.type != TokenType::end) ++position_;
    return token;
  }
  void expect(std::string_view op) {
    if (peek().text != op) fail(peek().line, fmt::format("'{}' instead of '{}'", std::string(peek().text), op));
    next();
  }
  bool accept(std::string_view op) {
    if (peek().text != op || peek().type != TokenType::op) return false;
    next();
    return true;
  }
  std::string name() {
    if (peek().type != TokenType::name) fail(peek().line, fmt::format("'{}' is no name", std::string(peek().text)));
    return std::string(next().text);
  }

  void statement(DialectProgram& program) {
    const int line = peek().line;
    const std::string target = name();
    expect("=");
    const Chain chain = readChain();
    if (chain.head == "cq") {
      if (chain.calls.size() != 1 || chain.calls[0].name != "Workplane") fail(line, "a workplane is made with more");
      const Call& call = chain.calls[0];
      program.planes.push_back(call.arguments.empty() ? "XY" : call.arguments[0].text);
    } else {
      addBodies(chain, program);
    }
  }

  Chain readChain() {
    if (++depth_ > 50) fail(peek().line, "calls are nested too deeply");
    Chain chain;
    chain.head = name();
    while (accept(".")) {
      Call call;
      call.line = peek().line;
      call.name = name();
      expect("(");
      while (!accept(")")) {
        call.arguments.push_back(readArgument());
        if (!accept(",")) {
          expect(")");
          break;
        }
      }
      chain.calls.push_back(std::move(call));
    }
    --depth_;
    return chain;
  }

  Argument readArgument() {
    Argument argument;
    if (peek().type == TokenType::name && position_ + 1 < list_.tokens.size() &&
        list_.tokens[position_ + 1].text == "=") {
      argument.name = name();
      next();
    }
    if (peek().type == TokenType::string) {
      const std::string_view quoted = next().text;
      argument.text = quoted.size() >= 2 ? std::string(quoted.substr(1, quoted.size() - 2)) : "";
    } else if (peek().type == TokenType::name) {
      argument.chain = std::make_shared<Chain>(readChain());
    } else {
      readNumbers(argument.numbers);
    }
    return argument;
  }

  void readNumbers(std::vector<double>& numbers) {
    if (++depth_ > 50) fail(peek().line, "brackets are nested too deeply");
    if (accept("(") || accept("[")) {
      while (!accept(")") && !accept("]")) {
        readNumbers(numbers);
        accept(",");
      }
    } else {
      const double sign = accept("-") ? -1 : 1;
      if (peek().type != TokenType::number) {
        fail(peek().line, fmt::format("'{}' is no number", std::string(peek().text)));
      }
      numbers.push_back(sign * std::strtod(std::string(next().text).c_str(), nullptr));
      // Offsets are written as halves: offset=-22/2.
      if (accept("/")) {
        if (peek().text != "2") fail(peek().line, "a quotient that is no half");
        next();
        numbers.back() /= 2;
      }
    }
    --depth_;
  }

  // The regions of the calls from a sketch() on; leaves `at` behind the last of them.
  static std::vector<Region> readSketch(const Chain& chain, std::size_t& at) {
    std::vector<Region> regions;
    std::array<double, 2> start{}, here{};
    int edges = 0;
    for (; at < chain.calls.size(); ++at) {
      const Call& call = chain.calls[at];
      bool subtracted = false;
      for (const Argument& argument : call.arguments) subtracted |= argument.name == "mode" && argument.text == "s";
      if (call.name == "segment" || call.name == "arc") {
        std::vector<std::array<double, 2>> points;
        for (const Argument& argument : call.arguments) {
          if (argument.numbers.size() != 2) fail(call.line, "a point has not two coordinates");
          points.push_back({argument.numbers[0], argument.numbers[1]});
        }
        const std::size_t most = call.name == "segment" ? 2 : 3;
        if (points.size() != most && points.size() != most - 1) fail(call.line, call.name + " with other arguments");
        if (edges == 0) start = points.size() == most ? points[0] : std::array<double, 2>{};
        here = points.back();
        ++edges;
      } else if (call.name == "close") {
        if (here != start) ++edges;
        here = start;
      } else if (call.name == "assemble") {
        regions.push_back({"loop", subtracted, {edges}});
        edges = 0;
      } else if (call.name == "circle" || call.name == "rect") {
        regions.push_back({call.name, subtracted, {}});
      } else if (call.name == "face") {
        if (call.arguments.empty() || !call.arguments[0].chain) fail(call.line, "a face without a sketch");
        const Chain& inner = *call.arguments[0].chain;
        std::size_t place = 0;
        while (place < inner.calls.size() && inner.calls[place].name != "sketch") ++place;
        if (place == inner.calls.size()) fail(call.line, "a face without a sketch");
        Region face{"face", subtracted, {}};
        for (const Region& region : readSketch(inner, ++place)) {
          face.edges.insert(face.edges.end(), region.edges.begin(), region.edges.end());
        }
        regions.push_back(std::move(face));
      } else if (call.name == "finalize") {
        ++at;
        break;
      } else if (call.name != "push" && call.name != "reset") {
        fail(call.line, fmt::format("{}() in a sketch", call.name));
      }
    }
    if (edges > 0) fail(chain.calls.back().line, "a loop that is not assembled");
    if (regions.empty()) fail(chain.calls.back().line, "a sketch without regions");
    return regions;
  }

  void addBodies(const Chain& chain, DialectProgram& program) {
    if (chain.calls.empty()) fail(peek().line, "a name alone");
    for (std::size_t at = 0; at < chain.calls.size();) {
      const Call& call = chain.calls[at++];
      if (call.name == "sketch") {
        Body body{"sketch", 0, readSketch(chain, at)};
        if (at >= chain.calls.size() || chain.calls[at].name != "extrude") fail(call.line, "a sketch is not extruded");
        const Call& extrude = chain.calls[at++];
        if (extrude.arguments.size() != 1 || extrude.arguments[0].numbers.size() != 1) {
          fail(extrude.line, "extrude with other arguments");
        }
        body.height = extrude.arguments[0].numbers[0];
        program.bodies.push_back(std::move(body));
      } else if (call.name == "box" || call.name == "cylinder") {
        const std::size_t count = call.name == "box" ? 3 : 2;
        if (call.arguments.size() != count) fail(call.line, call.name + " with other arguments");
        const Argument& height = call.name == "box" ? call.arguments[2] : call.arguments[0];
        if (height.numbers.size() != 1) fail(call.line, call.name + " with other arguments");
        program.bodies.push_back({call.name, height.numbers[0], {}});
      } else if (call.name == "union") {
        if (call.arguments.size() != 1 || !call.arguments[0].chain) fail(call.line, "union with other arguments");
        addBodies(*call.arguments[0].chain, program);
      } else if (call.name != "workplane" && call.name != "moveTo") {
        fail(call.line, fmt::format("{}() is not of the dialect", call.name));
      }
    }
  }

  script::TokenList list_;
  std::size_t position_ = 0;
  int depth_ = 0;
};

}  // namespace

std::string Body::pattern() const {
  std::string text;
  for (const Region& region : regions) {
    if (!text.empty() || region.subtracted) text += region.subtracted ? '-' : '+';
    text += region.shape;
  }
  return text;
}

DialectProgram parseDialect(std::string_view text) {
  try {
    DialectProgram program = Reader(text).read();
    if (program.bodies.empty()) throw Error("ValueError", "there is no body");
    return program;
  } catch (const script::SyntaxFailure& failure) {
    fail(failure.line, failure.message);
  }
}

}  // namespace cadrecode::dataset
