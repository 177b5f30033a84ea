#include "metrics/comparison.hpp"

#include <nlohmann/json.hpp>

#include "core/files.hpp"
#include "metrics/pair_files.hpp"
#include "metrics/support.hpp"

namespace cadrecode::metrics {
namespace {

// The table of the metrics' README: the original without alignment, 2000 points, mean of 5 seeds.
struct Row {
  const char* name;
  double chamfer, hausdorff, emd, rms, matching, coverage, normals;
};
constexpr Row kOriginal[] = {
    {"p01_identical_box", .0176, .0582, .0361, .0198, .7879, .7849, .9532},
    {"p02_cube_1_vs_1.1", .0273, .0859, .0581, .0307, .7178, .7173, .9566},
    {"p03_translated_box", .0176, .0582, .0361, .0198, .7879, .7849, .9532},
    {"p04_box_thicker", .0341, .0767, .0518, .0381, .4336, .3954, .8754},
    {"p05_cylinder_vs_cube", .0580, .2134, .0963, .0592, .4442, .3979, .8617},
    {"p06_sphere_vs_cube", .1184, .3599, .1612, .1027, .1084, .0802, .8119},
    {"p07_plate_holes", .0148, .0532, .0285, .0175, .8581, .8734, .8878},
    {"p08_L_rotated", .1423, .4851, .2463, .1722, .0947, .0991, .6253},
    {"p09_L_rotated90", .1817, .6664, .3254, .2390, .2323, .2258, .4259},
    {"p10_cavity", .0524, .2159, .0974, .0359, .6081, .5330, .9564},
    {"p11_two_bodies", .0275, .1693, .0580, .0315, .7514, .6678, .7529},
    {"p12_torus_vs_disc", .0394, .2993, .0602, .0363, .6378, .5174, .7867},
    {"p13_fillet", .0183, .0591, .0381, .0208, .7539, .7789, .9550},
    {"p14_open_box", .0175, .0596, .0357, .0197, .7930, .7856, .9543},
    {"p15_sphere_vs_rod", .3009, .4703, .3639, .3797, .0045, .0786, .5068},
    {"p16_many_holes", .0153, .0455, .0291, .0171, .8654, .8571, .8271},
};

class GoldenComparison : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::haveGoldens()) GTEST_SKIP() << "no ../shared/goldens/metrics";
    pairs = nlohmann::json::parse(readFile(testing::goldens() + "/pairs.json"));
  }
  static sandbox::Part meshPart(const std::string& pair, char side) {
    sandbox::Part part;
    part.geometry = testing::goldenMesh(pair, side);
    return part;
  }
  static std::string step(const std::string& pair, char side) {
    return testing::goldens() + "/" + pair + "_" + side + ".step";
  }
  nlohmann::json pairs;
};

TEST_F(GoldenComparison, SampledFiguresAreTheOriginals) {
  for (const Row& row : kOriginal) {
    const sandbox::Part a = meshPart(row.name, 'a'), b = meshPart(row.name, 'b');
    const bool moved = std::string(row.name) == "p04_box_thicker" || std::string(row.name) == "p10_cavity";
    double chamfer = 0, hausdorff = 0, emd = 0, rms = 0, matching = 0, coverage = 0, normals = 0;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const Comparison c = compare(a, b,
                                   {.seed = seed,
                                    .alignment = AlignmentWish::none,
                                    .voxels = 8,
                                    .earthMoverPoints = seed == 1 && moved ? 2000u : 1u},
                                   nullptr);
      chamfer += *c.chamfer / 5;
      hausdorff += *c.hausdorff / 5;
      if (seed == 1) emd = *c.earthMover;
      rms += *c.rms / 5;
      matching += *c.matching / 5;
      coverage += *c.coverage / 5;
      normals += *c.normalConsistency / 5;
    }
    EXPECT_NEAR(chamfer, row.chamfer, 0.025 * row.chamfer) << row.name;
    EXPECT_NEAR(hausdorff, row.hausdorff, 0.10 * row.hausdorff) << row.name;
    if (moved) {
      EXPECT_NEAR(emd, row.emd, 0.12 * row.emd) << row.name;
    }
    // The original's own two runs of p11 differ by 0.03 (0.0315 and 0.0324).
    EXPECT_NEAR(rms, row.rms, (std::string(row.name) == "p11_two_bodies" ? 0.04 : 0.03) * row.rms) << row.name;
    EXPECT_NEAR(matching, row.matching, 0.02) << row.name;
    EXPECT_NEAR(coverage, row.coverage, 0.02) << row.name;
    // p09 varies by 0.034 from seed to seed.
    EXPECT_NEAR(normals, row.normals, std::string(row.name) == "p09_L_rotated90" ? 0.05 : 0.02) << row.name;
  }
}

