/** Who may run queries for whom: rules `PRINCIPAL:USER` of two regular expressions, each of which matches the whole name. */
import { QueryError } from '#src/common/errors'

export type Impersonation = (principal: string, user: string) => boolean

/** Without rules nobody but oneself. Throws GENERIC_USER_ERROR that names the bad rule. */
export function impersonationRules(rules: readonly string[]): Impersonation {
  const compiled = rules.map((rule) => {
    const split = rule.indexOf(':')
    if (split <= 0 || split === rule.length - 1) throw badRule(rule, 'it is not PRINCIPAL:USER')
    try {
      return { principal: whole(rule.slice(0, split)), user: whole(rule.slice(split + 1)) }
    } catch (error) {
      throw badRule(rule, (error as Error).message)
    }
  })
  return (principal, user) => principal === user || compiled.some((rule) => rule.principal.test(principal) && rule.user.test(user))
}

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, 'u')

const badRule = (rule: string, why: string): QueryError =>
  new QueryError('GENERIC_USER_ERROR', `The rule --impersonation '${rule}' is wrong: ${why}`, {
    hint: "For example 'dashboard:.*' lets the principal dashboard run queries for everybody.",
  })
