// What right implementations of a tracepoint may differ in. The oracle judges a subject by its own rules.
#pragma once

namespace tpfuzz {

struct Rules {
  /// A removal without memory fails with -ENOMEM, and changes nothing; else a stub takes the probe's place.
  bool enomem_fails = false;

  /// A tracepoint has hooks: the first registration enables it, the last removal disables it.
  bool hooks = true;

  /// A first registration that fails after the enable hook has run disables again.
  bool failed_add_disables = true;

  /// Probes that one call removes from a tracepoint go at once; else one by one, and a hit may see some of them gone.
  bool removes_at_once = true;

  bool operator==(const Rules&) const = default;
};

}  // namespace tpfuzz
