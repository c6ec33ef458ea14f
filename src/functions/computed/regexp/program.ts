/** A regular expression as instructions for the matcher (match.ts). */
import { unreachable } from '#src/common/errors'
import { fail } from '../computed-function.ts'
import { foldCase } from './char-set.ts'
import { type Assertion, type CharSet, isNullable, type ParsedPattern, type PatternNode } from './pattern.ts'

/**
 * `a`, `b` and `c` are addresses of instructions, registers, code points or indexes of `sets`. Registers hold the groups'
 * bounds first, two for each with the whole at 0, then loops' counters and positions.
 */
export interface Instruction {
  readonly op: Op
  a: number
  b: number
  c: number
}

export const Op = {
  char: 0,
  foldedChar: 1,
  set: 2,
  assertion: 3,
  /** Goes on at a; on failure at b. */
  split: 4,
  jump: 5,
  /** Keeps the position in register a. */
  save: 6,
  /** Matches what the groups of references[a] hold; b: ignoring case. */
  reference: 7,
  /** Set a, at least b and at most c times (-1: no bound), giving back one by one. */
  repeatSet: 8,
  /** The same, giving nothing back. */
  repeatSetPossessive: 9,
  /** Keeps the height of the stack of choices in register a, and the position in a + 1. */
  mark: 10,
  /** Drops the choices made since the mark in register a. */
  cut: 11,
  /** The same, and back to its position. */
  cutBack: 12,
  /** Goes back by a code points or fails. */
  back: 13,
  fail: 14,
  /** Sets register a to 0. */
  reset: 15,
  /** Counts in register a. */
  count: 16,
  /** To c when register a is below b. */
  jumpBelow: 17,
  /** To c when nothing was consumed since register a was set. */
  jumpEmpty: 18,
  match: 19,
} as const
export type Op = (typeof Op)[keyof typeof Op]

export const ASSERTIONS: readonly Assertion[] = ['begin', 'end', 'very-end', 'line-begin', 'line-end', 'word', 'not-word', 'search-start']

export interface Program {
  readonly instructions: readonly Instruction[]
  readonly sets: readonly CharSet[]
  readonly references: readonly (readonly number[])[]
  readonly registers: number
  readonly groups: number
  readonly names: ReadonlyMap<string, readonly number[]>
  /** A character that every match begins with. */
  readonly first: string | undefined
  /** What is tried again at the same place fails again: nothing but the place decides. */
  readonly isMemoizable: boolean
  /** Matches only at the start of the text. */
  readonly anchored: boolean
}

/** Counted repetitions of little things are written out. */
const MAX_WRITTEN_OUT = 64

export function compilePattern(pattern: ParsedPattern): Program {
  const compiler = new Compiler(pattern)
  return compiler.compile()
}

class Compiler {
  readonly #pattern: ParsedPattern
  readonly #code: Instruction[] = []
  readonly #sets: CharSet[] = []
  readonly #references: (readonly number[])[] = []
  #registers: number

  constructor(pattern: ParsedPattern) {
    this.#pattern = pattern
    this.#registers = 2 * (pattern.groups + 1)
  }

  compile(): Program {
    const { root, groups, names } = this.#pattern
    this.#emit(Op.save, 0)
    this.#node(root)
    this.#emit(Op.save, 1)
    this.#emit(Op.match)
    const first = firstOf(root)
    return {
      instructions: this.#code,
      sets: this.#sets,
      references: this.#references,
      registers: this.#registers,
      groups,
      names,
      first: first?.kind === 'char' && !first.fold ? String.fromCodePoint(first.code) : undefined,
      isMemoizable: isMemoizable(root),
      anchored: first?.kind === 'assert' && first.what === 'begin',
    }
  }

