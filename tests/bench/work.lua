-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
--
-- Calls, tables, strings and sorting, in about equal parts; the argument is how much of each.
local scale = tonumber(arg[1]) or 1

local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end

local function primes(n)
  local composite, count = {}, 0
  for i = 2, n do
    if not composite[i] then
      count = count + 1
      for j = i * i, n, i do composite[j] = true end
    end
  end
  return count
end

local function words(n)
  local seen, parts = {}, {}
  for i = 1, n do
    local word = string.format("w%d", (i * 7919) % 1009)
    seen[word] = (seen[word] or 0) + 1
    parts[#parts + 1] = word
  end
  local text = table.concat(parts, " ")
  local length = 0
  for word in text:gmatch("%a%d+") do length = length + #word end
  return length + seen.w1
end

local function sorted(n)
  local list, x = {}, 1
  for i = 1, n do
    x = (x * 1664525 + 1013904223) % 4294967296
    list[i] = { key = x }
  end
  table.sort(list, function(a, b) return a.key < b.key end)
  return list[1].key
end

print(fib(22 + scale), primes(60000 * scale), words(20000 * scale), sorted(8000 * scale))
