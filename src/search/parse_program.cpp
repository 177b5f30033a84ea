#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "script/interpreter.hpp"
#include "script/objects.hpp"
#include "script/parser.hpp"
#include "script/syntax_failure.hpp"
#include "search/dialect_program.hpp"

namespace cadrecode::search {
namespace {

using script::Node;
using script::NodeKind;

[[noreturn]] void refuse(const Node* node, const std::string& reason) {
  throw Error(ErrorCode::failure, "NotDialect", fmt::format("line {}: outside the dialect: {}", node->line, reason));
}

double number(const Node* node) {
  if (node->kind == NodeKind::constant && node->value != nullptr && node->value->isNumber() && !node->value->isBool()) {
    return node->value->number();
  }
  if (node->kind == NodeKind::unary && node->op == static_cast<std::uint8_t>(script::UnaryOperator::minus)) {
    return -number(node->a);
  }
  refuse(node, "a number was expected");
}

std::string text(const Node* node) {
  if (node->kind == NodeKind::constant && node->value != nullptr && node->value->is(script::Kind::str)) {
    return node->value->to<script::Str>().text();
  }
  refuse(node, "a string was expected");
}

Vector2 point(const Node* node) {
  if (node->kind != NodeKind::tuple || node->list.size() != 2) refuse(node, "a point (x,y) was expected");
  return {number(node->list[0]), number(node->list[1])};
}

// A chain of method calls: name.first(...).second(...)
struct Call {
  std::string_view name;
  const Node* node;
  std::size_t arguments() const { return node->list.size(); }
  const Node* argument(std::size_t i) const { return node->list[i]; }
};
struct Chain {
  const Node* base;
  std::vector<Call> calls;
};

Chain chainOf(const Node* node) {
  Chain chain{};
  while (node->kind == NodeKind::call) {
    const Node* method = node->a;
    if (method->kind != NodeKind::attribute) refuse(node, "a method call was expected");
    chain.calls.push_back({method->name, node});
    node = method->a;
  }
  if (node->kind != NodeKind::name) refuse(node, "a name was expected");
  chain.base = node;
  std::reverse(chain.calls.begin(), chain.calls.end());
  return chain;
}

class Reader {
 public:
  Program read(const script::Ast& ast) {
    if (ast.body.size() < 3) throw Error("NotDialect", "outside the dialect: fewer than three statements");
    checkImport(ast.body.front());
    for (const Node* statement : ast.body.subspan(1, ast.body.size() - 2)) readPlane(statement);
    const Node* last = ast.body.back();
    if (last->kind != NodeKind::assign || last->list.size() != 1 || last->list[0]->kind != NodeKind::name ||
        last->list[0]->name != "r") {
      refuse(last, "the last statement must assign r");
    }
    readUnion(chainOf(last->a));
    return std::move(program_);
  }

 private:
  static void checkImport(const Node* node) {
    if (node->kind != NodeKind::import || node->list.size() != 1 || node->list[0]->name != "cadquery" ||
        node->list[0]->a == nullptr || node->list[0]->a->name != "cq") {
      refuse(node, "the first statement must be import cadquery as cq");
    }
  }

  void readPlane(const Node* node) {
    if (node->kind != NodeKind::assign || node->list.size() != 1 || node->list[0]->kind != NodeKind::name) {
      refuse(node, "a workplane was expected");
    }
    if (node->list[0]->name != fmt::format("w{}", program_.planes.size())) refuse(node, "planes are named w0, w1, ...");
    const Chain chain = chainOf(node->a);
    if (chain.base->name != "cq" || chain.calls.size() != 1 || chain.calls[0].name != "Workplane") {
      refuse(node, "cq.Workplane was expected");
    }
    const Node* call = chain.calls[0].node;
    if (call->list.size() != 1 || call->list2.size() != 1 || call->list2[0]->name != "origin") {
      refuse(call, "Workplane takes a name and an origin");
    }
    Plane plane;
    const std::string name = text(call->list[0]);
    if (name == "XY") {
      plane.name = PlaneName::xy;
    } else if (name == "YZ") {
      plane.name = PlaneName::yz;
    } else if (name == "ZX") {
      plane.name = PlaneName::zx;
    } else {
      refuse(call, "plane " + name);
    }
    const Node* origin = call->list2[0]->a;
    if (origin->kind != NodeKind::tuple || origin->list.size() != 3) refuse(call, "an origin (x,y,z) was expected");
    for (std::size_t i = 0; i < 3; ++i) plane.origin[i] = number(origin->list[i]);
    program_.planes.push_back(plane);
  }