  #emit(op: Op, a = 0, b = 0, c = 0): Instruction {
    const instruction = { op, a, b, c }
    this.#code.push(instruction)
    return instruction
  }

  get #here(): number {
    return this.#code.length
  }

  #set(set: CharSet): number {
    return this.#sets.push(set) - 1
  }

  #node(node: PatternNode): void {
    switch (node.kind) {
      case 'char':
        this.#emit(node.fold ? Op.foldedChar : Op.char, node.fold ? foldCase(node.code) : node.code)
        return
      case 'set':
        this.#emit(Op.set, this.#set(node.set))
        return
      case 'assert':
        this.#emit(Op.assertion, ASSERTIONS.indexOf(node.what))
        return
      case 'sequence':
        for (const item of node.items) this.#node(item)
        return
      case 'choice':
        this.#choice(node.branches.map((branch) => () => this.#node(branch)))
        return
      case 'group':
        this.#emit(Op.save, 2 * node.index)
        this.#node(node.body)
        this.#emit(Op.save, 2 * node.index + 1)
        return
      case 'reference':
        this.#emit(Op.reference, this.#references.push(node.groups) - 1, node.fold ? 1 : 0)
        return
      case 'atomic': {
        const mark = this.#mark()
        this.#node(node.body)
        this.#emit(Op.cut, mark)
        return
      }
      case 'look':
        this.#look(node)
        return
      case 'repeat':
        this.#repeat(node)
        return
    }
    unreachable(node)
  }

  #choice(branches: readonly (() => void)[]): void {
    const ends: Instruction[] = []
    branches.forEach((branch, index) => {
      if (index === branches.length - 1) {
        branch()
        return
      }
      const split = this.#emit(Op.split)
      split.a = this.#here
      branch()
      ends.push(this.#emit(Op.jump))
      split.b = this.#here
    })
    for (const end of ends) end.a = this.#here
  }

  #mark(): number {
    const register = this.#registers
    this.#registers += 2
    this.#emit(Op.mark, register)
    return register
  }

  #look(node: PatternNode & { kind: 'look' }): void {
    const mark = this.#mark()
    const split = node.negated ? this.#emit(Op.split) : undefined
    if (split !== undefined) split.a = this.#here
    if (node.behind) {
      const branches = node.body.kind === 'choice' ? node.body.branches : [node.body]
      this.#choice(
        branches.map((branch) => () => {
          const length = lengthOf(branch)
          if (length === undefined) fail('invalid pattern in look-behind')
          this.#emit(Op.back, length)
          this.#node(branch)
        }),
      )
    } else this.#node(node.body)
    if (split === undefined) this.#emit(Op.cutBack, mark)
    else {
      this.#emit(Op.cut, mark)
      this.#emit(Op.fail)
      split.b = this.#here
    }
  }

  #repeat(node: PatternNode & { kind: 'repeat' }): void {
    const { body, min, max, mode } = node
    if (max === 0) return
    const set = singleSet(body)
    if (set !== undefined && mode !== 'lazy') {
      this.#emit(mode === 'greedy' ? Op.repeatSet : Op.repeatSetPossessive, this.#set(set), min, Number.isFinite(max) ? max : -1)
      return
    }
    const mark = mode === 'possessive' ? this.#mark() : undefined
    this.#loop(body, min, max, mode === 'lazy')
    if (mark !== undefined) this.#emit(Op.cut, mark)
  }

  #loop(body: PatternNode, min: number, max: number, lazy: boolean): void {
    const bounded = Number.isFinite(max)
    if (min <= MAX_WRITTEN_OUT && (!bounded || max <= MAX_WRITTEN_OUT) && sizeOf(body) * (bounded ? max : min + 1) <= MAX_WRITTEN_OUT * 4) {
      for (let index = 0; index < min; index++) this.#node(body)
      if (!bounded) this.#star(body, lazy)
      else this.#optional(body, max - min, lazy)
      return
    }
    // A counter: body; until min: again; until max: again or leave.
    const counter = this.#registers++
    const position = this.#registers++
    this.#emit(Op.reset, counter)
    const start = this.#here
    const least = this.#emit(Op.jumpBelow, counter, min)
    const most = bounded ? this.#emit(Op.jumpBelow, counter, max) : undefined
    const leave = most === undefined ? undefined : this.#emit(Op.jump)
    if (most !== undefined) most.c = this.#here
    const split = this.#emit(Op.split)
    least.c = this.#here
    this.#emit(Op.save, position)
    const inside = least.c
    this.#node(body)
    this.#emit(Op.count, counter)
    const empty = this.#emit(Op.jumpEmpty, position)
    this.#emit(Op.jump, start)
    // An empty round ends the loop: further ones would change nothing.
    empty.c = this.#here
    if (leave !== undefined) leave.a = this.#here
    if (lazy) {
      split.a = this.#here
      split.b = inside
    } else {
      split.a = inside
      split.b = this.#here
    }
  }

  #star(body: PatternNode, lazy: boolean): void {
    const position = this.#registers++
    const split = this.#emit(Op.split)
    const inside = this.#here
    this.#emit(Op.save, position)
    this.#node(body)
    const empty = this.#emit(Op.jumpEmpty, position)
    this.#emit(Op.jump, inside - 1)
    empty.c = this.#here
    split.a = lazy ? this.#here : inside
    split.b = lazy ? inside : this.#here
  }

  #optional(body: PatternNode, times: number, lazy: boolean): void {
    if (times <= 0) return
    const split = this.#emit(Op.split)
    const inside = this.#here
    this.#node(body)
    this.#optional(body, times - 1, lazy)
    split.a = lazy ? this.#here : inside
    split.b = lazy ? inside : this.#here
  }
}

