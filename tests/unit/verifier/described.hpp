// Descriptions drawn at random from the whole vocabulary, with tensors, and the logits that they define: schema/FORMAT.md, section 5,
// read literally, with 400 bits. Nothing of the verifier's reading of descriptions is used.
#pragma once

#include "certificates.hpp"
#include "rules/truth.hpp"

#include <map>
#include <random>

namespace described {

using certificates::Tree;
using truth::Big;
using Row = std::vector<Big>;

struct Stored {
  std::vector<std::uint64_t> shape;
  std::vector<long> sixteenths; // row by row: entries times 16
  Big at(std::size_t i) const { return Big(mpq_class(sixteenths.at(i), 16)); }
};
using Model = std::map<std::string, Stored>;

inline Tree tensor(const Stored& stored) {
  certificates::Bytes bytes;
  for (const long entry : stored.sixteenths)
    for (int b = 0; b < 4; ++b)
      bytes.push_back(
          static_cast<std::uint8_t>(std::bit_cast<std::uint32_t>(static_cast<float>(entry) / 16) >> (8 * b)));
  return certificates::tensor("float32", stored.shape, bytes);
}

// ---- the definition --------------------------------------------------------------------------------------------------

struct Definition {
  const Tree& architecture;
  const Model& model;

  // x W + b: what is cut is taken index by index, in the order index, rows, columns, layout.
  Row mapped(const Tree& map, const Row& x) const {
    const Stored& stored = model.at(map["weight"]);
    const std::string layout = map["layout"];
    std::vector<std::uint64_t> shape = stored.shape;
    std::size_t slices = 1, slice = 0;
    if (map.contains("index")) slices = shape.front(), slice = map["index"], shape.erase(shape.begin());
    std::vector<std::size_t> first, last; // of the first and of the last dimension
    const auto taken = [](const Tree& from, const char* key, std::uint64_t all) {
      std::vector<std::size_t> list;
      const std::size_t begin = from.contains(key) ? from[key][0].get<std::size_t>() : 0,
                        end = from.contains(key) ? from[key][1].get<std::size_t>() : all;
      for (std::size_t i = begin; i < end; ++i) list.push_back(i);
      return list;
    };
    first = taken(map, "rows", shape.front()), last = taken(map, "columns", shape.back());
    const auto entry = [&](std::size_t i, std::size_t j, std::size_t k) { // j: of the middle one
      const std::size_t middle = shape.size() == 3 ? shape[1] : 1;
      return stored.at(((slice * shape.front() + i) * middle + j) * shape.back() + k);
    };
    Row y;
    std::vector<std::size_t> bias_at; // of a whole bias
    const auto sum = [&](auto&& term) {
      Big total;
      for (std::size_t r = 0; r < x.size(); ++r) total += x[r] * term(r);
      y.push_back(total);
    };
    if (layout == "in,out" || layout == "tokens,width")
      for (const std::size_t k : last)
        sum([&](std::size_t r) { return entry(first.at(r), 0, k); }), bias_at.push_back(slice * shape.back() + k);
    else if (layout == "out,in" || layout == "width,tokens")
      for (const std::size_t i : first)
        sum([&](std::size_t r) { return entry(i, 0, last.at(r)); }), bias_at.push_back(slice * shape.front() + i);
    else if (layout == "heads,in,head")
      for (const std::size_t i : first)
        for (const std::size_t k : last)
          sum([&](std::size_t r) { return entry(i, r, k); }),
              bias_at.push_back((slice * shape.front() + i) * shape.back() + k);
    else
      for (const std::size_t k : last)
        sum([&](std::size_t r) { return entry(first.at(r / shape[1]), r % shape[1], k); }),
            bias_at.push_back(slice * shape.back() + k);
    if (!map.contains("bias")) return y;
    const Stored& bias = model.at(map["bias"]);
    for (std::size_t c = 0; c < y.size(); ++c) y[c] += bias.at(bias.sixteenths.size() == y.size() ? c : bias_at[c]);
    static_cast<void>(slices);
    return y;
  }
  Row token(const Tree& map, std::size_t a) const {
    const Stored& stored = model.at(map["weight"]);
    const bool by_rows = map["layout"] == "tokens,width";
    const std::size_t stacked = map.contains("index") ? 1 : 0;
    const char* key = by_rows ? "rows" : "columns";
    const std::size_t tokens = map.contains(key) ? map[key][1].get<std::size_t>() - map[key][0].get<std::size_t>()
                                                 : stored.shape[stacked + (by_rows ? 0 : 1)];
    Row one_hot(tokens);
    one_hot.at(a) = Big(1);
    return mapped(map, one_hot);
  }

