/** format(): the arguments cross to JavaScript as texts, each with what Java would take it for. */
import { type Type, varchar } from '#src/types/type'
import type { FormatKind } from '../computed/format.ts'
import { scalar } from '../definition.ts'
import type { KernelForms, ScalarForm } from '../function.ts'

const form: ScalarForm = ([pattern = '', ...args], { arguments: types, kernel }) => {
  const parts = args.map((arg, index) => {
    const type = types[index + 1] as Type
    return type.kind === 'unknown'
      ? `'string', CAST(${arg} AS VARCHAR)`
      : `'${formatKind(type) ?? 'string'}', ${javaText(arg, type, kernel)}`
  })
  return `weir_format(${pattern}, CAST(json_array(${parts.join(', ')}) AS VARCHAR))`
}

function javaText(arg: string, type: Type, kernel: KernelForms): string {
  if (type.kind === 'double' || type.kind === 'real') return `weir_java_double(${arg})`
  if (type.kind === 'json') return arg
  const text = kernel.cast(arg, type, varchar())
  // Far years have their sign here, not in casts.
  if (type.kind === 'date') return `(CASE WHEN ${arg} > DATE '9999-12-31' THEN '+' ELSE '' END || ${text})`
  return type.kind === 'timestamp with time zone' ? `(CAST(epoch_us(CAST((${arg}).t AS TIMESTAMP)) AS VARCHAR) || '@' || ${text})` : text
}

/** What Java would take a value of the type for; undefined for types that format() does not take. */
export function formatKind(type: Type): FormatKind | undefined {
  switch (type.kind) {
    case 'boolean':
      return 'boolean'
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return 'long'
    case 'real':
      return 'float'
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

export const formatFunctions = [
  scalar('format(varchar, any...) -> varchar', 'Formats values as java.util.Formatter does', form, { strict: false }),
].flat()
