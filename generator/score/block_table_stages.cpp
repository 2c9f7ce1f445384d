// Of block-tables@1 (docs/rules/any/block-tables.md): one group after the other loses what its blocks do not say, first on the left,
// then on the right; then what folding adds.

#include "block_tables/bounds.hpp"
#include "block_tables/groups.hpp"
#include "certificates/witness_elements.hpp"
#include "explanations/partitions.hpp"
#include "networks/description.hpp"
#include "numbers/elementary.hpp"
#include "score/stages.hpp"
#include "support/parallel.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark {

namespace {

using block_tables::Additive;
using block_tables::Group;
using block_tables::Partition;
using block_tables::Radii;
using Index = Eigen::Index;

template <class Element>
std::vector<Element> numbers(const Certificate& certificate, const char* name) {
  const auto found = certificate.witnesses.find(name);
  return found == certificate.witnesses.end() ? std::vector<Element>() : elements_of<Element>(found->second);
}

// The groups of a side as the witnesses have them; `kinds` begins with theirs.
block_tables::Side side_of(const Certificate& certificate, const std::string& name,
                           std::span<const std::uint8_t> kinds) {
  const auto groups = numbers<std::uint16_t>(certificate, (name + "-groups").c_str()),
             blocks = numbers<std::uint16_t>(certificate, (name + "-blocks").c_str());
  block_tables::Side side;
  if (groups.empty()) return side;
  side.resize(std::size_t{*std::max_element(groups.begin(), groups.end())} + 1);
  const std::size_t symbols = blocks.size() / side.size();
  for (std::uint32_t j = 0; j < groups.size(); ++j) side[groups[j]].neurons.push_back(j);
  for (std::size_t g = 0; g < side.size(); ++g) {
    side[g].blocks.assign(blocks.begin() + static_cast<std::ptrdiff_t>(g * symbols),
                          blocks.begin() + static_cast<std::ptrdiff_t>((g + 1) * symbols));
    side[g].count = std::uint32_t{*std::max_element(side[g].blocks.begin(), side[g].blocks.end())} + 1;
    side[g].positive_parts = kinds[g] == 1;
  }
  return side;
}

// The node of the right tree that is folded; nothing where none is.
std::optional<Partition> folded_node_of(const Certificate& certificate, const block_tables::Side& right) {
  const auto fold = numbers<std::uint16_t>(certificate, "right-fold"),
             steps = numbers<std::uint16_t>(certificate, "right-tree");
  if (fold.empty()) return {};
  std::vector<Partition> nodes = block_tables::partitions_of(right);
  for (std::size_t i = 0; i + 1 < steps.size() && nodes.size() <= fold[0]; i += 2)
    nodes.push_back(block_tables::joint(nodes[steps[i]], nodes[steps[i + 1]]));
  return nodes[fold[0]];
}

// The ends over the symbols of each block, for each symbol: the larger ones.
MatrixD largest_of_blocks(const MatrixD& high, const Partition& partition) {
  MatrixD largest = MatrixD::Constant(partition.count, high.cols(), -1e300), result(high.rows(), high.cols());
  for (Index y = 0; y < high.rows(); ++y) {
    auto row = largest.row(partition.blocks[static_cast<std::size_t>(y)]);
    row = row.cwiseMax(high.row(y)).eval();
  }
  for (Index y = 0; y < high.rows(); ++y) result.row(y) = largest.row(partition.blocks[static_cast<std::size_t>(y)]);
  return result;
}

// What one group loses.
struct Loss {
  bool is_left;
  const Group* group;
  MatrixD exact, blocked; // [symbols x neurons]: its columns
  MatrixD unembedding;    // [neurons x C]
  Radii radii;            // [symbols x C]
};

MatrixD columns_of(const MatrixD& x, const Group& group) {
  MatrixD result(x.rows(), static_cast<Index>(group.neurons.size()));
  for (std::size_t j = 0; j < group.neurons.size(); ++j) result.col(static_cast<Index>(j)) = x.col(group.neurons[j]);
  return result;
}

class Stages {
public:
  explicit Stages(const Certificate& certificate)
      : task_(certificate.task),
        network_(block_tables::additive(
            networks::network(networks::read_description(certificate.architecture, "the description"),
                              certificate.tensors),
            certificate.task.domain)) {
    const auto kinds = numbers<std::uint8_t>(certificate, "radii");
    right_ = side_of(certificate, "right", kinds);
    left_ = side_of(certificate, "left", std::span(kinds).subspan(right_.size()));
    const MatrixD left_rest = block_tables::remainders(network_.left, left_),
                  right_rest = block_tables::remainders(network_.right, right_);
    for (const Group& group : left_) add(group, true, network_.left, left_rest);
    for (const Group& group : right_) add(group, false, network_.right, right_rest);
    if (const auto node = folded_node_of(certificate, right_)) {
      own_ = block_tables::radii(network_, right_rest, right_);
      folded_ = largest_of_blocks(own_.high, *node);
    }
    const auto inputs = numbers<std::uint32_t>(certificate, "opened-inputs");
    const auto classes = numbers<std::uint16_t>(certificate, "opened-classes");
    opened_.resize(static_cast<std::size_t>(network_.left.rows()));
    for (std::size_t i = 0; i < inputs.size(); ++i)
      opened_[inputs[i] / rows()].emplace_back(inputs[i] % rows(), classes[i]);
  }

