#include "models/safetensors.hpp"

#include "files/atomic_file.hpp"
#include "files/file_kind.hpp"
#include "files/json_file.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>

namespace proofmark {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t length_size = 8; // the header's length, little-endian
constexpr const char* export_hint = "write the model with safetensors.torch.save_file(model.state_dict(), FILE)";

struct ElementType {
  DType dtype;
  std::size_t size;
  const char* certificate_name;
  const char* safetensors_name;
};

constexpr std::array<ElementType, 4> element_types = {{
    {DType::float16, 2, "float16", "F16"},
    {DType::bfloat16, 2, "bfloat16", "BF16"},
    {DType::float32, 4, "float32", "F32"},
    {DType::float64, 8, "float64", "F64"},
}};

struct OtherType {
  const char* name;
  std::size_t size;
};

constexpr std::array<OtherType, 9> other_types = {
    {{"BOOL", 1}, {"U8", 1}, {"I8", 1}, {"U16", 2}, {"I16", 2}, {"U32", 4}, {"I32", 4}, {"U64", 8}, {"I64", 8}}};

const ElementType& element_type(DType dtype) {
  return element_types[static_cast<std::size_t>(dtype)];
}

// One entry of the header: where in the data the tensor's bytes are.
struct Entry {
  Tensor tensor;          // bytes still empty
  std::string other_type; // empty: a weight
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

template <class Tensor>
void sort_by_name(std::vector<Tensor>& tensors) {
  std::sort(tensors.begin(), tensors.end(), [](const Tensor& a, const Tensor& b) { return a.name < b.name; });
}

class Reader {
public:
  explicit Reader(const std::filesystem::path& path)
      : name_(path == "-" ? "standard input" : in_quotes(path.string())) {
    if (path == "-") {
      std::string contents = read_standard_input();
      file_size_ = contents.size();
      stream_ = std::make_unique<std::istringstream>(std::move(contents), std::ios::binary);
      return;
    }
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (status.type() == std::filesystem::file_type::not_found)
      throw Error(Exit::io, "cannot read " + name_ + ": no such file");
    if (std::filesystem::is_directory(status))
      throw Error(Exit::io, "cannot read " + name_ + ": it is a directory",
                  "give the name of a .safetensors file, or of the .safetensors.index.json of several");
    if (!std::filesystem::is_regular_file(status))
      throw Error(Exit::io, "cannot read " + name_ + ": it is not a regular file",
                  "save it to a file first, or give - and pipe it in");
    file_size_ = std::filesystem::file_size(path, error);
    errno = 0;
    stream_ = std::make_unique<std::ifstream>(path, std::ios::binary);
    if (error || !*stream_)
      throw Error(Exit::io, "cannot read " + name_ + ": " + (error ? error.message() : std::strerror(errno)));
  }

  SafetensorsFile read() {
    SafetensorsFile file;
    std::vector<Entry> entries = parse(read_header(), file.metadata);
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
    require_contiguous(entries);
    for (Entry& entry : entries) {
      entry.tensor.bytes.resize(entry.end - entry.begin);
      read_exactly(entry.tensor.bytes.data(), entry.tensor.bytes.size());
      Tensor& tensor = entry.tensor;
      if (entry.other_type.empty())
        file.tensors.push_back(std::move(tensor));
      else
        file.others.push_back({tensor.name, entry.other_type, tensor.shape, std::move(tensor.bytes)});
    }
    sort_by_name(file.tensors);
    sort_by_name(file.others);
    return file;
  }

private:
  // A file without a header's brace in its place may be of a kind that is known.
  void require_own_kind() {
    std::string start(std::min<std::uint64_t>(file_size_, 64), '\0');
    read_exactly(start.data(), start.size());
    stream_->seekg(0);
    if (start.size() > length_size && start[length_size] == '{') return;
    if (const FileKind* const kind = file_kind(start)) refuse(fmt::format("it is {}", kind->what), kind->hint);
  }

