#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "cloud/noise.hpp"
#include "cloud/recipe.hpp"
#include "cloud/scan.hpp"
#include "cloud/write.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "sandbox/part.hpp"
#include "sandbox/result_json.hpp"

namespace cadrecode::cli {
namespace {

using sandbox::Json;

struct CloudOptions {
  std::string input, output;
  std::string recipe = "v1.5";
  std::size_t points = 0;  // 0: the recipe's
  std::uint64_t seed = 0;
  double noise = 0, outliers = 0;
  std::size_t scanViews = 0;
  bool inPlace = false, json = false;
  double timeout = 60;
};

struct ConvertOptions {
  std::string input, output;
  double tolerance = 0.001, angular = 0.1, timeout = 60;
};

sandbox::Part readOne(const std::string& path, double timeout, const sandbox::PartOptions& options) {
  sandbox::PoolOptions pool;
  pool.limits.wallSeconds = timeout;
  sandbox::ScriptPool workers(pool, {.everything = true, .step = true});
  sandbox::Part part = sandbox::readPart(workers, path, options);
  for (const std::string& note : part.notes) fmt::print(stderr, "cadrecode: {}: {}\n", path, note);
  return part;
}

Json frameJson(const cloud::Frame& frame) { return {{"origin", frame.origin}, {"unit", frame.unit}}; }

void runCloud(const CloudOptions& options) {
  cloud::Recipe recipe = cloud::Recipe::named(options.recipe);
  if (options.points > 0) recipe.points = options.points;
  sandbox::Part part = readOne(options.input, options.timeout, {});
  Json from = {{"file", options.input}};
  if (part.isMesh()) {
    from["triangles"] = part.mesh().triangles.size();
  } else {
    from["points"] = part.cloud().points.size();
  }
  if (options.scanViews > 0) {
    if (!part.isMesh())
      throw Error(ErrorCode::input, "ValueError", options.input + ": a scan is made of a mesh or shape");
    cloud::ScanOptions scan;
    scan.views = options.scanViews;
    part.geometry = cloud::simulateScan(part.mesh(), scan, Random(options.seed).split("simulated scan")).cloud;
    from["scan_views"] = options.scanViews;
  }
  cloud::ModelCloud result =
      std::visit([&](const auto& geometry) { return cloud::makeCloud(geometry, recipe, options.seed); }, part.geometry);
  if (options.noise > 0 || options.outliers > 0) {
    cloud::addNoise(result.points, {.deviation = options.noise, .probability = 1, .outliers = options.outliers},
                    Random(options.seed).split("noise"));
  }

  const std::filesystem::path path = options.output;
  std::string bytes;
  if (options.inPlace) {
    bytes = cloud::writeAs(cloud::toPart(result), options.output);
  } else if (path.extension() == ".npy") {
    bytes = cloud::writeNpy(result.points, result.normals);
  } else {
    cloud::Cloud cloud;
    for (const auto& p : result.points) cloud.points.push_back({p[0], p[1], p[2]});
    for (const auto& n : result.normals) cloud.normals.push_back({n[0], n[1], n[2]});
    bytes = cloud::writeAs(cloud, options.output);
  }
  Json facts = {{"cloud", options.output},
                {"points", result.points.size()},
                {"recipe", options.recipe},
                {"seed", options.seed},
                {"in_place", options.inPlace},
                {"cloud_frame", frameJson(result.cloudFrame)},
                {"program_frame", frameJson(result.programFrame)},
                {"from", from}};
  writeFileAtomically(options.output, bytes);
  const std::string frames = std::filesystem::path(path).replace_extension(".json").string();
  writeFileAtomically(frames, sandbox::dumpJson(facts) + "\n");
  if (options.json) {
    fmt::print("{}\n", sandbox::dumpJson(facts));
    return;
  }
  const cloud::Frame& frame = result.cloudFrame;
  fmt::print("{}: {} points by the recipe {}, seed {}\n", options.output, result.points.size(), options.recipe,
             options.seed);
  fmt::print("part = ({}, {}, {}) + {} * cloud, in the file's units; also in {}\n", frame.origin[0], frame.origin[1],
             frame.origin[2], frame.unit, frames);
}

void runConvert(const ConvertOptions& options) {
  const std::string extension = std::filesystem::path(options.output).extension().string();
  const bool shape = extension == ".step" || extension == ".stp" || extension == ".brep";
  sandbox::PartOptions wanted{.brep = extension == ".brep",
                              .step = shape && extension != ".brep",
                              .mesh = !shape,
                              .tolerance = options.tolerance,
                              .angular = options.angular};
  const sandbox::Part part = readOne(options.input, options.timeout, wanted);
  std::string bytes;
  if (shape) {
    if (!part.measures) {
      throw Error(ErrorCode::input, "ValueError",
                  options.input + ": a mesh or cloud cannot become a " + extension + " file");
    }
    bytes = extension == ".brep" ? part.brep : part.step;
  } else {
    bytes = std::visit([&](const auto& geometry) { return cloud::writeAs(geometry, options.output); }, part.geometry);
  }
  writeFileAtomically(options.output, bytes);
}

}  // namespace

void addCloud(CLI::App& program, int& exitCode) {
  auto options = std::make_shared<CloudOptions>();
  CLI::App* command = program.add_subcommand("cloud", "Make the point cloud that a model sees of any readable file");
  command
      ->add_option("input", options->input,
                   "A program (.py), shape (.step, .brep), mesh (.stl, .obj, .ply, .off) or scan (.ply, .pcd, .xyz, "
                   ".npy, .npz)")
      ->required()
      ->option_text(" ");
  command
      ->add_option("-o,--output", options->output, ".npy, .ply, .obj or .glb; the frame goes to the same name as .json")
      ->required()
      ->option_text("FILE");
  command->add_option("--recipe", options->recipe, "v1.5, v1 or opencadrecode")->option_text("NAME (v1.5)");
  command->add_option("--points", options->points, "Points of the cloud; 0: as the recipe has it")
      ->option_text("N (0)");
  command->add_option("--seed", options->seed, "Seed of everything that is drawn")->option_text("N (0)");
  command->add_option("--noise", options->noise, "Deviation of normal noise on the cloud, whose half side is 1")
      ->check(CLI::NonNegativeNumber)
      ->option_text("LENGTH (0)");
  command->add_option("--outliers", options->outliers, "Share of points moved anywhere")
      ->check(CLI::Range(0.0, 1.0))
      ->option_text("SHARE (0)");
  command->add_option("--scan", options->scanViews, "See the part as a scanner would from so many directions; 0: whole")
      ->option_text("VIEWS (0)");
  command->add_flag("--in-place", options->inPlace, "Write the cloud at the part's own place and in its units");
  command->add_option("--timeout", options->timeout, "Time a program or shape may take")->option_text("SECONDS (60)");
  command->add_flag("--json", options->json, "Print what goes to the .json file");
  command->footer(
      "Examples:\n"
      "  cadrecode cloud bracket.step -o bracket.npy\n"
      "  cadrecode cloud examples/bracket.py -o bracket.ply --scan 3 --noise 0.005 --seed 7\n"
      "\n"
      "The frames in the .json file lead back: part = origin + unit * cloud, and the same for a model's program.");
  command->callback([options, &exitCode] {
    runCloud(*options);
    exitCode = 0;
  });
}

void addConvert(CLI::App& program, int& exitCode) {
  auto options = std::make_shared<ConvertOptions>();
  CLI::App* command = program.add_subcommand("convert", "Write any readable file as another format");
  command->add_option("input", options->input, "As for `cadrecode cloud`")->required()->option_text(" ");
  command
      ->add_option("-o,--output", options->output,
                   ".stl, .ply, .obj, .glb, .npy; of programs and shapes .step and .brep too")
      ->required()
      ->option_text("FILE");
  command->add_option("--tolerance", options->tolerance, "Of a shape's mesh, a share of an edge's size")
      ->check(CLI::PositiveNumber)
      ->option_text("SHARE (0.001)");
  command->add_option("--angular", options->angular, "Largest angle between neighbouring triangles, in radians")
      ->check(CLI::PositiveNumber)
      ->option_text("ANGLE (0.1)");
  command->add_option("--timeout", options->timeout, "Time a program or shape may take")->option_text("SECONDS (60)");
  command->footer("Example:\n  cadrecode convert part.step -o part.glb");
  command->callback([options, &exitCode] {
    runConvert(*options);
    exitCode = 0;
  });
}

}  // namespace cadrecode::cli
