/** Texts. Lengths and positions count code points. */
import { QueryError } from '#src/common/errors'
import { TRINO_VERSION } from '#src/common/trino-version'
import { char, type Type, VARBINARY, varchar } from '#src/types/type'
import { scalar } from '../definition.ts'
import type { ScalarForm } from '../function.ts'
import { raise } from '../kernel-error.ts'
import { boundedVarchar } from '../varchar-bound.ts'
import { allGiven } from './array.ts'

/** What Trino trims: Java's white space. */
const WHITE_SPACE = [
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2008,
  0x2009, 0x200a, 0x2028, 0x2029, 0x205f, 0x3000,
]
const SPACES = `'${String.fromCodePoint(...WHITE_SPACE)}'`

const lengthOf = (type: Type | undefined) => (type?.kind === 'varchar' ? type.length : undefined)
/** Trino's bound of a replaced text: every gap and every character may become the replacement. */
const replacedType = (args: readonly Type[]) => {
  const length = lengthOf(args[0])
  const inserted = lengthOf(args[2]) ?? (args.length === 2 ? 0 : undefined)
  if (length === undefined || inserted === undefined) return varchar()
  return boundedVarchar(args.length === 2 ? length : length + inserted * (length + 1))
}
const concatCharType = (args: readonly Type[]) => {
  const length = args.reduce((sum, arg) => sum + (arg.kind === 'char' ? arg.length : 0), 0)
  if (length > 65_536) throw new QueryError('TYPE_NOT_FOUND', `Unknown type: char(${length})`)
  return char(length)
}

/** char(n) arguments come without their blanks; `pad` puts them back. */
const pad = (sql: string | undefined, type: Type | undefined) => (type?.kind === 'char' ? `rpad(${sql}, ${type.length}, ' ')` : `${sql}`)

const trimmed =
  (name: string): ScalarForm =>
  ([value, characters], { arguments: [type, set] }) => {
    const rest = `${name}(${value}, ${characters === undefined ? SPACES : pad(characters, set)})`
    // Blanks that come to the end are no part of a char's stored form.
    return type?.kind === 'char' && characters !== undefined && name !== 'ltrim' ? `rtrim(${rest}, ' ')` : rest
  }

/** The kernel does not count a single text's memory. */
const LONGEST_PADDED = 500_000_000

const padded =
  (name: 'lpad' | 'rpad'): ScalarForm =>
  ([text = '', size = '', padding = ''], { constants, arguments: types }) => {
    const value = pad(text, types[0])
    const fixed = typeof constants[1] === 'bigint' && constants[1] >= 0n && constants[1] <= LONGEST_PADDED
    const length = fixed
      ? `${constants[1]}`
      : `CAST(CASE WHEN ${size} < 0 OR ${size} > 2147483647 THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'Target length must be in the range [0..2147483647]')} WHEN ${size} > ${LONGEST_PADDED} THEN ${raise('EXCEEDED_LOCAL_MEMORY_LIMIT', 'The padded text is too long')} ELSE ${size} END AS INTEGER)`
    const filled = typeof constants[2] === 'string' && constants[2] !== ''
    const filling = filled
      ? padding
      : `CASE WHEN ${padding} = '' THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'Padding string must not be empty')} ELSE ${padding} END`
    const sql = `${name}(${value}, ${length}, ${filling})`
    return fixed && filled ? sql : allGiven([text, size, padding], sql)
  }

/** The kernel's substr fails beyond it instead of finding nothing there. */
const LONGEST_TEXT = 4_294_967_295n

const substring: ScalarForm = ([value, start, length], { constants, arguments: types }) => {
  const text = pad(value, types[0])
  const plain = typeof constants[1] === 'bigint' && constants[1] > 0n && constants[1] <= LONGEST_TEXT
  if (length === undefined) return plain ? `substr(${text}, ${start})` : `weir_substr(${text}, ${start})`
  const plainLength = typeof constants[2] === 'bigint' && constants[2] >= 0n && constants[2] <= LONGEST_TEXT
  return plain && plainLength ? `substr(${text}, ${start}, ${length})` : `weir_substr_n(${text}, ${start}, ${length})`
}