  [[noreturn]] void refuse(const std::string& what, const std::string& hint = export_hint) const {
    throw Error(Exit::data, name_ + " is not a usable safetensors file: " + what, hint);
  }

  void read_exactly(void* destination, std::uint64_t size) {
    stream_->read(static_cast<char*>(destination), static_cast<std::streamsize>(size));
    if (!*stream_) throw Error(Exit::io, "cannot read " + name_ + ": it ended or failed while being read");
  }

  // Every size is compared with the size of the file before memory is taken for it.
  std::string read_header() {
    require_own_kind();
    if (file_size_ < length_size) refuse(fmt::format("expected at least {} bytes, found {}", length_size, file_size_));
    std::array<std::uint8_t, length_size> encoded{};
    read_exactly(encoded.data(), encoded.size());
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < length_size; ++i) length |= std::uint64_t{encoded[i]} << (8 * i);
    if (length > limits::safetensors_header_bytes)
      refuse(fmt::format("its header is declared to be {} bytes long, the limit is {}", length,
                         limits::safetensors_header_bytes));
    if (length > file_size_ - length_size)
      refuse(fmt::format("its header is declared to be {} bytes long, but only {} bytes follow", length,
                         file_size_ - length_size),
             "the file may have been cut short; copy or download it again");
    data_size_ = file_size_ - length_size - length;
    std::string header(length, '\0');
    read_exactly(header.data(), length);
    if (header.empty() || header.front() != '{') refuse("its header does not start with '{'");
    if (header.find('\0') != std::string::npos) refuse("its header contains a NUL byte");
    return header;
  }

  std::vector<Entry> parse(const std::string& header, std::map<std::string, std::string>& metadata) const {
    const Json root = parse_unique(header, "the header of " + name_);
    std::vector<Entry> entries;
    for (const auto& [name, value] : root.items()) {
      if (name == "__metadata__")
        metadata = parse_metadata(value);
      else
        entries.push_back(parse_entry(name, value));
    }
    return entries;
  }

  std::map<std::string, std::string> parse_metadata(const Json& value) const {
    if (!value.is_object()) refuse("'__metadata__' is not an object");
    for (const auto& [key, text] : value.items())
      if (!text.is_string()) refuse("the metadata " + in_quotes(key) + " is not a string");
    return value.get<std::map<std::string, std::string>>();
  }

  Entry parse_entry(const std::string& name, const Json& value) const {
    const std::string tensor = "tensor " + in_quotes(name);
    if (!value.is_object()) refuse(tensor + " is not described by an object");
    for (const auto& [key, ignored] : value.items())
      if (key != "dtype" && key != "shape" && key != "data_offsets")
        refuse(tensor + " has the unknown key " + in_quotes(key));
    if (!value.contains("dtype") || !value["dtype"].is_string())
      refuse(tensor + " has no 'dtype', or one that is not a string");

    Entry entry;
    entry.tensor.name = name;
    const std::string type = value["dtype"].get<std::string>();
    const std::size_t element_size = parse_type(tensor, type, entry);
    entry.tensor.shape = parse_integers(tensor, value, "shape");
    const std::vector<std::uint64_t> offsets = parse_integers(tensor, value, "data_offsets");
    if (offsets.size() != 2)
      refuse(fmt::format("{} has {} 'data_offsets', expected a begin and an end", tensor, offsets.size()));
    entry.begin = offsets[0];
    entry.end = offsets[1];
    if (entry.begin > entry.end || entry.end > data_size_)
      refuse(fmt::format("{} lies at bytes {} to {} of the data, which has {}", tensor, entry.begin, entry.end,
                         data_size_),
             "the file may have been cut short; copy or download it again");

    std::uint64_t size = element_size;
    bool overflow = false;
    for (const std::uint64_t dimension : entry.tensor.shape) overflow |= __builtin_mul_overflow(size, dimension, &size);
    if (overflow || size != entry.end - entry.begin)
      refuse(fmt::format("{} of shape {} and type {} needs {} bytes, but its offsets span {}", tensor,
                         shape_text(entry.tensor.shape), type, overflow ? "more than 2^64" : std::to_string(size),
                         entry.end - entry.begin));
    return entry;
  }

