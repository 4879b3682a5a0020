#include "fuzz/subject/mistake/read_side.h"

#include <string>
#include <vector>

namespace tpfuzz {
namespace {

void add(std::string& text, std::string_view step) { text.append(text.empty() ? "" : "; ").append(step); }

std::string text_of(const HitOrder& order) {
  std::string text;
  for (std::size_t i = 0; i < order.size; ++i) add(text, kHitSteps[static_cast<std::size_t>(order[i])]);
  return text;
}

std::string text_of(const IterateOrder& order) {
  std::string text;
  for (int i = 0; i < order.loads; ++i) add(text, "load");
  add(text, kWalks[static_cast<std::size_t>(order.walk)]);
  if (order.loads_before) add(text, "load");
  add(text, order.first_data ? "call-with-first-data" : "call");
  if (order.loads_after) add(text, "load");
  return text;
}

// The texts of `orders`, and views of them.
class Texts {
 public:
  explicit Texts(const auto& orders) {
    for (const auto& order : orders) texts_.push_back(text_of(order));
    views_.assign(texts_.begin(), texts_.end());
  }
  std::span<const std::string_view> views() const { return views_; }

 private:
  std::vector<std::string> texts_;
  std::vector<std::string_view> views_;
};

}  // namespace

std::span<const std::string_view> hit_texts() {
  static const Texts texts(kHitOrders);
  return texts.views();
}

std::span<const std::string_view> iterate_texts() {
  static const Texts texts(kIterateOrders);
  return texts.views();
}

}  // namespace tpfuzz
