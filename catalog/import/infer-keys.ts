/** Partition keys from the folders of a sample: names and order from the data files, types from every folder seen. */
import { formatLocation, type Location } from '#connectors/storage/location'
import type { ObjectInfo } from '#connectors/storage/object-store'
import { QueryError } from '#src/common/errors'
import { formatType } from '#src/types/format'
import type { TableColumn } from '../model.ts'
import { canonicalColumnNames } from '../names.ts'
import { inferKeyType, isKeyType, parseKeyValue } from '../partitions/key-types.ts'
import { parseKeySegment, placeFolder } from '../partitions/path.ts'
import type { Sample } from './sample-files.ts'

export interface InferredKeys {
  readonly keys: readonly TableColumn[]
  /** The sample's files that lie in folders of these keys. */
  readonly files: readonly ObjectInfo[]
  readonly notes: readonly string[]
}

/**
 * `declared` gives types to keys by name; where the files disagree about the keys, it decides them.
 * Throws GENERIC_USER_ERROR when files disagree, INVALID_TABLE_PROPERTY for declared keys that no folder has,
 * NOT_SUPPORTED for types that keys cannot have, HIVE_INVALID_PARTITION_VALUE for a folder that does not fit a declared type.
 */
export function inferKeys(sample: Sample, declared: readonly TableColumn[]): InferredKeys {
  const place = formatLocation(sample.location)
  for (const key of declared) {
    if (!isKeyType(key.type)) throw new QueryError('NOT_SUPPORTED', `Unsupported type [${formatType(key.type)}] for partition: ${key.name}`)
  }
  const names = keyNames(sample, declared, place)
  for (const key of declared) {
    if (names.includes(key.name)) continue
    const found = names.length === 0 ? 'its files lie in no key=value folders' : `its folders have ${names.join(', ')}`
    throw new QueryError('INVALID_TABLE_PROPERTY', `${place} has no partition key '${key.name}': ${found}`)
  }
  const texts = valuesByLevel(sample, names)
  const keys = names.map((name, level) => {
    const given = declared.find((key) => key.name === name)
    const values = texts[level] as ReadonlyMap<string, string>
    if (given === undefined) return { name, type: inferKeyType(values.keys()) }
    for (const [text, folder] of values) {
      if (parseKeyValue(given.type, text) !== undefined) continue
      const where = formatLocation({ bucket: sample.location.bucket, key: sample.location.key + folder })
      throw new QueryError(
        'HIVE_INVALID_PARTITION_VALUE',
        `Invalid partition value '${text}' for ${formatType(given.type)} partition key: ${name} in ${where}`,
      )
    }
    return given
  })
  return { keys, ...placedFiles(sample, names) }
}

/** The key folders that a file's path begins with. */
function keysOfFile(key: string, location: Location): string[] {
  const names: string[] = []
  for (const folder of key.slice(location.key.length).split('/').slice(0, -1)) {
    const segment = parseKeySegment(folder)
    if (segment === undefined) break
    names.push(segment.key)
  }
  return names
}

function keyNames(sample: Sample, declared: readonly TableColumn[], place: string): readonly string[] {
  if (!sample.location.key.endsWith('/') && sample.location.key !== '') return []
  const examples = new Map<string, { readonly file: string; readonly names: readonly string[] }>()
  for (const { key } of sample.files) {
    const names = keysOfFile(key, sample.location)
    const signature = names.join('/')
    if (!examples.has(signature)) examples.set(signature, { file: key.slice(sample.location.key.length), names })
  }
  const [first, other] = [...examples.values()]
  if (first === undefined) return []
  if (other === undefined) return canonicalColumnNames(first.names, `the folders of ${place}`)
  if (declared.length > 0) return declared.map((key) => key.name)
  const say = (one: typeof first) => `'${one.file}' has ${one.names.length === 0 ? 'none' : one.names.join(', ')}`
  throw new QueryError('GENERIC_USER_ERROR', `Files under ${place} have different partition keys: ${say(first)}, ${say(other)}`, {
    hint: 'Name the keys with --partition: files elsewhere are then left out',
  })
}

/** For each key, the texts seen and a folder that has each. Hive's default partition says nothing about the type. */
function valuesByLevel(sample: Sample, names: readonly string[]): readonly ReadonlyMap<string, string>[] {
  const levels = names.map(() => new Map<string, string>())
  for (const folder of sample.folders) {
    for (const [level, part] of folder.split('/').slice(0, names.length).entries()) {
      const segment = parseKeySegment(part)
      if (segment === undefined || segment.key !== names[level]) break
      if (segment.value !== null) levels[level]?.set(segment.value, folder)
    }
  }
  return levels
}

function placedFiles(sample: Sample, names: readonly string[]): Pick<InferredKeys, 'files' | 'notes'> {
  const relative = (info: ObjectInfo) => info.key.slice(sample.location.key.length)
  const isPlaced = (path: string) => placeFolder(path.slice(0, path.lastIndexOf('/') + 1), names).kind === 'partition'
  const files = sample.files.filter((info) => isPlaced(relative(info)))
  const layout = names.map((name) => `${name}=…/`).join('')
  const [first, ...more] = sample.files.filter((info) => !isPlaced(relative(info))).map(relative)
  if (files.length === 0) {
    throw new QueryError('INVALID_TABLE_PROPERTY', `No file under ${formatLocation(sample.location)} lies in folders ${layout}`)
  }
  if (first === undefined) return { files, notes: [] }
  return { files, notes: [`Left out ${first}${more.length > 0 ? ` and ${more.length} more` : ''}: not in folders ${layout}`] }
}
