/**
 * Signatures as text and their matching.
 *
 *   `<T:orderable> array_sort(array(T), function(T,T,integer)) -> array(T)`
 *
 * A capital letter is a type variable, a small letter inside varchar(x), char(x), decimal(p,s), timestamp(p) a literal
 * variable, `...` after the last parameter repeats it. The text is what SHOW FUNCTIONS and error messages print.
 */
import { QueryError } from '#src/common/errors'
import { canCoerce, commonSuperType, isComparable, isOrderable } from '#src/types/coercion'
import { sameType } from '#src/types/format'
import {
  array,
  char,
  decimal,
  map,
  type Type,
  time,
  timestamp,
  timestampWithTimeZone,
  timeWithTimeZone,
  UNKNOWN,
  varchar,
} from '#src/types/type'
import { parseTypePattern, type TypePattern } from './type-pattern.ts'

export interface Signature {
  readonly name: string
  readonly constraints: ReadonlyMap<string, Constraint>
  readonly parameters: readonly TypePattern[]
  readonly variadic: boolean
  /** Has type variables: tried after those that have none. */
  readonly generic: boolean
  readonly result: TypePattern
  readonly parameterTexts: readonly string[]
  readonly resultText: string
}

type Constraint = 'comparable' | 'orderable'

/** A lambda's body is typed once its parameters' types are known. */
interface LambdaArgument {
  readonly kind: 'lambda'
  /** Types the body; throws what the analyzer throws for a body that does not fit, or for a wrong number of parameters. */
  readonly analyze: (parameterTypes: readonly Type[]) => Type
}

export type ArgumentType = Type | LambdaArgument

/** What the variables of a signature stand for in one call. */
interface Bindings {
  readonly types: Map<string, Type>
  readonly numbers: Map<string, number | 'unbounded'>
}

export interface BoundSignature {
  readonly arguments: readonly Type[]
  readonly result: Type
}

/**
 * Parses a signature's text; throws GENERIC_INTERNAL_ERROR when a row of the registry is malformed.
 * @param calculated the result's text is for display only
 */
export function parseSignature(text: string, calculated = false): Signature {
  const match = /^(?:<([^>]+)> )?([\w]+)\((.*)\) -> (.+)$/.exec(text)
  if (match === null) throw new QueryError('GENERIC_INTERNAL_ERROR', `Malformed signature: ${text}`)
  const [, variables, name = '', parameters = '', result = ''] = match
  const constraints = new Map<string, Constraint>()
  for (const variable of variables?.split(', ') ?? []) {
    const [letter = '', constraint] = variable.split(':')
    constraints.set(letter, constraint === 'orderable' ? 'orderable' : 'comparable')
  }
  const variadic = parameters.endsWith('...')
  const texts = splitParameters(variadic ? parameters.slice(0, -3) : parameters)
  return {
    name,
    constraints,
    parameters: texts.map(parseTypePattern),
    variadic,
    generic: texts.some((part) => /\b[A-Z]\b/.test(part)),
    result: calculated ? { kind: 'type', type: UNKNOWN } : parseTypePattern(result),
    parameterTexts: texts,
    resultText: result,
  }
}

function splitParameters(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let index = 0; index <= text.length; index++) {
    const character = text[index]
    if (character === '(') depth++
    else if (character === ')') depth--
    else if ((character === ',' && depth === 0) || character === undefined) {
      const part = text.slice(start, index).trim()
      if (part !== '') parts.push(part)
      start = index + 1
    }
  }
  return parts
}

/**
 * Binds a call's arguments to a signature: exactly, or with implicit coercions. Undefined when it does not apply.
 * Lambdas are typed last, when the plain arguments have given the variables.
 */
