#include "train/training_config.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>

#include "core/error.hpp"
#include "core/files.hpp"

namespace cadrecode::train {
namespace {

// One key: how it is read and how it is written.
struct Key {
  std::string name;
  std::function<void(const YAML::Node&)> read;
  std::function<void(YAML::Emitter&)> write;
};

[[noreturn]] void failConfig(const std::string& file, const YAML::Mark& mark, const std::string& reason) {
  if (mark.is_null()) throw Error(ErrorCode::input, "ValueError", fmt::format("{}: {}", file, reason));
  throw Error(ErrorCode::input, "ValueError", fmt::format("{}: line {}: {}", file, mark.line + 1, reason));
}

[[noreturn]] void failValue(const std::string& reason) { throw Error("ValueError", reason); }

Key text(std::string name, std::string& value) {
  return {std::move(name), [&value](const YAML::Node& node) { value = node.IsNull() ? "" : node.as<std::string>(); },
          [&value](YAML::Emitter& out) { out << YAML::DoubleQuoted << value << YAML::Auto; }};
}

Key integer(std::string name, std::int64_t& value, std::int64_t least,
            std::int64_t greatest = std::numeric_limits<std::int64_t>::max()) {
  return {std::move(name),
          [&value, least, greatest](const YAML::Node& node) {
            // YAML 1.1 writes 100_000 and people write 1e5; both are whole numbers.
            const auto number = node.as<double>();
            if (number != std::floor(number)) failValue("a whole number is needed");
            if (number < static_cast<double>(least)) failValue(fmt::format("at least {} is needed", least));
            if (number > static_cast<double>(greatest)) failValue(fmt::format("at most {} is allowed", greatest));
            value = static_cast<std::int64_t>(number);
          },
          [&value](YAML::Emitter& out) { out << value; }};
}

Key number(std::string name, double& value, double least, double greatest) {
  return {std::move(name),
          [&value, least, greatest](const YAML::Node& node) {
            const auto read = node.as<double>();
            if (!(read >= least && read <= greatest)) failValue(fmt::format("between {} and {}", least, greatest));
            value = read;
          },
          [&value](YAML::Emitter& out) { out << fmt::format("{}", value); }};
}

Key flag(std::string name, bool& value) {
  return {std::move(name), [&value](const YAML::Node& node) { value = node.as<bool>(); },
          [&value](YAML::Emitter& out) { out << value; }};
}

Key choice(std::string name, std::string& value, std::vector<std::string> choices) {
  return {std::move(name),
          [&value, choices = std::move(choices)](const YAML::Node& node) {
            value = node.as<std::string>();
            if (std::find(choices.begin(), choices.end(), value) == choices.end()) {
              failValue(fmt::format("one of {}", fmt::join(choices, ", ")));
            }
          },
          [&value](YAML::Emitter& out) { out << value; }};
}

Key list(std::string name, std::vector<std::string>& values) {
  return {std::move(name),
          [&values](const YAML::Node& node) {
            if (!node.IsSequence() || node.size() == 0) failValue("a list of names is needed");
            values = node.as<std::vector<std::string>>();
          },
          [&values](YAML::Emitter& out) { out << YAML::Flow << values; }};
}

// The distance of Levenshtein, for suggestions.
std::size_t editDistance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

std::vector<Key> modelKeys(NewModel& model) {
  return {choice("family", model.family, {"qwen2", "qwen3"}),
          integer("hidden_size", model.hiddenSize, 1, 1 << 20),
          integer("intermediate_size", model.intermediateSize, 0, 1 << 20),
          integer("num_hidden_layers", model.layers, 1, 1000),
          integer("num_attention_heads", model.heads, 1, 1 << 12),
          integer("num_key_value_heads", model.keyValueHeads, 0, 1 << 12),
          integer("head_dim", model.headSize, 0, 1 << 12),
          number("rope_theta", model.ropeTheta, 1, 1e12),
          number("initializer_range", model.initializerRange, 0, 10),
          flag("tie_word_embeddings", model.tiedEmbeddings)};
}

void readKeys(const YAML::Node& map, const std::vector<Key>& keys, const std::string& prefix, const std::string& file) {
  if (!map.IsMap()) failConfig(file, map.Mark(), fmt::format("`{}` is no table of keys and values", prefix));
  for (const auto& item : map) {
    const auto name = item.first.as<std::string>();
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const Key& known) { return known.name == name; });
    if (key == keys.end()) {
      const auto near = std::min_element(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
        return editDistance(a.name, name) < editDistance(b.name, name);
      });
      const bool close = editDistance(near->name, name) <= std::max<std::size_t>(2, name.size() / 2);
      failConfig(file, item.first.Mark(),
                 fmt::format("unknown key `{}{}`{}", prefix, name,
                             close ? fmt::format("; did you mean `{}{}`?", prefix, near->name) : ""));
    }
    try {
      key->read(item.second);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::input) throw;  // of a table within, its place is told already
      failConfig(file, item.second.Mark(), fmt::format("`{}{}`: {}", prefix, name, error.what()));
    } catch (const YAML::Exception&) {
      const std::string shown = item.second.IsScalar() ? item.second.Scalar() : "a list or table";
      failConfig(file, item.second.Mark(), fmt::format("`{}{}` cannot be `{}`", prefix, name, shown));
    }
  }
}

