import type { Partition } from '#catalog/partitions/discovery'
import { formatLocation } from '#connectors/storage/location'
import type { Bucket, ObjectInfo } from '#connectors/storage/object-store'
import { unreachable } from '#src/common/errors'
import type { ScanSource } from '#src/logical/plan'
import type { Value } from '#src/types/value'

export type HiddenName = Extract<ScanSource, { kind: 'hidden' }>['name']

/** The value that a file's rows have in a hidden column. */
export function hiddenValue(name: HiddenName, bucket: Bucket, info: ObjectInfo, partition: Partition | undefined): Value {
  switch (name) {
    case '$path':
      return formatLocation({ bucket, key: info.key })
    case '$file_size':
      return BigInt(info.size)
    case '$file_modified_time':
      return { micros: BigInt(Math.trunc(info.modified)) * 1000n, zone: 'UTC' }
    case '$partition':
      return partition?.path ?? ''
    default:
      return unreachable(name)
  }
}