  std::vector<Stage> run(unsigned threads) const {
    std::vector<Stage> stages{{"", "", 0}};
    for (const Loss& loss : losses_) stages.push_back({loss.is_left ? "left" : "right", in_words(loss), 0});
    if (folded_.size() > 0)
      stages.push_back({"fold", "folding: the largest radius of a block stands for each of its symbols", 0});
    std::vector<std::vector<double>> sums(static_cast<std::size_t>(network_.left.rows()));
    for_each_piece(sums.size(), threads, [&](std::size_t x) { sums[x] = of_left_symbol(static_cast<Index>(x)); });
    for (const std::vector<double>& of_x : sums)
      for (std::size_t i = 0; i < stages.size(); ++i) stages[i].mean_loss += of_x[i];
    for (Stage& stage : stages) stage.mean_loss /= static_cast<double>(network_.inputs());
    return stages;
  }

private:
  std::size_t rows() const { return static_cast<std::size_t>(network_.right.rows()); }

  void add(const Group& group, bool is_left, const MatrixD& columns, const MatrixD& rest) {
    MatrixD unembedding(static_cast<Index>(group.neurons.size()), network_.unembedding.cols());
    for (std::size_t j = 0; j < group.neurons.size(); ++j)
      unembedding.row(static_cast<Index>(j)) = network_.unembedding.row(group.neurons[j]);
    const MatrixD own = columns_of(columns, group), left_over = columns_of(rest, group);
    losses_.push_back(
        {is_left, &group, own, own - left_over, std::move(unembedding), block_tables::radii(network_, rest, group)});
  }

  std::string in_words(const Loss& loss) const {
    const std::string name = explanations::name_of(loss.group->blocks);
    return fmt::format("what {} blocks{} do not say of the {} side of {} neurons", loss.group->count,
                       name.empty() ? "" : " (" + name + ")", loss.is_left ? "left" : "right",
                       loss.group->neurons.size());
  }

  MatrixD hidden(const MatrixD& right, const Eigen::RowVectorXd& left) const {
    MatrixD result = right.rowwise() + left;
    return result.unaryExpr([&](double entry) { return block_tables::applied(network_.activation, entry); });
  }