  static Big decimal(const std::string& text) { // digits, perhaps a point, perhaps an exponent
    const std::size_t e = text.find('e'), point = text.find('.');
    const std::string exponent = e == std::string::npos ? "0" : text.substr(e + 1);
    std::string digits = text.substr(0, e);
    long power = std::stol(exponent);
    if (point != std::string::npos) power -= static_cast<long>(digits.size() - point - 1), digits.erase(point, 1);
    Big value(mpq_class(mpz_class(digits, 10)));
    for (; power > 0; --power) value *= Big(10);
    for (; power < 0; ++power) value /= Big(10);
    return value;
  }
  Row normed(const Tree& holder, const Row& x) const {
    if (!holder.contains("norm")) return x;
    return by_norm(holder["norm"], x);
  }
  Row by_norm(const Tree& norm, const Row& x) const {
    const bool is_layer = norm.contains("layer");
    const Tree& scale = norm[is_layer ? "layer" : "rms"];
    const Big d(static_cast<int>(x.size()));
    Big mean, square;
    for (const Big& entry : x) mean += entry / d;
    if (!is_layer) mean = Big(0);
    for (const Big& entry : x) square += (entry - mean) * (entry - mean) / d;
    Row y;
    for (std::size_t i = 0; i < x.size(); ++i) {
      y.push_back((x[i] - mean) / root(square + decimal(scale["eps"]), 2));
      if (scale.contains("weight")) y[i] *= model.at(scale["weight"]).at(i);
      if (scale.contains("bias")) y[i] += model.at(scale["bias"]).at(i);
    }
    return y;
  }
  static Row activated(const std::string& activation, Row x) {
    for (Big& entry : x) {
      if (activation == "relu") entry = Big(0) < entry ? entry : Big(0);
      if (activation == "tanh") entry = tanh(entry);
      if (activation == "silu") entry = entry / (Big(1) + exp(Big(0) - entry));
      if (activation == "gelu") entry = entry * normal_cdf(entry);
      if (activation == "gelu-tanh")
        entry = entry / Big(2) *
                (Big(1) +
                 tanh(root(Big(2) / Big::pi(), 2) * (entry + Big(mpq_class(44715, 1000000)) * entry * entry * entry)));
    }
    return x;
  }

  std::vector<Row> attended(const Tree& a, const std::vector<Row>& read) const {
    const std::size_t n = read.size(), H = a["heads"];
    std::vector<Row> Q(n), K(n), V;
    for (std::size_t i = 0; i < n; ++i) {
      V.push_back(mapped(a["value"], read[i]));
      if (a["scores"] == "uniform") continue;
      Row placed = read[i];
      if (to("scores")) plus(placed, position(i));
      Q[i] = mapped(a["query"], placed), K[i] = mapped(a["key"], placed);
    }
    const std::size_t h = Q[0].size() / H, v = V[0].size() / H;
    Big f(1);
    if (a["scores"] == "scaled") f /= root(Big(static_cast<int>(h)), 2);
    if (a["scores"].is_object()) f = decimal(a["scores"]["factor"]);
    std::vector<Row> added;
    for (std::size_t i = 0; i < n; ++i) {
      Row mixed(H * v);
      for (std::size_t head = 0; head < H; ++head) {
        Big mass;
        Row e;
        for (std::size_t j = 0; j < (a["mask"] == "causal" ? i + 1 : n); ++j) {
          Big score;
          for (std::size_t c = head * h; c < (head + 1) * h; ++c) score += Q[i][c] * K[j][c];
          e.push_back(exp(f * score)), mass += e.back();
        }
        for (std::size_t j = 0; j < e.size(); ++j)
          for (std::size_t c = head * v; c < (head + 1) * v; ++c) mixed[c] += e[j] / mass * V[j][c];
      }
      added.push_back(mapped(a["output"], mixed));
    }
    return added;
  }

  bool to(const std::string& place) const {
    if (!architecture["embedding"].contains("positions")) return false;
    const Tree& table = architecture["embedding"]["positions"];
    return place == (table.is_object() ? table["to"].get<std::string>() : "residual");
  }
  Row position(std::size_t i) const {
    const Tree& table = architecture["embedding"]["positions"];
    const Stored& stored = model.at(table.is_object() ? table["tensor"].get<std::string>() : table.get<std::string>());
    Row row;
    for (std::size_t c = 0; c < stored.shape[1]; ++c) row.push_back(stored.at(i * stored.shape[1] + c));
    return row;
  }
  static void plus(Row& x, const Row& y) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += y.at(i);
  }

