/** Addresses of the Internet, which are stored as their 16 bytes; src/types/ip-address.ts has the same rules for constants. */
import { raise } from '../kernel-error.ts'
import { macro } from './macro.ts'

const invalid = (message: string) => raise('INVALID_FUNCTION_ARGUMENT', message)

const IPV4_PART = '(?:0|[1-9][0-9]{0,2})'
const IPV4 = `${IPV4_PART}(?:\\.${IPV4_PART}){3}`
const MAPPED = `'00000000000000000000FFFF'`
/** The texts with the longest run of zeros, the first of them, replaced by nothing. */
const compressed = [8, 7, 6, 5, 4, 3, 2].map((length) => {
  const zeros = `:${'0:'.repeat(length)}`
  return `WHEN contains(j, '${zeros}') THEN regexp_replace(regexp_replace(regexp_replace(j, '${zeros}', '::'), '^:([^:])', '\\1'), '([^:]):$', '\\1')`
})

export const NETWORK_MACROS = [
  macro(
    `weir_ip_v4_text(h) := CAST(CAST('0x' || h[25:26] AS INTEGER) AS VARCHAR) || '.' || CAST(CAST('0x' || h[27:28] AS INTEGER) AS VARCHAR) || '.' || CAST(CAST('0x' || h[29:30] AS INTEGER) AS VARCHAR) || '.' || CAST(CAST('0x' || h[31:32] AS INTEGER) AS VARCHAR)`,
  ),
  macro(
    `weir_ip_groups(h) := ':' || array_to_string(list_transform(range(8), lambda i: coalesce(nullif(ltrim(lower(h[i * 4 + 1:i * 4 + 4]), '0'), ''), '0')), ':') || ':'`,
  ),
  macro(`weir_ip_compressed(g) := list_transform([g], lambda j: CASE ${compressed.join(' ')} ELSE j[2:length(j) - 1] END)[1]`),
  macro(
    `weir_ip_text(x) := list_transform([hex(x)], lambda h: CASE WHEN h[1:24] = ${MAPPED} THEN weir_ip_v4_text(h) WHEN h IS NOT NULL THEN weir_ip_compressed(weir_ip_groups(h)) END)[1]`,
  ),
  macro(
    `weir_ip_v4_digits(x) := array_to_string(list_transform(string_split(x, '.'), lambda p: lpad(to_base(CAST(p AS INTEGER), 16), 2, '0')), '')`,
  ),
  macro(
    `weir_ip_is_v4(x) := regexp_full_match(x, '${IPV4}') AND list_max(list_transform(string_split(x, '.'), lambda p: TRY_CAST(p AS INTEGER))) <= 255`,
  ),
  // Eight groups, or fewer around one '::'.
  macro(
    `weir_ip_padded(a, b) := array_to_string(list_transform(a || list_transform(range(8 - len(a) - len(b)), lambda i: '0') || b, lambda g: lpad(g, 4, '0')), '')`,
  ),
  macro(`weir_ip_half(x) := CASE WHEN x = '' THEN [] ELSE string_split(x, ':') END`),
  macro(`weir_ip_v6_digits(x) := CASE
    WHEN NOT regexp_full_match(x, '(?:[0-9a-fA-F]{1,4}|:)+') OR regexp_matches(x, ':::|[0-9a-fA-F]{5}|::.*::|^:[^:]|[^:]:$') THEN NULL
    WHEN contains(x, '::') THEN CASE WHEN len(weir_ip_half(split_part(x, '::', 1))) + len(weir_ip_half(split_part(x, '::', 2))) < 8
      THEN weir_ip_padded(weir_ip_half(split_part(x, '::', 1)), weir_ip_half(split_part(x, '::', 2))) END
    WHEN len(string_split(x, ':')) = 8 THEN weir_ip_padded(string_split(x, ':'), []) END`),
  macro(`weir_ip_tail(x) := regexp_extract(x, ':([0-9.]+)$', 1)`),
  macro(`weir_ip_digits(x) := CASE
    WHEN weir_ip_is_v4(x) THEN ${MAPPED} || weir_ip_v4_digits(x)
    WHEN NOT contains(x, '.') THEN weir_ip_v6_digits(x)
    WHEN weir_ip_is_v4(weir_ip_tail(x)) THEN weir_ip_v6_digits(left(x, -length(weir_ip_tail(x))) || left(weir_ip_v4_digits(weir_ip_tail(x)), 4) || ':' || right(weir_ip_v4_digits(weir_ip_tail(x)), 4)) END`),
  macro(
    `weir_text_to_ip(x) := coalesce(unhex(weir_ip_digits(x)), CASE WHEN x IS NOT NULL THEN error('WEIR|INVALID_CAST_ARGUMENT|Cannot cast value to IPADDRESS: ' || x) END)`,
  ),
  macro(
    `weir_bytes_to_ip(x) := CASE octet_length(x) WHEN 16 THEN x WHEN 4 THEN unhex(${MAPPED} || hex(x)) ELSE CASE WHEN x IS NOT NULL THEN error('WEIR|INVALID_CAST_ARGUMENT|Invalid IP address binary length: ' || octet_length(x)) END END`,
  ),
  macro(
    `weir_bytes_to_uuid(x) := CASE octet_length(x) WHEN 16 THEN CAST(regexp_replace(hex(x), '^(.{8})(.{4})(.{4})(.{4})(.{12})$', '\\1-\\2-\\3-\\4-\\5') AS UUID) ELSE CASE WHEN x IS NOT NULL THEN error('WEIR|INVALID_CAST_ARGUMENT|Invalid UUID binary length: ' || octet_length(x)) END END`,
  ),
  // contains(network, address): the prefix's bits of both are equal.
  macro(`weir_ip_bits(x) := CAST(CAST(x AS BIT) AS VARCHAR)`),
  macro(
    `weir_ip_prefix(c, n, a) := CASE
      WHEN c IS NULL THEN ${invalid('Invalid network IP address')}
      WHEN n < 0 THEN ${invalid('Invalid prefix length')}
      WHEN n > 128 THEN ${invalid('Invalid CIDR')}
      ELSE left(weir_ip_bits(c), n) = left(weir_ip_bits(a), n) END`,
  ),
  macro(
    `weir_ip_v4_prefix(c, n, a) := CASE
      WHEN n > 32 OR contains(right(weir_ip_bits(c), 32 - n), '1') THEN ${invalid('Invalid CIDR')}
      ELSE weir_ip_prefix(c, CASE WHEN n < 0 THEN n ELSE n + 96 END, a) END`,
  ),
  macro(
    `weir_ip_contains(x, a) := list_transform([struct_pack(c := unhex(weir_ip_digits(split_part(x, '/', 1))), n := TRY_CAST(split_part(x, '/', 2) AS INTEGER))], lambda s: CASE
      WHEN x IS NULL OR a IS NULL THEN NULL
      WHEN NOT contains(x, '/') THEN ${invalid('Invalid CIDR')}
      WHEN s.c IS NOT NULL AND s.n IS NULL THEN ${invalid('Invalid prefix length')}
      WHEN regexp_full_match(split_part(x, '/', 1), '${IPV4}') AND s.n >= 0 THEN weir_ip_v4_prefix(s.c, s.n, a)
      ELSE weir_ip_prefix(s.c, s.n, a) END)[1]`,
  ),
]
