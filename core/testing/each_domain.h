// A test suite for each domain: TYPED_TEST_SUITE(Suite, EachDomain, DomainName). The domain is TypeParam::value.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "core/domain.h"

namespace tpfuzz::internal {

template <Domain domain>
using OfDomain = std::integral_constant<Domain, domain>;

using EachDomain = testing::Types<OfDomain<Domain::rcu>, OfDomain<Domain::tasks>>;

struct DomainName {
  template <class Its>
  static std::string GetName(int /*number*/) {
    return std::string(name(Its::value));
  }
};

}  // namespace tpfuzz::internal
