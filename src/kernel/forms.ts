/** The representation as functions' forms see it. */
import type { KernelForms } from '#src/functions/function'
import { type CastSession, printCast } from './print/cast.ts'
import { printComparison, printEqual, printIdentical } from './print/compare.ts'
import { equalityKey, isNative, orderKey, storedType } from './representation.ts'

/** @param session the zone and the start that casts between times take */
export function kernelForms(session: CastSession): KernelForms {
  return {
    stored: storedType,
    equal: printEqual,
    identical: printIdentical,
    less: (left, right, type) => printComparison('<', left, right, type),
    equalityKey,
    orderKey,
    isNative,
    cast: (value, from, to, safe = false) => printCast(value, from, to, session, safe),
  }
}
