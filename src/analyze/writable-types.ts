/** Types that files can hold so that other engines read them alike: those of Hive, as Trino's Hive connector has them. */
import type { FileFormat } from '#catalog/model'
import { type Position, QueryError } from '#src/common/errors'
import { formatType } from '#src/types/format'
import type { Type } from '#src/types/type'

/** @throws NOT_SUPPORTED at the statement for a column whose type the format has no place for */
export function checkWritable(name: string, type: Type, format: FileFormat, at: Position): void {
  const refused = refusal(type, format)
  if (refused !== undefined) throw new QueryError('NOT_SUPPORTED', `${refused}; column name: ${name}`, { at })
}

function refusal(type: Type, format: FileFormat): string | undefined {
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'decimal':
    case 'varchar':
    case 'char':
    case 'date':
    case 'timestamp':
      return undefined
    case 'varbinary':
      return format === 'parquet' ? undefined : `varbinary has no form in ${format.toUpperCase()} files`
    case 'array':
      return format === 'csv' ? nested(type) : refusal(type.element, format)
    case 'map':
      return format === 'csv' ? nested(type) : (refusal(type.key, format) ?? refusal(type.value, format))
    case 'row':
      if (format === 'csv') return nested(type)
      if (type.fields.some((field) => field.name === undefined))
        return 'Anonymous row type is not supported in Hive. Please give each field a name'
      return type.fields.map((field) => refusal(field.type, format)).find((found) => found !== undefined)
    default:
      return `Unsupported Hive type: ${formatType(type)}`
  }
}

const nested = (type: Type): string => `${formatType(type)} has no form in CSV files`
