/** A regular expression as a tree. */

export type PatternNode =
  | { readonly kind: 'char'; readonly code: number; readonly fold: boolean }
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly branches: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly body: PatternNode; readonly min: number; readonly max: number; readonly mode: RepeatMode }
  | { readonly kind: 'group'; readonly index: number; readonly body: PatternNode }
  | { readonly kind: 'look'; readonly behind: boolean; readonly negated: boolean; readonly body: PatternNode }
  | { readonly kind: 'atomic'; readonly body: PatternNode }
  | { readonly kind: 'reference'; readonly groups: readonly number[]; readonly fold: boolean }

export type RepeatMode = 'greedy' | 'lazy' | 'possessive'

/** `end` is before a final newline too; line ends are newlines only. */
export type Assertion = 'begin' | 'end' | 'very-end' | 'line-begin' | 'line-end' | 'word' | 'not-word' | 'search-start'

export interface ParsedPattern {
  readonly root: PatternNode
  /** How many groups there are, without the whole. */
  readonly groups: number
  /** Numbers of the groups of a name, in order. */
  readonly names: ReadonlyMap<string, readonly number[]>
}

/** A set of code points. */
export interface CharSet {
  has(code: number): boolean
}

/** Whether it can match nothing. */
export function isNullable(node: PatternNode): boolean {
  switch (node.kind) {
    case 'char':
    case 'set':
      return false
    case 'sequence':
      return node.items.every(isNullable)
    case 'choice':
      return node.branches.some(isNullable)
    case 'group':
    case 'atomic':
      return isNullable(node.body)
    case 'repeat':
      return node.min === 0 || isNullable(node.body)
    case 'assert':
    case 'look':
    case 'reference':
      return true
  }
}
