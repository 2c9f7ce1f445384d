#include "low_rank/length.hpp"

#include "lengths/parts.hpp"

#include <algorithm>

namespace proofmark::low_rank {

namespace {

using namespace lengths;
using enumeration::Forward;
using enumeration::PositionSet;
using lengths::Tensor;
using Map = Form::Map;

// Of a position, from the least token that the task has there to the largest.
std::uint64_t tokens_at(const Domain& domain, std::uint64_t position) {
  if (domain.is_product()) return domain.ranges[position].to - domain.ranges[position].from;
  Token least = domain.list[position], largest = least;
  for (std::size_t i = position; i < domain.list.size(); i += domain.positions)
    least = std::min(least, domain.list[i]), largest = std::max(largest, domain.list[i]);
  return largest - least + std::uint64_t{1};
}

// What h and s are on.
struct Features {
  PositionSet h = 0, s = 0;
};

struct LastMaps {
  Tensor all, residual; // W_1 .. W_r; W_2 .. W_r
  bool constant;
};
LastMaps last_maps(Operations& tables, const Form& form) {
  const lengths::LastMaps product = lengths::last_maps(tables, form.maps);
  return {
      product.weight, {&tables, form.maps.front()->weight.cols(), Integer(form.classes)}, product.constant.has_value()};
}

Features through_mlp(Forward& forward, const networks::Network& network, const Form& form, const LastMaps& maps) {
  const auto& block = network.blocks.back();
  const Forward::BeforeMlp x = forward.before_last_mlp(form.position);
  forward.applied(
      block.mlp->activation,
      forward.applied(block.mlp->in, forward.applied(enumeration::norm_before(block, block.mlp->norm), x.read.x)));
  const Tensor s = product(x.residual.x, {x.residual.x.payer, maps.residual.rows, maps.residual.columns});
  if (maps.constant) sums(s);
  return {x.read.on, x.residual.on};
}

// ---- folded -----------------------------------------------------------------------------------------------------------

struct Seen { // by the position that is pooled
  std::vector<std::uint64_t> positions;
  PositionSet on = 0;
};

// Tables of what is linear in each position, for the activation and for s.
Seen folded_tables(Operations& tables, const networks::Network& network, const Form& form, const Domain& domain,
                   const LastMaps& maps) {
  const auto& block = network.blocks.back();
  const auto& a = *block.attention;
  Forward forward(network);
  const auto projected = forward.projected(a, enumeration::norm_before(block, a.norm), forward.before_last_block(),
                                           PositionSet{1} << form.position);
  tables += forward.once;
  Seen seen{enumeration::seen_by(a, form.position, projected.values)};
  for (const auto& [on, operations] : forward.of_row)
    for (std::uint64_t p = 0; p < network.positions; ++p)
      if (on == PositionSet{1} << p) tables += times(tokens_at(domain, p), operations);
  const Integer heads = a.heads, width = a.value.weight.cols(), d = network.width;
  const auto tables_of = [&](const Tensor& map, bool constant) {
    const Tensor through = product(Tensor{&tables, width, d}, map);
    if (a.output.bias) {
      const Tensor added = product(Tensor{&tables, 1, d}, map);
      if (constant) sums(added);
    }
    const Tensor own = product(Tensor{&tables, tokens_at(domain, form.position), d}, map);
    if (constant || a.output.bias) sums(own);
    for (const std::uint64_t j : seen.positions)
      repeated(tables, heads, [&] {
        product(Tensor{&tables, tokens_at(domain, j), width / heads}, rows(through, width / heads));
      });
  };
  const Map& in = block.mlp->in;
  tables_of({&tables, in.weight.rows(), in.weight.cols()}, in.bias.has_value());
  tables_of(maps.residual, maps.constant);
  for (const std::uint64_t j : seen.positions) seen.on |= PositionSet{1} << j;
  return seen;
}

Features from_folded_tables(Forward& forward, const networks::Network& network, const Form& form, const Seen& seen) {
  const auto& block = network.blocks.back();
  const auto& a = *block.attention;
  const auto one = [&](std::uint64_t p, const Map& map) {
    const PositionSet on = PositionSet{1} << p;
    return Forward::Value{numbers(forward.payer(on), 1, map.weight.cols()), on};
  };
  Forward::Values keys;
  for (const std::uint64_t j : seen.positions) keys.emplace(j, one(j, *a.key));
  const Forward::Value query = one(form.position, *a.query);
  const PositionSet on = seen.on | query.on;
  forward.shares(a.heads, query, keys, seen.positions, on);
  for (const std::uint64_t columns : {form.features, form.classes}) {
    const Tensor x{&forward.payer(on), 1, columns};
    const Integer terms = Integer(seen.positions.size()) * a.heads;
    charge(x, &Operations::mul, terms * columns), charge(x, &Operations::add, (terms - 1) * columns);
    sums(x);
  }
  forward.applied(block.mlp->activation, {&forward.payer(on), 1, form.features});
  return {on, on};
}

// ---- the program, but for the features ----------------------------------------------------------------------------------

Operations tables_of(const Form& form, const Sizes& sizes) {
  Operations tables;
  const Integer k = sizes.rank;
  const Tensor U{&tables, form.classes, form.features};
  const Tensor B = numbers(tables, k, form.features), M = numbers(tables, k, k);
  const auto times_metric = [&](const Tensor& rows) { return product(product(rows, transposed(B)), M); };
  const Tensor G = product(B, transposed(B));
  const Tensor A = times_metric(U);
  const Tensor R = sums(product(A, B));
  sums(M), product(M, product(G, M)), sums(M); // S
  sums(times_metric(R));                       // D
  root(sum(products(copied(R))));
  const Tensor rows{&tables, sizes.table_rows, form.features};
  copied(rows), copied(rows);
  product(rows, transposed(U));
  return tables;
}

// The exact logit of a class takes its place.
void opened(Operations& payer, const Form& form, bool added) {
  const Tensor row{&payer, 1, form.features};
  sum(products(row));
  if (added) sums(copied(column(row)));
  copied(column(row));
}

Operations input_of(const Form& form, const Stated& stated, const Sizes& sizes, bool added, Operations& once) {
  Operations input;
  const Integer k = sizes.rank;
  const Tensor e{&input, 1, form.features}, w{&input, 1, k}, logits{&input, 1, form.classes};
  for (std::uint64_t i = 0; i < sizes.labellings; ++i) sums(e), sums(logits);
  input.mul += sizes.entries, input.add += sizes.entries - sizes.rows;
  sum(products(e)), sum(products(product(w, {&input, k, k})));
  root(positive_part(sums(column(e))));
  product(w, {&input, k, form.classes});
  if (added) sums(logits);
  sums(products(logits));
  opened(input, form, added);
  sums(logits);
  if (stated.loss) add_to_total(log_sum_exp(logits));
  if ((!stated.correct && !stated.margin) || form.classes == 1) return input;
  const Tensor largest = column(logits);
  charge(largest, &Operations::compare, form.classes - 2);
  numbers(once, 1);
  enumeration::margins(largest, {stated.correct, stated.margin});
  return input;
}

std::uint64_t whole(const Operations& operations) {
  return static_cast<std::uint64_t>(operations.length());
}

} // namespace

Length::Length(const networks::Network& network, const Form& form, const Domain& domain, const Stated& stated)
    : domain_(domain), form_(form), stated_(stated) {
  Operations tables = enumeration::tables_length(network), once;
  const LastMaps maps = last_maps(tables, form);
  const Tensor U{&tables, form.features, form.classes};
  copied(U), products(sum(U)), inverse(numbers(tables, 1)), sums(U);
  Forward forward(network);
  Features on;
  if (form.folded) {
    const Seen seen = folded_tables(tables, network, form, domain, maps);
    on = from_folded_tables(forward, network, form, seen);
  } else if (form.kind == Form::Kind::mlp) {
    on = through_mlp(forward, network, form, maps);
  } else {
    on.h = forward.read_out(network.readout.size() - form.maps.size()).on;
  }
  added_ = form.has_residual() || maps.constant;
  tables_ = tables.length();
  for (const auto& [set, operations] : forward.of_row) {
    if (set == on.h) copied_.push_back({sets_.size(), form.features});
    if (form.has_residual() && set == on.s) copied_.push_back({sets_.size(), form.classes});
    sets_.push_back(set), of_row_.push_back(whole(operations));
  }
  Operations of_opened;
  opened(of_opened, form, added_);
  of_opened_ = whole(of_opened);
  input_of(form, stated, {}, added_, once);
  once_ = whole(once) + whole(forward.once);
}

Integer Length::tables(const Sizes& sizes) const {
  return tables_ + tables_of(form_, sizes).length();
}

Integer Length::of_input(const Sizes& sizes) const {
  Operations once;
  return input_of(form_, stated_, sizes, added_, once).length();
}

Integer Length::features(std::uint64_t from, std::uint64_t to) const {
  constexpr std::uint64_t batch_size = enumeration::batch_size;
  Integer length;
  for (std::uint64_t at = from; at < to;) {
    const std::uint64_t end = std::min(to, (at / batch_size + 1) * batch_size);
    const std::vector<std::uint64_t> counts = enumeration::rows(domain_, at, end, sets_);
    for (std::size_t i = 0; i < sets_.size(); ++i) length += Integer(of_row_[i]) * counts[i];
    for (const Copied& copied : copied_)
      if (counts[copied.set] != end - at) length += Integer(copied.numbers) * (end - at);
    length += once_;
    at = end;
  }
  return length;
}

Integer Length::step(std::uint64_t from, std::uint64_t to, const Sizes& sizes, std::uint64_t opened) const {
  return features(from, to) + of_input(sizes) * (to - from) + Integer(of_opened_) * opened;
}

} // namespace proofmark::low_rank
