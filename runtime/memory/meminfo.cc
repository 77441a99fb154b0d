// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/meminfo.h"

#include <unistd.h>

#include "runtime/machine/text.h"
#include "runtime/memory/page_allocator.h"
#include "runtime/memory/zone.h"

namespace flushdep {
namespace {

static_assert(FLUSHDEP_NR_FREETYPES == kNumFreetypes && FLUSHDEP_NR_PCP_BANKS == kNumPcpBanks);

constexpr std::string_view kTypeNames[kNumFreetypes] = {"Unmovable", "Movable", "Reclaimable",
                                                        "Isolate", "Unmapped"};
constexpr std::string_view kCounterNames[kNumAllocCounters] = {
#define FLUSHDEP_COUNTER(name, text) text,
    FLUSHDEP_ALLOC_COUNTERS(FLUSHDEP_COUNTER)
#undef FLUSHDEP_COUNTER
};

uint64_t ReadCounterAt(unsigned i) { return ReadCounter(static_cast<AllocCounter>(i)); }

unsigned Digits(uint64_t value) {
  unsigned digits = 1;
  for (; value >= 10; value /= 10) digits++;
  return digits;
}

// The kernel's %6lu and %12s.
void PutNumber(Text& text, uint64_t value, unsigned width) {
  for (unsigned i = Digits(value); i < width; i++) text << " ";
  text << value;
}
void PutName(Text& text, std::string_view name, unsigned width) {
  for (size_t i = name.size(); i < width; i++) text << " ";
  text << name;
}

void PutLine(int fd, Text& text) {
  text << "\n";
  std::string_view left = text.view();
  while (!left.empty()) {
    ssize_t done = write(fd, left.data(), left.size());
    if (done <= 0) return;
    left.remove_prefix(static_cast<size_t>(done));
  }
}

void PrintBuddyinfo(int fd, const flushdep_mem_stats& stats) {
  Text text;
  text << "Node 0, zone   Normal ";
  for (unsigned order = 0; order <= kMaxOrder; order++) {
    uint64_t blocks = 0;
    for (const auto& of_type : stats.free_blocks) blocks += of_type[order];
    PutNumber(text, blocks, 6);
    text << " ";
  }
  PutLine(fd, text);
}

void PrintFreeLists(int fd, const flushdep_mem_stats& stats) {
  Text head;
  head << "Free pages count per migrate type at order ";
  for (unsigned order = 0; order <= kMaxOrder; order++) {
    PutNumber(head, order, 6);
    head << " ";
  }
  PutLine(fd, head);
  for (unsigned type = 0; type < kNumFreetypes; type++) {
    Text text;
    text << "Node    0, zone   Normal, type ";
    PutName(text, kTypeNames[type], 12);
    text << " ";
    for (unsigned order = 0; order <= kMaxOrder; order++) {
      PutNumber(text, stats.free_blocks[type][order], 6);
      text << " ";
    }
    PutLine(fd, text);
  }
}

void PrintBlockCounts(int fd, const flushdep_mem_stats& stats) {
  Text head, text;
  head << "Number of blocks type     ";
  text << "Node 0, zone   Normal ";
  for (unsigned type = 0; type < kNumFreetypes; type++) {
    PutName(head, kTypeNames[type], 12);
    head << " ";
    PutNumber(text, stats.pageblocks[type], 12);
    text << " ";
  }
  PutLine(fd, head);
  PutLine(fd, text);
}

void PrintPagetypeinfo(int fd, const flushdep_mem_stats& stats) {
  Text order, pages, empty;
  order << "Page block order: " << kPageblockOrder;
  pages << "Pages per block:  " << kPageblockPages;
  PutLine(fd, order);
  PutLine(fd, pages);
  PutLine(fd, empty);
  PrintFreeLists(fd, stats);
  Text between;
  PutLine(fd, between);
  PrintBlockCounts(fd, stats);
}

void PrintValue(int fd, std::string_view name, uint64_t value) {
  Text text;
  text << name << " " << value;
  PutLine(fd, text);
}

// vmstat's lines that are no counters.
struct Gauge {
  std::string_view name;
  uint64_t flushdep_mem_stats::* value;
};
constexpr Gauge kGauges[] = {
    {"nr_free_pages", &flushdep_mem_stats::free_pages},
    {"nr_free_pages_unmapped", &flushdep_mem_stats::free_unmapped},
    {"nr_managed_pages", &flushdep_mem_stats::managed_pages},
    {"nr_min_watermark", &flushdep_mem_stats::watermark_min},
    {"nr_low_watermark", &flushdep_mem_stats::watermark_low},
    {"nr_high_watermark", &flushdep_mem_stats::watermark_high},
};

void CountPageblocks(flushdep_mem_stats* stats) {
  for (uint64_t pfn = 0; pfn < g_zone.npages; pfn += kPageblockPages) {
    int index = g_zone.buddy.TypeOf(pfn).index();
    if (index >= 0) stats->pageblocks[index]++;
  }
}

}  // namespace

flushdep_mem_stats ReadMemStats() {
  flushdep_mem_stats stats = {};
  stats.managed_pages = g_zone.npages - 1;  // all but pfn 0
  stats.watermark_min = g_zone.marks.min;
  stats.watermark_low = g_zone.marks.low;
  stats.watermark_high = g_zone.marks.high;
  CountPageblocks(&stats);
  for (unsigned bank = 0; bank < kNumPcpBanks; bank++) stats.pcp_pages[bank] = PagesInPcp(bank);
  MutexLock lock(g_zone.lock);
  for (unsigned type = 0; type < kNumFreetypes; type++) {
    stats.free_pages += g_zone.buddy.free_pages(Freetype::FromIndex(type));
    for (unsigned order = 0; order <= kMaxOrder; order++)
      stats.free_blocks[type][order] = g_zone.buddy.free_blocks(Freetype::FromIndex(type), order);
  }
  for (uint64_t pages : stats.pcp_pages) stats.free_pages += pages;
  stats.free_unmapped =
      g_zone.buddy.free_pages(kUnmappedFreetype) + stats.pcp_pages[kNumPcpMigratetypes];
  return stats;
}

bool ReadVmstat(std::string_view name, uint64_t* value) {
  for (unsigned i = 0; i < kNumAllocCounters; i++)
    if (name == kCounterNames[i]) {
      *value = ReadCounterAt(i);
      return true;
    }
  for (const Gauge& gauge : kGauges)
    if (name == gauge.name) {
      *value = ReadMemStats().*gauge.value;
      return true;
    }
  return false;
}

void PrintMeminfo(int fd) {
  const flushdep_mem_stats stats = ReadMemStats();
  PrintBuddyinfo(fd, stats);
  PrintPagetypeinfo(fd, stats);
  for (const Gauge& gauge : kGauges) PrintValue(fd, gauge.name, stats.*gauge.value);
  for (unsigned i = 0; i < kNumAllocCounters; i++)
    PrintValue(fd, kCounterNames[i], ReadCounterAt(i));
}

AllocatorStats ReadAllocatorStats() {
  const flushdep_mem_stats all = ReadMemStats();
  AllocatorStats stats = {};
  for (unsigned type = 0; type < kNumFreetypes; type++)
    for (unsigned order = 0; order <= kMaxOrder; order++)
      stats.free_blocks[Freetype::FromIndex(type).unmapped()][order] +=
          all.free_blocks[type][order];
  stats.free_pages[0] = all.free_pages - all.free_unmapped;
  stats.free_pages[1] = all.free_unmapped;
  stats.flips_to[0] = ReadCounter(AllocCounter::kMapBlocks);
  stats.flips_to[1] = ReadCounter(AllocCounter::kUnmapBlocks);
  stats.flip_failures = ReadCounter(AllocCounter::kFlipFail);
  stats.refused_frees = ReadCounter(AllocCounter::kFreeRefused);
  return stats;
}

}  // namespace flushdep
