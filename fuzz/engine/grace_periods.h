// What a grace period is to an engine: a model's, or liburcu's. The model keeps the books in either case: which readers
// are in a section, and for which of them a grace period has to wait.
#pragma once

#include <vector>

#include "fuzz/engine/model_rcu.h"

namespace tpfuzz {

/// A reader that has to leave its section although it is parked: the grace period of `cpu` waits for it.
struct LateReader {
  int cpu = 0;
  int reader = 0;           ///< its CPU
  bool model_stops = true;  ///< the model stops `cpu`, too
};

class GracePeriods {
 public:
  virtual ~GracePeriods() = default;

  /// An execution begins: nobody is in a section.
  virtual void start() { model_.reset(); }

  /// A reader enters or leaves a section. On its CPU.
  virtual void enter(int reader, int domain) { model_.enter(reader, domain); }
  virtual void leave(int reader, int domain) { model_.leave(reader, domain); }

  /// The cookie of a grace period that begins now. On a CPU.
  virtual GracePeriod snapshot(int domain) { return model_.snapshot(domain); }

  /// `cpu` wants a whole grace period, or the one of `cookie`. On that CPU, which then waits until it is `over`. Of
  /// `begin_await`, returns whether liburcu waits although the model does not: then the CPU waits in silence.
  virtual GracePeriod begin_synchronize(int /*cpu*/, int domain) { return model_.snapshot(domain); }
  virtual bool begin_await(int /*cpu*/, const GracePeriod& /*cookie*/) { return false; }

  /// Whether `cpu` need not wait any longer.
  virtual bool over(int /*cpu*/, const GracePeriod& cookie) const { return model_.over(cookie); }

  /// Whether a grace period has ended that began after `cookie` was taken. A wait is over.
  virtual bool has_passed(const GracePeriod& /*cookie*/) const { return true; }

  /// At each stop: brings what is under way as far as it comes, and tells which readers hold it up. Valid until the
  /// next call.
  virtual const std::vector<LateReader>& settle() { return late_; }

  /// The execution has ended: readers that were stopped inside their sections are taken out.
  virtual void end() {}

  const ModelRcu& model() const { return model_; }

 protected:
  ModelRcu model_;
  std::vector<LateReader> late_;
};

/// Each grace period ends at the earliest legal moment.
class ModelGracePeriods final : public GracePeriods {
 public:
  /// Puts the model back to how it was.
  void restore(const ModelRcu& model) { model_ = model; }
};

}  // namespace tpfuzz
