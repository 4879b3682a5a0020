#include "core/seeded_fault.h"

#include <gtest/gtest.h>

#include "core/testing/failing_env.h"
#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE_IN(tp::FailingEnv, trusted_in_harness, void());
TPFUZZ_TRACEPOINT_DEFINE_IN(tp::FailingEnv, trusted_in_harness);
TPFUZZ_TRACEPOINT_DECLARE(trusted_in_product, void());
TPFUZZ_TRACEPOINT_DEFINE(trusted_in_product);

namespace tpfuzz::internal {
namespace {

template <class E>
void iterate_over_null(const State<E>& state, std::string_view protocol) {
  const Protocol before = Registry<E>::instance().protocol();
  Registry<E>::instance().set_protocol(shipped_protocol(protocol));
  reinterpret_cast<void (*)(void*)>(state.iterator)(nullptr);
  Registry<E>::instance().set_protocol(before);
}

// What the iterator of Linux 5.10 did when it found NULL: it died of it.
TEST(SeededFault, AnIteratorThatTrustsFuncsDiesOfNull) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(iterate_over_null(trusted_in_harness.untyped(), "d25e37d"), "");
}

TEST(SeededFault, AnIteratorThatChecksFuncsEndsThere) { iterate_over_null(trusted_in_harness.untyped(), "cookies"); }

TEST(SeededFault, TheProductHasNone) { iterate_over_null(trusted_in_product.untyped(), "d25e37d"); }

}  // namespace
}  // namespace tpfuzz::internal
