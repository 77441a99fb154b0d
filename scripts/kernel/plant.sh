# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Part of scripts/kernel-check: bugs to plant in copies of kernel files.
#   plant_NAME COPY   edits the copy
#   line_NAME COPY    prints the line the warning must be at; nothing if the copy
#                     is correct and must stay silent
# shellcheck shell=bash disable=SC2154

# secretmem_fault(): the page was taken out of the direct map, inserting it
# failed, and it is dropped without being put back.
plant_dropped_restore() {
  sed -i '/^static vm_fault_t secretmem_fault/,/^}/{/set_direct_map_default_noflush(page);/d}' "$1"
}
line_dropped_restore() { line_of_drop_after_failed_insert "$1"; }

# The same path flushes only the CPU it runs on.
plant_local_flush() {
  sed -i '/^static vm_fault_t secretmem_fault/,/^}/{
    s/set_direct_map_default_noflush(page);/__flush_tlb_all();/
  }' "$1"
}
line_local_flush() { line_of_drop_after_failed_insert "$1"; }

# The first folio_put() behind filemap_add_folio().
line_of_drop_after_failed_insert() {
  awk '/filemap_add_folio\(/ {inserted = 1}
       inserted && /folio_put\(folio\);/ {print NR; exit}' "$1"
}

# A function of our own at the end of any file: takes a page out of the direct
# map and frees it, or puts it back first.
append_function() {
  cat >>"$1" <<END

#include <linux/gfp.h>
#include <linux/set_memory.h>
void flushdep_planted(gfp_t gfp);
void flushdep_planted(gfp_t gfp)
{
	struct page *page = alloc_page(gfp);

	if (!page)
		return;
	if (set_direct_map_invalid_noflush(page))
		goto free;
	$2
free:
	__free_page(page);
}
END
}

plant_freed_unmapped() { append_function "$1" ";"; }
line_freed_unmapped() { grep -n '__free_page(page);' "$1" | tail -n 1 | cut -d: -f1; }

plant_freed_restored() { append_function "$1" "set_direct_map_default_noflush(page);"; }
line_freed_restored() { :; }

# pmd_free_pte_page(): the table is freed without the flush behind the clearing of its entry.
plant_table_unflushed() {
  sed -i '/^int pmd_free_pte_page(pmd_t \*pmd, unsigned long addr)$/,/^}/{/flush_tlb_kernel_range/d}' "$1"
}
line_table_unflushed() {
  awk '/^int pmd_free_pte_page\(/ {inside = 1}
       inside && /free_page\(\(unsigned long\)pte\);/ {print NR; exit}' "$1"
}

# pud_free_pmd_page(): the same for the table above, behind loops over 512 entries.
plant_upper_table_unflushed() {
  sed -i '/^int pud_free_pmd_page(pud_t \*pud, unsigned long addr)$/,/^}/{/flush_tlb_kernel_range/d}' "$1"
}
line_upper_table_unflushed() {
  awk '/^int pud_free_pmd_page\(/ {inside = 1}
       inside && /free_page\(\(unsigned long\)pmd\);/ {print NR; exit}' "$1"
}

# insert_before COPY FUNCTION TEXT CODE: a line of code in front of the first one of the function that
# has the text; removals and flushes are declared for it.
insert_before() {
  awk -v name="$2(" -v text="$3" -v code="$4" '
    NR == 1 {print "#include <linux/set_memory.h>\n#include <asm/tlbflush.h>"}
    /^[a-z]/ && index($0, name) && !/;$/ {inside = 1}
    inside && !done && index($0, text) {print code; done = 1}
    {print}
    /^}/ {inside = 0}' "$1" >"$1.planted"
  mv "$1.planted" "$1"
}

# replace_page() and wp_page_copy() take the old page out of the direct map before they drop it, in the
# middle of what they do; the twins flush.
plant_replaced_unmapped() {
  insert_before "$1" replace_page 'if (!folio_mapped(folio))' 'set_direct_map_invalid_noflush(page);'
}
line_replaced_unmapped() {
  awk '/set_direct_map_invalid_noflush\(page\);/ {planted = 1}
       planted && /folio_put\(folio\);/ {print NR; exit}' "$1"
}
plant_replaced_flushed() {
  insert_before "$1" replace_page 'if (!folio_mapped(folio))' \
    'set_direct_map_invalid_noflush(page); flush_tlb_kernel_range(0, PAGE_SIZE);'
}
line_replaced_flushed() { :; }

plant_copied_unmapped() {
  insert_before "$1" wp_page_copy '/* Free the old page.. */' \
    'if (old_folio) set_direct_map_invalid_noflush(&old_folio->page);'
}
line_copied_unmapped() {
  awk '/set_direct_map_invalid_noflush\(&old_folio->page\);/ {planted = 1}
       planted && /folio_put\(new_folio\);/ {print NR; exit}' "$1"
}
plant_copied_flushed() {
  insert_before "$1" wp_page_copy '/* Free the old page.. */' \
    'if (old_folio) { set_direct_map_invalid_noflush(&old_folio->page); flush_tlb_all(); }'
}
line_copied_flushed() { :; }
