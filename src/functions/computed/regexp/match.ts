/**
 * Runs a program over a text by backtracking. Choices wait on a stack of their own, so that long texts need no deep
 * recursion; what a choice has changed in the registers is undone from a log.
 */
import { QueryError } from '#src/common/errors'
import { foldCase, UNICODE_WORDS } from './char-set.ts'
import { ASSERTIONS, Op, type Program } from './program.ts'

/** Bounds of a match and its groups in UTF-16 units, two numbers each; -1 where a group took no part. */
export type Match = Int32Array

const DEADLINE_MS = 1_000
const STEPS_BETWEEN_LOOKS = 1 << 16
const MOST_REMEMBERED = 4_000_000
const MOST_CHOICES = 8_000_000
/** Numbers of a choice: instruction, position, length of the log, and how far its position may go back (-1: not at all). */
const CHOICE = 4

const WORD = ASSERTIONS.indexOf('word')
const NOT_WORD = ASSERTIONS.indexOf('not-word')
const BEGIN = ASSERTIONS.indexOf('begin')
const END = ASSERTIONS.indexOf('end')
const VERY_END = ASSERTIONS.indexOf('very-end')
const LINE_BEGIN = ASSERTIONS.indexOf('line-begin')
const LINE_END = ASSERTIONS.indexOf('line-end')
const NEWLINE = 0x0a

/** The first match at or after `from`; throws EXCEEDED_TIME_LIMIT for a search that takes too long. */
export function search(program: Program, text: string, from: number): Match | undefined {
  const matcher = new Matcher(program, text, from)
  if (program.anchored) return from === 0 ? matcher.at(0) : undefined
  for (let at = from; at <= text.length; at += width(text, at)) {
    if (program.first !== undefined) {
      at = text.indexOf(program.first, at)
      if (at < 0) return undefined
    }
    const match = matcher.at(at)
    if (match !== undefined) return match
  }
  return undefined
}

/** Units of the character at a position; 1 at the end. */
export const width = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)

function before(text: string, at: number): number {
  const low = text.charCodeAt(at - 1)
  return low >= 0xdc00 && low <= 0xdfff && at > 1 && (text.charCodeAt(at - 2) & 0xfc00) === 0xd800 ? at - 2 : at - 1
}

class Matcher {
  readonly #program: Program
  readonly #text: string
  readonly #start: number
  readonly #registers: Int32Array
  readonly #choices: number[] = []
  readonly #log: number[] = []
  #steps = 0
  #failed: Set<number> | undefined
  #deadline = Number.POSITIVE_INFINITY

  constructor(program: Program, text: string, start: number) {
    this.#program = program
    this.#text = text
    this.#start = start
    this.#registers = new Int32Array(program.registers)
  }

