/**
 * Predicates on partition keys that the interval pruner does not understand are run by the kernel over the distinct key
 * tuples: one set of functions, one meaning. The kernel implements this; main.ts wires it.
 */
import type { Column, Expr } from '#src/logical/expression'
import type { Value } from '#src/types/value'

export interface PredicateEvaluator {
  /**
   * For each row of values (typed by `columns`): does the predicate yield true? NULL is false. Only deterministic
   * predicates without subqueries over `columns` are given. Rejects when any row's evaluation fails; the caller then keeps all.
   */
  evaluate(
    predicate: Expr,
    columns: readonly Column[],
    rows: readonly (readonly Value[])[],
    signal: AbortSignal,
  ): Promise<readonly boolean[]>
}