  Row logits(const std::vector<std::uint64_t>& t) const {
    const std::size_t n = architecture["positions"];
    std::vector<Row> x;
    for (std::size_t i = 0; i < n; ++i) {
      const Tree& tokens = architecture["embedding"]["tokens"];
      x.push_back(token(tokens.is_array() ? tokens[i] : tokens, t[i]));
      if (to("residual")) plus(x[i], position(i));
    }
    for (const Tree& block : architecture["blocks"]) {
      const bool post = block.contains("order") && block["order"] == "post";
      const std::vector<Row> before = x;
      const auto read = [&](const Tree& part, const std::vector<Row>& from) {
        std::vector<Row> rows;
        for (const Row& row : from) rows.push_back(post ? row : normed(part, row));
        return rows;
      };
      const auto add = [&](const Tree& part, const std::vector<Row>& added) {
        for (std::size_t i = 0; i < n; ++i) {
          plus(x[i], added[i]);
          if (post) x[i] = normed(part, x[i]);
        }
      };
      if (block.contains("attention"))
        add(block["attention"], attended(block["attention"], read(block["attention"], x)));
      if (!block.contains("mlp")) continue;
      const Tree& mlp = block["mlp"];
      std::vector<Row> added;
      for (const Row& row : read(mlp, block.contains("reads") ? before : x))
        added.push_back(mapped(mlp["out"], activated(mlp["activation"], mapped(mlp["in"], row))));
      add(mlp, added);
    }
    for (Row& row : x) row = normed(architecture, row);
    const Tree& pool = architecture["pool"];
    Row pooled = pool == "last"     ? x[n - 1]
                 : pool.is_object() ? x[pool["position"].get<std::size_t>()]
                                    : Row(x[0].size());
    if (pool == "sum" || pool == "mean")
      for (const Row& row : x) plus(pooled, row);
    if (pool == "mean")
      for (Big& entry : pooled) entry /= Big(static_cast<int>(n));
    for (const Tree& part : architecture["readout"])
      pooled = part.is_string()                                 ? activated(part, pooled)
               : part.contains("layer") || part.contains("rms") ? by_norm(part, pooled)
                                                                : mapped(part, pooled);
    return pooled;
  }
};

// ---- drawing ---------------------------------------------------------------------------------------------------------

class Drawing {
public:
  explicit Drawing(unsigned seed) : random_(seed) {}
  Model model;

  std::uint64_t below(std::uint64_t end) { return random_() % end; }
  bool often() { return below(3) > 0; }
  bool seldom() { return below(3) == 0; }