  std::size_t planeOf(const Node* base) const {
    for (std::size_t i = 0; i < program_.planes.size(); ++i) {
      if (base->name == fmt::format("w{}", i)) return i;
    }
    refuse(base, "no plane " + std::string(base->name));
  }

  void readUnion(const Chain& chain) {
    std::size_t end = chain.calls.size();
    while (end > 0 && chain.calls[end - 1].name == "union") --end;
    readBody(chain, end);
    for (std::size_t i = end; i < chain.calls.size(); ++i) {
      const Call& call = chain.calls[i];
      if (call.arguments() != 1 || !call.node->list2.empty()) refuse(call.node, "union takes one body");
      const Chain inner = chainOf(call.argument(0));
      readBody(inner, inner.calls.size());
    }
  }

  void readBody(const Chain& chain, std::size_t end) {
    Body body;
    body.plane = planeOf(chain.base);
    if (end == 0) refuse(chain.base, "a body was expected");
    if (chain.calls[0].name == "workplane") {
      readPrimitive(chain, end, body);
    } else if (chain.calls[0].name == "sketch") {
      readSketch(chain, end, body);
    } else {
      refuse(chain.calls[0].node, std::string(chain.calls[0].name));
    }
    program_.bodies.push_back(std::move(body));
  }

  static void noKeywords(const Call& call, std::size_t arguments) {
    if (call.arguments() != arguments || !call.node->list2.empty()) {
      refuse(call.node, "arguments of " + std::string(call.name));
    }
  }

  static void readPrimitive(const Chain& chain, std::size_t end, Body& body) {
    const Node* call = chain.calls[0].node;
    if (!call->list.empty() || call->list2.size() != 1 || call->list2[0]->name != "offset") {
      refuse(call, "workplane takes an offset");
    }
    const Node* offset = call->list2[0]->a;
    if (offset->kind != NodeKind::binary || offset->op != static_cast<std::uint8_t>(script::BinaryOperator::divide) ||
        number(offset->b) != 2) {
      refuse(call, "the offset is half the height");
    }
    body.extent = number(offset->a);
    std::size_t next = 1;
    if (next < end && chain.calls[next].name == "moveTo") {
      noKeywords(chain.calls[next], 2);
      body.at = {number(chain.calls[next].argument(0)), number(chain.calls[next].argument(1))};
      ++next;
    }
    if (next + 1 != end) refuse(call, "one box or cylinder was expected");
    const Call& solid = chain.calls[next];
    double height = 0;
    if (solid.name == "box") {
      noKeywords(solid, 3);
      body.kind = Body::Kind::box;
      body.width = number(solid.argument(0));
      body.height = number(solid.argument(1));
      height = number(solid.argument(2));
    } else if (solid.name == "cylinder") {
      noKeywords(solid, 2);
      body.kind = Body::Kind::cylinder;
      height = number(solid.argument(0));
      body.width = number(solid.argument(1));
    } else {
      refuse(solid.node, std::string(solid.name));
    }
    if (height != std::abs(body.extent)) refuse(solid.node, "the height is twice the offset");
  }

  // Reads edges up to assemble(); leaves `next` behind it.
  static Loop readLoop(const Chain& chain, std::size_t& next, std::size_t end) {
    Loop loop;
    loop.closed = false;
    for (bool first = true; next < end; ++next) {
      const Call& call = chain.calls[next];
      if (call.name == "close" && !first) {
        noKeywords(call, 0);
        loop.closed = true;
        ++next;
        break;
      }
      Edge edge;
      edge.arc = call.name == "arc";
      if (!edge.arc && call.name != "segment") break;
      std::size_t argument = 0;
      noKeywords(call, std::size_t{1} + (edge.arc ? 1 : 0) + (first ? 1 : 0));
      if (first) loop.start = point(call.argument(argument++));
      if (edge.arc) edge.middle = point(call.argument(argument++));
      edge.end = point(call.argument(argument));
      loop.edges.push_back(edge);
      first = false;
    }
    if (next >= end || chain.calls[next].name != "assemble") refuse(chain.base, "an outline ends with assemble()");
    noKeywords(chain.calls[next++], 0);
    if (loop.edges.empty()) refuse(chain.base, "an outline without edges");
    if (!loop.closed && !(loop.edges.back().end == loop.start)) refuse(chain.base, "an outline that is not closed");
    return loop;
  }