  // The sums of the losses of the inputs (x, .), stage by stage.
  std::vector<double> of_left_symbol(Index x) const {
    const Index symbols = network_.right.rows(), classes = network_.unembedding.cols();
    std::vector<std::size_t> labels;
    std::vector<Token> input(task_.domain.positions);
    for (Index y = 0; y < symbols; ++y) {
      const auto index = static_cast<std::uint64_t>(x * symbols + y);
      input_at(task_.domain, index, input);
      labels.push_back(static_cast<std::size_t>(label_of(task_.label, index, input).value()));
    }
    MatrixD centre = network_.bias.replicate(symbols, 1);
    add_product(centre, hidden(network_.right, network_.left.row(x)), network_.unembedding);
    const MatrixD exact = centre;
    MatrixD high = MatrixD::Zero(symbols, classes), low = high;
    Eigen::RowVectorXd left = network_.left.row(x);
    MatrixD right = network_.right;
    std::vector<double> result{sum_of_losses(x, labels, exact, centre, high, low)};
    for (const Loss& loss : losses_) {
      const auto count = static_cast<Index>(loss.group->neurons.size());
      MatrixD own(symbols, count);
      Eigen::RowVectorXd of_left(count);
      for (Index j = 0; j < count; ++j) {
        const auto neuron = static_cast<Index>(loss.group->neurons[static_cast<std::size_t>(j)]);
        own.col(j) = right.col(neuron), of_left[j] = left[neuron];
      }
      const MatrixD before = hidden(own, of_left);
      if (loss.is_left) {
        of_left = loss.blocked.row(x);
        high.rowwise() += loss.radii.high.row(x), low.rowwise() += loss.radii.low.row(x);
      } else {
        own = loss.blocked;
        high += loss.radii.high, low += loss.radii.low;
      }
      const MatrixD difference = hidden(own, of_left) - before;
      add_product(centre, difference, loss.unembedding);
      for (Index j = 0; j < count; ++j) {
        const auto neuron = static_cast<Index>(loss.group->neurons[static_cast<std::size_t>(j)]);
        right.col(neuron) = own.col(j), left[neuron] = of_left[j];
      }
      result.push_back(sum_of_losses(x, labels, exact, centre, high, low));
    }
    if (folded_.size() > 0) result.push_back(sum_of_losses(x, labels, exact, centre, high - own_.high + folded_, low));
    return result;
  }

  // ln( 1 + sum over c != y of exp(the upper end of z_c - z_y) ), with what is opened exact.
  double sum_of_losses(Index x, const std::vector<std::size_t>& labels, const MatrixD& exact, const MatrixD& centre,
                       const MatrixD& high, const MatrixD& low) const {
    MatrixD upper = centre + high;
    for (Index y = 0; y < upper.rows(); ++y) {
      const auto label = static_cast<Index>(labels[static_cast<std::size_t>(y)]);
      const double of_label = centre(y, label) + low(y, label);
      upper.row(y).array() -= of_label;
      upper(y, label) = 0;
    }
    for (const auto& [y, one] : opened_[static_cast<std::size_t>(x)]) {
      const auto row = static_cast<Index>(y);
      upper(row, one) = exact(row, one) - exact(row, static_cast<Index>(labels[y]));
    }
    double sum = 0;
    for (Index y = 0; y < upper.rows(); ++y) {
      const double top = upper.row(y).maxCoeff();
      Eigen::ArrayXd terms = upper.row(y).array() - top;
      elementary::replace_by_exp(terms.data(), terms.size());
      sum += top + elementary::log(terms.sum());
    }
    return sum;
  }

  const FiniteTask& task_;
  Additive network_;
  block_tables::Side right_, left_;
  std::vector<Loss> losses_;
  Radii own_;
  MatrixD folded_;                                                         // empty: nothing is folded
  std::vector<std::vector<std::pair<std::size_t, std::uint16_t>>> opened_; // by left symbol: right symbols and classes
};

} // namespace

std::vector<Stage> block_table_stages(const Certificate& certificate, unsigned threads) {
  return Stages(certificate).run(threads);
}

} // namespace proofmark
