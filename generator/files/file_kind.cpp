#include "files/file_kind.hpp"

#include <algorithm>
#include <array>

namespace proofmark {

namespace {

using namespace std::string_view_literals;

constexpr const char* from_torch =
    "two lines of Python convert it (a module's weights are its .state_dict()):\n"
    "  state = torch.load(FILE, map_location=\"cpu\", weights_only=True)\n"
    "  safetensors.torch.save_file({name: x.contiguous().clone() for name, x in state.items()}, NEW)";
constexpr const char* from_numbers = "docs/interop.md has a function that writes safetensors from any numbers";
constexpr const char* unpack = "unpack it first";
constexpr const char* a_page = "the download gave a page in place of the file: fetch the file itself";

struct Start {
  std::string_view bytes;
  FileKind kind;
};

constexpr std::array starts = {
    Start{"PK\3\4"sv, {"a zip file, as torch.save writes", from_torch}},
    Start{"\x80\2\x8a"sv, {"a Python pickle, as torch.save once wrote", from_torch}},
    Start{"\x80\4\x95"sv, {"a Python pickle", from_torch}},
    Start{"\x80\5\x95"sv, {"a Python pickle", from_torch}},
    Start{"\x1f\x8b\b"sv, {"compressed with gzip", unpack}},
    Start{"BZh"sv, {"compressed with bzip2", unpack}},
    Start{"\xfd"
          "7zXZ"sv,
          {"compressed with xz", unpack}},
    Start{"\x28\xb5\x2f\xfd"sv, {"compressed with zstd", unpack}},
    Start{"\x93NUMPY"sv, {"a NumPy array", from_numbers}},
    Start{"\x89HDF"sv, {"an HDF5 file", from_numbers}},
    Start{"GGUF"sv, {"a GGUF file", from_numbers}},
    Start{"version https://"sv, {"a pointer of Git LFS", "git lfs pull fetches the file itself"}},
    Start{"<!doctype"sv, {"an HTML page", a_page}},
    Start{"<html"sv, {"an HTML page", a_page}},
    Start{"<?xml"sv, {"an XML page", a_page}},
    Start{"{"sv, {"JSON text, such as a certificate", "a certificate is made from a model: give the model's own file"}},
};

char lower(char c) {
  return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

const FileKind* file_kind(std::string_view file) {
  const std::size_t text = std::min(file.find_first_not_of(" \t\r\n"), file.size());
  for (const Start& start : starts) {
    const bool page = start.bytes.front() == '<';
    const std::string_view found = file.substr(page || start.bytes == "{" ? text : 0, start.bytes.size());
    if (std::equal(found.begin(), found.end(), start.bytes.begin(), start.bytes.end(),
                   [&](char a, char b) { return (page ? lower(a) : a) == b; }))
      return &start.kind;
  }
  return nullptr;
}

} // namespace proofmark
