/** format(): the arguments cross to JavaScript as texts, each with what Java would take it for. */
import { QueryError } from '#src/common/errors'
import { formatType } from '#src/types/format'
import { type Type, varchar } from '#src/types/type'
import type { FormatKind } from '../computed/format.ts'
import { scalar } from '../definition.ts'
import type { ScalarForm } from '../function.ts'

const form: ScalarForm = ([pattern = '', ...args], { arguments: types, kernel, at }) => {
  const parts = args.map((arg, index) => {
    const type = types[index + 1] as Type
    const kind = kindOf(type)
    if (kind === undefined) throw new QueryError('NOT_SUPPORTED', `Type not supported for formatting: ${formatType(type)}`, { at })
    if (type.kind === 'unknown') return `'${kind}', NULL`
    const text = kernel.cast(arg, type, varchar())
    return `'${kind}', ${kind === 'moment' ? isoText(text, type) : text}`
  })
  return `weir_format(${pattern}, CAST(json_array(${parts.join(', ')}) AS VARCHAR))`
}

function kindOf(type: Type): FormatKind | undefined {
  switch (type.kind) {
    case 'boolean':
      return 'boolean'
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return 'long'
    case 'real':
    case 'double':
      return 'double'
    case 'decimal':
      return 'decimal'
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamp with time zone':
      return 'moment'
    case 'array':
    case 'map':
    case 'row':
    case 'varbinary':
    case 'function':
      return undefined
    default:
      return 'string'
  }
}

/** java.time's text: a T between date and time. */
function isoText(text: string, type: Type): string {
  return type.kind === 'timestamp' || type.kind === 'timestamp with time zone' ? `replace(${text}, ' ', 'T')` : text
}

export const formatFunctions = [
  scalar('format(varchar, any...) -> varchar', 'Formats values as java.util.Formatter does', form, { strict: false }),
].flat()
