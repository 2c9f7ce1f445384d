#include "block_tables/length.hpp"

#include "block_tables/additive.hpp"
#include "lengths/parts.hpp"

#include <algorithm>

namespace proofmark::block_tables {

namespace {

using namespace lengths;
using lengths::Tensor;
using networks::Network;
using Map = networks::Matrices<double>::Map;

struct Maps {
  std::vector<const Map*> before, after;
  networks::Activation activation{};
};

Maps maps_of(const Network& network) {
  Maps maps;
  bool seen = false;
  for (const auto& part : network.readout) {
    if (const auto* map = std::get_if<Map>(&part))
      (seen ? maps.after : maps.before).push_back(map);
    else
      maps.activation = std::get<networks::Activation>(part), seen = true;
  }
  return maps;
}

// The tables, then the steps of one certificate.
class Run {
public:
  Run(const Network& network, const Domain& domain, const Form& form)
      : network_(network), domain_(domain), form_(form), maps_(maps_of(network)) {
    const auto [left, right] = both_sides();
    const LastMaps last = last_maps(tables, maps_.after);
    if (!last.constant) numbers(tables, 1);
    const Tensor bias{&tables, 1, last.weight.columns};
    const Tensor U = copied(last.weight); // rounded
    sum(U), products(inverse(numbers(tables, 1))), charge(U, &Operations::mul, U.rows - 1);
    const Tensor V = sums(last.weight);
    const Tensor sigma = radii(right, form.right, V);
    if (form.fold) larger(sigma, sigma);
    if (form.two_sided()) radii(left, form.left, V), sums(Tensor{&tables, left.rows, bias.columns});
    for (std::size_t g = 0; g < form.right.size(); ++g)
      form.two_sided() ? sums_of_tables(g, V) : columns_and_rows(g, left, V);
    right_ = right, classes_ = V.columns;
  }

  Operations tables;

  // Of all inputs with one left symbol.
  Operations row(const Stated& stated) const {
    Operations row;
    if (classes_ == 1) return row;
    const auto table = [&](const Integer& blocks) { return Tensor{&row, blocks, classes_}; };
    const Tensor logits = table(right_.rows);
    std::uint32_t fewest = form_.right.front().count;
    for (const Group& group : form_.right) {
      fewest = std::min(fewest, group.count);
      if (form_.two_sided()) continue;
      const Tensor hidden = sums(Tensor{&row, group.count, group.neurons.size()});
      product(applied(maps_.activation, hidden, row), {&row, group.neurons.size(), classes_});
    }
    sums(table(fewest));
    const Tree& tree = form_.right_tree;
    for (std::size_t i = 0; i + 1 < tree.rows.size(); ++i) sums(table(tree.rows[i]));
    if (form_.fold)
      sums(table(*form_.fold < form_.right.size() ? form_.right[*form_.fold].count
                                                  : tree.rows[*form_.fold - form_.right.size()]));
    sums(logits); // the root
    if (!form_.fold && form_.right.size() > 1) sums(logits);
    const Tensor own = copied(column(logits));
    if (form_.fold) copied(own), copied(own), sums(own), sums(own);
    sums(logits); // less the label's
    if (stated.loss) add_to_total(log_sum_exp(logits));
    if (!stated.correct && !stated.margin) return row;
    charge(logits, &Operations::compare, logits.rows * (classes_ - 2));
    numbers(row, 1), sums(own);
    for (int i = 0; i < 4; ++i) signs(own); // both signs, the least, the least of those that are not open
    if (stated.margin) signs(own);          // which reach what is declared
    return row;
  }

  Operations opened_input() const { // its pre-activation and its label's logit
    Operations count;
    const Tensor hidden = sums(numbers(count, 1, right_.columns));
    Operations once;
    logit(applied(maps_.activation, hidden, once));
    return count;
  }
  Operations opened_class() const {
    Operations count;
    const Tensor z = logit({&count, 1, right_.columns});
    sums(copied(z)), copied(z);
    return count;
  }
  Operations opened_row() const { // single numbers of the activation
    Operations unused, once;
    applied(maps_.activation, Tensor{&unused, 1, 1}, once);
    return once;
  }

private:
  static Tensor logit(const Tensor& hidden) {
    const Tensor z = dots(hidden, hidden);
    return sums(copied(z)), z;
  }

