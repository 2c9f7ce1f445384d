#include "models/safetensors.hpp"
#include "refusal.hpp"
#include "temporary_directory.hpp"

#include <doctest/doctest.h>

using namespace proofmark;

namespace {

std::string encoded_length(std::uint64_t length) {
  std::string text;
  for (int i = 0; i < 8; ++i) text += static_cast<char>(length >> (8 * i));
  return text;
}

std::string file_of(const std::string& header, const std::string& data) {
  return encoded_length(header.size()) + header + data;
}

const std::string eight(8, '\1');
const std::string a = R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";

} // namespace

TEST_CASE("a written file is read back, and is what the reference implementation writes") {
  const TemporaryDirectory directory;
  const std::vector<std::uint8_t> bytes = {1, 2, 3, 4, 5, 6, 7, 8};
  write_safetensors(directory / "file",
                    {{{"b", DType::float64, {1, 1}, bytes}, {"a", DType::bfloat16, {2, 2}, bytes}}, {}});
  CHECK(read_text(directory / "file") == file_of(R"({"a":{"dtype":"BF16","shape":[2,2],"data_offsets":[0,8]},)"
                                                 R"("b":{"dtype":"F64","shape":[1,1],"data_offsets":[8,16]}})"
                                                 "       ",
                                                 "\1\2\3\4\5\6\7\10\1\2\3\4\5\6\7\10"));
  const std::vector<Tensor> tensors = read_safetensors(directory / "file").tensors;
  REQUIRE(tensors.size() == 2);
  CHECK(tensors[0].name == "a");
  CHECK(tensors[0].dtype == DType::bfloat16);
  CHECK(tensors[1].shape == std::vector<std::uint64_t>{1, 1});
  CHECK(tensors[1].bytes == bytes);
}

TEST_CASE("metadata stands first, is read back, and may be any text") {
  const TemporaryDirectory directory;
  const std::map<std::string, std::string> metadata = {{"a", "1"}, {"format", "\x1b[2J \"}\n"}};
  write_safetensors(directory / "file", {{{"b", DType::float32, {1}, {1, 2, 3, 4}}}, metadata});
  CHECK(read_text(directory / "file").find(R"({"__metadata__":{"a":"1",)") == 8);
  const SafetensorsFile file = read_safetensors(directory / "file");
  CHECK(file.metadata == metadata);
  CHECK(file.tensors.size() == 1);
}

TEST_CASE("valid files") {
  const TemporaryDirectory directory;
  const std::string valid[] = {
      file_of("{" + a + "}", eight),
      file_of("{" + a + "}   \n", eight),
      file_of(R"({"__metadata__":{"format":"pt"},)" + a + "}", eight),
      file_of(R"({"b":{"dtype":"F16","shape":[2],"data_offsets":[8,12]},)" + a + "}", eight + "1234"),
      file_of(R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", "1234"),
      file_of(R"({"a":{"dtype":"F32","shape":[0,7],"data_offsets":[0,0]}})", ""),
      file_of("{}", ""),
  };
  for (const std::string& text : valid) {
    CAPTURE(text);
    write_text(directory / "file", text);
    CHECK_NOTHROW(read_safetensors(directory / "file"));
  }
}

TEST_CASE("booleans and integers are read, apart from weights") {
  const TemporaryDirectory directory;
  write_text(directory / "file", file_of(R"({"z":{"dtype":"BOOL","shape":[2],"data_offsets":[16,18]},)"
                                         R"("b":{"dtype":"I64","shape":[1],"data_offsets":[8,16]},)" +
                                             a + "}",
                                         eight + eight + "12"));
  const SafetensorsFile file = read_safetensors(directory / "file");
  REQUIRE(file.tensors.size() == 1);
  REQUIRE(file.others.size() == 2);
  CHECK(file.others[0].name == "b");
  CHECK(file.others[0].type == "I64");
  CHECK(file.others[1].shape == std::vector<std::uint64_t>{2});
  CHECK(file.others[1].bytes == std::vector<std::uint8_t>{'1', '2'});
}

TEST_CASE("broken files are refused with exit 65 and a reason") {
  const TemporaryDirectory directory;
  const auto tensor = [](const std::string& text) { return file_of("{\"a\":" + text + "}", eight); };
  struct Broken {
    std::string text, reason;
  };
  const Broken broken[] = {
      {"", "at least 8 bytes"},
      {"1234567", "at least 8 bytes"},
      {encoded_length(3) + "{}", "only 2 bytes follow"},
      {encoded_length(~0ULL) + "{}", "the limit is 100000000"},
      {encoded_length(100'000'001) + "{}", "the limit is 100000000"},
      {file_of("", ""), "does not start with '{'"},
      {file_of(" {}", ""), "does not start with '{'"},
      {file_of("\xef\xbb\xbf{}", ""), "does not start with '{'"},
      {file_of(std::string("{}\0", 3), ""), "NUL byte"},
      {file_of("{} x", ""), "not JSON"},
      {file_of("{\"\xff\":1}", ""), "not JSON"},
      {file_of("{" + a + "," + a + "}", eight), "the key 'a' twice"},
      {file_of(R"({"\u0061":1,)" + a + "}", eight), "the key 'a' twice"},
      {file_of(R"({"__metadata__":{"x":"1","x":"2"},)" + a + "}", eight), "the key 'x' twice"},
      {tensor(R"({"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]})"), "the key 'dtype' twice"},
      {file_of(R"({"__metadata__":{"x":1}})", ""), "metadata 'x' is not a string"},
      {file_of(R"({"__metadata__":[]})", ""), "'__metadata__' is not an object"},
      {tensor("7"), "not described by an object"},
      {tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1})"), "unknown key 'x'"},
      {tensor(R"({"shape":[2],"data_offsets":[0,8]})"), "no 'dtype'"},
      {tensor(R"({"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]})"), "type 'F8_E4M3', expected F16, BF16"},
      {tensor(R"({"dtype":"BOOL","shape":[1],"data_offsets":[0,8]})"), "needs 1 bytes, but its offsets span 8"},
      {tensor(R"({"dtype":"F32","data_offsets":[0,8]})"), "no 'shape'"},
      {tensor(R"({"dtype":"F32","shape":[2.0],"data_offsets":[0,8]})"), "'shape' that is not an unsigned integer"},
      {tensor(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"), "'shape' that is not an unsigned integer"},
      {tensor(R"({"dtype":"F32","shape":[true],"data_offsets":[0,8]})"), "'shape' that is not an unsigned integer"},
      {tensor(R"({"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,8]})"), "not an unsigned integer"},
      {tensor(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]})"), "needs more than 2^64 bytes"},
      {tensor(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"), "needs 12 bytes, but its offsets span 8"},
      {tensor(R"({"dtype":"F32","shape":[2]})"), "no 'data_offsets'"},
      {tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8,8]})"), "expected a begin and an end"},
      {tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"), "lies at bytes 8 to 0"},
      {tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[1,9]})"), "lies at bytes 1 to 9 of the data, which has 8"},
      {tensor(R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})"), "starts at byte 4 of the data, expected 0"},
      {tensor(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})"), "end at byte 4 of the data, which has 8"},
      {file_of(R"({"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},)" + a + "}", eight), "neither overlap"},
      {file_of(R"({"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]},)" + a + "}", eight + eight),
       "nor leave gaps"},
      {file_of("{}", "x"), "end at byte 0 of the data, which has 1"},
  };
  for (const Broken& file : broken) {
    CAPTURE(file.reason);
    write_text(directory / "file", file.text);
    const auto error = refusal([&] { read_safetensors(directory / "file"); });
    REQUIRE(error);
    CHECK(error->exit == Exit::data);
    CHECK_MESSAGE(std::string(error->what()).find(file.reason) != std::string::npos, error->what());
    CHECK_FALSE(error->hint.empty());
  }
}