function singleSet(node: PatternNode): CharSet | undefined {
  if (node.kind === 'set') return node.set
  if (node.kind !== 'char') return undefined
  const { code } = node
  return node.fold ? { has: (other) => foldCase(other) === foldCase(code) } : { has: (other) => other === code }
}

/** Instructions, about. */
function sizeOf(node: PatternNode): number {
  switch (node.kind) {
    case 'sequence':
      return node.items.reduce((sum, item) => sum + sizeOf(item), 0)
    case 'choice':
      return node.branches.reduce((sum, branch) => sum + sizeOf(branch) + 2, 0)
    case 'group':
    case 'look':
    case 'atomic':
      return sizeOf(node.body) + 3
    case 'repeat':
      return (sizeOf(node.body) + 3) * Math.max(1, Math.min(node.min, MAX_WRITTEN_OUT))
    default:
      return 1
  }
}

/** Code points of every match; undefined when they vary. */
function lengthOf(node: PatternNode): number | undefined {
  switch (node.kind) {
    case 'char':
    case 'set':
      return 1
    case 'assert':
    case 'look':
      return 0
    case 'sequence': {
      let sum = 0
      for (const item of node.items) {
        const length = lengthOf(item)
        if (length === undefined) return undefined
        sum += length
      }
      return sum
    }
    case 'choice': {
      const lengths = node.branches.map(lengthOf)
      return lengths.every((length) => length === lengths[0]) ? lengths[0] : undefined
    }
    case 'group':
    case 'atomic':
      return lengthOf(node.body)
    case 'repeat': {
      const length = lengthOf(node.body)
      return length !== undefined && node.min === node.max ? length * node.min : undefined
    }
    case 'reference':
      return undefined
  }
}

/** What every match begins with, when that is one node. */
function firstOf(node: PatternNode): PatternNode | undefined {
  switch (node.kind) {
    case 'sequence':
      return node.items[0] && firstOf(node.items[0])
    case 'group':
    case 'atomic':
      return firstOf(node.body)
    case 'repeat':
      return node.min > 0 ? firstOf(node.body) : undefined
    case 'char':
    case 'assert':
      return node
    default:
      return undefined
  }
}

/** Without references, look-around, atomic groups, counters, and rounds of loops that may be empty. */
function isMemoizable(node: PatternNode): boolean {
  switch (node.kind) {
    case 'char':
    case 'set':
      return true
    case 'assert':
      return node.what !== 'search-start'
    case 'sequence':
      return node.items.every(isMemoizable)
    case 'choice':
      return node.branches.every(isMemoizable)
    case 'group':
      return isMemoizable(node.body)
    case 'repeat':
      if (node.mode === 'possessive' || node.min > 1 || (node.max > 1 && Number.isFinite(node.max))) {
        return singleSet(node.body) !== undefined && node.mode === 'greedy'
      }
      return isMemoizable(node.body) && (node.max === 1 || !isNullable(node.body))
    case 'look':
    case 'atomic':
    case 'reference':
      return false
  }
}
