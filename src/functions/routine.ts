/** What bodies of SQL functions are made of beside expressions: names for values, and loops. */
import type { FunctionType, RowType, Type } from '#src/types/type'
import { BIGINT } from '#src/types/type'
import type { BoundScalar, ScalarForm } from './function.ts'
import { raise } from './kernel-error.ts'

/** Arguments: a value, and a lambda that is given it. The value is computed once, whether it is used or not. */
export function letFunction(value: Type, result: Type): BoundScalar {
  const form: ScalarForm = ([bound = '', body = '']) => `list_transform([${bound}], ${body})[1]`
  return bound('let', [value, { kind: 'function', parameters: [value], result }], result, form)
}

/** A loop is reduced over lists in lists, so that one of few steps does not pay for the most that there may be. */
const STEPS = 50
const LEVELS = 3

/**
 * Arguments: a state, whose first field is 0 as long as the loop goes on, and a lambda that makes the next state of one.
 * What the step captures travels with the state: the kernel mixes up captured columns of rows whose lists differ in length.
 */
export function loopFunction(state: RowType): BoundScalar {
  const step: FunctionType = { kind: 'function', parameters: [state], result: state }
  const form: ScalarForm = ([initial = ''], types) => {
    const lambda = types.lambdas[1]
    if (lambda === undefined) return initial
    const { suffix } = lambda
    const stored = types.kernel.stored(state)
    const packed = (value: string, captured: readonly string[]): string =>
      `struct_pack(${[`s := CAST(${value} AS ${stored})`, ...captured.map((text, index) => `c${index} := ${text}`)].join(', ')})`
    const code = (name: string): string => `struct_extract_at(${name}.s, 1)`
    const levels = (level: number, from: string): string => {
      const [a, b] = [`a${level}${suffix}`, `b${level}${suffix}`]
      const carried = lambda.captures.map((_, index) => `${a}.c${index}`)
      const body =
        level === 0
          ? `CASE WHEN ${code(a)} <> 0 THEN ${a} ELSE ${packed(lambda.body([`${a}.s`], carried), carried)} END`
          : levels(level - 1, a)
      // The elements are nothing but a count: NULLs of the state's type.
      const steps = `CASE WHEN ${code(from)} = 0 THEN list_resize(list_slice([${from}], 1, 0), ${STEPS}) ELSE list_slice([${from}], 1, 0) END`
      return `list_reduce(${steps}, lambda ${a}, ${b}: ${body}, ${from})`
    }
    const start = `l${suffix}`
    return `list_transform([${packed(initial, lambda.captures)}], lambda ${start}: (${levels(LEVELS - 1, start)}).s)[1]`
  }
  return bound('loop', [state, step], state, form)
}

/** Fails: a loop has not ended. */
export function endlessLoop(type: Type): BoundScalar {
  const message = `A loop of more than ${(STEPS ** LEVELS).toLocaleString('en-US')} steps is not supported`
  return bound('endless_loop', [BIGINT], type, () => raise('NOT_SUPPORTED', message))
}

function bound(name: string, argumentTypes: readonly Type[], type: Type, form: ScalarForm): BoundScalar {
  return { name: `routine_${name}`, kind: 'scalar', argumentTypes, type, deterministic: true, strict: false, form }
}
