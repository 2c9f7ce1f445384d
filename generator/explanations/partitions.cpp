#include "explanations/partitions.hpp"

#include "support/in_quotes.hpp"
#include "support/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <numeric>
#include <optional>
#include <stdexcept>

namespace proofmark::explanations {

namespace {

constexpr std::size_t most_degree = 7;
using Permutation = std::vector<std::uint8_t>;
using Labels = std::vector<std::uint64_t>;

std::vector<std::string_view> parts(std::string_view text, char separator) {
  std::vector<std::string_view> result;
  for (;;) {
    const std::size_t end = std::min(text.find(separator), text.size());
    result.push_back(text.substr(0, end));
    if (end == text.size()) return result;
    text.remove_prefix(end + 1);
  }
}

// Of so many things in lexicographic order; empty where there are not as many as symbols.
std::vector<Permutation> permutations(std::uint64_t symbols) {
  std::size_t degree = 1;
  std::uint64_t count = 1;
  while (count < symbols && degree < most_degree) count *= ++degree;
  std::vector<Permutation> result;
  if (count != symbols) return result;
  Permutation next(degree);
  std::iota(next.begin(), next.end(), std::uint8_t{0});
  do result.push_back(next);
  while (std::next_permutation(next.begin(), next.end()));
  return result;
}

Permutation inverse(const Permutation& x) {
  Permutation result(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) result[x[i]] = static_cast<std::uint8_t>(i);
  return result;
}

Permutation product(const Permutation& x, const Permutation& y) { // i -> x(y(i))
  Permutation result(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) result[i] = x[y[i]];
  return result;
}

bool is_odd(const Permutation& x) {
  bool odd = false;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = i + 1; j < x.size(); ++j) odd ^= x[i] > x[j];
  return odd;
}

// All products of some of them: the subgroup that they generate.
std::vector<Permutation> generated(const std::vector<Permutation>& generators, std::size_t degree) {
  Permutation identity(degree);
  std::iota(identity.begin(), identity.end(), std::uint8_t{0});
  std::vector<Permutation> all{identity};
  std::map<Permutation, bool> known{{identity, true}};
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const Permutation& g : generators)
      if (const Permutation next = product(all[i], g); known.emplace(next, true).second) all.push_back(next);
  return all;
}

// What a name says, before it is looked up.
struct Named {
  std::string kind;
  std::vector<std::string_view> of; // behind the colon
};

class Names {
public:
  explicit Names(std::uint64_t symbols) : symbols_(symbols), permutations_(permutations(symbols)) {}

  Labels labels(std::string_view name) const {
    const std::size_t colon = name.find(':');
    Named named{std::string(name.substr(0, colon)), {}};
    if (colon != name.npos) named.of = parts(name.substr(colon + 1), ',');
    if (named.kind == "one") return of_each(named, 0, [](std::uint64_t) { return std::uint64_t{0}; });
    if (named.kind == "each") return of_each(named, 0, [](std::uint64_t i) { return i; });
    if (named.kind == "residues") {
      require(named, 1);
      const std::uint64_t modulus = number(named, 0, 1, symbols_);
      return of_each(named, 1, [&](std::uint64_t i) { return i % modulus; });
    }
    return of_permutations(named);
  }

  bool have_permutations() const { return !permutations_.empty(); }
  std::size_t degree() const { return permutations_.front().size(); }

private:
  template <class Label>
  Labels of_each(const Named& named, std::size_t numbers, const Label& label) const {
    require(named, numbers);
    Labels result(symbols_);
    for (std::uint64_t i = 0; i < symbols_; ++i) result[i] = label(i);
    return result;
  }

  void require(const Named& named, std::size_t numbers) const {
    if (named.of.size() != numbers)
      throw std::invalid_argument(fmt::format("{} has {} number{} behind it, expected {}", named.kind, named.of.size(),
                                              named.of.size() == 1 ? "" : "s", numbers));
  }

  std::uint64_t number(const Named& named, std::size_t which, std::uint64_t from, std::uint64_t to) const {
    const std::string_view text = named.of[which];
    std::uint64_t result = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
    if (error != std::errc() || end != text.data() + text.size() || result < from || result > to)
      throw std::invalid_argument(
          fmt::format("{}: expected a number from {} to {}, found {}", named.kind, from, to, in_quotes(text)));
    return result;
  }

