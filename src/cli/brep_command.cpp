#include <memory>

#include "cli/cache_files.hpp"
#include "cli/commands.hpp"
#include "dataset/graph_cache.hpp"

namespace cadrecode::cli {

void addBrep(CLI::App& program, int& exitCode) {
  auto settings = std::make_shared<CacheSettings>();
  CLI::App* command = program.add_subcommand("brep", "Make the graphs of faces of a data set");
  addCacheOptions(*command, *settings);
  const CLI::Range sizes(brep::smallestGrid, brep::largestGrid);
  command->add_option("--face-grid", settings->cache.grids.face, "Points along each of a face's two parameters")
      ->check(sizes)
      ->option_text("N (10)");
  command->add_option("--edge-grid", settings->cache.grids.edge, "Points along an edge")
      ->check(sizes)
      ->option_text("N (10)");
  command->footer(
      "Examples:\n"
      "  cadrecode brep data --splits train val\n"
      "  cadrecode brep parts_in_step/ --face-grid 16\n"
      "\n"
      "Of every program, STEP or BREP file: points, normals and trimming of its faces, points and tangents of its "
      "edges,\n"
      "and which faces an edge joins, in the frame of the part's cloud. Graphs go to brep_cache/<id>.safetensors in "
      "the\n"
      "folder of the samples; a run that was ended is taken up as `cache` does it.");
  command->callback([settings, &exitCode] { exitCode = makeCacheFiles(*settings, "graphs", dataset::makeGraphs); });
}

}  // namespace cadrecode::cli
