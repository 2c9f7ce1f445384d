// Reading bytes: JSON, base64, dtypes, SHA-256.
#include "json_peer.hpp"
#include "parts/json_writer.hpp"
#include "reading/base64.hpp"
#include "reading/certificate.hpp"
#include "reading/forms.hpp"
#include "reading/reason.hpp"
#include "reading/sha256.hpp"
#include "reading/tensor.hpp"
#include "reading/text.hpp"

#include <doctest/doctest.h>

#include <gmpxx.h>

#include <algorithm>
#include <random>

using namespace verifier;

namespace {

std::string reason_of(auto&& action) {
  try {
    action();
  } catch (const Failure& failure) {
    return std::string(failure.reason.code);
  }
  return "none";
}

std::string json_reason(std::string_view text) {
  return reason_of([&] { Document(text, json_peer::anything).require_form(); });
}

mpq_class value(DType type, std::vector<std::uint8_t> bytes) {
  const Tensor tensor{"x", type, {1, 1}, std::move(bytes)};
  require_finite(tensor, "/x", reason::weight_not_finite);
  return mpq_class(real_values(tensor).at(0)); // exact
}

} // namespace

TEST_CASE("SHA-256: the standard's examples, and every padding length") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  for (std::size_t length = 50; length < 200; ++length) {
    const std::string text(length, 'x');
    Sha256 pieces;
    for (const char c : text) pieces.update(std::string_view(&c, 1));
    CHECK(pieces.hexadecimal() == sha256(text));
  }
}

