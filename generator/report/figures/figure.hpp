// A picture with what belongs to it: words for those who do not see it, and the numbers that it shows.
#pragma once

#include <string>
#include <vector>

namespace proofmark {

struct Figure {
  std::string name;    // of its files and identifiers: letters, digits, hyphens
  std::string title;   // a few words
  std::string caption; // what it shows and how to read it; plain text
  std::string svg;
  // The numbers, a heading and rows, fit for CSV: text of others has gone through csv_text.
  std::vector<std::vector<std::string>> data;
};

std::string csv(const Figure&);

// Of one model's figure among several models', counted from 1; 0 where there is only one.
std::string numbered_name(const std::string& name, std::size_t number);   // "frontier-2"
std::string numbered_title(const std::string& title, std::size_t number); // "The table of logits, model 2"

} // namespace proofmark
