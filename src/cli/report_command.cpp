#include <fmt/format.h>

#include <memory>
#include <string>

#include "benchmark/bench_run.hpp"
#include "cli/commands.hpp"

namespace cadrecode::cli {

void addReport(CLI::App& program, int& exitCode) {
  auto folder = std::make_shared<std::string>();
  auto page = std::make_shared<benchmark::PageLimits>();
  CLI::App* command = program.add_subcommand("report", "Make the reports of a benchmark again from its rows");
  command->add_option("folder", *folder, "What `cadrecode bench` wrote")->required()->option_text(" ");
  command->add_option("--gallery", page->pictures, "Samples with pictures, the worst and some best")
      ->option_text("N (120)");
  command->add_option("--viewer", page->meshes, "Of them so many that can be turned in 3-D")->option_text("N (40)");
  command->footer("Example:\n  cadrecode report bench");
  command->callback([folder, page, &exitCode] {
    benchmark::writeReports(*folder, *page);
    fmt::print("{}/benchmark_report.md\n", *folder);
    exitCode = 0;
  });
}

}  // namespace cadrecode::cli
