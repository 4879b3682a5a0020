#include <gtest/gtest.h>

#include "core/native_env.h"
#include "core/protocol.h"

namespace tpfuzz::internal {
namespace {

// Its steps stand in C++, so that the product has no parser.
TEST(NativeProtocol, IsCookiesOwnWithACountOfEachKeysUsers) {
  const auto parsed = parse_protocol(std::string(shipped_text("cookies-own")) + "key: count\n");
  ASSERT_TRUE(std::holds_alternative<Protocol>(parsed));
  EXPECT_TRUE(same(NativeEnv::protocol(), std::get<Protocol>(parsed)));
  EXPECT_EQ(std::get<Protocol>(parsed).status, Protocol::Status::correct);
  EXPECT_EQ(std::get<Protocol>(parsed).faultable, Protocol::Status::correct);
}

}  // namespace
}  // namespace tpfuzz::internal