TEST_CASE("HMAC-SHA-256: RFC 4231's cases 1, 2 and 6, and no key") {
  CHECK(hmac_sha256(std::string(20, 0x0b), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hmac_sha256("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(hmac_sha256("", "") == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("JSON: what must pass") {
  for (const char* text :
       {"{}", "[]", "0", "\"x\"", " {\"a\": [1, 2, {\"b\": 9223372036854775807}]} \n", "[[[[[[[[]]]]]]]]"})
    CHECK_MESSAGE(json_reason(text) == "none", text);
}

TEST_CASE("JSON: what must fail, and why") {
  using namespace std::string_view_literals;
  CHECK(json_reason("") == "json-syntax");
  CHECK(json_reason("{} {}") == "json-syntax");
  CHECK(json_reason("[1,]") == "json-syntax");
  CHECK(json_reason("[01]") == "json-syntax");
  CHECK(json_reason("{\"a\": 1 // comment\n}") == "json-syntax");
  CHECK(json_reason("[NaN]") == "json-syntax");
  CHECK(json_reason("\xef\xbb\xbf{}") == "json-encoding");
  CHECK(json_reason("{}\0"sv) == "json-encoding");
  CHECK(json_reason("[\"\xff\"]") == "json-encoding");
  CHECK(json_reason("[\"\xc0\xaf\"]") == "json-encoding");
  CHECK(json_reason("[\"\xed\xa0\x80\"]") == "json-encoding");
  CHECK(json_reason("[\"\xf4\x90\x80\x80\"]") == "json-encoding");
  CHECK(json_reason("[[[[[[[[[]]]]]]]]]") == "json-depth");
  CHECK(json_reason("[-1]") == "json-number");
  CHECK(json_reason("[-0]") == "json-number");
  CHECK(json_reason("[1.0]") == "json-number");
  CHECK(json_reason("[1e2]") == "json-number");
  CHECK(json_reason("[9223372036854775808]") == "json-number");
  CHECK(json_reason("[18446744073709551616]") == "json-number");
  CHECK(json_reason("[1e999]") == "json-number");
  CHECK(json_reason("{\"a\":1,\"a\":2}") == "key-duplicate");
  CHECK(json_reason("{\"a\":1,\"\\u0061\":2}") == "key-duplicate");
}

TEST_CASE("typed access refuses other types, keys and alphabets") {
  Document document(
      R"({"n": 1, "s": "text", "t": true, "z": null, "line": "a\nb", "list": [1, 2], "accent": "\u00e9"})",
      json_peer::anything);
  const JsonView json = document.root();
  CHECK(json.at("n").unsigned_integer() == 1);
  CHECK(json.at("s").text() == "text");
  CHECK(json.has("z"));
  CHECK_FALSE(json.has("more"));
  CHECK(reason_of([&] { json.at("s").unsigned_integer(); }) == "type-mismatch");
  CHECK(reason_of([&] { json.at("t").unsigned_integer(); }) == "type-mismatch");
  CHECK(reason_of([&] { json.at("z").text(); }) == "type-mismatch");
  CHECK(reason_of([&] { json.at("n").array(); }) == "type-mismatch");
  CHECK(reason_of([&] { json.at("list").array_of(3); }) == "type-mismatch");
  CHECK(reason_of([&] { json.at("list").members(); }) == "type-mismatch");
  CHECK(reason_of([&] { json.at("line").text(); }) == "string-alphabet");
  CHECK(reason_of([&] { json.at("accent").text(); }) == "string-alphabet");
  CHECK(reason_of([&] { json.at("nothing"); }) == "key-missing");
}

TEST_CASE("JSON: what leaves its form is told with its place, and not kept; what is wrong with the text comes first") {
  static const Form two{.element = &forms::scalar, .most = 2, .too_many = reason::limit_claims};
  static const Form::Member keys[] = {{"a", &forms::scalar}, {"two", &two}};
  static const Form few{.value = &forms::scalar, .most = 2, .too_many = reason::limit_provenance};
  static const Form closed{.members = keys};
  static const Form::Member document_keys[] = {
      {"closed", &closed}, {"few", &few}, {"format", &forms::scalar}, {"version", &forms::scalar}};
  static const Form form{.members = document_keys};
  const auto left = [&](const std::string& text) {
    try {
      Document(text, form).of_format("f");
    } catch (const Failure& failure) {
      return std::string(failure.reason.code) + " at " + failure.pointer;
    }
    return std::string("none");
  };
  const std::string named = R"("format": "f", "version": 2)";
  CHECK(left("{" + named + R"(, "closed": {"a": 1, "two": [1, 2]}, "few": {"x": 1, "y": 2}})") == "none");
  CHECK(left(R"({"closed": {"b": [[{"deep": 1}]]}, )" + named + "}") == "key-unknown at /closed");
  CHECK(left(R"({"closed": {"two": [1, 2, 3, {"a": [4]}]}, )" + named + "}") == "limit-claims at /closed/two");
  CHECK(left(R"({"few": {"x": 1, "y": 2, "z": {"a": 1}}, )" + named + "}") == "limit-provenance at /few");
  CHECK(left(R"({"other": 1, "few": {"x": 1, "y": 2, "z": 3}, )" + named + "}") == "key-unknown at ");
  CHECK(left(R"({"other": 1, "format": "f", "version": 3})") == "version-unknown at /version");
  CHECK(left(R"({"other": 1, "format": "g", "version": 2})") == "format-name at /format");
  CHECK(left(R"({"other": [1, 2, {"x": -1}], )" + named + "}") == "json-number at /other/2/x");
  CHECK(left(R"({"other": [[[[[[[[[]]]]]]]]], )" + named + "}") == "json-depth at /other/0/0/0/0/0/0/0");
  CHECK(left(R"({"other": [1,], )" + named + "}") == "json-syntax at ");
  CHECK(left(R"({"other": "\xff", )" + named + "}").starts_with("json-"));
  // A container in the place of another is empty: its reader says what was expected.
  Document document(R"({"closed": [1, 2, 3], "few": {"x": [1, 2], "y": {"z": 1}}})", form);
  CHECK(document.root().at("closed").array().empty());
  CHECK(reason_of([&] { document.root().at("closed").at("a"); }) == "type-mismatch");
  CHECK(document.root().at("few").at("x").array().empty());
  CHECK(left(R"({"other": {"a": 1, "a": 2}, )" + named + "}") == "key-duplicate at /other");
  CHECK(left(R"({"other": 1, "other": 2, )" + named + "}") == "key-duplicate at ");
}

TEST_CASE(
    "JSON: the peer, nlohmann/json, reads the same of whatever is right, and refuses the same for the same reason") {
  using namespace std::string_view_literals;
  std::mt19937_64 random(1);
  const std::vector<std::string> seeds = {
      R"({"format": "x", "list": [0, 1, 22, 9223372036854775807, 9223372036854775808, 18446744073709551616]})",
      R"([1.5, -1, -0, 1e9, 1E+2, 0.0e-1, 1e999, 00, 01, 1., .5, +1, 0x1, NaN, Infinity, -])",
      R"({"a": "\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00", "b": "caf\u00e9", "a\u0000": "\ud800", "c": "\udc00\ud800"})",
      "{\"utf\": \"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\", \"bad\": \"\xed\xa0\x80 \xc0\xaf \xf4\x90\x80\x80\"}",
      "[true, false, null, [[], {}, [[[[[[]]]]]]], {\"a\": {\"b\": {\"c\": {\"d\": {}}}}}]",
      "\t\r\n [ ] \n",
      "\xef\xbb\xbf{}"};
  const std::string_view pieces[] = {"\"",
                                     "\\",
                                     "{",
                                     "}",
                                     "[",
                                     "]",
                                     ",",
                                     ":",
                                     " ",
                                     "\n",
                                     "/**/",
                                     "//",
                                     "0",
                                     "9",
                                     "-",
                                     ".",
                                     "e",
                                     "E",
                                     "+",
                                     "\\u00",
                                     "\\ud83d",
                                     "true",
                                     "nul",
                                     "\x01",
                                     "\x7f",
                                     "\xc3",
                                     "\x80",
                                     "\xf0",
                                     "\0"sv,
                                     "\"a\":",
                                     "12345678901234567890"};
  const auto draw = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  int refused = 0, read = 0;
  for (int i = 0; i < 60000; ++i) {
    std::string text = seeds[draw(seeds.size())];
    if (draw(3) == 0) text = text.substr(0, draw(text.size() + 1)) + seeds[draw(seeds.size())].substr(draw(5));
    for (std::size_t edits = draw(5); edits > 0 && !text.empty(); --edits) {
      const std::size_t at = draw(text.size());
      if (draw(2) == 0)
        text.erase(at, 1 + draw(4));
      else
        text.insert(at, pieces[draw(std::size(pieces))]);
    }
    CHECK_MESSAGE(json_peer::agree(text), text);
    ++(json_reason(text) == "none" ? read : refused);
  }
  CHECK(read > 500);
  CHECK(refused > 500);
}

TEST_CASE("JSON in pieces is read as in one, also where a piece ends inside a character, and to its end") {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {"{\"a\": [1, \"\\u00e9\\ud83d\\ude00\", {\"b\": \"caf\xc3\xa9 \xf0\x9f\x98\x80\"}]} "sv, "{\"a\": \"\xc3\"}"sv,
        "[\"\xf0\x9f\x98"sv, "\xef\xbb\xbf{}"sv, "\xef\xbb"sv, "{} \0"sv, "[1, "sv, "[1,, \"\xff\"]"sv,
        "{\"a\": 1, \"a\": 2} \xc3"sv, "\xc3\xa9"sv, "1.5"sv, ""sv})
    for (std::size_t size = 1; size <= 6; ++size) {
      std::string_view rest = text;
      const Pieces pieces = [&] {
        const std::string_view piece = rest.substr(0, size);
        rest.remove_prefix(piece.size());
        return piece;
      };
      CHECK_MESSAGE(reason_of([&] { Document(pieces, json_peer::anything); }) == json_reason(text), text);
      CHECK(rest.empty());
    }
  // What is wrong with the bytes is said before what is wrong with the syntax, wherever it is.
  CHECK(json_reason("[1,, \"\xff\"]") == "json-encoding");
}

TEST_CASE("JSON: the data of tensors is decoded, once, and other strings are not") {
  Document document(R"({"x": {"data": "AQI="}, "y": {"data": "AQ", "dtype": "AQI="}, "z": {"data": 1}})",
                    forms::tensors);
  const JsonView root = document.root();
  CHECK(root.at("x").at("data").take_data() == Json::Data{1, 2});
  CHECK(reason_of([&] { root.at("y").at("data").take_data(); }) == "base64");
  CHECK(root.at("y").at("dtype").text() == "AQI=");
  CHECK(reason_of([&] { root.at("z").at("data").take_data(); }) == "type-mismatch");
  CHECK(reason_of([&] { root.at("y").take_data(); }) == "type-mismatch");
  CHECK(reason_of([&] { root.at("x").at("data").text(); }) == "type-mismatch");
}

TEST_CASE("JSON: long strings are not kept, and canonical base64 of any length is decoded where data is expected") {
  const auto reason_and_data = [](const std::string& string, std::size_t piece_size) {
    const std::string text = R"({"x": {"dtype": ")" + std::string(5000, 'k') + R"(", "data": ")" + string + R"("}, ")" +
                             std::string(5000, 'K') + R"(": {}})";
    std::string_view rest = text;
    Document document(
        [&] {
          const std::string_view piece = rest.substr(0, piece_size);
          rest.remove_prefix(piece.size());
          return piece;
        },
        forms::tensors);
    const JsonView root = document.root();
    CHECK(root.at("x").at("dtype").string().size() == 4097);
    CHECK(reason_of([&] { root.at("x").at("dtype").text(); }) == "string-length");
    CHECK(reason_of([&] { root.members(); }) == "string-length");
    Json::Data data;
    const std::string reason = reason_of([&] { data = root.at("x").at("data").take_data(); });
    return std::pair(reason, data);
  };
  const auto repeated = [](const std::string& text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
  };
  const std::size_t sizes[] = {1, 7, 4096, 1 << 20};
  for (const std::size_t size : sizes)
    for (const std::size_t count : {1023u, 1024u, 1025u, 5000u}) {
      const std::string base = repeated("AQID", count);
      Json::Data bytes;
      for (std::size_t i = 0; i < count; ++i) bytes.insert(bytes.end(), {1, 2, 3});
      CHECK(reason_and_data(base, size) == std::pair(std::string("none"), bytes));
      bytes.push_back(255);
      for (const char* last : {"/w==", "\\/w==", "\\u002fw==", "\\u002Fw\\u003d="})
        CHECK(reason_and_data(base + last, size) == std::pair(std::string("none"), bytes));
      for (const char* last :
           {"A", "AA", "AAA", "/x==", "====", "A\\n==", "\\u00e9AAA", "\\/\\/\\/", "AAAA=", "=AAA", "\xc3\xa9"})
        CHECK_MESSAGE(reason_and_data(base + last, size).first == "base64", last);
      for (const char* wrong : {"A\nAA", "\\x", "\\u00g0", "\\u00"})
        CHECK_MESSAGE(reason_of([&] { reason_and_data(base + wrong, size); }) == "json-syntax", wrong);
    }
}

