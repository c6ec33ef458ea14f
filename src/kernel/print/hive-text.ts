/**
 * Lines of text as Hive's SerDes read them (connectors/formats/text-serde.ts). The kernel's reader gives whole lines; they are split
 * here, for its own splitting knows neither Hive's escapes nor lines with too few or too many fields.
 */
import type { HiveText } from '#connectors/formats/text-serde'
import { quote } from '#src/functions/kernel-error'
import { type Type, VARCHAR } from '#src/types/type'
import { equalityKey, fieldName } from '../representation.ts'
import type { PlanPrinter } from './context.ts'

/** Stand for escaped characters while a line is split: two control characters each, as no text has them. */
const ESCAPED = '\u001c\u001d'
const SEPARATED: readonly string[] = ['\u001c\u001e', '\u001c\u001f', '\u001c\u0019']

export interface SplitLines {
  /** Relation with `unit`, `ok` and the list `f` of a line's fields. */
  readonly from: string
  /** The text of a field, counted from 0; NULL where the line has none. */
  readonly raw: (place: number, type: Type) => string
  readonly typed: (raw: string, type: Type) => string
}

/** `reader` gives lines as `v0` and their unit as `file_index`. */
export function splitLines(reader: string, text: HiveText, printer: PlanPrinter): SplitLines {
  return text.serde === 'lazysimple' ? lazySimple(reader, text, printer) : openCsv(reader, text, printer)
}

const replaceAll = (value: string, ...pairs: readonly (readonly [string, string])[]): string =>
  pairs.reduce((sql, [from, to]) => `replace(${sql}, ${quote(from)}, ${quote(to)})`, value)

function lazySimple(reader: string, { separators, escape: escaping, nullText }: HiveText, printer: PlanPrinter): SplitLines {
  const hidden = SEPARATED.map((mark, level): readonly [string, string] => [escaping + (separators[level] as string), mark])
  const line = escaping === '' ? 'v0' : replaceAll('v0', [escaping + escaping, ESCAPED], ...hidden)
  /** A text without its escapes: r and n behind one are line ends. */
  const plain = (value: string): string =>
    escaping === ''
      ? value
      : replaceAll(
          value,
          [`${escaping}r`, '\r'],
          [`${escaping}n`, '\n'],
          [escaping, ''],
          [ESCAPED, escaping],
          ...SEPARATED.map((mark, level): readonly [string, string] => [mark, separators[level] as string]),
        )
  const whole = (value: string): string => `nullif(${value}, ${quote(nullText)})`
  const split = (value: string, level: number): string => `string_split(${value}, ${quote(separators[level] ?? '\u0008')})`
  /** `depth` names the parameters of nested lambdas apart. */
  const decode = (value: string, type: Type, level: number, depth: number): string => {
    const item = `x${depth}`
    switch (type.kind) {
      case 'array': {
        const items = `list_transform(${split(value, level)}, lambda ${item}: ${decode(whole(item), type.element, level + 1, depth + 1)})`
        return `CASE WHEN ${value} IS NULL THEN NULL WHEN ${value} = '' THEN [] ELSE ${items} END`
      }
      case 'map': {
        const parts = split(item, level + 1)
        const key = decode(whole(`${parts}[1]`), type.key, level + 2, depth + 1)
        const entry = decode(whole(`${parts}[2]`), type.value, level + 2, depth + 1)
        const entries = `list_filter(list_transform(${split(value, level)}, lambda ${item}: struct_pack(k := ${key}, v := ${entry})), lambda e${depth}: e${depth}.k IS NOT NULL)`
        // Of two entries with the same key the first counts.
        const keys = `list_transform(l${depth}, lambda e${depth}: ${equalityKey(`e${depth}.k`, type.key)})`
        const first = `list_filter(l${depth}, lambda e${depth}, i${depth}: list_position(${keys}, ${equalityKey(`e${depth}.k`, type.key)}) = i${depth})`
        const map = `list_transform([CASE WHEN ${value} = '' THEN [] ELSE ${entries} END], lambda l${depth}: map_from_entries(${first}))[1]`
        return `CASE WHEN ${value} IS NULL THEN NULL ELSE ${map} END`
      }
      case 'row': {
        const parts = split(value, level)
        const fields = type.fields.map(
          (field, index) => `${fieldName(index)} := ${decode(whole(`${parts}[${index + 1}]`), field.type, level + 1, depth)}`,
        )
        return `CASE WHEN ${value} IS NULL THEN NULL ELSE struct_pack(${fields.join(', ')}) END`
      }
      default:
        return scalar(plain(value), type, printer)
    }
  }
  return {
    from: `(SELECT file_index AS unit, true AS ok, string_split(${line}, ${quote(separators[0] as string)}) AS f FROM ${reader})`,
    raw: (place, type) => {
      const value = whole(`r.f[${place + 1}]`)
      // No number or date is an empty text: nothing was there, so nothing is wrong.
      return isNested(type) || isText(type) ? value : `nullif(${value}, '')`
    },
    typed: (raw, type) => decode(raw, type, 1, 0),
  }
}

