// Evidence, compared and drawn: what the page, the LaTeX and the figures' files are made from.
#pragma once

#include "report/figures/figures.hpp"

namespace proofmark {

struct ModelReport {
  const ShownModel* model;
  Comparison comparison;
  std::optional<Figure> frontier, accuracy, slack, score, logits;
  std::vector<std::optional<Figure>> labels; // of each proof
};

struct Report {
  const Evidence* evidence; // outlives the report
  std::vector<ModelReport> models;
  std::optional<Figure> training;
};

Report make_report(const Evidence&); // throws as compare() does

std::vector<const Figure*> figures(const Report&);

} // namespace proofmark