TEST_F(GoldenComparison, BrepIouIsTrueToAMillionth) {
  PairRunner absolute({.profile = Profile::absolute, .points = 200, .voxels = 8}, {});
  PairRunner alone({.points = 200, .alignment = AlignmentWish::none, .voxels = 8}, {});
  for (const auto& pair : pairs) {
    if (!pair["step"]) continue;
    const std::string name = pair["name"];
    const PairFiles files{name, step(name, 'a'), step(name, 'b')};
    for (const bool placed : {true, false}) {
      const auto& truth = pair[placed ? "true_iou" : "norm_iou"];
      if (truth.is_null()) continue;
      const PairResult result = (placed ? absolute : alone).run(files);
      ASSERT_TRUE(result.comparison) << name << ": " << result.error;
      ASSERT_TRUE(result.comparison->iouBrep) << name << ": " << result.comparison->missing.at("iou_brep");
      EXPECT_NEAR(*result.comparison->iouBrep, truth, 1.5e-6) << name << (placed ? " as placed" : " alone");
      EXPECT_NEAR(*result.comparison->volumeReference, pair["vol_a"], 1e-5 * pair["vol_a"].get<double>()) << name;
    }
  }
}

// The original takes what its search finds even when it is worse; ours never is, and finds turned parts exactly.
TEST_F(GoldenComparison, AlignmentOnlyEverHelps) {
  for (const auto& pair : pairs) {
    const std::string name = pair["name"];
    const sandbox::Part a = meshPart(name, 'a'), b = meshPart(name, 'b');
    const Comparison c = compare(a, b, {.voxels = 8}, nullptr);
    EXPECT_LE(c.alignment->after, c.alignment->before) << name;
    if (name == "p01_identical_box") {
      EXPECT_FALSE(c.alignment->taken);
    }
    if (name == "p09_L_rotated90") {
      EXPECT_NEAR(*c.iouMesh, 1, 2e-3);
    }
  }
  // Turned at will, in one scale: the same part.
  const Comparison c =
      compare(meshPart("p08_L_rotated", 'a'), meshPart("p08_L_rotated", 'b'),
              {.profile = Profile::absolute, .points = 2000, .alignment = AlignmentWish::icp}, nullptr);
  EXPECT_NEAR(*c.iouMesh, 1, 5e-3);
  EXPECT_LT(c.surface->hausdorff(), 0.5);
}

}  // namespace

sandbox::Part partOfMesh(cloud::Mesh mesh) {
  sandbox::Part part;
  part.geometry = std::move(mesh);
  return part;
}

TEST(Comparison, AbsoluteSeesSizeAndPositionWhereTheOriginalDoesNot) {
  const sandbox::Part a = partOfMesh(testing::box({0, 0, 0}, {1, 1, 1})),
                      larger = partOfMesh(testing::box({0, 0, 0}, {1.1, 1.1, 1.1})),
                      shifted = partOfMesh(testing::box({0.3, 0, 0}, {1.3, 1, 1}));
  const CompareOptions alone{.alignment = AlignmentWish::none}, placed{.profile = Profile::absolute, .points = 2000},
      paper{.profile = Profile::cadRecode, .points = 2000};
  EXPECT_NEAR(*compare(a, larger, alone, nullptr).iouMesh, 1, 1e-9);
  EXPECT_NEAR(*compare(a, shifted, alone, nullptr).iouMesh, 1, 1e-9);
  for (const CompareOptions& options : {placed, paper}) {
    EXPECT_NEAR(*compare(a, larger, options, nullptr).iouMesh, 1 / 1.331, 1e-9);
    EXPECT_NEAR(*compare(a, shifted, options, nullptr).iouMesh, 0.7 / 1.3, 1e-9);
  }
}

TEST(Comparison, DoesNotDependOnUnitsInTheReferencesFrame) {
  const cloud::Mesh a = testing::box({0, 0, 0}, {2, 1, 1}), b = testing::sphere(0.7, 10, {1, 0.5, 0.5});
  auto scaled = [](cloud::Mesh mesh) {
    for (cloud::Point& p : mesh.vertices) p = 64.0 * p + cloud::Point{128, -64, 32};
    return partOfMesh(std::move(mesh));
  };
  const CompareOptions options{.profile = Profile::cadRecode, .points = 500};
  const Comparison first = compare(partOfMesh(a), partOfMesh(b), options, nullptr),
                   second = compare(scaled(a), scaled(b), options, nullptr);
  EXPECT_NEAR(*first.chamfer, *second.chamfer, 1e-12);
  EXPECT_NEAR(*first.earthMover, *second.earthMover, 1e-12);
  EXPECT_NEAR(*first.iouMesh, *second.iouMesh, 1e-9);
  EXPECT_NEAR(*second.volumeReference, 2 * std::pow(64, 3), 1e-3);
}