TEST_CASE("counts of inputs: numbers below 2^63, digits in a string from there on, and nothing else") {
  const auto count = [](const std::string& text) {
    Document document("[" + text + "]", json_peer::anything);
    try {
      const mpz_class count = read_count(document.root().array().front());
      const auto written = count_json(count).text(0);
      return written == text ? "same" : written;
    } catch (const Failure& failure) {
      return std::string(failure.reason.code);
    }
  };
  CHECK(count("0") == "same");
  CHECK(count("9223372036854775807") == "same");
  CHECK(count("\"9223372036854775808\"") == "same");
  CHECK(count("\"18446744073709551616\"") == "same");
  CHECK(count("\"1" + std::string(399, '0') + "\"") == "same");
  CHECK(count("\"9223372036854775807\"") == "number-grammar");
  CHECK(count("\"5\"") == "number-grammar");
  CHECK(count("\"\"") == "number-grammar");
  CHECK(count("\"09223372036854775808\"") == "number-grammar");
  CHECK(count("\"-9223372036854775808\"") == "number-grammar");
  CHECK(count("\"0x8000000000000000000\"") == "number-grammar");
  CHECK(count("\"1" + std::string(400, '0') + "\"") == "number-grammar");
  CHECK(count("[1]") == "type-mismatch");
}

