// Whole certificates. What reads well and is small is checked by both engines: they must give the same verdict, and an accepted
// certificate must be supported by what the verifier computed.
//
// Mutations know the format: fields, numbers, tensor data and witnesses are changed one at a time, then, most of the time, what the
// verifier itself says that it expected (digests, budgets, ends, counts, bounds) is put right, so that the change is reached. The
// verifier's word is tested on the way: when what it expected is there, it must not complain about the same place again.
#include "reading/certificate.hpp"
#include "check/check.hpp"
#include "reading/base64.hpp"
#include "reading/reason.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

using namespace verifier;
using Tree = nlohmann::ordered_json;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

void must(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

// Small enough to check many of them a second. The work is bounded by the budgets.
constexpr std::uint64_t most_operations = 1'000'000;
bool is_small(const Certificate& certificate) {
  return certificate.classes <= 16 && certificate.tables <= most_operations &&
         std::ranges::all_of(certificate.steps, [](const Step& step) { return step.operations <= most_operations; });
}

// The failure, if any.
std::optional<Failure> judged(std::string_view text, Engine engine) {
  try {
    const Certificate certificate = read_certificate(text);
    if (!is_small(certificate)) return Failure(reason::limit_length, "");
    const Result result = check(certificate, {.engine = engine});
    must(sum(result.operations) <= length(certificate), "more operations were performed than the budgets allow");
    for (std::size_t i = 0; i < certificate.claims.size(); ++i) {
      const Claim& claim = certificate.claims[i];
      must(claim.direction == Direction::upper ? result.established[i] <= claim.bound
                                               : result.established[i] >= claim.bound,
           "an established bound is weaker than its claim");
    }
    mpz_class least = 0, most = 0;
    for (const StepResult& step : result.steps) {
      const Established& found = step.established;
      must(found.loss_lower() >= 0, "a loss below 0");
      must(!found.loss_upper() || found.loss_lower() <= *found.loss_upper(), "an enclosure is reversed");
      must(found.correct_at_least <= found.correct_at_most, "counts of correct inputs are reversed");
      least += found.correct_at_least, most += found.correct_at_most;
    }
    must(least >= 0 && most <= certificate.task.inputs(), "more inputs are correct than there are");
    return std::nullopt;
  } catch (const Failure& failure) {
    must(failure.reason != reason::internal, "internal error");
    return failure;
  }
}

constexpr const char* words[] = {"enumeration@1",
                                 "symmetry@1",
                                 "convexity@1",
                                 "head-tail@1",
                                 "block-jensen@1",
                                 "float16",
                                 "bfloat16",
                                 "float32",
                                 "float64",
                                 "uint8",
                                 "uint16",
                                 "uint32",
                                 "placements@1",
                                 "soft-near-far@1",
                                 "near-far@1",
                                 "band@1",
                                 "cubic@1",
                                 "subcubic@1",
                                 "labels",
                                 "inputs",
                                 "ranges",
                                 "list",
                                 "table",
                                 "positions",
                                 "in,out",
                                 "out,in",
                                 "tokens,width",
                                 "width,tokens",
                                 "heads,in,head",
                                 "heads,head,out",
                                 "causal",
                                 "none",
                                 "last",
                                 "sum",
                                 "loss",
                                 "correct",
                                 "margin",
                                 "length",
                                 "upper",
                                 "lower",
                                 "cross-entropy",
                                 "accuracy",
                                 "heads",
                                 "head-sizes",
                                 "levels",
                                 "column-groups",
                                 "column-weights",
                                 "token-multipliers",
                                 "label-multipliers",
                                 "blocks",
                                 "block-multipliers",
                                 "0x0p+0",
                                 "0x1p+0",
                                 "0x1p+16383",
                                 "0x1p-16383",
                                 "-0x1p+3",
                                 "-1",
                                 "0",
                                 "1",
                                 "0.5"};
constexpr char base64_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64(const std::vector<std::uint8_t>& bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = std::uint32_t{bytes[i]} << 16;
    if (i + 1 < bytes.size()) group |= std::uint32_t{bytes[i + 1]} << 8;
    if (i + 2 < bytes.size()) group |= bytes[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) text += base64_alphabet[group >> shift & 63];
    for (std::size_t missing = i + 3 > bytes.size() ? i + 3 - bytes.size() : 0; missing > 0; --missing)
      text[text.size() - missing] = '=';
  }
  return text;
}

class Mutation {
public:
  explicit Mutation(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t end) { return end == 0 ? 0 : random_() % end; }

  void change(Tree& document) {
    std::vector<Tree::json_pointer> places;
    collect(document, Tree::json_pointer(), places);
    const auto& place = places[below(places.size())];
    Tree& value = document[place];
    if (value.is_string())
      change_text(value, !place.empty() && place.back() == "data");
    else if (value.is_number())
      change_number(value);
    else if (value.is_array())
      change_array(value);
    else if (value.is_object() && !value.empty())
      change_object(value);
    if (below(200) == 0) value = nullptr;
  }

private:
  static void collect(const Tree& value, const Tree::json_pointer& place, std::vector<Tree::json_pointer>& places) {
    places.push_back(place);
    if (value.is_object())
      for (const auto& [key, child] : value.items()) collect(child, place / key, places);
    if (value.is_array())
      for (std::size_t i = 0; i < value.size(); ++i) collect(value[i], place / i, places);
  }