TEST(Comparison, IsTheSameForTheSameSeed) {
  const sandbox::Part a = partOfMesh(testing::box({0, 0, 0}, {2, 1, 1})), b = partOfMesh(testing::sphere(0.7, 10));
  auto text = [&](std::uint64_t seed) {
    auto json = toJson(compare(a, b, {.points = 300, .seed = seed}, nullptr));
    json.erase("computation_time");
    return json.dump();
  };
  EXPECT_EQ(text(1), text(1));
  EXPECT_NE(text(1), text(2));
}

// Disjoint shapes score 0, not nothing; a mesh has no B-rep IoU, which is absent, not 0.
TEST(Comparison, TellsZeroFromAbsent) {
  const Comparison c =
      compare(partOfMesh(testing::box({0, 0, 0}, {1, 1, 1})), partOfMesh(testing::box({5, 0, 0}, {6, 1, 1})),
              {.profile = Profile::absolute, .points = 100}, nullptr);
  EXPECT_EQ(*c.iouMesh, 0);
  EXPECT_EQ(*c.iouVoxel, 0);
  EXPECT_FALSE(c.iouBrep);
  EXPECT_TRUE(c.missing.contains("iou_brep"));
  EXPECT_TRUE(toJson(c)["iou_brep"].is_null());
  EXPECT_EQ(toJson(c)["iou"], 0);
  EXPECT_EQ(toJson(c)["iou_method"], "mesh");
}

TEST(Comparison, SaysWhatIsWrongWithAMesh) {
  cloud::Mesh open = testing::box({0, 0, 0}, {1, 1, 1});
  open.triangles.resize(10);
  cloud::Mesh inverted;
  testing::append(inverted, testing::box({0, 0, 0}, {1, 1, 1}), true);
  const Comparison c =
      compare(partOfMesh(open), partOfMesh(inverted), {.profile = Profile::absolute, .points = 100}, nullptr);
  EXPECT_FALSE(c.watertightReference);
  EXPECT_TRUE(c.watertightPrediction);
  EXPECT_EQ(c.notes.size(), 2u);
  EXPECT_NEAR(*c.iouMesh, 1, 1e-9);
  EXPECT_NEAR(*c.volumePrediction, 1, 1e-12);
}

TEST(Comparison, OfCloudsHasDistancesOnly) {
  sandbox::Part a, b;
  a.geometry = cloud::Cloud{testing::randomPoints(300, 1), {}};
  b.geometry = cloud::Cloud{testing::randomPoints(200, 2), {}};
  const Comparison c = compare(a, b, {.profile = Profile::absolute}, nullptr);
  EXPECT_TRUE(c.chamfer && c.earthMover && c.hausdorff);
  EXPECT_FALSE(c.iouMesh || c.normalConsistency || c.surface);
  EXPECT_GT(*c.earthMover, *c.chamfer);
}

TEST(BrepIouWorker, TellsWhyThereIsNone) {
  BrepIouWorker worker({.wallSeconds = 10});
  const BrepIou result = worker.run({"no brep at all", {}, {}}, {"nor here", {}, {}});
  EXPECT_FALSE(result.iou);
  EXPECT_FALSE(result.reason.empty());
}

TEST(Summary, CountsFailuresAndNamesWhatIsAbsent) {
  auto row = [](const char* id, nlohmann::ordered_json iou) {
    Comparison c;
    c.chamfer = 0.5;
    nlohmann::ordered_json json{{"id", id}, {"status", "ok"}};
    json.update(toJson(c));
    json["iou"] = std::move(iou);
    return json;
  };
  std::vector<nlohmann::ordered_json> rows{row("a", 0.0), row("b", 1.0), row("c", nullptr)};
  rows.push_back({{"id", "d"}, {"status", "failed"}, {"error", "timeout"}});
  const auto summary = summaryOf(rows);
  EXPECT_EQ(summary["failed"], 1);
  EXPECT_EQ(summary["invalid_ratio"], 0.25);
  EXPECT_EQ(summary["figures"]["iou"]["count"], 2);  // a 0 counts
  EXPECT_EQ(summary["figures"]["iou"]["mean"], 0.5);
  EXPECT_EQ(summary["iou_failures_as_0"], 0.25);
  EXPECT_EQ(summary["figures"]["iou"]["without"][0]["id"], "c");
  EXPECT_EQ(summary["failures"][0]["error"], "timeout");
  EXPECT_FALSE(summary["figures"]["iou_brep"].contains("mean"));  // never a 0 that would read as a score
  EXPECT_NE(summaryText(summary).find("4 pairs, 1 failed"), std::string::npos);
  EXPECT_EQ(summaryOf({})["pairs"], 0);
}

}  // namespace cadrecode::metrics
