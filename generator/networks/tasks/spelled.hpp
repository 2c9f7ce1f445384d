// Tasks as a command line spells them: SPEC and NAME of docs/command-line.md.
#pragma once

#include "tasks/labelling.hpp"

#include <string>

namespace proofmark {

// "0..113,0..113,113", or a file with one input a row: CSV, or safetensors with one tensor of whole numbers [N, n]. Throws Error
// (usage, data, io).
Domain parse_inputs(const std::string& spec);

// "max", "sum-modulo:113@0,1", "table:FILE": a CSV of tokens and label, each input once. A table is looked up for the inputs of the
// domain. Throws Error (usage, data, io).
Labelling parse_label(const std::string& name, const Domain&);

} // namespace proofmark