  // The size of an element.
  std::size_t parse_type(const std::string& tensor, const std::string& name, Entry& entry) const {
    for (const ElementType& type : element_types)
      if (name == type.safetensors_name) return entry.tensor.dtype = type.dtype, type.size;
    for (const OtherType& type : other_types)
      if (name == type.name) return entry.other_type = name, type.size;
    refuse(tensor + " has elements of type " + in_quotes(name) + ", expected F16, BF16, F32 or F64",
           "convert the model first, for example with model.float()");
  }

  std::vector<std::uint64_t> parse_integers(const std::string& tensor, const Json& value, const char* key) const {
    if (!value.contains(key) || !value[key].is_array())
      refuse(fmt::format("{} has no '{}', or one that is not an array", tensor, key));
    std::vector<std::uint64_t> integers;
    for (const Json& element : value[key]) {
      if (!element.is_number_unsigned())
        refuse(fmt::format("{} has an element in '{}' that is not an unsigned integer below 2^64", tensor, key));
      integers.push_back(element.get<std::uint64_t>());
    }
    return integers;
  }

  // In order of offset, each tensor starts where the one before ended, and the last ends with the file.
  void require_contiguous(const std::vector<Entry>& entries) const {
    std::uint64_t position = 0;
    for (const Entry& entry : entries) {
      if (entry.begin != position)
        refuse(fmt::format("tensor {} starts at byte {} of the data, expected {}: tensors must neither "
                           "overlap nor leave gaps",
                           in_quotes(entry.tensor.name), entry.begin, position));
      position = entry.end;
    }
    if (position != data_size_)
      refuse(fmt::format("its tensors end at byte {} of the data, which has {}", position, data_size_));
  }

  std::string name_;
  std::unique_ptr<std::istream> stream_;
  std::uint64_t file_size_ = 0;
  std::uint64_t data_size_ = 0;
};

// The keys of a tensor are in the order in which the reference implementation writes them.
std::string header_of(const SafetensorsFile& contents) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!contents.metadata.empty()) header["__metadata__"] = contents.metadata;
  std::uint64_t position = 0;
  for (const Tensor& tensor : contents.tensors) {
    const std::uint64_t end = position + tensor.bytes.size();
    header[tensor.name] = {
        {"dtype", safetensors_name(tensor.dtype)}, {"shape", tensor.shape}, {"data_offsets", {position, end}}};
    position = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' '); // so that the data is aligned
  return text;
}

} // namespace

std::size_t size_of(DType dtype) {
  return element_type(dtype).size;
}

std::string certificate_name(DType dtype) {
  return element_type(dtype).certificate_name;
}

std::string safetensors_name(DType dtype) {
  return element_type(dtype).safetensors_name;
}

std::optional<DType> certificate_dtype(std::string_view name) {
  for (const ElementType& type : element_types)
    if (name == type.certificate_name) return type.dtype;
  return {};
}

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + "]";
}

SafetensorsFile read_safetensors(const std::filesystem::path& path) {
  return Reader(path).read();
}

void write_safetensors(AtomicFile& file, SafetensorsFile contents) {
  sort_by_name(contents.tensors);
  const std::string header = header_of(contents);
  std::array<std::uint8_t, length_size> length{};
  for (std::size_t i = 0; i < length_size; ++i) length[i] = static_cast<std::uint8_t>(header.size() >> (8 * i));
  file.write(length);
  file.write(header);
  for (const Tensor& tensor : contents.tensors) file.write(tensor.bytes);
  file.commit();
}

void write_safetensors(const std::filesystem::path& path, SafetensorsFile contents) {
  AtomicFile file(path);
  write_safetensors(file, std::move(contents));
}

} // namespace proofmark
