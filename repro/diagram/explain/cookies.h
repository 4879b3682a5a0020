// Which snapshot an `await` waits for: the trace names no cookies, the protocol's text does.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "core/protocol.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

class Cookies {
 public:
  /// Without a protocol nothing is known.
  explicit Cookies(const tp::Protocol* protocol) : protocol_(protocol) {}

  /// `step` is a snapshot of an operation that makes `transition`.
  void take(std::optional<tp::Transition> transition, std::size_t tracepoint, std::size_t step);

  /// The snapshot that an `await` of an operation that makes `transition` waits for; nothing if it can't be told.
  std::optional<std::size_t> awaited(std::optional<tp::Transition> transition, std::size_t tracepoint) const;

 private:
  using Named = std::array<bool, tp::kCookies>;

  Named named(std::optional<tp::Transition> transition, tp::Point what) const;
  std::size_t owner(std::size_t tracepoint) const {
    return protocol_ != nullptr && protocol_->cookies_per_tracepoint ? tracepoint : 0;
  }

  const tp::Protocol* protocol_;
  std::array<std::array<std::optional<std::size_t>, tp::kCookies>, kMaxTracepoints> latest_;  // nothing: not known
};

}  // namespace tpfuzz
