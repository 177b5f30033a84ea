#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  CLI::App app("Runs CadQuery programs without Python", "cadrecode");
  CLI11_PARSE(app, argc, argv);
  return 0;
}
