// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/live/unwind.h"

#include <gtest/gtest.h>

#include <pthread.h>

namespace flushdep {
namespace {

struct Captured {
  uint64_t site;
  uint64_t fast[32];
  uint32_t fast_size;
  uint64_t thorough[32];
  uint32_t thorough_size;
};

// Stands for an API call: its return address is the site.
__attribute__((noinline)) void Api(Captured* out) {
  out->site = reinterpret_cast<uint64_t>(__builtin_return_address(0));
  out->fast_size = CaptureFast(out->site, out->fast, 32);
  out->thorough_size = CaptureThorough(out->site, out->thorough, 32);
}

__attribute__((noinline)) void Caller(Captured* out, int depth) {
  if (depth > 0)
    Caller(out, depth - 1);
  else
    Api(out);
  asm volatile("");  // keeps the call from being the last thing
}

void Check(const Captured& captured) {
  ASSERT_GE(captured.fast_size, 4u);
  ASSERT_GE(captured.thorough_size, 4u);
  EXPECT_EQ(captured.fast[0], captured.site);
  EXPECT_EQ(captured.thorough[0], captured.site);
  // Two ways, one stack.
  for (int i = 0; i < 4; ++i) EXPECT_EQ(captured.fast[i], captured.thorough[i]) << i;
}

TEST(Unwind, BothWaysStartAtTheCaller) {
  Captured captured = {};
  Caller(&captured, 3);
  Check(captured);
}

TEST(Unwind, OnOtherThreads) {
  Captured captured = {};
  pthread_t thread;
  ASSERT_EQ(pthread_create(
                &thread, nullptr,
                [](void* out) -> void* {
                  Caller(static_cast<Captured*>(out), 3);
                  return nullptr;
                },
                &captured),
            0);
  pthread_join(thread, nullptr);
  Check(captured);
}

TEST(Unwind, KeepsWithinTheLimit) {
  uint64_t pcs[3] = {0, 0, 77};
  EXPECT_EQ(CaptureFast(0, pcs, 0), 0u);
  EXPECT_LE(CaptureThorough(0, pcs, 2), 2u);
  EXPECT_EQ(pcs[2], 77u);
}

}  // namespace
}  // namespace flushdep
