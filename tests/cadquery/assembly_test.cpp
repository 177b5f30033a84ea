// Assemblies: places multiply along the tree, names are unique, adding copies, and what iteration gives.
#include "cadquery/assembly.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/error.hpp"

namespace cadrecode::cadquery {
namespace {

Assembly::Options named(const std::string& name, const Vector& place = {}) {
  Assembly::Options options;
  options.name = name;
  options.loc = Location(place);
  return options;
}

TEST(Assembly, PlacesMultiply) {
  const Shape box = Solid::makeBox(1, 1, 1, Vector(-0.5, -0.5, -0.5));
  const AssemblyPtr inner = Assembly::make(box, named("inner", Vector(5, 0, 0)));
  const AssemblyPtr outer = Assembly::make({}, named("outer", Vector(0, 0, 3)));
  Assembly::Options turned;
  turned.loc = Location(Vector(), Vector(0, 0, 1), 90);
  outer->add(*inner, turned).add(box, named("own", Vector(0, 7, 0)));
  const Compound whole = outer->toCompound();
  EXPECT_NEAR(whole.volume(), 2, 1e-9);
  EXPECT_EQ(whole.solids()[0].center(), Vector(0, 0, 3)) << "a place given when adding replaces the own one";
  EXPECT_EQ(whole.solids()[1].center(), Vector(0, 7, 3));
}

TEST(Assembly, AddingCopies) {
  const AssemblyPtr child = Assembly::make(Solid::makeBox(1, 1, 1), named("child"));
  const AssemblyPtr parent = Assembly::make({}, named("parent"));
  parent->add(*child);
  child->loc = Location(Vector(9, 9, 9));
  child->add(Solid::makeBox(1, 1, 1), named("late"));
  EXPECT_EQ(parent->toCompound().solids().size(), 1u);
  EXPECT_NEAR(parent->toCompound().boundingBox().xmax, 1, 1e-6);
  EXPECT_EQ(parent->children().front()->parent(), parent);
}

TEST(Assembly, NamesAreUnique) {
  const AssemblyPtr parent = Assembly::make({}, named("parent"));
  parent->add(Solid::makeBox(1, 1, 1), named("part"));
  const auto addAgain = [&] { parent->add(Solid::makeBox(1, 1, 1), named("part")); };
  EXPECT_THROW(addAgain(), Error);
  EXPECT_THROW(parent->add(*Assembly::make({}, named("parent"))), Error);
  parent->add(Solid::makeBox(1, 1, 1)).add(Solid::makeBox(1, 1, 1));
  EXPECT_EQ(parent->children().size(), 3u) << "without a name one is made up";
}

TEST(Assembly, ObjectsTraverseAndMembers) {
  const AssemblyPtr leaf = Assembly::make(Solid::makeBox(1, 1, 1), named("leaf", Vector(1, 0, 0)));
  const AssemblyPtr middle = Assembly::make(Workplane("XY").box(1, 1, 1), named("middle", Vector(0, 1, 0)));
  middle->color = Color("red");
  middle->add(*leaf);
  const AssemblyPtr root = Assembly::make({}, named("root", Vector(0, 0, 1)));
  root->add(*middle);
  std::string keys, order, paths;
  for (const auto& [key, part] : root->objects()) keys += key + " ";
  for (const auto& [name, part] : root->traverse()) order += name + " ";
  EXPECT_EQ(keys, "root middle/leaf middle ");
  EXPECT_EQ(order, "leaf middle root ");
  const std::vector<Assembly::Member> members = root->members();
  ASSERT_EQ(members.size(), 2u);
  EXPECT_EQ(members[0].path, "root/middle");
  EXPECT_TRUE(members[0].shape.is(TopAbs_COMPOUND));
  EXPECT_EQ(members[1].path, "root/middle/leaf");
  EXPECT_EQ(members[1].shape.moved(members[1].loc).center(), Vector(1.5, 1.5, 1.5));
  ASSERT_TRUE(members[1].color) << "colours go down the tree";
  EXPECT_NEAR(members[1].color->toTuple()[0], 1, 1e-6);
}

TEST(Assembly, Colors) {
  EXPECT_EQ(Color(0.25, 0.5, 0.75, 0.5).toTuple(), (std::array<double, 4>{0.25, 0.5, 0.75, 0.5}));
  EXPECT_THROW(Color("no such colour"), Error);
}

}  // namespace
}  // namespace cadrecode::cadquery