export function bindSignature(signature: Signature, args: readonly ArgumentType[], coerce: boolean): BoundSignature | undefined {
  const { parameters, variadic } = signature
  if (variadic ? args.length < (signature.generic ? parameters.length : parameters.length - 1) : args.length !== parameters.length) {
    return undefined
  }
  const patterns = args.map((_, index) => parameters[Math.min(index, parameters.length - 1)] as TypePattern)
  const bindings: Bindings = { types: new Map(), numbers: new Map() }

  for (const [index, arg] of args.entries()) {
    const pattern = patterns[index] as TypePattern
    if (arg.kind === 'lambda') {
      if (pattern.kind !== 'function') return undefined
    } else if (!collect(pattern, arg, bindings, coerce)) return undefined
  }

  const lambdas = typeLambdas(args, patterns, bindings, coerce)
  if (lambdas === undefined) return undefined

  for (const [variable, constraint] of signature.constraints) {
    const type = bindings.types.get(variable)
    if (type === undefined) continue
    if (constraint === 'orderable' ? !isOrderable(type) : !isComparable(type)) return undefined
  }

  const bound: Type[] = []
  for (const [index, arg] of args.entries()) {
    const pattern = patterns[index] as TypePattern
    const type = lambdas.get(index) ?? (pattern.kind === 'any' && arg.kind !== 'lambda' ? arg : substitute(pattern, bindings))
    if (type === undefined) return undefined
    if (arg.kind !== 'lambda' && !(coerce ? canCoerce(arg, type) : sameType(arg, type))) return undefined
    bound.push(type)
  }
  const result = substitute(signature.result, bindings)
  return result && { arguments: bound, result }
}

/** How often lambdas are typed again because a body widened a variable that another lambda's parameters use. */
const MAX_PASSES = 4

/** The types of the lambda arguments, by their index; undefined when one does not fit. */
function typeLambdas(
  args: readonly ArgumentType[],
  patterns: readonly TypePattern[],
  bindings: Bindings,
  coerce: boolean,
): ReadonlyMap<number, Type> | undefined {
  const lambdas = new Map<number, Type>()
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const before = new Map(bindings.types)
    for (const [index, arg] of args.entries()) {
      const pattern = patterns[index] as TypePattern
      if (arg.kind !== 'lambda' || pattern.kind !== 'function') continue
      const bound = typeLambda(pattern, arg, bindings, coerce)
      if (bound === undefined) return undefined
      lambdas.set(index, bound)
    }
    if ([...before].every(([variable, type]) => sameType(type, bindings.types.get(variable) as Type))) return lambdas
  }
  return undefined
}

function typeLambda(
  pattern: TypePattern & { kind: 'function' },
  arg: LambdaArgument,
  bindings: Bindings,
  coerce: boolean,
): Type | undefined {
  const parameters = pattern.parameters.map((part) => substitute(part, bindings))
  if (parameters.some((part) => part === undefined)) return undefined
  const body = arg.analyze(parameters as Type[])
  if (!collect(pattern.result, body, bindings, coerce)) return undefined
  const result = substitute(pattern.result, bindings)
  // What a lambda gives is never converted.
  if (result === undefined || !sameType(body, result)) return undefined
  return { kind: 'function', parameters: parameters as Type[], result }
}

/** Learns what the pattern's variables must be from one argument; false when the argument can never fit. */
function collect(pattern: TypePattern, type: Type, bindings: Bindings, coerce: boolean): boolean {
  if (pattern.kind === 'any') return true
  if (type.kind === 'unknown' && pattern.kind !== 'variable') return coerce && pattern.kind !== 'function'
  switch (pattern.kind) {
    case 'variable': {
      const known = bindings.types.get(pattern.name)
      if (known === undefined) {
        bindings.types.set(pattern.name, type)
        return true
      }
      if (sameType(known, type)) return true
      if (!coerce) return false
      const common = commonSuperType(known, type)
      if (common === undefined) return false
      bindings.types.set(pattern.name, common)
      return true
    }
    case 'type':
      return coerce ? canCoerce(type, pattern.type) : sameType(type, pattern.type)
    case 'array':
      return type.kind === 'array' && collect(pattern.element, type.element, bindings, coerce)
    case 'map':
      return type.kind === 'map' && collect(pattern.key, type.key, bindings, coerce) && collect(pattern.value, type.value, bindings, coerce)
    case 'row':
      return (
        type.kind === 'row' &&
        type.fields.length === pattern.fields.length &&
        pattern.fields.every((field, index) => collect(field, (type.fields[index] as { type: Type }).type, bindings, coerce))
      )
    case 'function':
      return false
    case 'parametric':
      return collectParameters(pattern, type, bindings, coerce)
  }
}

