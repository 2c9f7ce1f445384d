// The pictures of a report, one file each. `number` tells models apart, as in figure.hpp.
#pragma once

#include "report/evidence/comparison.hpp"
#include "report/figures/figure.hpp"
#include "score/scores.hpp"

namespace proofmark {

// Bound against length, one mark a verified proof that bounds the loss from above; nothing where there is none.
std::optional<Figure> frontier_figure(const ShownModel&, const Comparison&, std::size_t number);

// The share of inputs that is not shown correct against length, one mark a verified proof of the accuracy, beside what has
// been published; nothing unless some proof is about the accuracy alone.
std::optional<Figure> accuracy_figure(const ShownModel&, const Comparison&, std::size_t number);

// How far each bound lies above what is proved from below, and the claim above the bound; nothing likewise.
std::optional<Figure> slack_figure(const ShownModel&, const Comparison&, std::size_t number);

// The loss of one verified proof by label, under a name of its own; nothing where it bounds no loss or numbers are too large to draw.
std::optional<Figure> labels_figure(const ShownModel&, const ShownProof&, const std::string& name);

Figure logits_figure(const LogitBlocks&, std::size_t number);

Figure training_figure(const TrainingCurve&);

// Explanations of a model: bound against length beside what the search finds, and what each one's slack is made of.
Figure score_figure(const Scores&, std::size_t number);

} // namespace proofmark