  void change_number(Tree& value) {
    const auto old = value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
    const std::uint64_t choices[] = {old + 1,  old - 1, old * 2, below(20), below(3), std::uint64_t{1} << below(64),
                                     INT64_MAX};
    value = choices[below(std::size(choices))];
  }

  void change_text(Tree& value, bool is_data) {
    std::string text = value.get<std::string>();
    if (is_data && below(8) != 0) {
      Base64Decoder decoder;
      for (const char c : text) decoder.add(c);
      std::vector<std::uint8_t> bytes = decoder.finish().value_or(std::vector<std::uint8_t>());
      if (!bytes.empty()) {
        if (below(3) == 0)
          bytes[below(bytes.size())] ^= static_cast<std::uint8_t>(1u << below(8));
        else if (below(2) == 0)
          bytes[below(bytes.size())] = static_cast<std::uint8_t>(below(below(2) == 0 ? 8 : 256));
        else
          LLVMFuzzerMutate(bytes.data(), bytes.size(), bytes.size());
      }
      value = base64(bytes);
    } else if (text.starts_with("0x1") && below(2) == 0) {
      text[below(text.size())] = "0123456789abcdef"[below(16)];
      value = text;
    } else if (below(2) == 0) {
      value = words[below(std::size(words))];
    } else {
      text.resize(text.size() + 4);
      text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), text.size() - 4, text.size()));
      for (char& c : text)
        if (below(50) != 0 && (c < ' ' || c > '~')) c = static_cast<char>('0' + (c & 7));
      value = text;
    }
  }

  void change_array(Tree& value) {
    if (value.empty() || below(5) == 0)
      value.push_back(value.empty() ? Tree(below(5)) : Tree(value[below(value.size())]));
    else if (below(3) == 0)
      value.erase(below(value.size()));
    else
      std::swap(value[below(value.size())], value[below(value.size())]);
  }

  void change_object(Tree& value) {
    auto member = value.begin();
    std::advance(member, static_cast<std::ptrdiff_t>(below(value.size())));
    const Tree copy = member.value();
    if (below(2) == 0) value.erase(member.key());
    if (below(2) == 0) value[words[below(std::size(words))]] = copy;
  }

  std::mt19937 random_;
};

std::string dump(const Tree& document) {
  return document.dump(-1, ' ', false, Tree::error_handler_t::replace);
}

// Puts what the verifier expects where it expects it; false when it says nothing that can be put there.
bool put_right(Tree& document, const Failure& failure) {
  const std::string& expected = failure.expected;
  const auto after = [&](std::string_view prefix) {
    return expected.substr(expected.starts_with(prefix) ? prefix.size() : 0);
  };
  const auto number = [](const std::string& text) { return std::strtoull(text.c_str(), nullptr, 10); };
  try {
    Tree& value = document.at(Tree::json_pointer(failure.pointer));
    const Reason& reason = failure.reason;
    if (reason == reason::operations_budget && value == most_operations) return false;
    if (reason == reason::digest_mismatch)
      value = expected;
    else if (reason == reason::operations_budget)
      value = most_operations;
    else if (reason == reason::step_id)
      value = number(expected);
    else if (reason == reason::loss_lower || reason == reason::margin)
      value = after("at most ");
    else if (reason == reason::loss_upper)
      value = after("at least ");
    else if (reason == reason::correct_count)
      value = number(after(expected.starts_with("at most ") ? "at most " : "at least "));
    else if (reason == reason::claim_not_implied)
      value = expected.starts_with("at most ") ? after("at most ") : after("at least ");
    else
      return false;
    return true;
  } catch (const Tree::exception&) {
    return false;
  }
}

std::string put_right(Tree document, std::size_t times) {
  std::string text = dump(document), last;
  for (std::size_t i = 0; i < times; ++i) {
    const auto failure = judged(text, Engine::fast);
    if (!failure) break;
    const std::string place = failure->pointer + " " + failure->expected;
    const bool is_again = place == last && failure->reason != reason::operations_budget; // which says no number
    must(!is_again, "the verifier did not expect what it said it expected");
    if (!put_right(document, *failure)) break;
    // A sum or a count that does not fit its range, or a bound of more digits than claims have, cannot be put right.
    last = place;
    const std::string next = dump(document);
    if (next == text) break;
    text = next;
  }
  return text;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto by_fast = judged(text, Engine::fast), by_reference = judged(text, Engine::reference);
  must(by_fast.has_value() == by_reference.has_value() && (!by_fast || by_fast->reason == by_reference->reason),
       "the engines give different verdicts");
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  Mutation mutation(seed);
  Tree document = Tree::parse(data, data + size, nullptr, false);
  if (document.is_discarded() || !document.is_structured() || mutation.below(20) == 0)
    return LLVMFuzzerMutate(data, size, max_size);
  for (std::size_t changes = 1 + mutation.below(3); changes > 0; --changes) mutation.change(document);
  const std::string text = mutation.below(4) == 0 ? dump(document) : put_right(document, 100);
  if (text.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::copy(text.begin(), text.end(), data);
  return text.size();
}
