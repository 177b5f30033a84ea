// The samples of a split: a program (or STEP file) and what caches hold of it. Layouts: <root>/<split>/batch_*/*.py or
// flat *.py, also with index files; Fusion 360 Gallery's <root>/reconstruction/*.step with train_test.json; any folder
// of readable files. Nothing is replaced by something else: what is missing is told. Stateless, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cadrecode::dataset {

// What caches hold of samples: clouds in point_cloud_cache/<id>.npy, graphs of faces in brep_cache/<id>.safetensors.
enum class Cached { cloud, graph };
std::string_view endingOf(Cached kind);  // ".npy"

struct CachedFile {
  std::string path;  // where it is or, if it is nowhere, where it would be
  bool exists = false;
};

struct Sample {
  std::string id;            // "batch_0001_name" or "name"
  std::string scriptPath;    // of the program, or of another readable file
  std::string relativePath;  // from the split's folder
  std::string split;
  CachedFile cloud, graph;
  const CachedFile& cached(Cached kind) const { return kind == Cached::cloud ? cloud : graph; }
};

struct SampleList {
  std::vector<Sample> samples;        // by id, all different
  std::vector<std::string> missing;   // named by an index or split file, but not there
  std::vector<std::string> excluded;  // ids that an error_samples.json names
  std::string folder;                 // of the split
  std::string source;                 // the index file that was read; empty: the folder itself was
};

struct ListOptions {
  bool useIndex = true;        // index files, where both OpenCADRecode's writer and its loaders put them
  bool cacheFailures = true;   // error_samples.json of the cache too; else only those that a person put beside the data
  std::string splitFile = {};  // Fusion 360 Gallery's lists of ids; empty: train_test.json of the root, if it is there
};

// `root` with an empty split, or one that is root's own name, is the split's folder itself. Error(input) when there is
// no such folder or file, for a malformed index and for two files of one id.
SampleList readSamples(const std::string& root, const std::string& split, const ListOptions& options = {});
std::vector<Sample> listSamples(const std::string& root, const std::string& split);

// Where such files are looked for: in this folder of the split's, then below $CADRECODE_CACHE_ROOT.
std::string localCacheFolder(const std::string& splitFolder, Cached kind = Cached::cloud);

using CloudPoints = std::vector<std::array<float, 3>>;

// The first `points` of a cached cloud of at least so many: farthest points come in such an order that the first N of
// them are what a choice of N gives. Error(input) for fewer, for points that are not finite or all in one place.
CloudPoints readCloud(const std::string& path, std::size_t points = 256);
// The same of a sample; refuses a cloud that says it was made of another version of the program. Clouds that say
// nothing (of other makers) are taken.
CloudPoints readCloud(const Sample& sample, std::size_t points = 256);

}  // namespace cadrecode::dataset
