#include "model/quantization/packed_files.hpp"

#include <cstring>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace cadrecode::model::quantization {

namespace {

constexpr std::string_view statePart = ".quant_state.bitsandbytes__";
constexpr std::string_view weightEnding = ".weight";

[[noreturn]] void fail(const std::string& name, const std::string& what) {
  throw Error(ErrorCode::input, "ValueError", "packed tensor " + name + ": " + what);
}

using Views = std::map<std::string, TensorView>;

// Takes a part out of the views.
TensorView take(Views& views, const std::string& name, const std::string& part, ElementType type) {
  const auto found = views.find(part);
  if (found == views.end()) fail(name, part + " is missing");
  TensorView view = found->second;
  if (view.type != type) {
    fail(name, part + " is of type " + std::string(nameOf(view.type)) + ", not " + std::string(nameOf(type)));
  }
  views.erase(found);
  return view;
}

template <typename Element>
std::span<const Element> elementsOf(const std::string& name, const TensorView& view, std::size_t count,
                                    std::list<std::vector<Element>>& aligned) {
  if (view.bytes.size() != count * sizeof(Element)) {
    fail(name, view.name + " has " + std::to_string(view.bytes.size() / sizeof(Element)) + " elements, not " +
                   std::to_string(count));
  }
  // Other programs may leave data unaligned.
  if (reinterpret_cast<std::uintptr_t>(view.bytes.data()) % alignof(Element) != 0) {
    auto& copy = aligned.emplace_back(count);
    std::memcpy(copy.data(), view.bytes.data(), view.bytes.size());
    return copy;
  }
  return {reinterpret_cast<const Element*>(view.bytes.data()), count};
}

// What a weight read from a file owns beside the file.
struct ReadStorage {
  std::shared_ptr<const void> file;
  std::list<std::vector<float>> floats;
  std::list<std::vector<std::uint8_t>> bytes;
};

struct State {
  PackedWeight weight;
  bool nested = false;
};

State parseState(const std::string& name, const TensorView& view) {
  State state;
  PackedWeight& weight = state.weight;
  try {
    const auto* text = reinterpret_cast<const char*>(view.bytes.data());
    const auto json = nlohmann::json::parse(text, text + view.bytes.size());
    const auto type = packedTypeNamed(json.at("quant_type").get<std::string>());
    if (!type || *type == PackedType::int8) fail(name, "not supported: quant_type " + json.at("quant_type").dump());
    weight.type = *type;
    weight.block = json.at("blocksize").get<std::size_t>();
    weight.shape = json.at("shape").get<Shape>();
    const std::string stored = json.at("dtype").get<std::string>();
    weight.storedType = stored == "float32"    ? ElementType::f32
                        : stored == "float16"  ? ElementType::f16
                        : stored == "bfloat16" ? ElementType::bf16
                                               : ElementType::boolean;
    if (weight.storedType == ElementType::boolean) fail(name, "not supported: dtype " + stored);
    state.nested = json.contains("nested_blocksize");
    if (state.nested) {
      weight.nestedBlock = json.at("nested_blocksize").get<std::size_t>();
      weight.offset = json.at("nested_offset").get<float>();
    }
  } catch (const nlohmann::json::exception& error) {
    fail(name, view.name + ": " + error.what());
  }
  const auto bytes = byteCount(ElementType::u8, weight.shape);
  if (weight.shape.size() != 2 || !bytes || *bytes % 2 != 0) {
    fail(name, "its shape " + toString(weight.shape) + " is no matrix with an even number of elements");
  }
  if (weight.block < 2 || weight.block % 2 != 0 || weight.nestedBlock < 1) fail(name, "its block size is not usable");
  return state;
}

std::vector<float> tableOf(Views& views, const std::string& name, const std::string& part, std::size_t count) {
  std::list<std::vector<float>> aligned;
  const auto values = elementsOf<float>(name, take(views, name, part, ElementType::f32), count, aligned);
  return {values.begin(), values.end()};
}

PackedWeight readFourBits(Views& views, const std::string& name, const TensorView& stateView,
                          const std::shared_ptr<const void>& owner) {
  auto [weight, nested] = parseState(name, stateView);
  const auto storage = std::make_shared<ReadStorage>();
  storage->file = owner;
  const std::size_t blocks = (weight.size() + weight.block - 1) / weight.block;
  weight.codes =
      elementsOf<std::uint8_t>(name, take(views, name, name, ElementType::u8), weight.size() / 2, storage->bytes);
  weight.map = tableOf(views, name, name + ".quant_map", 16);
  if (nested) {
    weight.scaleCodes =
        elementsOf<std::uint8_t>(name, take(views, name, name + ".absmax", ElementType::u8), blocks, storage->bytes);
    weight.nestedScales = elementsOf<float>(name, take(views, name, name + ".nested_absmax", ElementType::f32),
                                            (blocks + weight.nestedBlock - 1) / weight.nestedBlock, storage->floats);
    weight.nestedMap = tableOf(views, name, name + ".nested_quant_map", 256);
  } else {
    weight.scales =
        elementsOf<float>(name, take(views, name, name + ".absmax", ElementType::f32), blocks, storage->floats);
  }
  weight.owner = storage;
  return weight;
}

PackedWeight readEightBits(Views& views, const std::string& name, const std::string& scalesName,
                           const std::shared_ptr<const void>& owner) {
  const TensorView codes = take(views, name, name, ElementType::i8);
  if (codes.shape.size() != 2) fail(name, "its shape " + toString(codes.shape) + " is no matrix");
  const auto storage = std::make_shared<ReadStorage>();
  storage->file = owner;
  PackedWeight weight;
  weight.type = PackedType::int8;
  weight.shape = codes.shape;
  weight.storedType = ElementType::f16;  // the only one bitsandbytes packs into 8 bits
  weight.codes = elementsOf<std::uint8_t>(name, codes, codes.bytes.size(), storage->bytes);
  weight.scales = elementsOf<float>(name, take(views, name, scalesName, ElementType::f32),
                                    static_cast<std::size_t>(codes.shape[0]), storage->floats);
  const auto format = views.find(name + "_format");
  if (format != views.end()) {
    if (format->second.bytes.size() != 1 || format->second.bytes[0] != std::byte{0}) {
      fail(name, "not supported: its numbers are not row by row");
    }
    views.erase(format);
  }
  weight.owner = storage;
  return weight;
}

std::span<std::byte> bytesOf(const void* data, std::size_t size) {
  // Views of files are writable memory by type; nobody writes to these.
  return {static_cast<std::byte*>(const_cast<void*>(data)), size};
}

}  // namespace

