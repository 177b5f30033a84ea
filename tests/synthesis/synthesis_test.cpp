#include "dataset/synthesis/synthesis.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <numbers>
#include <set>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "dataset/synthesis/extended_maker.hpp"
#include "dataset/synthesis/grid_check.hpp"
#include "dataset/synthesis/program_files.hpp"

namespace cadrecode::synthesis {
namespace {

const std::atomic<bool> kGo = false;

double areaOf(const std::vector<PlanarLoop>& loops) {
  double area = 0;
  for (const PlanarLoop& loop : loops) area += solid::signedArea(loop);
  return area;
}

std::vector<std::string> run(Options options, const std::vector<std::string>& known = {}) {
  std::vector<std::string> texts;
  synthesize(
      options, known, [&](std::uint64_t, const std::string& text) { texts.push_back(text); }, kGo);
  return texts;
}

TEST(Profile, SlotOfABoxAndTwoDiscs) {
  const auto loops = boundary({box({0, 0}, 2, 1), disc({1, 0}, 0.5), disc({-1, 0}, 0.5)});
  ASSERT_EQ(loops.size(), 1U);
  EXPECT_EQ(loops[0].size(), 4U);
  EXPECT_NEAR(areaOf(loops), 2 + std::numbers::pi / 4, 1e-9);
}

TEST(Profile, AHoleRunsClockwise) {
  const auto loops = boundary({box({0, 0}, 2, 2), disc({0, 0}, 0.5, false)});
  ASSERT_EQ(loops.size(), 2U);
  EXPECT_NEAR(areaOf(loops), 4 - std::numbers::pi / 4, 1e-9);
}

TEST(Profile, BoxesOnOneEdgeJoin) {
  const auto loops = boundary({box({0, 0}, 2, 1), box({1.5, 0}, 1, 1)});
  ASSERT_EQ(loops.size(), 1U);
  EXPECT_EQ(loops[0].size(), 4U);
  EXPECT_NEAR(areaOf(loops), 3, 1e-9);
}

TEST(Profile, AreaAgreesWithCountedPoints) {
  Random random(5);
  int compared = 0;
  for (int i = 0; i < 60; ++i) {
    std::vector<Primitive> primitives;
    for (int k = 0; k < 4; ++k) {
      const Point2 center{random.uniform(-0.6, 0.6), random.uniform(-0.6, 0.6)};
      const bool add = k == 0 || random.chance(0.6);
      primitives.push_back(
          random.chance(0.5) ? disc(center, random.uniform(0.1, 0.7), add)
                             : box(center, random.uniform(0.1, 1), random.uniform(0.1, 1), random.uniform(0, 3), add));
    }
    const auto loops = boundary(primitives);
    if (loops.empty()) continue;
    int inside = 0;
    const int side = 200;
    for (int x = 0; x < side; ++x) {
      for (int y = 0; y < side; ++y) {
        const Point2 p{-1.5 + 3 * (x + 0.5) / side, -1.5 + 3 * (y + 0.5) / side};
        bool in = false;
        for (const Primitive& primitive : primitives) {
          bool holds = false;
          if (primitive.radius > 0) {
            holds = std::hypot(p[0] - primitive.center[0], p[1] - primitive.center[1]) < primitive.radius;
          } else {
            holds = true;  // convex, counter-clockwise
            for (std::size_t c = 0; c < 4; ++c) {
              const Point2 &a = primitive.corners[c], &b = primitive.corners[(c + 1) % 4];
              holds = holds && (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0;
            }
          }
          if (holds) in = primitive.add;
        }
        inside += in ? 1 : 0;
      }
    }
    EXPECT_NEAR(areaOf(loops), inside * 9.0 / side / side, 0.02) << "sketch " << i;
    ++compared;
  }
  EXPECT_GT(compared, 50);
}

TEST(Program, IsWrittenAsTheDialectHasIt) {
  Program program;
  program.workplanes = {{Plane::zx, -20}, {Plane::xy, 5}};
  Region rect;
  rect.kind = Region::Kind::rect;
  rect.low = {-3, 0};
  rect.high = {0, 4};
  Region hole;
  hole.kind = Region::Kind::circle;
  hole.cut = true;
  hole.center = {-1, 2};
  hole.radius = 1;
  Region loop;
  loop.start = {5, 0};
  loop.edges = {{false, {}, {9, 0}}, {true, {7, 2}, {5, 0}}};
  program.bodies = {{0, {rect}, 3}, {0, {rect, hole, loop}, -8}, {1, {loop}, 2}};
  EXPECT_EQ(toText(program),
            "import cadquery as cq\n"
            "w0=cq.Workplane('ZX',origin=(0,-20,0))\n"
            "w1=cq.Workplane('XY',origin=(0,0,5))\n"
            "r=w0.workplane(offset=3/2).moveTo(-1.5,2).box(3,4,3)"
            ".union(w0.sketch().push([(-1.5,2)]).rect(3,4).push([(-1,2)]).circle(1,mode='s')"
            ".reset().face(w0.sketch().segment((5,0),(9,0)).arc((7,2),(5,0)).assemble()).finalize().extrude(-8))"
            ".union(w1.sketch().segment((5,0),(9,0)).arc((7,2),(5,0)).assemble().finalize().extrude(2))\n");
}

TEST(Program, CanonicalLoopsStartAtTheSmallestCornerAndDropWhatTheGridMadeStraight) {
  Region region;
  region.start = {4, 4};
  region.edges = {
      {false, {}, {0, 4}}, {false, {}, {0, 2}}, {false, {}, {0, 0}}, {true, {2, 0}, {4, 0}}, {false, {}, {4, 4}}};
  ASSERT_TRUE(canonicalize(region));
  EXPECT_EQ(region.kind, Region::Kind::rect);
  EXPECT_EQ(region.low, (Integer2{0, 0}));
  EXPECT_EQ(region.high, (Integer2{4, 4}));
  Region spike;
  spike.start = {0, 0};
  spike.edges = {{false, {}, {4, 0}}, {false, {}, {2, 0}}, {false, {}, {2, 5}}, {false, {}, {0, 0}}};
  EXPECT_FALSE(canonicalize(spike));
}

TEST(GridCheck, RefusesCrossingsHolesOutsideAndThinWalls) {
  auto rect = [](Integer2 low, Integer2 high, bool cut) {
    Region region;
    region.kind = Region::Kind::rect;
    region.cut = cut;
    region.low = low;
    region.high = high;
    return region;
  };
  Region bow;
  bow.start = {0, 0};
  bow.edges = {{false, {}, {10, 10}}, {false, {}, {10, 0}}, {false, {}, {0, 12}}, {false, {}, {0, 0}}};
  EXPECT_FALSE(isSound({bow}));
  EXPECT_TRUE(isSound({rect({0, 0}, {10, 10}, false), rect({2, 2}, {8, 8}, true)}));
  EXPECT_FALSE(isSound({rect({0, 0}, {10, 10}, false), rect({12, 2}, {18, 8}, true)}));
  EXPECT_FALSE(isSound({rect({0, 0}, {10, 10}, false), rect({0, 2}, {8, 8}, true)}));
  EXPECT_FALSE(isSound({rect({0, 0}, {10, 10}, false), rect({5, 5}, {15, 15}, false)}));
}

// What all real programs of the dialect keep to, of the program itself; that they run is the pool's word.
TEST(Synthesis, EveryCandidateKeepsTheInvariants) {
  std::set<std::string> texts;
  for (std::uint64_t number = 0; number < 300; ++number) {
    const Program program = candidate(11, number, 800);
    const std::string text = toText(program);
    SCOPED_TRACE(text);
    EXPECT_TRUE(texts.insert(text).second);
    EXPECT_LE(text.size(), 800U);
    const auto bounds = boundsOf(program);
    double side = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      side = std::max(side, bounds[i + 3] - bounds[i]);
      EXPECT_LE(std::abs(std::lround(bounds[i]) + std::lround(bounds[i + 3])), 1);
    }
    EXPECT_NEAR(side, 200, 0.75);
    ASSERT_GE(program.bodies.size(), 1U);
    ASSERT_LE(program.bodies.size(), 4U);
    int workplane = 0;
    for (const Body& body : program.bodies) {
      EXPECT_GE(body.workplane, workplane);
      workplane = body.workplane;
      EXPECT_NE(body.height, 0);
      EXPECT_FALSE(body.regions[0].cut);
      EXPECT_GT(areaOf(body), 0);
      for (const Region& region : body.regions) {
        EXPECT_GT(areaOf(region), 0);  // counter-clockwise
        if (region.kind != Region::Kind::loop) continue;
        EXPECT_EQ(region.edges.back().to, region.start);
        for (const LoopEdge& edge : region.edges) EXPECT_LE(region.start, edge.to);
      }
    }
    EXPECT_EQ(program.workplanes.size(), static_cast<std::size_t>(workplane) + 1);
  }
}

// Of the wider language: its operations all occur, parts are centred with a longest side of 200, and the planned
// volumes make sense.
TEST(Synthesis, ExtendedPartsUseAllOperations) {
  std::map<std::string, int> uses;
  int parts = 0;
  for (std::uint64_t number = 0; parts < 300; ++number) {
    Random random = Random(5).split(number);
    const std::optional<PlannedPart> part = makeExtendedPart(random);
    if (!part) continue;
    ++parts;
    SCOPED_TRACE(part->text);
    double side = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      side = std::max(side, part->bounds[i + 3] - part->bounds[i]);
      EXPECT_LE(std::abs(std::lround(part->bounds[i]) + std::lround(part->bounds[i + 3])), 1);
    }
    EXPECT_NEAR(side, 200, 0.8);
    EXPECT_LE(0, part->leastVolume);
    EXPECT_LT(part->leastVolume, part->mostVolume);
    EXPECT_TRUE(part->text.ends_with(")\n"));
    for (const char* name : {".cut(", ".intersect(", ".revolve(", ".hole(", ".fillet(", ".chamfer(", ".shell(",
                             ".rarray(", ".polarArray(", ".pushPoints(", ".union("}) {
      uses[name] += part->text.find(name) != part->text.npos ? 1 : 0;
    }
  }
  for (const auto& [name, count] : uses) EXPECT_GT(count, 3) << name;
}

TEST(Synthesis, SharesAreThoseOfRealPrograms) {
  const int count = 900;
  std::map<std::string, double> share;
  double loops = 0, bodies = 0, sketches = 0, negative = 0;
  std::vector<std::size_t> lengths;
  for (std::uint64_t number = 0; number < count; ++number) {
    const Program program = candidate(12, number, 800);
    lengths.push_back(toText(program).size());
    share["bodies " + std::to_string(program.bodies.size())] += 1.0 / count;
    share["plane " + std::to_string(static_cast<int>(program.workplanes[0].plane))] += 1.0 / count;
    for (const Body& body : program.bodies) {
      ++bodies;
      if (body.regions.size() == 1 && body.regions[0].kind != Region::Kind::loop) {
        ++share[body.regions[0].kind == Region::Kind::rect ? "box" : "cylinder"];
        continue;
      }
      ++sketches;
      negative += body.height < 0 ? 1 : 0;
      ++share["regions " + std::to_string(body.regions.size())];
      for (const Region& region : body.regions) {
        if (region.kind != Region::Kind::loop) continue;
        ++loops;
        ++share["edges " + std::to_string(region.edges.size())];
      }
    }
  }
  auto near = [&](const std::string& name, double per, double percent, double tolerance) {
    EXPECT_NEAR(100 * share[name] / per, percent, tolerance) << name;
  };
  near("bodies 1", 1, 28.1, 5);
  near("bodies 2", 1, 48.9, 5);
  near("bodies 3", 1, 20.6, 5);
  near("bodies 4", 1, 2.5, 3);
  for (const char* plane : {"plane 0", "plane 1", "plane 2"}) near(plane, 1, 33.3, 5);
  near("box", bodies, 11.4, 4);
  near("cylinder", bodies, 16.1, 4);
  near("regions 1", sketches, 47.8, 6);
  near("regions 2", sketches, 40.1, 6);
  near("regions 3", sketches, 10.2, 5);
  near("edges 4", loops, 21, 6);
  near("edges 2", loops, 17, 6);
  near("edges 8", loops, 14, 6);
  near("edges 5", loops, 8, 5);
  near("edges 6", loops, 8, 5);
  near("edges 12", loops, 7, 5);
  near("edges 3", loops, 6, 5);
  EXPECT_NEAR(100 * negative / sketches, 50, 5);
  std::sort(lengths.begin(), lengths.end());
  EXPECT_NEAR(static_cast<double>(lengths[lengths.size() / 2]), 363, 60);
}

TEST(Synthesis, TheNumberOfJobsChangesNothing) {
  Options options;
  options.count = 40;
  options.seed = 3;
  const auto one = run(options);
  options.jobs = 3;
  EXPECT_EQ(run(options), one);
  EXPECT_EQ(one.size(), 40U);
  // Nor does what is known from before.
  EXPECT_EQ(run(options, {one.begin(), one.begin() + 17}), one);
  options.seed = 4;
  EXPECT_NE(run(options), one);
  EXPECT_THROW(run(options, {one[0]}), Error);
}

TEST(Synthesis, FoldersKeepWhatIsThere) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / "synthesis_folders";
  std::filesystem::remove_all(folder);
  Options options;
  options.count = 5;
  EXPECT_EQ(writeFolders(
                options, folder.string(), [] {}, kGo)
                .kept,
            0U);
  const std::string third = readFile((folder / fileNameOf(2)).string());
  options.count = 8;
  const Counts counts = writeFolders(
      options, folder.string(), [] {}, kGo);
  EXPECT_EQ(counts.kept, 5U);
  EXPECT_EQ(counts.accepted, 8U);
  EXPECT_EQ(readFile((folder / fileNameOf(2)).string()), third);
  const auto straight = run(options);
  for (std::uint64_t place = 0; place < 8; ++place) {
    EXPECT_EQ(readFile((folder / fileNameOf(place)).string()), straight[place]);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace cadrecode::synthesis