void writeKeys(const std::vector<Key>& keys, YAML::Emitter& out) {
  out << YAML::BeginMap;
  for (const Key& key : keys) {
    out << YAML::Key << key.name << YAML::Value;
    key.write(out);
  }
  out << YAML::EndMap;
}

// Values that are not plain strings and numbers in the configuration go through these.
struct Words {
  std::string precision, schedule, decay, seed;
  bool swanlab = false;  // the original's; event files take its place
  bool qlora = false, fourBits = false, eightBits = false;
  std::string computeType = "bfloat16", packedType;
};

std::vector<Key> loraKeys(LoraSettings& lora, Words& words) {
  return {flag("use_lora", lora.use),
          integer("lora_r", lora.rank, 1, 1 << 16),
          number("lora_alpha", lora.alpha, 0, 1e9),
          number("lora_dropout", lora.dropout, 0, 0.99),
          list("lora_target_modules", lora.targets),
          flag("auto_merge_lora", lora.mergeCheckpoints),
          flag("auto_merge_final", lora.mergeFinal),
          flag("keep_lora_only", lora.keepInCheckpoints),
          flag("keep_lora_final", lora.keepFinal),
          flag("merge_final_only", lora.mergeFinalOnly),
          flag("load_from_full_model", lora.fromFullModel),
          flag("freeze_base_model", lora.freezeBase),
          flag("use_qlora", words.qlora),
          flag("load_in_4bit", words.fourBits),
          flag("load_in_8bit", words.eightBits),
          choice("bnb_4bit_quant_type", words.packedType, {"nf4", "fp4"}),
          flag("bnb_4bit_use_double_quant", lora.packing.doubleQuantization),
          choice("bnb_4bit_compute_dtype", words.computeType, {"bfloat16", "float32", "float16"})};
}