  Labels of_permutations(const Named& named) const {
    static const std::vector<std::string> kinds = {"one",           "each",        "residues",    "images",
                                                   "preimages",     "image-pairs", "image-sets",  "preimage-pairs",
                                                   "preimage-sets", "sign",        "left-cosets", "right-cosets"};
    if (std::find(kinds.begin(), kinds.end(), named.kind) == kinds.end())
      throw std::invalid_argument(fmt::format("there is no partition {}; {}", in_quotes(named.kind),
                                              spelling_hint(named.kind, kinds, "names")));
    if (!have_permutations())
      throw std::invalid_argument(
          fmt::format("{} is about permutations, and {} symbols are not all those of 1 to {} things", named.kind,
                      symbols_, most_degree));
    const std::string_view kind = named.kind;
    if (kind == "sign")
      return of_each(named, 0, [&](std::uint64_t i) { return std::uint64_t{is_odd(permutations_[i])}; });
    if (kind == "left-cosets" || kind == "right-cosets") return cosets(named, kind == "left-cosets");
    const bool of_inverse = kind.starts_with("pre"), pair = kind.ends_with("pairs") || kind.ends_with("sets");
    require(named, pair ? 2 : 1);
    const std::uint64_t first = number(named, 0, 0, degree() - 1),
                        second = pair ? number(named, 1, 0, degree() - 1) : first;
    if (pair && first == second) throw std::invalid_argument(fmt::format("{} has {} twice", kind, first));
    return of_each(named, pair ? 2 : 1, [&](std::uint64_t i) -> std::uint64_t {
      const Permutation x = of_inverse ? inverse(permutations_[i]) : permutations_[i];
      std::uint64_t a = x[first], b = x[second];
      if (kind.ends_with("sets") && a > b) std::swap(a, b);
      return a * degree() + b;
    });
  }

  Permutation permutation(std::string_view text) const {
    Permutation result;
    for (const char c : text) result.push_back(static_cast<std::uint8_t>(c - '0'));
    Permutation sorted = result;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < degree(); ++i)
      if (sorted.size() != degree() || sorted[i] != i)
        throw std::invalid_argument(fmt::format("{} is no permutation of 0 to {}, written as the images of these",
                                                in_quotes(text), degree() - 1));
    return result;
  }

  // x and x h in one block, or x and h x, for every h of the subgroup.
  Labels cosets(const Named& named, bool left) const {
    std::vector<Permutation> generators;
    for (const std::string_view text : named.of) generators.push_back(permutation(text));
    const std::vector<Permutation> subgroup = generated(generators, degree());
    Labels result;
    std::map<Permutation, std::uint64_t> block;
    for (const Permutation& x : permutations_) {
      if (block.count(x) == 0) {
        const std::uint64_t next = block.size();
        for (const Permutation& h : subgroup) block.emplace(left ? product(x, h) : product(h, x), next);
      }
      result.push_back(block.at(x));
    }
    return result;
  }

  std::uint64_t symbols_;
  std::vector<Permutation> permutations_;
};

Blocks joint_blocks(const Names& names, std::string_view name) {
  Labels all;
  for (const std::string_view part : parts(name, '&')) {
    const Labels own = names.labels(part);
    if (all.empty()) all.resize(own.size());
    const std::uint64_t count = *std::max_element(own.begin(), own.end()) + 1;
    for (std::size_t i = 0; i < own.size(); ++i) all[i] = all[i] * count + own[i];
    const Blocks blocks = in_order(all);
    all.assign(blocks.begin(), blocks.end());
  }
  return in_order(all);
}

// Names worth trying, simple ones first.
std::vector<std::string> candidates(const Names& names, std::uint64_t symbols) {
  std::vector<std::string> result = {"one", "each"};
  if (names.have_permutations()) {
    result.emplace_back("sign");
    for (const char* kind : {"images", "preimages"})
      for (std::size_t i = 0; i < names.degree(); ++i) result.push_back(fmt::format("{}:{}", kind, i));
    for (const char* kind : {"image-sets", "preimage-sets", "image-pairs", "preimage-pairs"})
      for (std::size_t i = 0; i < names.degree(); ++i)
        for (std::size_t j = i + 1; j < names.degree(); ++j) result.push_back(fmt::format("{}:{},{}", kind, i, j));
    for (std::size_t i = 3, plain = result.size(); i < plain; ++i) result.push_back(result[i] + "&sign");
  }
  constexpr std::uint64_t most_moduli = 256;
  for (std::uint64_t modulus = 2; modulus < std::min(symbols, most_moduli); ++modulus)
    result.push_back(fmt::format("residues:{}", modulus));
  return result;
}

} // namespace

Blocks in_order(std::span<const std::uint64_t> labels) {
  constexpr std::size_t most = 65536;
  std::map<std::uint64_t, std::uint16_t> number;
  Blocks result;
  for (const std::uint64_t label : labels) {
    result.push_back(number.emplace(label, static_cast<std::uint16_t>(number.size())).first->second);
    if (number.size() > most) throw std::invalid_argument(fmt::format("has more than {} blocks", most));
  }
  return result;
}

Blocks partition_named(std::string_view name, std::uint64_t symbols) {
  return joint_blocks(Names(symbols), name);
}

std::string name_of(const Blocks& blocks) {
  const Names names(blocks.size());
  for (const std::string& name : candidates(names, blocks.size()))
    if (joint_blocks(names, name) == blocks) return name;
  return {};
}

} // namespace proofmark::explanations
