/** Which patterns a linear engine (RE2) takes exactly as Joni does. */
import { parsePattern } from './parse-pattern.ts'
import { isNullable, type PatternNode } from './pattern.ts'

/**
 * @param matchOnly only whether it matches is asked, not what its groups hold
 */
export function isPlainPattern(pattern: string, matchOnly: boolean): boolean {
  // Flags inside reach over other alternatives there, and what is written in classes differs in details.
  if (/\(\?[a-z-]+[):]/.test(pattern.slice(1)) || /\[\^?\]|\[[^\]]*(?:\[|&&)/.test(pattern)) return false
  // Beyond single letters of ASCII case is folded in other ways: ss is ß.
  if (/^\(\?[a-z]*i/.test(pattern) && /[^\0-\x7f]|\\[pP]|ss|ff|fi|fl|st/i.test(pattern)) return false
  return isPlain(parsePattern(pattern).root, matchOnly)
}

function isPlain(node: PatternNode, matchOnly: boolean): boolean {
  switch (node.kind) {
    case 'char':
    case 'set':
      return true
    case 'assert':
      return node.what === 'begin' || node.what === 'end' || node.what === 'very-end'
    case 'sequence':
      return node.items.every((item) => isPlain(item, matchOnly))
    case 'choice':
      return node.branches.every((branch) => isPlain(branch, matchOnly))
    case 'group':
      return isPlain(node.body, matchOnly)
    case 'repeat':
      if (node.mode === 'possessive' || node.body.kind === 'repeat' || node.body.kind === 'assert') return false
      return isPlain(node.body, matchOnly) && (matchOnly || (!isNullable(node.body) && !hasGroup(node.body)))
    case 'look':
    case 'atomic':
    case 'reference':
      return false
  }
}

function hasGroup(node: PatternNode): boolean {
  switch (node.kind) {
    case 'group':
      return true
    case 'sequence':
      return node.items.some(hasGroup)
    case 'choice':
      return node.branches.some(hasGroup)
    case 'repeat':
    case 'atomic':
    case 'look':
      return hasGroup(node.body)
    default:
      return false
  }
}