std::vector<Key> trainingKeys(TrainingConfig& c, Words& words, const std::string& file) {
  constexpr double most = 1e9;
  std::vector<Key> keys = {
      text("base_model_name", c.baseModel),
      choice("init", c.init, {"base", "random"}),
      text("tokenizer", c.tokenizer),
      text("model_save_path", c.modelSavePath),
      text("train_data_path", c.trainData),
      text("val_data_path", c.valData),
      integer("max_seq_length", c.maxSequenceLength, 2),
      integer("n_points", c.points, 1, 1 << 20),
      integer("max_steps", c.maxSteps, 1),
      integer("batch_size", c.batchSize, 1, 1 << 20),
      integer("gradient_accumulation_steps", c.accumulation, 1, 1 << 20),
      number("learning_rate", c.learningRate, 0, 10),
      number("weight_decay", c.weightDecay, 0, 10),
      choice("decay_groups", words.decay, {"matrices", "trainer", "trainer_named_norms"}),
      number("adam_beta1", c.adamBeta1, 0, 0.999999),
      number("adam_beta2", c.adamBeta2, 0, 0.99999999),
      number("adam_epsilon", c.adamEpsilon, 0, 1),
      number("max_grad_norm", c.maxGradientNorm, 0, most),
      integer("warmup_steps", c.warmupSteps, 0),
      choice("lr_scheduler_type", words.schedule, {"linear", "cosine", "constant"}),
      integer("eval_steps", c.evalSteps, 0),
      integer("eval_samples", c.evalSamples, 0),
      integer("save_steps", c.saveSteps, 0),
      integer("save_total_limit", c.saveTotalLimit, 0),
      integer("logging_steps", c.loggingSteps, 1),
      {"seed",
       [&c](const YAML::Node& node) {
         if (node.Scalar().starts_with('-')) failValue("at least 0 is needed");
         c.seed = node.as<std::uint64_t>();
       },
       [&c](YAML::Emitter& out) { out << c.seed; }},
      choice("device", c.device, {"auto", "cpu"}),
      choice("mixed_precision", words.precision, {"bf16", "no"}),
      integer("num_workers", c.workers, 0, 256),
      integer("num_threads", c.threads, 0, 1024),
      flag("gradient_checkpointing", c.gradientCheckpointing),
      flag("group_by_length", c.groupByLength),
      number("noise_probability", c.noiseProbability, 0, 1),
      number("noise_std", c.noiseDeviation, 0, most),
      text("experiment_name", c.experimentName),
      flag("use_swanlab", words.swanlab),
      {"model", [&c, file](const YAML::Node& node) { readKeys(node, modelKeys(c.newModel), "model.", file); },
       [&c](YAML::Emitter& out) { writeKeys(modelKeys(c.newModel), out); }}};
  for (Key& key : loraKeys(c.lora, words)) keys.push_back(std::move(key));
  return keys;
}

Words wordsOf(const TrainingConfig& config) {
  Words words;
  words.precision = config.bfloat16 ? "bf16" : "no";
  words.schedule = nameOf(config.schedule);
  words.decay = nameOf(config.decayGroups);
  using model::quantization::PackedType;
  words.eightBits = config.lora.pack && config.lora.packing.type == PackedType::int8;
  words.fourBits = words.qlora = config.lora.pack && !words.eightBits;
  words.packedType = config.lora.packing.type == PackedType::fp4 ? "fp4" : "nf4";
  words.computeType = config.bfloat16 ? "bfloat16" : "float32";
  return words;
}

// The keys of bitsandbytes: `use_qlora` alone means 4 bits; the packed base's passes have a type of their own.
void applyPacking(TrainingConfig& config, const Words& words, const std::string& file) {
  if (words.fourBits && words.eightBits) {
    throw Error(ErrorCode::input, "ValueError", fmt::format("{}: `load_in_4bit` and `load_in_8bit` are both on", file));
  }
  config.lora.pack = config.lora.use && (words.qlora || words.fourBits || words.eightBits);
  config.lora.packing.type =
      words.eightBits ? model::quantization::PackedType::int8 : *model::quantization::packedTypeNamed(words.packedType);
  if (config.lora.pack) config.bfloat16 = words.computeType != "float32";
}

YAML::Node loadYaml(const std::string& yaml, const std::string& name) {
  try {
    return YAML::Load(yaml);
  } catch (const YAML::Exception& error) {
    failConfig(name, error.mark, error.msg);
  }
}

// Lays "a.b=value" over the tree.
void applySetting(YAML::Node root, const std::string& setting) {
  const std::size_t equals = setting.find('=');
  if (equals == 0 || equals == setting.npos) {
    throw Error(ErrorCode::usage, "UsageError", fmt::format("--set takes key=value, not `{}`", setting));
  }
  const std::string key = setting.substr(0, equals);
  const YAML::Node value = loadYaml(setting.substr(equals + 1), "--set " + setting);
  const std::size_t dot = key.find('.');
  if (dot == key.npos) {
    root[key] = value;
  } else {
    root[key.substr(0, dot)][key.substr(dot + 1)] = value;
  }
}

