/** All functions. A missing function is a missing row, and SHOW FUNCTIONS is true. */
import type { FunctionDefinition } from './definition.ts'
import { aggregateFunctions } from './families/aggregate.ts'
import { collectingAggregates } from './families/aggregate-collect.ts'
import { extremeAggregates } from './families/aggregate-extremes.ts'
import { statisticalAggregates } from './families/aggregate-statistics.ts'
import { arrayFunctions } from './families/array.ts'
import { arrayBuildingFunctions } from './families/array-build.ts'
import { arrayLambdaFunctions } from './families/array-lambda.ts'
import { binaryFunctions } from './families/binary.ts'
import { bitwiseFunctions } from './families/bitwise.ts'
import { checksumAggregates } from './families/checksum.ts'
import { conditionalFunctions } from './families/conditional.ts'
import { datetimeFunctions } from './families/datetime.ts'
import { datetimeFormatFunctions } from './families/datetime-format.ts'
import { formatFunctions } from './families/format.ts'
import { ipAddressFunctions } from './families/ip-address.ts'
import { jodaFormatFunctions } from './families/joda-format.ts'
import { jsonFunctions } from './families/json.ts'
import { mapFunctions } from './families/map.ts'
import { mathFunctions } from './families/math.ts'
import { regexpFunctions } from './families/regexp.ts'
import { stringFunctions } from './families/string.ts'
import { urlFunctions } from './families/url.ts'
import { windowFunctions } from './families/window.ts'
import type { FunctionKind } from './function.ts'

const FAMILIES: readonly (readonly FunctionDefinition[])[] = [
  mathFunctions,
  bitwiseFunctions,
  stringFunctions,
  binaryFunctions,
  urlFunctions,
  datetimeFunctions,
  ipAddressFunctions,
  datetimeFormatFunctions,
  jodaFormatFunctions,
  regexpFunctions,
  formatFunctions,
  jsonFunctions,
  arrayFunctions,
  arrayBuildingFunctions,
  arrayLambdaFunctions,
  mapFunctions,
  conditionalFunctions,
  aggregateFunctions,
  extremeAggregates,
  collectingAggregates,
  checksumAggregates,
  statisticalAggregates,
  windowFunctions,
]

const BY_NAME = new Map<string, FunctionDefinition[]>()
for (const definition of FAMILIES.flat()) {
  const overloads = BY_NAME.get(definition.name)
  if (overloads === undefined) BY_NAME.set(definition.name, [definition])
  else overloads.push(definition)
}

/** The overloads of a name in lower case; none when it is unknown. */
export function definitionsOf(name: string): readonly FunctionDefinition[] {
  return BY_NAME.get(name) ?? []
}

export function functionNames(): Iterable<string> {
  return BY_NAME.keys()
}

/** Names are case-insensitive here and below. */
export function functionExists(name: string): boolean {
  return BY_NAME.has(name.toLowerCase())
}

export function isAggregate(name: string): boolean {
  return kindOf(name) === 'aggregate'
}

/** Functions that need an OVER clause; aggregates may have one as well. */
export function isWindowFunction(name: string): boolean {
  return kindOf(name) === 'window'
}

function kindOf(name: string): FunctionKind | undefined {
  return BY_NAME.get(name.toLowerCase())?.[0]?.kind
}

/** A row of SHOW FUNCTIONS, in its order of columns. */
export interface FunctionListing {
  readonly name: string
  readonly returnType: string
  readonly argumentTypes: string
  readonly kind: FunctionKind
  readonly deterministic: boolean
  readonly description: string
}

/** Every signature that is not hidden, by name, then arguments. */
export function listFunctions(): readonly FunctionListing[] {
  return FAMILIES.flat()
    .filter(({ hidden }) => !hidden)
    .map(({ name, kind, deterministic, description, signature }) => ({
      name,
      returnType: signature.resultText,
      argumentTypes: signature.parameterTexts.join(', '),
      kind,
      deterministic,
      description,
    }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.argumentTypes, b.argumentTypes))
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
