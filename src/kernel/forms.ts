/** The representation as functions' forms see it. */
import type { KernelForms } from '#src/functions/function'
import { printCast } from './print/cast.ts'
import { printComparison, printEqual, printIdentical } from './print/compare.ts'
import { equalityKey, isNative, orderKey, storedType } from './representation.ts'

/** @param zone the session's zone, which casts to timestamp with time zone take */
export function kernelForms(zone: string): KernelForms {
  return {
    stored: storedType,
    equal: printEqual,
    identical: printIdentical,
    less: (left, right, type) => printComparison('<', left, right, type),
    equalityKey,
    orderKey,
    isNative,
    cast: (value, from, to, safe = false) => printCast(value, from, to, zone, safe),
  }
}