TEST_CASE("base64: canonical only") {
  const auto decoded = [](std::string_view text) {
    Base64Decoder decoder;
    for (const char c : text) decoder.add(c);
    return decoder.finish();
  };
  CHECK(decoded("")->empty());
  CHECK(decoded("AA==") == std::vector<std::uint8_t>{0});
  CHECK(decoded("AQI=") == std::vector<std::uint8_t>{1, 2});
  CHECK(decoded("+/AB") == std::vector<std::uint8_t>{0xfb, 0xf0, 0x01});
  for (const char* text :
       {"A", "AA", "AAA", "AA=A", "A===", "====", "AB==", "AAB=", "AA==AA==", " AAA", "AA\n=", "-_AB",
        "AA=="
        "="})
    CHECK_MESSAGE(!decoded(text), text);
}

TEST_CASE("dtypes are read exactly, to their last subnormal") {
  CHECK(value(DType::float16, {0x00, 0x3c}) == 1);
  CHECK(value(DType::float16, {0x01, 0x00}) == mpq_class(1, 1 << 24));
  CHECK(value(DType::float16, {0xff, 0x7b}) == 65504);
  CHECK(value(DType::bfloat16, {0x80, 0xbf}) == -1);
  CHECK(value(DType::float32, {0x00, 0x00, 0x80, 0x3f}) == 1);
  CHECK(value(DType::float32, {0x01, 0x00, 0x00, 0x80}) == mpq_class(-1) / mpq_class(mpz_class(1) << 149));
  CHECK(value(DType::float32, {0x00, 0x00, 0x00, 0x80}) == 0);
  CHECK(value(DType::float64, {0, 0, 0, 0, 0, 0, 0xf8, 0x3f}) == mpq_class(3, 2));
  CHECK(value(DType::float64, {1, 0, 0, 0, 0, 0, 0, 0}) == mpq_class(1) / mpq_class(mpz_class(1) << 1074));
}

