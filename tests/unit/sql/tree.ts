/** Syntax trees without what depends on the text: positions, and the texts that some statements keep. */
const OF_THE_TEXT: ReadonlySet<string> = new Set(['at', 'offsetAt', 'operatorAt', 'orderByAt', 'pathAt', 'returnsAt', 'queryText'])

export function withoutPositions(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutPositions)
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node).filter(([key]) => !OF_THE_TEXT.has(key) && !(key === 'text' && 'statement' in node))
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutPositions(value)]))
}