  static bool subtracts(const Call& call, std::size_t arguments) {
    if (call.arguments() != arguments) refuse(call.node, "arguments of " + std::string(call.name));
    if (call.node->list2.empty()) return false;
    if (call.node->list2.size() != 1 || call.node->list2[0]->name != "mode") refuse(call.node, "only mode is known");
    const std::string mode = text(call.node->list2[0]->a);
    if (mode != "s") refuse(call.node, "mode " + mode);
    return true;
  }

  void readSketch(const Chain& chain, std::size_t end, Body& body) const {
    noKeywords(chain.calls[0], 0);
    std::size_t next = 1;
    while (next < end && chain.calls[next].name != "finalize") {
      Region region;
      if (chain.calls[next].name == "reset") {
        noKeywords(chain.calls[next++], 0);
        region.place = Region::Place::reset;
      } else if (chain.calls[next].name == "push") {
        const Call& push = chain.calls[next++];
        noKeywords(push, 1);
        const Node* points = push.argument(0);
        if (points->kind != NodeKind::list || points->list.size() != 1) refuse(push.node, "push takes one point");
        region.place = Region::Place::push;
        region.at = point(points->list[0]);
      }
      if (next >= end) refuse(chain.base, "a region was expected");
      readRegion(chain, next, end, region);
      body.regions.push_back(std::move(region));
    }
    if (body.regions.empty() || end - next != 2 || chain.calls[next + 1].name != "extrude") {
      refuse(chain.base, "a sketch ends with finalize().extrude(d)");
    }
    noKeywords(chain.calls[next], 0);
    noKeywords(chain.calls[next + 1], 1);
    body.extent = number(chain.calls[next + 1].argument(0));
  }

  void readRegion(const Chain& chain, std::size_t& next, std::size_t end, Region& region) const {
    const Call& call = chain.calls[next];
    if (call.name == "segment" || call.name == "arc") {
      region.kind = Region::Kind::loop;
      region.loop = readLoop(chain, next, end);
      return;
    }
    if (call.name == "circle") {
      region.kind = Region::Kind::circle;
      region.subtract = subtracts(call, 1);
      region.width = number(call.argument(0));
    } else if (call.name == "rect") {
      region.kind = Region::Kind::rect;
      region.subtract = subtracts(call, 2);
      region.width = number(call.argument(0));
      region.height = number(call.argument(1));
    } else if (call.name == "face") {
      region.kind = Region::Kind::face;
      region.subtract = subtracts(call, 1);
      const Chain inner = chainOf(call.argument(0));
      region.facePlane = planeOf(inner.base);
      if (inner.calls.empty() || inner.calls[0].name != "sketch") refuse(call.node, "a face takes a sketch");
      noKeywords(inner.calls[0], 0);
      std::size_t first = 1;
      region.loop = readLoop(inner, first, inner.calls.size());
      if (first != inner.calls.size()) refuse(call.node, "a face takes one outline");
    } else {
      refuse(call.node, std::string(call.name));
    }
    ++next;
  }

  Program program_;
};

}  // namespace

Program parseProgram(std::string_view source) {
  // Strings of the tree live on an interpreter's heap; clear() makes this one the thread's.
  static thread_local script::Interpreter interpreter;
  interpreter.clear();
  try {
    const auto ast = script::parseScript(source);
    return Reader().read(*ast);
  } catch (const script::SyntaxFailure& failure) {
    throw Error(ErrorCode::failure, failure.type, fmt::format("line {}: {}", failure.line, failure.message));
  }
}

}  // namespace cadrecode::search