/** A text cut at a delimiter. The kernel cuts nowhere at NULL. */
const cutBy = (args: readonly string[], constant: unknown, sql: string) =>
  typeof constant === 'string' && constant !== ''
    ? sql
    : allGiven(
        args,
        `CASE WHEN ${args[1]} = '' THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'The delimiter may not be the empty string')} ELSE ${sql} END`,
      )

/** The kernel counts bytes here, which are the characters of short ASCII texts only. */
const LONGEST_KERNEL_DISTANCE = 900
const distance =
  (kernelName: string, computed: string): ScalarForm =>
  ([a, b]) =>
    `CASE WHEN strlen(${a}) = length(${a}) AND strlen(${b}) = length(${b}) AND strlen(${a}) + strlen(${b}) < ${LONGEST_KERNEL_DISTANCE} THEN CAST(${kernelName}(${a}, ${b}) AS BIGINT) ELSE ${computed}(${a}, ${b}) END`

const sameAsFirst = { resultType: (args: readonly Type[]) => args[0] as Type }
/** Trino finds this out before it knows the place of the call. */
const atLeastTwo =
  (message: string, type: Type) =>
  (args: readonly Type[]): Type => {
    if (args.length < 2) throw new QueryError('INVALID_FUNCTION_ARGUMENT', message)
    return type
  }
const VARCHAR_OR_CHAR = (name: string) => [`${name}(varchar(x)) -> varchar(x)`, `${name}(char(x)) -> char(x)`]

