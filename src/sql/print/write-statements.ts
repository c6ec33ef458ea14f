/** Statements that change data as canonical text. */
import { unreachable } from '#src/common/errors'
import type { Expression, Identifier, MergeCase, WriteStatement } from '../ast.ts'
import { printComment } from './catalog-statements.ts'
import { printExpression, printExpressions } from './expressions.ts'
import { printHiveString, printPartitionSpec } from './hive.ts'
import { printColumns, printIdentifier, printList, printName } from './names.ts'
import { printQuery } from './queries.ts'
import { printRelation } from './relations.ts'
import { printProperties } from './statements.ts'

export function printWriteStatement(statement: WriteStatement): string {
  switch (statement.kind) {
    case 'create-table-as': {
      const head = `CREATE ${statement.replace ? 'OR REPLACE ' : ''}TABLE ${statement.ifNotExists ? 'IF NOT EXISTS ' : ''}${printName(statement.name)}`
      const options = printColumns(statement.columns) + printComment(statement.comment) + printProperties(statement.properties)
      return `${head}${options} AS ${printQuery(statement.query)}${statement.withData ? '' : ' WITH NO DATA'}`
    }
    case 'insert': {
      const partition = statement.partition === undefined ? '' : ` ${printPartitionSpec(statement.partition)}`
      const target = `${printName(statement.table)}${partition}${printColumns(statement.columns)}`
      return `INSERT ${statement.overwrite ? 'OVERWRITE' : 'INTO'} ${target} ${printQuery(statement.query)}`
    }
    case 'delete':
      return `DELETE FROM ${printName(statement.table)}${printWhere(statement.where)}`
    case 'update':
      return `UPDATE ${printName(statement.table)} SET ${printAssignments(statement.assignments)}${printWhere(statement.where)}`
    case 'merge': {
      const cases = statement.cases.map(printCase).join(' ')
      return `MERGE INTO ${printRelation(statement.target)} USING ${printRelation(statement.source)} ON ${printExpression(statement.on)} ${cases}`
    }
    case 'truncate':
      return `TRUNCATE TABLE ${printName(statement.table)}`
    case 'unload':
      return `UNLOAD (${printQuery(statement.query)}) TO ${printHiveString(statement.location)}${printProperties(statement.properties)}`
  }
  return unreachable(statement)
}

const printWhere = (where: Expression | undefined): string => (where === undefined ? '' : ` WHERE ${printExpression(where)}`)

const printAssignments = (assignments: readonly { readonly column: Identifier; readonly value: Expression }[]): string =>
  printList(assignments, ({ column, value }) => `${printIdentifier(column)} = ${printExpression(value)}`)

function printCase(item: MergeCase): string {
  const condition = item.condition === undefined ? '' : ` AND ${printExpression(item.condition)}`
  switch (item.kind) {
    case 'update':
      return `WHEN MATCHED${condition} THEN UPDATE SET ${printAssignments(item.assignments)}`
    case 'delete':
      return `WHEN MATCHED${condition} THEN DELETE`
    case 'insert':
      return `WHEN NOT MATCHED${condition} THEN INSERT${printColumns(item.columns)} VALUES (${printExpressions(item.values)})`
  }
  return unreachable(item)
}