TEST_CASE("every float16 is the number that IEEE 754 says") {
  for (std::uint32_t bits = 0; bits < 1u << 16; ++bits) {
    const auto exponent = bits >> 10 & 31, fraction = bits & 1023;
    if (exponent == 31) continue;
    mpq_class expected(exponent == 0 ? fraction : fraction + 1024);
    for (auto e = std::max(exponent, 1u); e < 25; ++e) expected /= 2;
    for (auto e = std::max(exponent, 1u); e > 25; --e) expected *= 2;
    if (bits >> 15) expected = -expected;
    const auto byte = [&](int i) { return static_cast<std::uint8_t>(bits >> (8 * i)); };
    if (value(DType::float16, {byte(0), byte(1)}) != expected) FAIL(bits);
  }
}

TEST_CASE("the largest and the smallest numbers of wide types are exact, and unsigned ones are read by value") {
  mpz_class power;
  mpz_ui_pow_ui(power.get_mpz_t(), 2, 971);
  CHECK(value(DType::float64, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xef, 0x7f}) ==
        mpq_class(mpz_class((mpz_class(1) << 53) - 1) * power));
  CHECK(value(DType::float64, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x80}) ==
        mpq_class(-((mpz_class(1) << 52) - 1)) / mpq_class(mpz_class(1) << 1074));
  CHECK(value(DType::bfloat16, {0x01, 0x00}) == mpq_class(1) / mpq_class(mpz_class(1) << 133));
  CHECK(value(DType::float32, {0xff, 0xff, 0x7f, 0x7f}) == mpq_class(mpz_class((1 << 24) - 1) << 104));
  using Values = std::vector<std::uint32_t>;
  CHECK(unsigned_values({"x", DType::uint8, {2}, {7, 255}}) == Values{7, 255});
  CHECK(unsigned_values({"x", DType::uint16, {2}, {1, 2, 255, 255}}) == Values{513, 65535});
  CHECK(unsigned_values({"x", DType::uint32, {2}, {1, 0, 0, 2, 255, 255, 255, 255}}) == Values{33554433, 4294967295});
}

