/**
 * JSON. The kernel reads numbers with a fraction or an exponent as doubles and prints these its own way; Trino keeps their
 * text. So such a number's text is looked up in the source, and where it cannot be told the query fails.
 */
import { raise } from '../kernel-error.ts'
import { macro } from './macro.ts'

const NUMBER = '-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?'
const inexact = raise('NOT_SUPPORTED', 'A JSON number whose text cannot be kept is not supported')

/** json_parse sorts keys at every level; levels are macros that call the next one. The kernel's binding time doubles with each. */
const DEPTH = 4

const levels = Array.from({ length: DEPTH }, (_, index) => {
  const level = index + 1
  return macro(`weir_json_level_${level}(j) := CASE WHEN json_type(j) IN ('OBJECT', 'ARRAY') THEN
    CASE json_type(j) WHEN 'OBJECT' THEN '{' ELSE '[' END || array_to_string(list_transform(weir_json_children(j), lambda m: m.p || weir_json_level_${level - 1}(m.v)), ',') || CASE json_type(j) WHEN 'OBJECT' THEN '}' ELSE ']' END
    ELSE weir_json_scalar(j) END`)
})

export const JSON_MACROS = [
  macro(`weir_json_member(j, name) := json_extract(j, '/' || replace(replace(name, '~', '~0'), '/', '~1'))`),
  macro(`weir_json_without_texts(x) := regexp_replace(x, '"(\\\\.|[^"\\\\])*"', '""', 'g')`),
  macro(
    `weir_json_number(source, v) := list_transform([list_distinct(list_filter(regexp_extract_all(weir_json_without_texts(source), '${NUMBER}'), lambda n: TRY_CAST(n AS DOUBLE) = v))], lambda l: CASE WHEN len(l) = 1 THEN l[1] ELSE ${inexact} END)[1]`,
  ),
  macro(`weir_json_path_scalar(x, p) := CASE json_type(x, p)
    WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL WHEN 'NULL' THEN NULL
    WHEN 'DOUBLE' THEN weir_json_number(x, CAST(json_extract_string(x, p) AS DOUBLE))
    ELSE json_extract_string(x, p) END`),
  // Whether the kernel prints all numbers of a document as they are written.
  macro(
    `weir_json_source_kept(x) := NOT regexp_matches(x, '[0-9][.eE][0-9+-]|[0-9]{19}') OR list_transform([weir_json_without_texts(x)], lambda t: NOT regexp_matches(t, '[0-9][eE][0-9+-]|[0-9]{19}') AND len(list_filter(regexp_extract_all(t, '${NUMBER}'), lambda n: contains(n, '.') AND CAST(CAST(n AS DOUBLE) AS VARCHAR) <> n)) = 0)[1]`,
  ),
  macro(`weir_json_path(x, p) := CASE
    WHEN json_type(x, p) IS NULL THEN NULL
    WHEN json_type(x, p) = 'DOUBLE' THEN weir_json_number(x, CAST(json_extract_string(x, p) AS DOUBLE))
    WHEN json_type(x, p) IN ('OBJECT', 'ARRAY') AND NOT weir_json_source_kept(x) THEN ${inexact}
    ELSE CAST(json_extract(x, p) AS VARCHAR) END`),
  macro(
    `weir_json_scalar(j) := CASE WHEN json_type(j) = 'DOUBLE' THEN CASE WHEN abs(CAST(j AS DOUBLE)) >= 9e18 THEN ${inexact} ELSE weir_java_double(CAST(j AS DOUBLE)) END ELSE CAST(j AS VARCHAR) END`,
  ),
  macro(
    `weir_json_members(j) := list_transform([list_sort(json_keys(j))], lambda ks: CASE WHEN len(list_distinct(ks)) < len(ks) THEN ${raise('NOT_SUPPORTED', 'json_parse of an object with a repeated key is not supported')} ELSE list_transform(ks, lambda n: struct_pack(p := CAST(to_json(n) AS VARCHAR) || ':', v := weir_json_member(j, n))) END)[1]`,
  ),
  macro(
    `weir_json_children(j) := CASE WHEN json_type(j) = 'OBJECT' THEN weir_json_members(j) ELSE list_transform(CAST(j AS JSON[]), lambda a: struct_pack(p := '', v := a)) END`,
  ),
  macro(
    `weir_json_level_0(j) := CASE WHEN json_type(j) IN ('OBJECT', 'ARRAY') THEN ${raise('NOT_SUPPORTED', `json_parse of JSON nested deeper than ${DEPTH} levels is not supported`)} ELSE weir_json_scalar(j) END`,
  ),
  ...levels,
  macro(
    `weir_json_parse(x) := CASE WHEN json_valid(x) THEN list_transform([CAST(x AS JSON)], lambda j: weir_json_level_${DEPTH}(j))[1] WHEN x IS NOT NULL THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Cannot convert value to JSON: ''' || x || '''') END`,
  ),
  // For readers of single values, to whom the order of keys makes no difference.
  macro(
    `weir_json_checked(x) := CASE WHEN json_valid(x) THEN CAST(json(x) AS VARCHAR) WHEN x IS NOT NULL THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Cannot convert value to JSON: ''' || x || '''') END`,
  ),
]
