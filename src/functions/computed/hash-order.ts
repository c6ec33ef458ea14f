/** The order in which Java's HashMap gives its keys back: Trino's JSON_OBJECT has its members in it. */

const SMALLEST_TABLE = 16
const LOAD = 0.75

/** By bucket; keys of one bucket in the order of their insertion. */
export function hashOrder(keys: readonly string[]): readonly string[] {
  let size = SMALLEST_TABLE
  while (keys.length > size * LOAD) size *= 2
  const bucket = (key: string) => {
    const hash = hashCode(key)
    return (hash ^ (hash >>> 16)) & (size - 1)
  }
  return [...keys].sort((a, b) => bucket(a) - bucket(b))
}

/** String.hashCode(). */
function hashCode(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index++) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0
  return hash
}