TEST_CASE("infinities and NaNs are refused in every dtype") {
  for (const auto& [type, bytes] : {std::pair{DType::float16, std::vector<std::uint8_t>{0x00, 0x7c}},
                                    {DType::float16, {0x01, 0xfc}},
                                    {DType::bfloat16, {0x80, 0x7f}},
                                    {DType::bfloat16, {0xc1, 0x7f}},
                                    {DType::float32, {0, 0, 0x80, 0xff}},
                                    {DType::float32, {1, 0, 0x80, 0x7f}},
                                    {DType::float64, {0, 0, 0, 0, 0, 0, 0xf0, 0x7f}},
                                    {DType::float64, {0, 0, 0, 0, 0, 0, 0xf8, 0xff}}})
    CHECK(reason_of([&] { value(type, bytes); }) == "weight-not-finite");
}

TEST_CASE("sizes that overflow are noticed") {
  using Shape = std::vector<std::uint64_t>;
  CHECK(byte_count(DType::float32, Shape{3, 4}) == 48);
  CHECK(!byte_count(DType::float32, Shape{std::uint64_t{1} << 32, std::uint64_t{1} << 32}));
  CHECK(!byte_count(DType::float64, Shape{std::uint64_t{1} << 60, 1}));
  CHECK(byte_count(DType::float64, Shape{std::uint64_t{1} << 59, 1}));
}

TEST_CASE("text from outside is shown harmless") {
  const auto safe = [](std::string_view text) { return printable(shown(text), true); };
  CHECK(safe("plain") == "\"plain\"");
  CHECK(safe("a\ns VERIFIED") == "\"a\\x0as VERIFIED\"");
  CHECK(safe("\x1b[2J\"\\") == "\"\\x1b[2J\\x22\\x5c\"");
  CHECK(shown(std::string(1000, 'x')).size() < 100);
}

TEST_CASE(
    "letters of other alphabets stay where the terminal takes UTF-8; what hides, overwrites or reorders never does") {
  using namespace std::string_view_literals;
  for (const std::string_view letters :
       {"Stra\xc3\x9f"
        "e \xc3\xbc",
        "\xce\xb1\xcf\x89", "\xd0\x94\xd1\x8f", "\xe6\xa8\xa1\xe5\x9e\x8b", "\xea\xb0\x80"}) {
    CHECK(printable(letters, true) == letters);
    const std::string ascii = printable(letters, false);
    CHECK(std::ranges::all_of(ascii, [](char c) { return c >= ' ' && c <= '~'; }));
  }
  CHECK(printable("\xc3\xbc", false) == "\\xc3\\xbc");
  CHECK(printable("a\0\t\r\n\x1b\x7f"sv, true) == "a\\x00\\x09\\x0d\\x0a\\x1b\\x7f");
  for (const std::string_view hidden :
       {"\xc2\x85",         "\xc2\x9b",     "\xc2\xa0",     "\xc2\xad",     "\xcc\x81",
        "\xd2\x88",         "\xd8\x9c",     "\xd7\x90",     "\xe2\x80\x8b", "\xe2\x80\xa8",
        "\xe2\x80\xae",     "\xe2\x81\xa6", "\xef\xbb\xbf", "\xee\x80\x80", "\xf0\x9f\x98\x80",
        "\xf3\xa0\x80\x81", "\xff",         "\xc3",         "\xc0\x8a",     "\xed\xa0\x80"}) {
    const std::string text = printable(hidden, true);
    CHECK_MESSAGE(text.size() == 4 * hidden.size(), text);
    CHECK(text.starts_with("\\x"));
  }
}
