#include "networks/naming/recognised_parts.hpp"

#include "models/tensors.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

namespace proofmark::networks {

namespace {

// Words in brackets, one within another, written out.
std::vector<std::string> written_out(const std::string& names) {
  const std::size_t open = names.find('(');
  if (open == names.npos) return {names};
  std::vector<std::string> result;
  int depth = 0;
  std::size_t word = open + 1, close = open;
  std::vector<std::string> words;
  for (std::size_t i = open; depth > 0 || i == open; close = i++) {
    if (names[i] == '(') ++depth;
    if (names[i] == ')') --depth;
    if (depth == 0 || (depth == 1 && names[i] == '|')) words.push_back(names.substr(word, i - word)), word = i + 1;
  }
  for (const std::string& one : words)
    for (std::string& all : written_out(names.substr(0, open) + one + names.substr(close + 1)))
      result.push_back(std::move(all));
  return result;
}

// The number that # stands for, 0 where the pattern has none; nothing where the name is another.
std::optional<std::uint64_t> matched(std::string_view pattern, std::string_view name) {
  const std::size_t at = pattern.find('#');
  if (at == pattern.npos) return pattern == name ? std::optional(std::uint64_t{0}) : std::nullopt;
  if (name.size() < at || !name.starts_with(pattern.substr(0, at))) return {};
  std::uint64_t number = 0;
  const char *from = name.data() + at, *to = name.data() + name.size();
  const auto [end, error] = std::from_chars(from, to, number);
  if (error != std::errc() || number > 999 || std::string_view(end, to) != pattern.substr(at + 1)) return {};
  return number;
}

// "blocks.0.attn.W_Q" has "blocks.0.attn.b_Q", "in_proj_weight" has "in_proj_bias", "ln1.w" has "ln1.b".
std::string bias_of(std::string weight) {
  if (weight.ends_with("weight")) return weight.replace(weight.size() - 6, 6, "bias");
  if (weight.ends_with(".w")) return weight.replace(weight.size() - 1, 1, "b");
  if (const std::size_t at = weight.rfind("W_"); at != weight.npos) return weight.replace(at, 1, "b");
  return {};
}

std::string first_name(const Row& row, std::uint64_t number) {
  std::string name = written_out(std::string(row.names)).front();
  if (const std::size_t at = name.find('#'); at != name.npos) name.replace(at, 1, std::to_string(number));
  return name;
}

// Numbers from 0 in place of those of the file: a torch.nn.Sequential counts its activations too.
void renumber_readout(Parts& parts) {
  std::vector<PartTensors> maps;
  for (auto entry = parts.found.begin(); entry != parts.found.end();)
    if (entry->first.first == Role::readout) {
      maps.push_back(entry->second);
      entry = parts.found.erase(entry);
    } else {
      ++entry;
    }
  for (std::size_t i = 0; i < maps.size(); ++i) parts.found[{Role::readout, i}] = maps[i];
}

bool of_a_block(Role role) {
  return role >= Role::query && role <= Role::norm_2;
}

// What is needed: rows of these roles are alternatives.
std::string missing(const Parts& parts, std::initializer_list<Role> roles, std::uint64_t block) {
  std::string names;
  for (const Role role : roles) {
    if (parts.part(role, block)) return {};
    for (const Row& row : parts.scheme->rows)
      if (row.role == role) {
        names += (names.empty() ? "" : " or ") + first_name(row, block);
        break;
      }
  }
  return names;
}

std::string what_is_missing(const Parts& parts) {
  std::vector<std::string> names;
  const auto need = [&](std::initializer_list<Role> roles, std::uint64_t block = 0) {
    if (const std::string name = missing(parts, roles, block); !name.empty()) names.push_back(name);
  };
  const bool operands = parts.scheme->rows.front().role == Role::left;
  if (operands)
    need({Role::left}), need({Role::right});
  else
    need({Role::tokens});
  need({Role::readout});
  if (parts.scheme->sums && !parts.part(Role::readout, 1)) names.push_back("linear.weight and unembedding.weight");
  for (std::uint64_t b = 0; b < parts.blocks; ++b) {
    const auto any = [&](std::initializer_list<Role> roles) {
      return std::any_of(roles.begin(), roles.end(), [&](Role role) { return parts.part(role, b) != nullptr; });
    };
    const bool packed = any({Role::packed});
    if (any({Role::query, Role::key, Role::value, Role::output, Role::packed})) {
      for (const Role role : {Role::query, Role::key, Role::value})
        if (!packed) need({role}, b);
      need({Role::output}, b);
    }
    if (any({Role::mlp_in, Role::mlp_out})) need({Role::mlp_in}, b), need({Role::mlp_out}, b);
    if (!any({Role::output, Role::mlp_out})) names.push_back(fmt::format("block {}", b));
  }
  return joined(names, ", ");
}

std::set<std::string> shared_prefixes(const std::vector<Tensor>& tensors) {
  std::set<std::string> result;
  if (tensors.empty()) return result;
  const std::string& first = tensors.front().name;
  for (std::size_t dot = first.find('.'); dot != first.npos; dot = first.find('.', dot + 1)) {
    const std::string prefix = first.substr(0, dot + 1);
    if (std::all_of(tensors.begin(), tensors.end(), [&](const Tensor& t) { return t.name.starts_with(prefix); }))
      result.insert(prefix);
  }
  return result;
}

std::string names_and_shapes(const std::vector<Tensor>& tensors) {
  constexpr std::size_t most = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(tensors.size(), most); ++i)
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", printable(tensors[i].name), shape_text(tensors[i].shape));
  if (tensors.size() > most) text += fmt::format(" and {} more", tensors.size() - most);
  return text.empty() ? "no tensors" : text;
}

[[noreturn]] void refuse_unknown(const SafetensorsFile& file, const std::string& prefix) {
  if (prefix.empty())
    for (const std::string& shared : shared_prefixes(file.tensors))
      for (const Scheme& scheme : schemes())
        if (recognised_parts(scheme, file.tensors, shared).missing.empty())
          throw Error(
              Exit::data,
              fmt::format("all names begin with {}; without it they are those of {}", in_quotes(shared), scheme.name),
              fmt::format("--prefix {} reads them so; the description keeps the names as they are", printable(shared)));
  throw Error(Exit::data,
              fmt::format("the names of the tensors fit no scheme ({}): {}", joined(scheme_names(), ", "),
                          names_and_shapes(file.tensors)),
              "--like SCHEME says what one misses; a description can be written by hand: docs/interop.md");
}

} // namespace

