/** Athena's `projection.*` properties: names and shapes; what they mean together is projection.ts. */
import { QueryError } from '#src/common/errors'

const TEMPLATE = 'storage.location.template'
const SETTINGS = ['type', 'values', 'range', 'format', 'interval', 'interval.unit', 'digits'] as const
export type ProjectionSetting = (typeof SETTINGS)[number]

export const isProjectionProperty = (name: string): boolean => name === TEMPLATE || name.startsWith('projection.')

export const locationTemplate = (properties: Readonly<Record<string, string>>): string | undefined => properties[TEMPLATE]

export const isProjected = (properties: Readonly<Record<string, string>>): boolean => properties['projection.enabled'] === 'true'

export const projectionSetting = (
  properties: Readonly<Record<string, string>>,
  key: string,
  setting: ProjectionSetting,
): string | undefined => properties[`projection.${key}.${setting}`]

/** The property as it is kept. Throws INVALID_TABLE_PROPERTY for a name that is none of Athena's. */
export function projectionProperty(spelled: string, text: string): readonly [string, string] {
  const name = spelled.toLowerCase()
  if (name === TEMPLATE) return [name, text]
  if (name === 'projection.enabled') {
    const value = text.toLowerCase()
    if (value !== 'true' && value !== 'false')
      throw invalid(`Invalid value for table property '${spelled}': '${text}'; expected 'true' or 'false'`)
    return [name, value]
  }
  if (!SETTINGS.some((setting) => name.endsWith(`.${setting}`) && name.length > `projection..${setting}`.length)) {
    throw new QueryError('INVALID_TABLE_PROPERTY', `Table property '${spelled}' does not exist`, {
      hint: `Of a partition key there are ${SETTINGS.map((setting) => `projection.<key>.${setting}`).join(', ')}`,
    })
  }
  return [name, text]
}

const invalid = (message: string): QueryError => new QueryError('INVALID_TABLE_PROPERTY', message)
