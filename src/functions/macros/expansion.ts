/**
 * What a text grows to when the kernel puts the bodies of its macros in their place. Macros repeat their parameters and
 * calls nest, so a line may become a megabyte of expressions: who nests calls must know before the kernel does.
 */
import { ALL_MACROS } from './index.ts'

interface Measure {
  /** Characters without those of the parameters. */
  readonly length: number
  /** How often each parameter appears. */
  readonly uses: readonly number[]
}

/** Measures a text in which `parameters` stand for texts of any length. */
export function expansionOf(sql: string, parameters: readonly string[] = []): Measure {
  const end = { at: 0 }
  return measure(sql, end, parameters, false)
}

const measures = new Map<string, Measure>()

/** Bodies are measured once, when first asked for: each calls only macros created before it. */
function macroMeasure(name: string): Measure | undefined {
  const known = measures.get(name)
  if (known !== undefined) return known
  const found = ALL_MACROS.find((macro) => macro.name === name)
  if (found === undefined) return undefined
  const measured = expansionOf(found.body, found.parameters)
  measures.set(name, measured)
  return measured
}

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_]\w*|[(),]|[^'"A-Za-z_(),]+/y

/** Reads from `cursor` to the end, or inside an argument to the `,` or `)` that ends it, which is left. */
function measure(sql: string, cursor: { at: number }, parameters: readonly string[], argument: boolean): Measure {
  let length = 0
  let depth = 0
  const uses = parameters.map(() => 0)
  const add = (part: Measure, times: number): void => {
    length += part.length * times
    for (let index = 0; index < uses.length; index++) uses[index] = (uses[index] as number) + (part.uses[index] as number) * times
  }
  while (cursor.at < sql.length) {
    TOKEN.lastIndex = cursor.at
    const token = TOKEN.exec(sql)?.[0] ?? sql.slice(cursor.at)
    if (argument && depth === 0 && (token === ',' || token === ')')) break
    cursor.at += token.length
    if (token === '(') depth++
    if (token === ')') depth--
    const parameter = parameters.indexOf(token)
    if (parameter >= 0) {
      uses[parameter] = (uses[parameter] as number) + 1
      continue
    }
    const macro = token.includes('weir_') && sql[cursor.at] === '(' ? macroMeasure(token) : undefined
    if (macro === undefined) {
      length += token.length
      continue
    }
    length += macro.length
    for (let index = 0; sql[cursor.at] !== ')' && cursor.at < sql.length; index++) {
      // Behind the '(' or the ','.
      cursor.at++
      add(measure(sql, cursor, parameters, true), macro.uses[index] ?? 1)
    }
    cursor.at++
  }
  return { length, uses }
}