const PartTensors* Parts::part(Role role, std::uint64_t number) const {
  const auto entry = found.find({role, number});
  return entry == found.end() ? nullptr : &entry->second;
}

Parts recognised_parts(const Scheme& scheme, const std::vector<Tensor>& tensors, const std::string& prefix) {
  Parts result;
  result.scheme = &scheme;
  std::map<std::string, const Tensor*> by_name;
  for (const Tensor& tensor : tensors) by_name.emplace(tensor.name, &tensor);
  std::set<const Tensor*> used;
  for (const Row& row : scheme.rows)
    for (const std::string& pattern : written_out(std::string(row.names)))
      for (const Tensor& tensor : tensors) {
        if (!tensor.name.starts_with(prefix)) continue;
        auto number = matched(pattern, std::string_view(tensor.name).substr(prefix.size()));
        if (!number) continue;
        if (scheme.sums && row.role == Role::readout) number = static_cast<std::uint64_t>(&row - scheme.rows.data());
        const PartTensors part{&row, &tensor};
        if (!result.found.emplace(std::pair(row.role, *number), part).second) continue;
        used.insert(&tensor);
        if (of_a_block(row.role)) result.blocks = std::max(result.blocks, *number + 1);
        const auto bias = by_name.find(bias_of(tensor.name));
        if (bias == by_name.end()) continue;
        used.insert(bias->second);
        PartTensors& kept = result.found[{row.role, *number}];
        if (kept.zero_bias = all_zero(*bias->second); kept.zero_bias)
          result.zero_biases.push_back(bias->second);
        else
          kept.bias = bias->second;
      }
  for (const Tensor& tensor : tensors)
    if (!used.contains(&tensor)) result.others.push_back(&tensor);
  renumber_readout(result);
  result.missing = result.blocks > 64 ? "blocks up to 64" : what_is_missing(result);
  return result;
}

Parts parts_of(const SafetensorsFile& file, const std::string& like, const std::string& prefix,
               bool (*same)(const Parts&, const Parts&)) {
  if (!like.empty()) {
    Parts parts = recognised_parts(*scheme_named(like), file.tensors, prefix);
    if (!parts.missing.empty())
      throw Error(
          Exit::data,
          fmt::format("a model of {} needs {}; this one has {}", like, parts.missing, names_and_shapes(file.tensors)),
          "--prefix says what names begin with");
    return parts;
  }
  std::vector<Parts> best;
  for (const Scheme& scheme : schemes()) {
    Parts parts = recognised_parts(scheme, file.tensors, prefix);
    if (!parts.missing.empty()) continue;
    if (!best.empty() && parts.others.size() > best.front().others.size()) continue;
    if (!best.empty() && parts.others.size() < best.front().others.size()) best.clear();
    best.push_back(std::move(parts));
  }
  if (best.empty()) refuse_unknown(file, prefix);
  std::vector<std::string> names;
  for (const Parts& parts : best) names.emplace_back(parts.scheme->name);
  for (const Parts& parts : best)
    if (!same(parts, best.front()))
      throw Error(Exit::data, fmt::format("the names of the tensors fit {}", joined(names, " and ")),
                  fmt::format("say which is meant: --like {}", joined(names, " or --like ")));
  return std::move(best.front());
}

} // namespace proofmark::networks