void checkTogether(const TrainingConfig& c, const std::string& name) {
  auto need = [&](bool holds, const std::string& reason) {
    if (!holds) throw Error(ErrorCode::input, "ValueError", fmt::format("{}: {}", name, reason));
  };
  need(!c.trainData.empty(), "`train_data_path` is missing");
  need(!c.modelSavePath.empty(), "`model_save_path` is missing");
  need(c.init == "random" || !c.baseModel.empty(), "`base_model_name` is missing (or set `init: random`)");
  need(!c.tokenizer.empty() || !c.baseModel.empty(), "`tokenizer` is missing: a folder with tokenizer.json");
  if (c.lora.use) {
    need(c.init == "base", "adapters are trained on a base: `init: random` makes none");
    need(c.lora.mergeFinal || c.lora.keepFinal,
         "`auto_merge_final` and `keep_lora_final` are both off: nothing is left");
  }
  need(c.maxSequenceLength > c.points + 1, "`max_seq_length` leaves no place for text behind `n_points` points");
}

}  // namespace

TrainingConfig parseTrainingConfig(const std::string& yaml, const std::string& name,
                                   const std::vector<std::string>& settings) {
  YAML::Node root = loadYaml(yaml, name);
  if (root.IsNull()) root = YAML::Node(YAML::NodeType::Map);
  if (!root.IsMap()) failConfig(name, root.Mark(), "no table of keys and values");
  for (const std::string& setting : settings) applySetting(root, setting);
  TrainingConfig config;
  Words words = wordsOf(config);
  for (const Key& key : loraKeys(config.lora, words)) config.lora.use |= root[key.name].IsDefined();
  readKeys(root, trainingKeys(config, words, name), "", name);
  config.bfloat16 = words.precision == "bf16";
  applyPacking(config, words, name);
  config.schedule = scheduleNamed(words.schedule);
  config.decayGroups = decayGroupsNamed(words.decay);
  checkTogether(config, name);
  return config;
}

TrainingConfig readTrainingConfig(const std::string& path, const std::vector<std::string>& settings) {
  return parseTrainingConfig(readFile(path), path, settings);
}

std::string toYaml(const TrainingConfig& config) {
  TrainingConfig copy = config;
  Words words = wordsOf(config);
  YAML::Emitter out;
  writeKeys(trainingKeys(copy, words, ""), out);
  return std::string(out.c_str()) + "\n";
}

model::adapter::LoraConfig loraConfigFor(const TrainingConfig& config) {
  model::adapter::LoraConfig lora;
  lora.rank = config.lora.rank;
  lora.alpha = config.lora.alpha;
  lora.dropout = config.lora.dropout;
  lora.targetModules = config.lora.targets;
  lora.modulesToSave = {"point_encoder"};
  lora.baseModel = config.baseModel;
  return lora;
}

model::ModelConfig modelConfigFor(const NewModel& model, std::int64_t vocabularySize, std::int64_t maxPositions) {
  model::ModelConfig config;
  config.family = model.family == "qwen3" ? model::Family::qwen3 : model::Family::qwen2;
  config.vocabularySize = vocabularySize;
  config.hiddenSize = model.hiddenSize;
  config.intermediateSize =
      model.intermediateSize > 0 ? model.intermediateSize : (model.hiddenSize * 8 / 3 + 63) / 64 * 64;
  config.layers = model.layers;
  config.heads = model.heads;
  config.keyValueHeads = model.keyValueHeads > 0 ? model.keyValueHeads : model.heads;
  config.headSize = model.headSize > 0 ? model.headSize : model.hiddenSize / model.heads;
  config.maxPositions = maxPositions;
  config.ropeTheta = model.ropeTheta;
  config.initializerRange = model.initializerRange;
  config.tiedEmbeddings = model.tiedEmbeddings;
  return model::parseModelConfig(model::toConfigJson(config));  // which checks that the sizes fit
}

}  // namespace cadrecode::train
