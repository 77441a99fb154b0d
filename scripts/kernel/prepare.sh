# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Part of scripts/kernel-check: gets, unpacks, configures and half-builds the
# kernel in the cache. Every step leaves a stamp that names what it was made from,
# so an interrupted run goes on where it stopped and a new tarball starts over.
# shellcheck shell=bash disable=SC2154

# What the files under check need and, so that mm/ is as whole as in a distribution, what has
# units of its own there; less what costs time and adds nothing.
config_wanted=(
  CONFIG_EXPERT=y
  CONFIG_KVM=y
  CONFIG_KVM_INTEL=y
  CONFIG_KVM_SW_PROTECTED_VM=y
  CONFIG_KVM_PRIVATE_MEM=y
  CONFIG_SECRETMEM=y
  CONFIG_TRANSPARENT_HUGEPAGE=y
  CONFIG_KSM=y
  CONFIG_HUGETLBFS=y
  CONFIG_HUGETLB_PAGE_OPTIMIZE_VMEMMAP=y
  CONFIG_MEMCG=y
  CONFIG_MEMORY_HOTPLUG=y
  CONFIG_MEMORY_HOTREMOVE=y
  CONFIG_MEMORY_FAILURE=y
  CONFIG_ZONE_DEVICE=y
  CONFIG_DEVICE_PRIVATE=y
  CONFIG_USERFAULTFD=y
  CONFIG_SWAP=y
  CONFIG_ZSWAP=y
  CONFIG_CMA=y
  CONFIG_IDLE_PAGE_TRACKING=y
  CONFIG_HARDENED_USERCOPY=y
  CONFIG_UNWINDER_FRAME_POINTER=y
  CONFIG_DEBUG_INFO_NONE=y
)

kernel_version() { make -s -C "$kernel" kernelversion; }

kernel_make() {
  make -C "$kernel" O="$objects" LLVM="$llvm" ARCH=x86_64 "$@" </dev/null
}

# quietly LOG COMMAND...: shows the end of the log if the command fails.
quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 && return
  tail -n 20 "$log" >&2
  die 3 "'$*' failed; the whole log is $log"
}

ensure_packages() {
  # Asks for root only if something is missing.
  "$source_dir/scripts/setup" --kernel || die 3 "scripts/setup --kernel failed"
  [[ -r $tarball ]] || die 3 "'$tarball' does not exist although linux-source-6.12 is installed;" \
    "try: apt-get install --reinstall linux-source-6.12"
}

ensure_space() {
  local free
  free=$(df --output=avail -m "$cache" | tail -n 1)
  ((free >= needed_mib)) || die 3 "$cache has $((free)) MiB free, the kernel needs $needed_mib;" \
    "free some, or set XDG_CACHE_HOME to another disk"
}

unpack_kernel() {
  local stamp=$kernel/.flushdep-unpacked identity
  identity=$(stat -c '%s %Y' "$tarball")
  [[ -r $stamp && $(<"$stamp") == "$identity" ]] && return
  ensure_space
  say "unpacking $tarball into $kernel"
  rm -rf "$kernel" "$objects" "$cache/unpacking"
  mkdir -p "$cache/unpacking"
  tar -xf "$tarball" -C "$cache/unpacking" --strip-components=1 ||
    die 3 "cannot unpack $tarball (disk full, or the tarball is damaged)"
  mv "$cache/unpacking" "$kernel"
  echo "$identity" >"$stamp"
}

configure_kernel() {
  local stamp=$objects/.flushdep-configured wanted="${config_wanted[*]}"
  [[ -r $stamp && $(<"$stamp") == "$wanted" ]] && return
  say "configuring for clang 19"
  mkdir -p "$objects"
  quietly "$cache/config.log" kernel_make defconfig
  printf '%s\n' "${config_wanted[@]}" "# CONFIG_WERROR is not set" "# CONFIG_UNWINDER_ORC is not set" \
    >>"$objects/.config"
  quietly "$cache/config.log" kernel_make olddefconfig
  for option in "${config_wanted[@]}"; do
    grep -qx "$option" "$objects/.config" ||
      die 3 "the kernel's configuration dropped $option; see $cache/config.log"
  done
  echo "$wanted" >"$stamp"
}

build_objects() {
  say "building ${#files[@]} objects with Kbuild (a minute at first)"
  quietly "$cache/build.log" kernel_make -j"$(nproc)" "${files[@]/%.c/.o}"
}

prepare_kernel() {
  ensure_packages
  [[ -x ${llvm}clang && -x ${llvm}ld.lld ]] || die 3 "no clang 19 and lld in $llvm"
  unpack_kernel
  configure_kernel
  build_objects
}
