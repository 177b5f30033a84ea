// The parts of a benchmark: the references of a data set, and what models made of them, by id. Values; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cloud/frame.hpp"

namespace cadrecode::benchmark {

// A file, or a program that stood in a line of one.
struct PartFile {
  std::string id;
  std::string path;
  std::optional<std::string> script;

  std::string bytes() const;  // Error(input) when the file cannot be read
  std::string name() const;   // for its extension and for messages
};

struct DataOptions {
  std::string path;            // a folder of files, a data set's root, or lines {"id", "script"}
  std::string type = "auto";   // "legacy": programs of a split; "fusion360": STEP files of a split; "files": all below
  std::string split = {};      // empty: val of legacy, test of fusion360
  std::string splitFile = {};  // of fusion360; empty: train_test.json of the root
  std::size_t count = 0;       // so many of them, drawn with the seed; 0: all
  std::uint64_t seed = 0;
};

struct References {
  std::vector<PartFile> parts;                 // by id, all different
  std::map<std::string, std::string> leftOut;  // ids that the data set names, and why they are not among the parts
};

// Error(input) for what does not exist or holds no parts, and for two parts of one id.
References readReferences(const DataOptions& options);

struct Model {
  std::string name;  // distinct among the models of a run, fit for a folder
  std::string path;
  std::string kind = "predictions";
  std::map<std::string, PartFile> predictions;  // by id
  std::map<std::string, std::string> reasons;   // why there is no prediction, where that is known
  std::map<std::string, cloud::Frame> frames;   // from a prediction's numbers to its part; none: they are the part's
};

// A folder of programs, STEP files or meshes; a folder that `infer` wrote, with the reasons and frames it recorded; or
// lines {"id", "script"}, where "model" or "role" tells several models of one file apart. Error(input) as above.
std::vector<Model> readPredictions(const std::string& path);

// Ids as both sides are compared: "batch_0001/x" is "batch_0001_x".
std::string comparableId(std::string id);

// Names models after the last part of their path, and more of it where that is needed to tell them apart.
void nameModels(std::vector<Model>& models);

}  // namespace cadrecode::benchmark
