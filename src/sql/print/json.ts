/** The SQL/JSON functions and JSON_TABLE. */
import { unreachable } from '#src/common/errors'
import type {
  JsonFormat,
  JsonFunction,
  JsonPathCall,
  JsonQueryBehaviour,
  JsonTable,
  JsonTableColumn,
  JsonTablePlan,
  JsonValueBehaviour,
  TypeName,
} from '../ast.ts'
import { printExpression } from './expressions.ts'
import { printIdentifier, printList, printString, printTypeName } from './names.ts'

export function printJson(json: JsonFunction): string {
  return `${json.name.toUpperCase()}(${printInside(json)})`
}

function printInside(json: JsonFunction): string {
  switch (json.name) {
    case 'json_exists':
      return printPathCall(json) + (json.onError === undefined ? '' : ` ${json.onError.toUpperCase()} ON ERROR`)
    case 'json_value': {
      const returning = printReturning(json.returning, undefined)
      return printPathCall(json) + returning + printBehaviours(printValueBehaviour(json.onEmpty), printValueBehaviour(json.onError))
    }
    case 'json_query':
      return printPathCall(json) + printReturning(json.returning, json.returningFormat) + printQueryClauses(json)
    case 'json_object': {
      const members = printList(json.members, ({ key, value, format }) => {
        const text = printExpression(key)
        const name = /^key\b/i.test(text) ? `(${text})` : text
        return `${name} : ${printExpression(value)}${printFormat(format)}`
      })
      return join(
        members,
        printNulls(json.nulls),
        json.uniqueKeys ? 'WITH UNIQUE KEYS' : '',
        printReturning(json.returning, json.returningFormat),
      )
    }
    case 'json_array': {
      const items = printList(json.items, ({ value, format }) => printExpression(value) + printFormat(format))
      return join(items, printNulls(json.nulls), printReturning(json.returning, json.returningFormat))
    }
  }
  return unreachable(json)
}

const join = (...parts: readonly string[]): string =>
  parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ')

const printNulls = (nulls: 'null' | 'absent' | undefined): string => (nulls === undefined ? '' : `${nulls.toUpperCase()} ON NULL`)

function printFormat(format: JsonFormat | undefined): string {
  return format === undefined ? '' : ` FORMAT ${printRepresentation(format)}`
}

const printRepresentation = (format: JsonFormat): string => (format === 'json' ? 'JSON' : `JSON ENCODING ${format.toUpperCase()}`)

function printReturning(type: TypeName | undefined, format: JsonFormat | undefined): string {
  return type === undefined ? '' : ` RETURNING ${printTypeName(type)}${printFormat(format)}`
}

function printPathCall({ input, inputFormat, path, pathName, passing }: JsonPathCall): string {
  const name = pathName === undefined ? '' : ` AS ${printIdentifier(pathName)}`
  const values = printList(passing, (item) => `${printExpression(item.value)}${printFormat(item.format)} AS ${printIdentifier(item.name)}`)
  return `${printExpression(input)}${printFormat(inputFormat)}, ${printString(path)}${name}${values === '' ? '' : ` PASSING ${values}`}`
}

function printValueBehaviour(behaviour: JsonValueBehaviour | undefined): string | undefined {
  if (behaviour === undefined) return undefined
  return behaviour.kind === 'default' ? `DEFAULT ${printExpression(behaviour.value)}` : behaviour.kind.toUpperCase()
}

function printBehaviours(onEmpty: string | undefined, onError: string | undefined): string {
  return (onEmpty === undefined ? '' : ` ${onEmpty} ON EMPTY`) + (onError === undefined ? '' : ` ${onError} ON ERROR`)
}

interface QueryClauses {
  readonly wrapper: 'without' | 'conditional' | 'unconditional' | undefined
  readonly quotes: 'keep' | 'omit' | undefined
  readonly onEmpty: JsonQueryBehaviour | undefined
  readonly onError: JsonQueryBehaviour | undefined
}

function printQueryClauses({ wrapper, quotes, onEmpty, onError }: QueryClauses): string {
  let text = ''
  if (wrapper === 'without') text += ' WITHOUT ARRAY WRAPPER'
  else if (wrapper !== undefined) text += ` WITH ${wrapper.toUpperCase()} ARRAY WRAPPER`
  if (quotes !== undefined) text += ` ${quotes.toUpperCase()} QUOTES`
  return text + printBehaviours(onEmpty?.toUpperCase(), onError?.toUpperCase())
}

export function printJsonTable({ call, columns, plan, onError }: JsonTable): string {
  const parts = [printPathCall(call), printColumnList(columns)]
  if (plan !== undefined) parts.push(plan.kind === 'default' ? `PLAN DEFAULT (${printPlan(plan)})` : `PLAN (${printPlan(plan)})`)
  if (onError !== undefined) parts.push(`${onError.toUpperCase()} ON ERROR`)
  return `JSON_TABLE(${parts.join(' ')})`
}

const printColumnList = (columns: readonly JsonTableColumn[]): string => `COLUMNS (${printList(columns, printColumn)})`

function printColumn(column: JsonTableColumn): string {
  switch (column.kind) {
    case 'ordinality':
      return `${printIdentifier(column.name)} FOR ORDINALITY`
    case 'value': {
      const behaviours = printBehaviours(printValueBehaviour(column.onEmpty), printValueBehaviour(column.onError))
      return `${printIdentifier(column.name)} ${printTypeName(column.type)}${printPath(column.path)}${behaviours}`
    }
    case 'query': {
      const format = printFormat(column.format) + printPath(column.path)
      return `${printIdentifier(column.name)} ${printTypeName(column.type)}${format}${printQueryClauses(column)}`
    }
    case 'nested': {
      const name = column.pathName === undefined ? '' : ` AS ${printIdentifier(column.pathName)}`
      return `NESTED PATH ${printString(column.path)}${name} ${printColumnList(column.columns)}`
    }
  }
  return unreachable(column)
}

const printPath = (path: string | undefined): string => (path === undefined ? '' : ` PATH ${printString(path)}`)

function printPlan(plan: JsonTablePlan): string {
  switch (plan.kind) {
    case 'name':
      return printIdentifier(plan.name)
    case 'default':
      return [plan.parentChild, plan.siblings]
        .filter((word) => word !== undefined)
        .join(', ')
        .toUpperCase()
    case 'outer':
    case 'inner':
      return `${printPlan(plan.left)} ${plan.kind.toUpperCase()} ${printPlanPrimary(plan.right)}`
    case 'union':
    case 'cross': {
      const left = plan.left.kind === plan.kind ? printPlan(plan.left) : printPlanPrimary(plan.left)
      return `${left} ${plan.kind.toUpperCase()} ${printPlanPrimary(plan.right)}`
    }
  }
  return unreachable(plan)
}

const printPlanPrimary = (plan: JsonTablePlan): string => (plan.kind === 'name' ? printPlan(plan) : `(${printPlan(plan)})`)