export const stringFunctions = [
  scalar('version() -> varchar', 'Version of Trino whose SQL is spoken', () => `'${TRINO_VERSION}'`),
  // Users have no groups here.
  scalar('current_groups() -> array(varchar)', 'Groups of the current user', 'CAST([] AS VARCHAR[])'),
  scalar('length(varchar(x)) -> bigint', 'Number of characters', 'length($1)'),
  scalar(
    'length(char(x)) -> bigint',
    'Number of characters, with blanks',
    ([value], { arguments: [type] }) =>
      `CASE WHEN ${value} IS NOT NULL THEN CAST(${type?.kind === 'char' ? type.length : 0} AS BIGINT) END`,
  ),
  scalar(VARCHAR_OR_CHAR('lower'), 'Lower case', 'lower($1)', sameAsFirst),
  scalar(VARCHAR_OR_CHAR('upper'), 'Upper case', 'weir_upper($1)', sameAsFirst),
  scalar(
    VARCHAR_OR_CHAR('reverse'),
    'Characters in reverse order',
    // Blanks that come to the end are no part of a char's stored form.
    ([value], { arguments: [type] }) => {
      const reversed = `array_to_string(list_reverse(string_split(${pad(value, type)}, '')), '')`
      return type?.kind === 'char' ? `rtrim(${reversed}, ' ')` : reversed
    },
    sameAsFirst,
  ),
  ...['trim', 'ltrim', 'rtrim'].map((name) =>
    scalar(
      [
        `${name}(varchar(x)) -> varchar(x)`,
        `${name}(varchar(x), varchar(y)) -> varchar(x)`,
        `${name}(char(x)) -> varchar(x)`,
        `${name}(char(x), varchar(y)) -> varchar(x)`,
        `${name}(varchar(x), char(y)) -> varchar(x)`,
        `${name}(char(x), char(y)) -> varchar(x)`,
      ],
      'Removes white space, or the given characters, at the ends',
      trimmed(name),
      {
        resultType: ([type]) => (type?.kind === 'char' ? varchar(type.length) : (type as Type)),
      },
    ),
  ),
  scalar(
    ['lpad(varchar(x), bigint, varchar(y)) -> varchar', 'lpad(char(x), bigint, varchar(y)) -> varchar'],
    'Fills or cuts on the left',
    padded('lpad'),
  ),
  scalar('rpad(varchar(x), bigint, varchar(y)) -> varchar', 'Fills or cuts on the right', padded('rpad')),
  ...['substr', 'substring'].map((name) =>
    scalar(
      [
        `${name}(varchar(x), bigint) -> varchar(x)`,
        `${name}(varchar(x), bigint, bigint) -> varchar(x)`,
        `${name}(char(x), bigint) -> varchar(x)`,
        `${name}(char(x), bigint, bigint) -> varchar(x)`,
      ],
      'Part of a text; a negative start counts from the end',
      substring,
      {
        resultType: ([type]) => (type?.kind === 'char' ? varchar(type.length) : (type as Type)),
      },
    ),
  ),
  scalar('concat(varchar...) -> varchar', 'Puts texts together', (args) => `(${args.join(' || ')})`, {
    resultType: atLeastTwo('There must be two or more concatenation arguments', varchar()),
  }),
  scalar(
    'concat(char(x), char(y)) -> char(x+y)',
    'Puts texts together',
    ([a, b], { arguments: [left] }) => `rtrim(${pad(a, left)} || ${b}, ' ')`,
    {
      resultType: concatCharType,
    },
  ),
  // The kernel takes bytes beside a constant NULL, as a failing function in TRY gives it, for a value of no type.
  scalar('concat(varbinary...) -> varbinary', 'Puts bytes together', (args) => `CAST((${args.join(' || ')}) AS BLOB)`, {
    resultType: atLeastTwo('There must be two or more concatenation arguments', VARBINARY),
  }),
  scalar(['concat_ws(varchar, varchar...) -> varchar'], 'Puts texts together with a separator, leaving out NULLs', 'concat_ws($*)', {
    strict: false,
    resultType: atLeastTwo('There must be two or more arguments', varchar()),
  }),
  scalar(
    'concat_ws(varchar, array(varchar)) -> varchar',
    'Puts texts together with a separator, leaving out NULLs',
    ([separator, items], { constants }) =>
      typeof constants[0] === 'string'
        ? `CASE WHEN ${items} IS NOT NULL THEN coalesce(array_to_string(${items}, ${separator}), '') END`
        : `CASE WHEN ${separator} IS NOT NULL AND ${items} IS NOT NULL THEN weir_join(list_filter(${items}, lambda i: i IS NOT NULL), ${separator}) END`,
  ),
  scalar('replace(varchar(x), varchar(y)) -> varchar(x)', 'Removes a text', `CASE WHEN $2 = '' THEN $1 ELSE replace($1, $2, '') END`, {
    resultType: replacedType,
  }),
  scalar(
    'replace(varchar(x), varchar(y), varchar(z)) -> varchar(u)',
    'Replaces a text',
    ([value, search, replacement], { constants }) =>
      typeof constants[1] === 'string' && constants[1] !== ''
        ? `replace(${value}, ${search}, ${replacement})`
        : `CASE WHEN ${search} = '' THEN weir_between_all(${value}, ${replacement}) ELSE replace(${value}, ${search}, ${replacement}) END`,
    { resultType: replacedType },
  ),
  scalar('split(varchar(x), varchar(y)) -> array(varchar(x))', 'Cuts at a delimiter', (args, { constants }) =>
    cutBy(args, constants[1], `string_split(${args.join(', ')})`),
  ),
  scalar('split(varchar(x), varchar(y), bigint) -> array(varchar(x))', 'Cuts at a delimiter into at most n parts', (args, { constants }) =>
    cutBy(args, constants[1], `weir_split_limit(${args.join(', ')})`),
  ),
  scalar(
    'split_part(varchar(x), varchar(y), bigint) -> varchar(x)',
    'The n-th part between delimiters',
    ([value, cut, index], { constants }) => {
      const parts =
        typeof constants[1] === 'string' && constants[1] !== '' ? `string_split(${value}, ${cut})` : `weir_parts(${value}, ${cut})`
      const guarded =
        typeof constants[2] === 'bigint' && constants[2] > 0n
          ? index
          : `CASE WHEN ${index} <= 0 AND ${value} IS NOT NULL AND ${cut} IS NOT NULL THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'Index must be greater than zero')} ELSE ${index} END`
      return `${parts}[${guarded}]`
    },
  ),
  scalar('strpos(varchar(x), varchar(y)) -> bigint', 'Where a text first occurs, or 0', 'strpos($1, $2)'),
  scalar(
    'strpos(varchar(x), varchar(y), bigint) -> bigint',
    'Where a text occurs the n-th time, or 0; from the end if n is negative',
    'weir_strpos($1, $2, $3)',
  ),
  scalar('starts_with(varchar(x), varchar(y)) -> boolean', 'Whether it begins with a text', 'starts_with($1, $2)'),
  scalar('translate(varchar(x), varchar(y), varchar(z)) -> varchar', 'Replaces characters one by one', 'translate($1, $2, $3)'),
  scalar('chr(bigint) -> varchar(1)', 'Character of a code point', 'weir_chr($1)'),
  scalar(
    'codepoint(varchar(1)) -> integer',
    'Code point of a character',
    `CASE WHEN length($1) = 1 THEN unicode($1) WHEN $1 IS NOT NULL THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'Input string must be a single character string')} END`,
  ),
  scalar(
    'levenshtein_distance(varchar(x), varchar(y)) -> bigint',
    'Number of single-character changes',
    distance('levenshtein', 'weir_levenshtein'),
  ),
  scalar('hamming_distance(varchar(x), varchar(y)) -> bigint', 'Number of places that differ', 'weir_hamming($1, $2)'),
  scalar('normalize(varchar(x), varchar(y)) -> varchar', 'Unicode normal form', ([value, form], { constants }) =>
    constants[1] === 'NFC' ? `nfc_normalize(${value})` : `weir_normalize(${value}, ${form})`,
  ),
  scalar('normalize(varchar(x)) -> varchar', 'Unicode normal form C', 'nfc_normalize($1)'),
  scalar('to_utf8(varchar(x)) -> varbinary', 'Bytes of a text', 'encode($1)'),
  scalar(
    'to_utf8(char(x)) -> varbinary',
    'Bytes of a text, with blanks',
    ([value], { arguments: [type] }) => `encode(${pad(value, type)})`,
  ),
  // Valid bytes are the rule, and the kernel's to read.
  scalar(
    'from_utf8(varbinary) -> varchar',
    'Text of bytes; U+FFFD for malformed ones',
    // A name for the bytes: TRY takes nothing volatile.
    'list_transform([$1], lambda b: coalesce(TRY(decode(b)), weir_from_utf8(b, chr(65533))))[1]',
  ),
  scalar('from_utf8(varbinary, varchar(x)) -> varchar', 'Text of bytes; a replacement for malformed ones', 'weir_from_utf8($1, $2)'),
  scalar('from_utf8(varbinary, bigint) -> varchar', 'Text of bytes; a replacement for malformed ones', 'weir_from_utf8_code($1, $2)'),
  scalar('word_stem(varchar(x)) -> varchar(x)', 'Stem of an English word', "weir_word_stem($1, 'en')"),
  scalar('word_stem(varchar(x), varchar(2)) -> varchar(x)', 'Stem of a word', 'weir_word_stem($1, $2)'),
  scalar(
    ['parse_data_size(varchar(x)) -> decimal(38,0)', 'parse_presto_data_size(varchar(x)) -> decimal(38,0)'],
    'Bytes of a size such as 2.3MB',
    'CAST(weir_parse_data_size($1) AS DECIMAL(38, 0))',
  ),
  scalar('parse_duration(varchar(x)) -> interval day to second', 'Interval of a text such as 3.81 d', 'weir_parse_duration($1)'),
  scalar('format_number(bigint) -> varchar', 'Short text of a number', 'weir_format_number($1)'),
  scalar('format_number(double) -> varchar', 'Short text of a number', 'weir_format_number(weir_java_long($1))'),
  scalar('soundex(varchar) -> varchar(4)', 'How an English word sounds', 'weir_soundex($1)'),
  scalar('luhn_check(varchar) -> boolean', 'Whether the check digit is right', 'weir_luhn_check($1)'),
  scalar('human_readable_seconds(double) -> varchar', 'A duration in words', 'weir_human_readable_seconds($1)'),
].flat()
