/** Builders for the registry's rows. A form may be a text: `$1` … `$9` stand for arguments, `$*` for all, separated by commas. */
import type { Type } from '#src/types/type'
import type { AggregateForm, FunctionKind, ScalarForm } from './function.ts'
import { parseSignature, type Signature } from './signature.ts'

export interface FunctionDefinition {
  readonly name: string
  readonly kind: FunctionKind
  readonly description: string
  readonly signature: Signature
  /** Replaces the signature's result where it is calculated: `decimal(p+1,s)` in the signature is for display only. */
  readonly resultType: ((args: readonly Type[]) => Type) | undefined
  readonly deterministic: boolean
  readonly strict: boolean
  /** Not told by SHOW FUNCTIONS. */
  readonly hidden: boolean
  readonly form: ScalarForm | AggregateForm
}

export interface DefinitionOptions {
  /** Default true. */
  readonly deterministic?: boolean
  /** Default true for scalars: NULL in, NULL out. */
  readonly strict?: boolean
  /** Default false. */
  readonly hidden?: boolean
  readonly resultType?: (args: readonly Type[]) => Type
}

/** One row per signature, all with one form. */
export function scalar(
  signatures: string | readonly string[],
  description: string,
  form: string | ScalarForm,
  options: DefinitionOptions = {},
): FunctionDefinition[] {
  return definitions('scalar', signatures, description, typeof form === 'string' ? template(form) : form, { strict: true, ...options })
}

/** `$*` in a text form is the arguments with DISTINCT, ORDER BY and IGNORE NULLS where the call has them. */
export function aggregate(
  signatures: string | readonly string[],
  description: string,
  form: string | AggregateForm,
  options: DefinitionOptions = {},
): FunctionDefinition[] {
  return definitions('aggregate', signatures, description, typeof form === 'string' ? call(form) : form, options)
}

export function windowFunction(
  signatures: string | readonly string[],
  description: string,
  form: string | AggregateForm,
  options: DefinitionOptions = {},
): FunctionDefinition[] {
  return definitions('window', signatures, description, typeof form === 'string' ? call(form) : form, options)
}

function definitions(
  kind: FunctionKind,
  signatures: string | readonly string[],
  description: string,
  form: ScalarForm | AggregateForm,
  options: DefinitionOptions,
): FunctionDefinition[] {
  return (typeof signatures === 'string' ? [signatures] : signatures).map((text) => {
    const signature = parseSignature(text, options.resultType !== undefined)
    return {
      name: signature.name,
      kind,
      description,
      signature,
      resultType: options.resultType,
      deterministic: options.deterministic ?? true,
      strict: options.strict ?? false,
      hidden: options.hidden ?? false,
      form,
    }
  })
}

function template(text: string): ScalarForm {
  return (args) => text.replace(/\$(\*|\d)/g, (_, which: string) => (which === '*' ? args.join(', ') : (args[Number(which) - 1] ?? 'NULL')))
}

/** A kernel aggregate of the same arguments, by its name. */
function call(name: string): AggregateForm {
  return (args, _types, clauses) => kernelAggregate(name, args, clauses)
}

/** `name(DISTINCT args ORDER BY …) FILTER (…) OVER (…)`. */
export function kernelAggregate(name: string, args: readonly string[], clauses: Parameters<AggregateForm>[2]): string {
  return `${name}(${clauses.distinct}${args.join(', ')}${clauses.orderBy}${clauses.nulls})${clauses.suffix}`
}
