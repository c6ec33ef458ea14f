import type { Rule } from '../rule.ts'
import { foldConstants } from './fold-constants.ts'
import { inlineSingleUseCtes } from './inline-single-use-ctes.ts'
import { mergeFilters } from './merge-filters.ts'
import { propagateEmptyInputs } from './propagate-empty-inputs.ts'
import { pruneColumns } from './prune-columns.ts'
import { pruneRowFields } from './prune-row-fields.ts'
import { pushDownPredicates } from './push-down-predicates.ts'
import { pushLimitIntoScan } from './push-limit-into-scan.ts'
import { removeRedundantProjects } from './remove-redundant-projects.ts'
import { removeTrivialFilters } from './remove-trivial-filters.ts'
import { simplifyBoolean } from './simplify-boolean.ts'

/**
 * In the order in which they run; the whole list is repeated until nothing changes. Join order, common subexpressions and
 * decorrelation are the kernel's.
 */
export const RULES: readonly Rule[] = [
  // First, for pruning needs constants: `dt >= current_date - interval '7' day` says nothing before it is folded.
  foldConstants,
  // After folding, which makes the literals that it removes; before pushdown, which works conjunct by conjunct.
  simplifyBoolean,
  // Before pushdown: a named query that is read once is open to its reader's predicates.
  inlineSingleUseCtes,
  // Adjacent filters as one, so that pushdown sees their conjuncts in order.
  mergeFilters,
  // WHERE false needs no table at all: before its predicate would be pushed into scans that go.
  removeTrivialFilters,
  propagateEmptyInputs,
  pushDownPredicates,
  // After pushdown has moved filters from between them.
  removeRedundantProjects,
  // After pushdown: only a limit whose filters the scan knows may stop it early.
  pushLimitIntoScan,
  // Before columns are pruned: a field that is not asked for needs none.
  pruneRowFields,
  // Last: the rules above change what is read where.
  pruneColumns,
]
