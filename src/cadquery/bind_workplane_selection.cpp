#include "cadquery/bind_workplane.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Value;

namespace {

struct Kind {
  const char* name;
  TopAbs_ShapeEnum kind;
};

constexpr Kind kKinds[] = {{"vertices", TopAbs_VERTEX},   {"edges", TopAbs_EDGE},   {"wires", TopAbs_WIRE},
                           {"faces", TopAbs_FACE},        {"shells", TopAbs_SHELL}, {"solids", TopAbs_SOLID},
                           {"compounds", TopAbs_COMPOUND}};

}  // namespace

void bindWorkplaneSelection(script::Class& cls) {
  for (const Kind& kind : kKinds) {
    cls.method(std::string(kind.name) + "(self, selector=None, tag=None)", [shape = kind.kind](Arguments& a) -> Value {
      const Workplane& self = selfOf(a);
      const std::string tag = textOrEmpty(a[2]);
      if (!script::truth(a[1])) return give(a, self.select(shape, SelectorPtr(), tag));
      if (script::isStr(a[1])) return give(a, self.select(shape, a.text(1), tag));
      return give(a, self.select(shape, toSelector(a[1]), tag));
    });
  }
  cls.method("ancestors(self, kind, tag=None)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).ancestors(toKind(a.text(1)), textOrEmpty(a[2]))); });
  cls.method("siblings(self, kind, level=1, tag=None)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).siblings(toKind(a.text(1)), count(a, 2), textOrEmpty(a[3])));
  });
}

}  // namespace cadrecode::cadquery
