/** What can be told of a path before it runs: names that were not passed, operators without meaning, the result's type. */
import { QueryError } from '#src/common/errors'
import { formatType } from '#src/types/format'
import { DOUBLE, INTEGER, type Type, varchar } from '#src/types/type'
import { bindFunction, bindOperator } from '../bind.ts'
import { arithmeticType } from './path-arithmetic.ts'
import { isNumericType } from './path-item.ts'
import type { PathNode, PathPredicate } from './path-node.ts'

/**
 * The type of what the path gives where that is certain.
 * @throws INVALID_PATH, NOT_SUPPORTED, without a position
 */
export function analyzePath(root: PathNode, names: ReadonlySet<string>): Type | undefined {
  const typeOf = (node: PathNode): Type | undefined => {
    switch (node.kind) {
      case 'literal':
        return node.type
      case 'null':
      case 'context':
      case 'current-item':
        return undefined
      case 'last':
        return INTEGER
      case 'variable':
        if (!names.has(node.name)) throw missing(node.name, names)
        return undefined
      case 'member':
      case 'descendants':
        typeOf(node.base)
        return undefined
      case 'elements':
        typeOf(node.base)
        for (const { from, to } of node.subscripts ?? []) {
          typeOf(from)
          if (to !== undefined) typeOf(to)
        }
        return undefined
      case 'filter': {
        const type = typeOf(node.base)
        check(node.predicate)
        return type
      }
      case 'method':
        return methodType(node.name, typeOf(node.base))
      case 'sign': {
        const type = typeOf(node.base)
        if (type === undefined) return undefined
        if (node.sign === '+' && isNumericType(type)) return type
        if (node.sign === '+') throw invalid(`Invalid operand type (${formatType(type)}) in JSON path arithmetic unary expression`)
        return valid(
          () => bindOperator('negate', [type]).type,
          `invalid operand type (${formatType(type)}) in JSON path arithmetic unary expression`,
        )
      }
      case 'arithmetic': {
        const [left, right] = [typeOf(node.left), typeOf(node.right)]
        if (left === undefined || right === undefined) return undefined
        const message = `invalid operand types (${formatType(left)} and ${formatType(right)}) in JSON path arithmetic binary expression`
        return valid(() => arithmeticType(node.operator, left, right), message)
      }
    }
  }
  const check = (predicate: PathPredicate): void => {
    switch (predicate.kind) {
      case 'comparison':
        typeOf(predicate.left)
        typeOf(predicate.right)
        return
      case 'and':
      case 'or':
        check(predicate.left)
        check(predicate.right)
        return
      case 'not':
      case 'is-unknown':
        check(predicate.predicate)
        return
      case 'exists':
        typeOf(predicate.path)
        return
      case 'starts-with':
        typeOf(predicate.value)
        typeOf(predicate.prefix)
        return
      case 'like-regex':
        throw new QueryError('NOT_SUPPORTED', 'like_regex predicate in JSON path is not yet supported')
    }
  }
  return typeOf(root)
}

function methodType(name: (PathNode & { kind: 'method' })['name'], source: Type | undefined): Type | undefined {
  switch (name) {
    case 'type':
      return varchar(27)
    case 'size':
      return INTEGER
    case 'double':
      if (source !== undefined && !isNumericType(source) && source.kind !== 'varchar' && source.kind !== 'char') {
        throw invalid(`cannot perform JSON path double() method with ${formatType(source)} argument`)
      }
      return DOUBLE
    case 'ceiling':
    case 'floor':
    case 'abs':
      return source === undefined
        ? undefined
        : valid(() => bindFunction(name, [source]).type, `cannot perform JSON path ${name}() method with ${formatType(source)} argument`)
    case 'keyvalue':
      return undefined
    case 'datetime':
      throw new QueryError('NOT_SUPPORTED', 'datetime method in JSON path is not yet supported')
  }
}

const invalid = (message: string) => new QueryError('INVALID_PATH', message)

function valid(bind: () => Type, message: string): Type {
  try {
    return bind()
  } catch (error) {
    throw new QueryError('INVALID_PATH', message, { cause: error })
  }
}

function missing(name: string, names: ReadonlySet<string>): QueryError {
  const similar = [...names].some((given) => given.toLowerCase() === name.toLowerCase())
  const help = similar ? `. Try quoting "${name}" in the PASSING clause to match case` : ''
  return invalid(`no value passed for parameter ${name}${help}`)
}
