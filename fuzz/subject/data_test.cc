#include "fuzz/subject/data.h"

#include <gtest/gtest.h>

#include <set>

namespace tpfuzz {
namespace {

TEST(Data, KnowsItsObjectsWhenTheyAreReleasedToo) {
  Data data;
  const void* const object = data.current(3);
  EXPECT_EQ(data.number_of(object), 3);
  EXPECT_TRUE(data.live(object));
  data.release(3);
  EXPECT_EQ(data.number_of(object), 3);
  EXPECT_FALSE(data.live(object));
  EXPECT_TRUE(data.live(data.current(3)));
  const char other = 0;
  EXPECT_EQ(data.number_of(&other), kForeignData);
  EXPECT_FALSE(data.live(&other));
}

TEST(Data, NullIsANumberOfItsOwn) {
  const Data data;
  EXPECT_EQ(data.current(kNullData), nullptr);
  EXPECT_EQ(data.number_of(nullptr), kNullData);
  EXPECT_TRUE(data.live(nullptr));
}

TEST(Data, NoAddressIsUsedTwiceUntilReset) {
  Data data;
  std::set<const void*> seen;
  for (int i = 0; i < kMaxOperations / 3; ++i) {  // register, unregister, sync
    EXPECT_TRUE(seen.insert(data.current(0)).second);
    data.release(0);
  }
  data.reset();
  EXPECT_TRUE(data.live(data.current(0)));
}

}  // namespace
}  // namespace tpfuzz