TEST_CASE("a file of another kind is named, and what to do about it") {
  const TemporaryDirectory directory;
  struct Other {
    std::string start, what, hint;
  };
  using namespace std::string_literals;
  const Other others[] = {
      {"PK\3\4", "a zip file", "torch.load"},
      {"\x80\2\x8a\nl", "a Python pickle", "torch.load"},
      {"\x80\4\x95", "a Python pickle", "torch.load"},
      {"\x1f\x8b\b\0\0\0\0\0\0\3"s, "compressed with gzip", "unpack"},
      {"BZh9", "compressed with bzip2", "unpack"},
      {"\xfd\x37zXZ", "compressed with xz", "unpack"},
      {"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack"},
      {"\x93NUMPY\1", "a NumPy array", "interop"},
      {"\x89HDF\r\n", "an HDF5 file", "interop"},
      {"GGUF\3", "a GGUF file", "interop"},
      {"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS", "git lfs pull"},
      {"\n  <!DOCTYPE html>\n<html>", "an HTML page", "download"},
      {"<HTML>", "an HTML page", "download"},
      {"<?xml version=", "an XML page", "download"},
      {" {\n\"format\": \"proofmark-certificate\"", "JSON text", "certificate"},
  };
  for (const Other& other : others)
    for (const std::size_t size : {other.start.size(), std::size_t{4096}}) {
      CAPTURE(other.what);
      std::string text = other.start;
      text.resize(std::max(size, text.size()), '\7');
      write_text(directory / "file", text);
      const auto error = refusal([&] { read_safetensors(directory / "file"); });
      REQUIRE(error);
      CHECK(error->exit == Exit::data);
      CHECK_MESSAGE(std::string(error->what()).find("it is " + other.what) != std::string::npos, error->what());
      CHECK_MESSAGE(error->hint.find(other.hint) != std::string::npos, error->hint);
    }
  // A header of 640 or 35615 bytes starts like a pickle or like gzip, and is none.
  for (const std::uint64_t length : {0x280ULL, 0x8b1fULL}) {
    write_text(directory / "file", file_of("{}" + std::string(length - 2, ' '), ""));
    CHECK_NOTHROW(read_safetensors(directory / "file"));
  }
}

TEST_CASE("what is not a readable file gives exit 66") {
  const TemporaryDirectory directory;
  for (const std::filesystem::path& path :
       {directory / "missing", directory.path, std::filesystem::path("/dev/null")}) {
    const auto error = refusal([&] { read_safetensors(path); });
    REQUIRE(error);
    CHECK(error->exit == Exit::io);
  }
}

TEST_CASE("deep nesting is refused without exhausting the stack") {
  const TemporaryDirectory directory;
  write_text(directory / "file", file_of("{\"a\":" + std::string(1'000'000, '['), ""));
  CHECK_THROWS_AS(read_safetensors(directory / "file"), Error);
}