function collectParameters(pattern: TypePattern & { kind: 'parametric' }, type: Type, bindings: Bindings, coerce: boolean): boolean {
  const actual = type.kind === pattern.base ? type : coerce ? toBase(type, pattern.base) : undefined
  if (actual === undefined) return false
  const numbers = numbersOf(actual)
  const known = pattern.parameters.map((letter) => bindings.numbers.get(letter))
  if (known.some((value) => value === undefined)) {
    pattern.parameters.forEach((letter, index) => {
      bindings.numbers.set(letter, numbers[index] as number | 'unbounded')
    })
    return true
  }
  if (known.every((value, index) => value === numbers[index])) return true
  if (!coerce) return false
  const common = commonSuperType(build(pattern.base, known as (number | 'unbounded')[]), actual)
  if (common === undefined || common.kind !== pattern.base) return false
  numbersOf(common).forEach((value, index) => {
    bindings.numbers.set(pattern.parameters[index] as string, value)
  })
  return true
}

/** The type of kind `base` that `type` converts to implicitly with the smallest parameters. */
function toBase(type: Type, base: (TypePattern & { kind: 'parametric' })['base']): Type | undefined {
  const smallest = base === 'decimal' ? decimal(1, 0) : base === 'varchar' ? varchar(0) : base === 'char' ? char(1) : build(base, [0])
  const common = commonSuperType(type, smallest)
  return common?.kind === base && canCoerce(type, common) ? common : undefined
}

function numbersOf(type: Type): (number | 'unbounded')[] {
  switch (type.kind) {
    case 'decimal':
      return [type.precision, type.scale]
    case 'varchar':
      return [type.length ?? 'unbounded']
    case 'char':
      return [type.length]
    case 'time':
    case 'timestamp':
    case 'time with time zone':
    case 'timestamp with time zone':
      return [type.precision]
    default:
      return []
  }
}

function build(base: (TypePattern & { kind: 'parametric' })['base'], values: readonly (number | 'unbounded')[]): Type {
  const first = values[0] === 'unbounded' ? undefined : values[0]
  switch (base) {
    case 'decimal':
      return decimal(first as number, values[1] as number)
    case 'varchar':
      return varchar(first)
    case 'char':
      return char(first as number)
    case 'time':
      return time(first as number)
    case 'timestamp':
      return timestamp(first as number)
    case 'time with time zone':
      return timeWithTimeZone(first as number)
    case 'timestamp with time zone':
      return timestampWithTimeZone(first as number)
  }
}

/** The pattern with its variables replaced: unknown where only NULL was given, for numbers the smallest type. */
function substitute(pattern: TypePattern, bindings: Bindings): Type | undefined {
  switch (pattern.kind) {
    case 'variable':
      return bindings.types.get(pattern.name) ?? UNKNOWN
    case 'any':
      return undefined
    case 'type':
      return pattern.type
    case 'array': {
      const element = substitute(pattern.element, bindings)
      return element && array(element)
    }
    case 'map': {
      const key = substitute(pattern.key, bindings)
      const value = substitute(pattern.value, bindings)
      return key && value && map(key, value)
    }
    case 'row': {
      const fields = pattern.fields.map((field) => substitute(field, bindings))
      if (fields.some((field) => field === undefined)) return undefined
      return { kind: 'row', fields: fields.map((type) => ({ name: undefined, type: type ?? UNKNOWN })) }
    }
    case 'function': {
      const parts = [...pattern.parameters, pattern.result].map((part) => substitute(part, bindings))
      if (parts.some((part) => part === undefined)) return undefined
      return { kind: 'function', parameters: parts.slice(0, -1) as Type[], result: parts.at(-1) as Type }
    }
    case 'parametric': {
      const defaults = pattern.base === 'decimal' ? [1, 0] : pattern.base === 'char' ? [1] : [0]
      return build(
        pattern.base,
        pattern.parameters.map((letter, index) => bindings.numbers.get(letter) ?? (defaults[index] as number)),
      )
    }
  }
}