  at(start: number): Match | undefined {
    const { instructions, sets, references, groups } = this.#program
    const text = this.#text
    const registers = this.#registers.fill(-1)
    const choices = this.#choices
    choices.length = 0
    this.#log.length = 0
    let position = start
    let next = 0
    for (;;) {
      if (++this.#steps % STEPS_BETWEEN_LOOKS === 0) {
        this.#look()
        if (this.#failed === undefined && this.#program.isMemoizable) {
          // From here on no place is tried twice, which bounds the time; it begins anew, for what was tried is not known.
          this.#failed = new Set()
          return this.at(start)
        }
      }
      const instruction = instructions[next++] as (typeof instructions)[number]
      const { a, b, c } = instruction
      let failed = false
      switch (instruction.op) {
        case Op.char: {
          const code = text.codePointAt(position)
          if (code === a) position += code > 0xffff ? 2 : 1
          else failed = true
          break
        }
        case Op.foldedChar: {
          const code = text.codePointAt(position)
          if (code !== undefined && foldCase(code) === a) position += code > 0xffff ? 2 : 1
          else failed = true
          break
        }
        case Op.set: {
          const code = text.codePointAt(position)
          if (code !== undefined && sets[a]?.has(code)) position += code > 0xffff ? 2 : 1
          else failed = true
          break
        }
        case Op.assertion:
          failed = !this.#holds(a, position)
          break
        case Op.split:
          if (this.#isFailed(next - 1, position)) {
            failed = true
            break
          }
          choices.push(b, position, this.#log.length, -1)
          next = a
          break
        case Op.jump:
          next = a
          break
        case Op.save:
          this.#set(a, position)
          break
        case Op.reference: {
          const end = this.#reference(references[a] as readonly number[], position, b === 1)
          if (end < 0) failed = true
          else position = end
          break
        }
        case Op.repeatSet:
        case Op.repeatSetPossessive: {
          const set = sets[a] as (typeof sets)[number]
          let count = 0
          let least = position
          while (count !== c) {
            const code = text.codePointAt(position)
            if (code === undefined || !set.has(code)) break
            position += code > 0xffff ? 2 : 1
            if (++count === b) least = position
          }
          this.#steps += count % STEPS_BETWEEN_LOOKS
          if (count < b) failed = true
          else if (position > least && instruction.op === Op.repeatSet) choices.push(next, position, this.#log.length, least)
          break
        }
        case Op.mark:
          this.#set(a, choices.length)
          this.#set(a + 1, position)
          break
        case Op.cut:
          choices.length = registers[a] as number
          break
        case Op.cutBack:
          choices.length = registers[a] as number
          position = registers[a + 1] as number
          break
        case Op.back:
          for (let count = 0; count < a && !failed; count++) {
            if (position === 0) failed = true
            else position = before(text, position)
          }
          break
        case Op.fail:
          failed = true
          break
        case Op.reset:
          this.#set(a, 0)
          break
        case Op.count:
          this.#set(a, (registers[a] as number) + 1)
          break
        case Op.jumpBelow:
          if ((registers[a] as number) < b) next = c
          break
        case Op.jumpEmpty:
          if (registers[a] === position) next = c
          break
        case Op.match:
          return registers.slice(0, 2 * (groups + 1))
      }
      if (!failed) continue
      const top = choices.length - CHOICE
      if (top < 0) return undefined
      this.#undo(choices[top + 2] as number)
      next = choices[top] as number
      const least = choices[top + 3] as number
      if (least < 0) {
        position = choices[top + 1] as number
        choices.length = top
        continue
      }
      position = before(text, choices[top + 1] as number)
      if (position > least) choices[top + 1] = position
      else choices.length = top
    }
  }

  /** Whether this instruction has been reached at this place before; asked only where the search has become long. */
  #isFailed(instruction: number, position: number): boolean {
    if (this.#failed === undefined) return false
    const key = instruction * (this.#text.length + 1) + position
    if (this.#failed.has(key)) return true
    if (this.#failed.size < MOST_REMEMBERED) this.#failed.add(key)
    return false
  }

  #set(register: number, value: number): void {
    this.#log.push(register, this.#registers[register] as number)
    this.#registers[register] = value
  }

  #undo(length: number): void {
    const log = this.#log
    while (log.length > length) {
      const value = log.pop() as number
      this.#registers[log.pop() as number] = value
    }
  }

  #look(): void {
    if (this.#choices.length > MOST_CHOICES) throw tooHard()
    const now = performance.now()
    if (this.#deadline === Number.POSITIVE_INFINITY) this.#deadline = now + DEADLINE_MS
    else if (now > this.#deadline) throw tooHard()
  }

  #holds(assertion: number, position: number): boolean {
    const text = this.#text
    switch (assertion) {
      case BEGIN:
        return position === 0
      case END:
        return position === text.length || (position === text.length - 1 && text.charCodeAt(position) === NEWLINE)
      case VERY_END:
        return position === text.length
      case LINE_BEGIN:
        return position === 0 || (position < text.length && text.charCodeAt(position - 1) === NEWLINE)
      case LINE_END:
        return position === text.length || text.charCodeAt(position) === NEWLINE
      case WORD:
        return this.#isWord(position) !== this.#isWordBefore(position)
      case NOT_WORD:
        return this.#isWord(position) === this.#isWordBefore(position)
      default:
        return position === this.#start
    }
  }

  #isWord(position: number): boolean {
    const code = this.#text.codePointAt(position)
    return code !== undefined && UNICODE_WORDS.has(code)
  }

  #isWordBefore(position: number): boolean {
    return position > 0 && this.#isWord(before(this.#text, position))
  }

  /** Where the text of the last group that took part ends here; -1 when it does not stand here or none took part. */
  #reference(groups: readonly number[], position: number, fold: boolean): number {
    for (const group of groups.toReversed()) {
      const from = this.#registers[2 * group] as number
      const to = this.#registers[2 * group + 1] as number
      if (from < 0 || to < 0) continue
      const held = this.#text.slice(from, to)
      const here = this.#text.slice(position, position + held.length)
      if (held === here || (fold && sameFolded(held, here))) return position + held.length
      return -1
    }
    return -1
  }
}

function sameFolded(left: string, right: string): boolean {
  const others = [...right]
  const characters = [...left]
  return (
    characters.length === others.length &&
    characters.every(
      (character, index) => foldCase(character.codePointAt(0) as number) === foldCase((others[index] as string).codePointAt(0) as number),
    )
  )
}

const tooHard = () =>
  new QueryError('EXCEEDED_TIME_LIMIT', `A regular expression took longer than ${DEADLINE_MS / 1000} s for one text; make it simpler`)
