/** OVER, window specifications, frames and row patterns. */
import { unreachable } from '#src/common/errors'
import type { FrameBound, Identifier, RowPattern, RowPatternNode, WindowFrame, WindowSpecification } from '../ast.ts'
import { printExpression, printExpressions, printOrderBy } from './expressions.ts'
import { printIdentifier, printList } from './names.ts'

export function printOver(over: WindowSpecification | Identifier): string {
  return over.kind === 'identifier' ? `OVER ${printIdentifier(over)}` : `OVER (${printWindow(over)})`
}

export function printWindow(window: WindowSpecification): string {
  const parts = [
    window.base === undefined ? '' : printIdentifier(window.base),
    printPartitionBy(window.partitionBy),
    printOrderBy(window.orderBy),
    window.frame === undefined ? '' : printFrame(window.frame),
  ]
  return parts.filter((part) => part !== '').join(' ')
}

export function printPartitionBy(columns: WindowSpecification['partitionBy']): string {
  return columns.length === 0 ? '' : `PARTITION BY ${printExpressions(columns)}`
}

function printFrame({ unit, start, end, pattern }: WindowFrame): string {
  const extent = end === undefined ? printBound(start) : `BETWEEN ${printBound(start)} AND ${printBound(end)}`
  const frame = `${unit.toUpperCase()} ${extent}`
  if (pattern === undefined) return frame
  return [printMeasures(pattern), frame, printPattern(pattern)].filter((part) => part !== '').join(' ')
}

function printBound({ kind, value }: FrameBound): string {
  return value === undefined ? kind.toUpperCase() : `${printExpression(value)} ${kind.toUpperCase()}`
}

export function printMeasures({ measures }: RowPattern): string {
  if (measures.length === 0) return ''
  return `MEASURES ${printList(measures, ({ value, name }) => `${printExpression(value)} AS ${printIdentifier(name)}`)}`
}

/** From AFTER MATCH to DEFINE. */
export function printPattern(pattern: RowPattern): string {
  const parts = [
    printSkip(pattern.skip),
    pattern.mode?.kind.toUpperCase() ?? '',
    pattern.pattern === undefined ? '' : `PATTERN (${printNode(pattern.pattern, 'alternation')})`,
    pattern.subsets.length === 0 ? '' : `SUBSET ${printList(pattern.subsets, printSubset)}`,
    pattern.definitions.length === 0 ? '' : `DEFINE ${printList(pattern.definitions, printDefinition)}`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}

function printSkip(skip: RowPattern['skip']): string {
  switch (skip?.kind) {
    case undefined:
      return ''
    case 'next row':
      return 'AFTER MATCH SKIP TO NEXT ROW'
    case 'past last row':
      return 'AFTER MATCH SKIP PAST LAST ROW'
    case 'to first':
    case 'to last':
      return `AFTER MATCH SKIP ${skip.kind.toUpperCase()} ${printIdentifier(skip.variable)}`
  }
  return unreachable(skip)
}

const printSubset = ({ name, members }: RowPattern['subsets'][number]): string =>
  `${printIdentifier(name)} = (${printList(members, printIdentifier)})`

const printDefinition = ({ name, condition }: RowPattern['definitions'][number]): string =>
  `${printIdentifier(name)} AS ${printExpression(condition)}`

/** `place` is what may stand there without parentheses: an alternation, a sequence, or one quantifiable item. */
function printNode(node: RowPatternNode, place: 'alternation' | 'sequence' | 'item' | 'primary'): string {
  switch (node.kind) {
    case 'variable':
      return printIdentifier(node.name)
    case 'empty':
      return '()'
    case 'start':
      return '^'
    case 'end':
      return '$'
    case 'exclusion':
      return `{- ${printNode(node.item, 'alternation')} -}`
    case 'permutation':
      return `PERMUTE(${printList(node.items, (item) => printNode(item, 'alternation'))})`
    case 'alternation': {
      const text = node.items.map((item) => printNode(item, 'sequence')).join(' | ')
      return place === 'alternation' ? text : `(${text})`
    }
    case 'sequence': {
      const text = node.items.map((item) => printNode(item, 'item')).join(' ')
      return place === 'alternation' || place === 'sequence' ? text : `(${text})`
    }
    case 'quantified': {
      const text = printNode(node.item, 'primary') + printQuantifier(node.min, node.max) + (node.greedy ? '' : '?')
      return place === 'primary' ? `(${text})` : text
    }
  }
  return unreachable(node)
}

function printQuantifier(min: number, max: number | undefined): string {
  if (max === undefined) {
    if (min === 0) return '*'
    return min === 1 ? '+' : `{${min},}`
  }
  if (min === 0 && max === 1) return '?'
  return min === max ? `{${min}}` : `{${min},${max}}`
}