  // What the activation reads of each symbol.
  std::pair<Tensor, Tensor> both_sides() {
    const std::uint64_t right_position = block_tables::right_position(domain_);
    const auto rows_of = [&](std::uint64_t position) {
      const TokenRange range = domain_.ranges[position];
      Tensor x{&tables, range.to - range.from, network_.width};
      if (network_.position_table) sums(x);
      for (const Map* map : maps_.before) x = product(x, {&tables, map->weight.rows(), map->weight.cols()});
      return x;
    };
    const Tensor right = rows_of(right_position);
    std::optional<Tensor> left;
    for (std::uint64_t p = 0; p < domain_.positions; ++p) {
      if (p == right_position) continue;
      const Tensor one = rows_of(p);
      left = left ? sums(rows(*left, left->rows * one.rows)) : one;
    }
    if (!left) numbers(tables, 1), left = row_of(right);
    bool biased = false;
    for (const Map* map : maps_.before) {
      if (biased) product(Tensor{&tables, 1, map->weight.rows()}, {&tables, map->weight.rows(), map->weight.cols()});
      if (biased && map->bias) sums(Tensor{&tables, 1, map->weight.cols()});
      biased = biased || map->bias;
    }
    if (biased) sums(*left);
    return {*left, right};
  }
  static Tensor row_of(const Tensor& x) { return lengths::row(x); }

  // The enclosures of a side, [symbols x C].
  Tensor radii(const Tensor& columns_of_side, const Side& side, const Tensor& V) {
    const Tensor result{&tables, columns_of_side.rows, V.columns};
    std::size_t centres = 0;
    for (std::size_t g = 0; g < side.size(); ++g) {
      const Group& group = side[g];
      const Tensor x = copied(columns(columns_of_side, group.neurons.size()));
      sums(x), inverse(numbers(tables, group.count)), products(Tensor{&tables, group.count, x.columns});
      const Tensor delta = sums(copied(x)), v = copied(rows(V, x.columns));
      if (group.positive_parts) {
        numbers(tables, 1), product(products(delta), copied(v));
        positive_part(delta), numbers(tables, 1), products(delta), positive_part(v), product(delta, v);
        if (centres++ > 0) sums(result);
      } else {
        root(sum(products(delta)));
        const Tensor norms = root(sum(products(transposed(v))));
        numbers(tables, 1), products(norms), products(result);
      }
      if (g > 0) sums(result);
    }
    if (centres == 0) numbers(tables, 1);
    return sums(result); // what lies within the radius of the centre
  }

  void sums_of_tables(std::size_t g, const Tensor& V) { // two-sided
    const Group& group = form_.right[g];
    for (const Shared& shared : shared_neurons(group, form_.left)) {
      const Group& other = form_.left[shared.left_group];
      const std::uint64_t both = shared.neurons.size();
      numbers(tables, group.count, both), numbers(tables, other.count, both);
      const Tensor hidden = sums(Tensor{&tables, Integer(group.count) * other.count, both});
      product(applied(maps_.activation, hidden, tables), copied(rows(V, both)));
    }
    for (const std::uint32_t count : form_.left_trees[g].rows)
      sums(Tensor{&tables, Integer(group.count) * count, V.columns});
  }
  void columns_and_rows(std::size_t g, const Tensor& left, const Tensor& V) { // one-sided
    copied(columns(left, form_.right[g].neurons.size())), copied(rows(V, form_.right[g].neurons.size()));
  }

  const Network& network_;
  const Domain& domain_;
  const Form& form_;
  Maps maps_;
  Tensor right_{};
  Integer classes_;
};

std::uint64_t whole(const Operations& operations) {
  return static_cast<std::uint64_t>(operations.length());
}

} // namespace

Length::Length(const Network& network, const Domain& domain, const Form& form, const Stated& stated) {
  const Run run(network, domain, form);
  tables_ = enumeration::tables_length(network).length() + run.tables.length();
  row_ = run.row(stated).length();
  opened_ = {whole(run.opened_input()), whole(run.opened_class()), whole(run.opened_row())};
}

Integer Length::step(std::uint64_t rows, std::uint64_t rows_with_opened, std::uint64_t inputs,
                     std::uint64_t classes) const {
  return row_ * rows + Integer(opened_.row) * rows_with_opened + Integer(opened_.input) * inputs +
         Integer(opened_.one) * classes;
}

} // namespace proofmark::block_tables