function openCsv(reader: string, { separators, quote: quoting, escape: escaping }: HiveText, printer: PlanPrinter): SplitLines {
  const [delimiter = ','] = separators
  const [d, q, e] = [delimiter, quoting, escaping].map(inClass) as [string, string, string]
  const escaped = escaping === '' || escaping === quoting ? '' : `|${bare(escaping)}.`
  const inside = `(?:[^${q}${escaped === '' ? '' : e}]${escaped}|${bare(quoting)}${bare(quoting)})*`
  const quoted = quoting === '' ? '' : `\\s*${bare(quoting)}${inside}${bare(quoting)}|`
  const line = `${quote(delimiter)} || v0`
  const fields = `regexp_extract_all(${line}, ${quote(`${bare(delimiter)}(?:${quoted}[^${d}]*)`)}, 0, 's')`
  const isQuoted = (field: string): string => (quoting === '' ? 'false' : `starts_with(ltrim(substr(${field}, 2)), ${quote(quoting)})`)
  // A quote in the middle, or one that does not end: what follows would be taken for something else.
  const isBroken =
    quoting === ''
      ? 'false'
      : `(NOT ${isQuoted('x')} AND contains(x, ${quote(quoting)})) OR (${isQuoted('x')} AND (length(trim(substr(x, 2))) < 2 OR NOT ends_with(x, ${quote(quoting)})))`
  const ok = `list_sum(list_transform(f, lambda x: length(x))) = length(v0) + 1 AND NOT list_contains(list_transform(f, lambda x: ${isBroken}), true)`
  const unescaped = (value: string): string => {
    const steps: (readonly [string, string])[] = []
    if (escaped !== '') steps.push([escaping + escaping, ESCAPED], [escaping + quoting, SEPARATED[0] as string])
    steps.push([quoting + quoting, quoting])
    if (escaped !== '') steps.push([escaping, ''], [SEPARATED[0] as string, quoting], [ESCAPED, escaping])
    return replaceAll(value, ...steps)
  }
  const content = (field: string): string => {
    // Outside of quotes an escape character escapes nothing, and goes all the same.
    const unquoted = escaping === '' ? `substr(${field}, 2)` : replaceAll(`substr(${field}, 2)`, [escaping, ''])
    if (quoting === '') return unquoted
    const trimmed = `ltrim(substr(${field}, 2))`
    return `CASE WHEN ${isQuoted(field)} THEN ${unescaped(`substr(${trimmed}, 2, length(${trimmed}) - 2)`)} ELSE ${unquoted} END`
  }
  return {
    from: `(SELECT unit, ${ok} AS ok, f FROM (SELECT file_index AS unit, v0, ${fields} AS f FROM ${reader}))`,
    raw: (place, type) => (isText(type) ? content(`r.f[${place + 1}]`) : `nullif(trim(${content(`r.f[${place + 1}]`)}), '')`),
    typed: (raw, type) => {
      const number = `regexp_full_match(${raw}, '-?[0-9]{1,18}')`
      // Athena reads days and milliseconds since 1970; dates as people write them are read as well.
      if (type.kind === 'date')
        return `CASE WHEN ${number} THEN DATE '1970-01-01' + TRY_CAST(${raw} AS INTEGER) ELSE ${scalar(raw, type, printer)} END`
      if (type.kind === 'timestamp')
        return `CASE WHEN ${number} THEN epoch_ms(TRY_CAST(${raw} AS BIGINT)) ELSE ${scalar(raw, type, printer)} END`
      return scalar(raw, type, printer)
    },
  }
}

const isText = (type: Type): boolean => type.kind === 'varchar' || type.kind === 'char'
const isNested = (type: Type): boolean => type.kind === 'array' || type.kind === 'map' || type.kind === 'row'

/** A text as a value; NULL where it is none. */
function scalar(value: string, type: Type, printer: PlanPrinter): string {
  if (type.kind === 'varchar' && type.length === undefined) return value
  if (type.kind === 'boolean') return `CASE lower(${value}) WHEN 'true' THEN true WHEN 'false' THEN false END`
  return printer.forms.cast(value, VARCHAR, type, true)
}

/** A character as a regular expression, alone and between brackets. */
const bare = (character: string): string => (character === '' ? '' : `\\x{${character.charCodeAt(0).toString(16)}}`)
const inClass = bare
