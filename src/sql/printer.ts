/** The syntax tree as canonical SQL text: keywords in capitals, names as written, parentheses only where needed. */
export { printExpression } from './print/expressions.ts'
export { printTypeName } from './print/names.ts'
export { printQuery } from './print/queries.ts'
export { printStatement } from './print/statements.ts'
