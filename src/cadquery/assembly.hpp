// CadQuery's Assembly: a tree of shapes and workplanes with relative places, names and colours. Adding one assembly to
// another copies it, so a tree owns its children; parents are seen through weak pointers. One thread; not there:
// constraints, solving, saving.
#pragma once

#include <Quantity_ColorRGBA.hxx>
#include <any>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cadquery/geometry.hpp"
#include "cadquery/shape.hpp"
#include "cadquery/workplane.hpp"

namespace cadrecode::cadquery {

class Color {
 public:
  Color() = default;
  explicit Color(const std::string& name);            // ValueError for a name OpenCASCADE does not know
  Color(double r, double g, double b, double a = 1);  // each 0 to 1
  std::array<double, 4> toTuple() const;              // red, green, blue, alpha
  const Quantity_ColorRGBA& wrapped() const { return color_; }

 private:
  Quantity_ColorRGBA color_;
};

class Assembly;
using AssemblyPtr = std::shared_ptr<Assembly>;
using AssemblyObject = std::variant<std::monostate, Shape, Workplane>;

class Assembly : public std::enable_shared_from_this<Assembly> {
 public:
  // What a new assembly, or a subassembly where it is added, is given; what is missing is made up or kept.
  struct Options {
    std::optional<Location> loc;
    std::string name;
    std::optional<Color> color;
    std::any metadata;
  };

  // Shared from the start: children look at their parents.
  static AssemblyPtr make(AssemblyObject object = {}, const Options& options = {});

  // Adds a copy of an assembly, or an object of its own. ValueError when the name is taken already.
  Assembly& add(const Assembly& subassembly, const Options& options = {});
  Assembly& add(AssemblyObject object, const Options& options = {});

  AssemblyObject object;
  Location loc;
  std::string name;
  std::optional<Color> color;
  std::any metadata;

  AssemblyPtr parent() const { return parent_.lock(); }
  const std::vector<AssemblyPtr>& children() const { return children_; }
  // By name, or path below the added subassembly: this assembly first, then in order of adding.
  std::vector<std::pair<std::string, AssemblyPtr>> objects();
  std::vector<Shape> shapes() const;  // those of the own object
  // All assemblies of the tree, children before parents.
  std::vector<std::pair<std::string, AssemblyPtr>> traverse();

  struct Member {
    Shape shape;
    std::string path;  // names from the root, with '/' between
    Location loc;      // absolute
    std::optional<Color> color;
  };
  std::vector<Member> members() const;
  Compound toCompound() const;

 private:
  Assembly() = default;
  AssemblyPtr copy() const;
  void collectMembers(const std::string& path, const std::optional<Location>& at, const std::optional<Color>& inherited,
                      std::vector<Member>& result) const;
  void flatten(const std::string& path, std::vector<std::pair<std::string, std::weak_ptr<Assembly>>>& result);
  void enter(const std::string& key, const std::weak_ptr<Assembly>& assembly);

  std::weak_ptr<Assembly> parent_;
  std::vector<AssemblyPtr> children_;
  std::string ownKey_;  // the name this assembly was made with: its key in objects()
  std::vector<std::pair<std::string, std::weak_ptr<Assembly>>> entries_;
};

}  // namespace cadrecode::cadquery