UnpackedNames readPacked(std::span<const TensorView> tensors, std::shared_ptr<const void> owner) {
  Views views;
  for (const TensorView& tensor : tensors) views.emplace(tensor.name, tensor);
  UnpackedNames result;
  for (const TensorView& tensor : tensors) {
    const std::size_t state = tensor.name.find(statePart);
    if (state != tensor.name.npos) {
      const std::string name = tensor.name.substr(0, state);
      views.erase(tensor.name);
      result.packed[name] = readFourBits(views, name, tensor, owner);
    } else if (tensor.name.ends_with(".SCB")) {
      const std::string name = tensor.name.substr(0, tensor.name.size() - 4).append(weightEnding);
      result.packed[name] = readEightBits(views, name, tensor.name, owner);
    }
  }
  for (const TensorView& tensor : tensors) {
    if (views.contains(tensor.name)) result.plain.push_back(tensor);
  }
  return result;
}

std::vector<TensorView> viewsOf(const std::string& name, const PackedWeight& weight,
                                std::list<std::vector<std::byte>>& storage) {
  std::vector<TensorView> views;
  auto add = [&](const std::string& part, ElementType type, Shape shape, const void* data) {
    views.push_back({part, type, shape, bytesOf(data, *byteCount(type, shape))});
  };
  auto count = [](const auto& span) { return static_cast<std::int64_t>(span.size()); };
  if (weight.type == PackedType::int8) {
    add(name, ElementType::i8, weight.shape, weight.codes.data());
    add(name.substr(0, name.size() - weightEnding.size()) + ".SCB", ElementType::f32, {weight.shape[0]},
        weight.scales.data());
    auto& format = storage.emplace_back(1, std::byte{0});
    add(name + "_format", ElementType::u8, {}, format.data());
    return views;
  }
  nlohmann::ordered_json state;
  state["quant_type"] = nameOf(weight.type);
  state["blocksize"] = weight.block;
  state["dtype"] = weight.storedType == ElementType::f32   ? "float32"
                   : weight.storedType == ElementType::f16 ? "float16"
                                                           : "bfloat16";
  state["shape"] = weight.shape;
  const bool nested = weight.scales.empty();
  if (nested) {
    state["nested_blocksize"] = weight.nestedBlock;
    state["nested_dtype"] = "float32";
    state["nested_offset"] = static_cast<double>(weight.offset);
  }
  const std::string text = state.dump();
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  auto& stateBytes = storage.emplace_back(begin, begin + text.size());
  const float* map = weight.map.empty() ? codesOf(weight.type).data() : weight.map.data();
  add(name, ElementType::u8, {count(weight.codes), 1}, weight.codes.data());
  if (nested) {
    add(name + ".absmax", ElementType::u8, {count(weight.scaleCodes)}, weight.scaleCodes.data());
    add(name + ".nested_absmax", ElementType::f32, {count(weight.nestedScales)}, weight.nestedScales.data());
    add(name + ".nested_quant_map", ElementType::f32, {256},
        weight.nestedMap.empty() ? dynamicMap().data() : weight.nestedMap.data());
  } else {
    add(name + ".absmax", ElementType::f32, {count(weight.scales)}, weight.scales.data());
  }
  add(name + ".quant_map", ElementType::f32, {16}, map);
  add(name + std::string(statePart) + std::string(nameOf(weight.type)), ElementType::u8,
      {static_cast<std::int64_t>(stateBytes.size())}, stateBytes.data());
  return views;
}

}  // namespace cadrecode::model::quantization