  Tree architecture() {
    const std::uint64_t n = 1 + below(4), d = 1 + below(4);
    vocabulary = 1 + below(3);
    Tree embedding = {{"tokens", map(vocabulary, d, "tokens", seldom())}};
    if (seldom()) {
      embedding["tokens"] = Tree::array();
      for (std::uint64_t i = 0; i < n; ++i)
        embedding["tokens"].push_back(map(vocabulary + below(2), d, "tokens", seldom()));
    }
    if (often()) {
      const std::string table = tensor({n + below(2), d});
      embedding["positions"] = table;
      if (often()) embedding["positions"] = {{"tensor", table}, {"to", seldom() ? "residual" : "scores"}};
    }
    Tree blocks = Tree::array();
    for (std::uint64_t count = below(3); count > 0; --count) blocks.push_back(block(d));
    Tree pool = std::vector<Tree>{"last", "sum", "mean", {{"position", below(n)}}}[below(4)];
    Tree all = {
        {"positions", n}, {"embedding", embedding}, {"blocks", blocks}, {"pool", pool}, {"readout", readout(d)}};
    if (seldom()) all["norm"] = norm(d);
    return all;
  }
  std::uint64_t vocabulary = 0, classes = 0; // tokens that every position has

private:
  std::string tensor(const std::vector<std::uint64_t>& shape) {
    std::uint64_t count = 1;
    for (const std::uint64_t size : shape) count *= size;
    Stored stored{shape, {}};
    for (; count > 0; --count) stored.sixteenths.push_back(static_cast<long>(below(33)) - 16);
    const std::string name = "t" + std::to_string(model.size());
    model.emplace(name, stored);
    return name;
  }
  // A map of `in` rows and `out` columns, perhaps cut from a larger tensor. Of heads: `head` wide ones.
  Tree map(std::uint64_t in, std::uint64_t out, const std::string& kind, bool has_bias, std::uint64_t heads = 1) {
    std::vector<std::string> layouts = {"in,out", "out,in"};
    if (kind == "tokens") layouts = {"tokens,width", "width,tokens"};
    if (kind == "in" || kind == "out") layouts.push_back(kind == "in" ? "heads,in,head" : "heads,head,out");
    const std::string layout = layouts[below(layouts.size())];
    std::vector<std::uint64_t> shape = {in, out};
    if (layout == "out,in" || layout == "width,tokens") shape = {out, in};
    if (layout == "heads,in,head") shape = {heads, in, out / heads};
    if (layout == "heads,head,out") shape = {heads, in / heads, out};
    Tree map = {{"layout", layout}};
    std::vector<std::uint64_t> whole = shape;
    const auto cut = [&](const char* key, std::uint64_t& size, std::uint64_t& all) {
      if (often()) return;
      const std::uint64_t before = below(2);
      map[key] = {before, before + size};
      all = size + before + below(2);
    };
    cut("rows", shape.front(), whole.front());
    cut("columns", shape.back(), whole.back());
    std::uint64_t stack = 1;
    if (seldom()) {
      stack = 1 + below(2);
      map["index"] = below(stack);
    }
    if (has_bias) {
      std::uint64_t columns = whole.back();
      if (layout == "out,in" || layout == "width,tokens") columns = whole.front();
      if (layout == "heads,in,head") columns = whole.front() * whole.back();
      map["bias"] = often() || !(map.contains("rows") || map.contains("columns") || map.contains("index"))
                        ? tensor({out})
                        : tensor({stack, columns});
    }
    if (map.contains("index")) whole.insert(whole.begin(), stack);
    map["weight"] = tensor(whole);
    return map;
  }
  Tree norm(std::uint64_t width) {
    Tree scale = {{"eps", std::vector<Tree>{"1e-2", "0.25", "1"}[below(3)]}};
    if (often()) scale["weight"] = tensor({width});
    if (often()) scale["bias"] = tensor({1, width});
    return {{seldom() ? "rms" : "layer", scale}};
  }
  std::string activation() { return std::vector<std::string>{"relu", "gelu", "gelu-tanh", "silu", "tanh"}[below(5)]; }
  Tree block(std::uint64_t d) {
    Tree block = Tree::object();
    if (often()) {
      const std::uint64_t heads = 1 + below(2), h = 1 + below(2), v = 1 + below(2);
      Tree a = {
          {"heads", heads},
          {"value", map(d, heads * v, "in", seldom(), heads)},
          {"output", map(heads * v, d, "out", seldom(), heads)},
          {"mask", seldom() ? "none" : "causal"},
          {"scores", std::vector<Tree>{"scaled", "scaled", "unscaled", "uniform", {{"factor", "12.5e-1"}}}[below(5)]}};
      if (a["scores"] != "uniform")
        a["query"] = map(d, heads * h, "in", seldom(), heads), a["key"] = map(d, heads * h, "in", seldom(), heads);
      if (often()) a["norm"] = norm(d);
      block["attention"] = a;
    }
    if (block.empty() || often()) {
      const std::uint64_t m = 1 + below(4);
      Tree mlp = {{"in", map(d, m, "", often())}, {"activation", activation()}, {"out", map(m, d, "", often())}};
      if (often()) mlp["norm"] = norm(d);
      block["mlp"] = mlp;
    }
    const std::uint64_t order = below(4);
    if (order == 0) block["order"] = "pre";
    if (order == 1) block["order"] = "post";
    if (order > 1 && seldom()) block["reads"] = "block-input";
    return block;
  }
  Tree readout(std::uint64_t width) {
    Tree parts = Tree::array();
    const auto add_map = [&](std::uint64_t columns) {
      parts.push_back(map(width, columns, "", seldom()));
      width = columns;
    };
    for (std::uint64_t count = below(3); count > 0; --count) switch (below(3)) {
      case 0:
        parts.push_back(activation());
        break;
      case 1:
        parts.push_back(norm(width));
        break;
      default:
        add_map(1 + below(3));
      }
    add_map(1 + below(4));
    classes = width;
    if (seldom()) parts.push_back(activation());
    return parts;
  }

  std::mt19937_64 random_;
};

} // namespace described
