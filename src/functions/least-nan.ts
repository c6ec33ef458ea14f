/** Keys that sort NaN before all numbers, where the kernel's own order has it behind them. */
import type { Type } from '#src/types/type'
import type { KernelForms } from './function.ts'

/** A key of the same order but for NaN, which is below all numbers; `value` itself where the type can hold no NaN inside. */
export function leastNaN(value: string, type: Type, forms: Pick<KernelForms, 'orderKey'>): string {
  const part = (text: string, inner: Type): string => {
    switch (inner.kind) {
      case 'real':
      case 'double':
        return `struct_pack(a := NOT isnan(${text}), b := ${text})`
      case 'array':
        return `list_transform(${text}, lambda n: ${part('n', inner.element)})`
      case 'row':
        return `row(${inner.fields.map((field, index) => part(`(${text}).f${index + 1}`, field.type)).join(', ')})`
      default:
        return forms.orderKey(text, inner)
    }
  }
  return isNested(type) && holdsFloat(type) ? part(value, type) : forms.orderKey(value, type)
}

export const isNested = (type: Type): boolean => type.kind === 'array' || type.kind === 'row'

/** Whether a NaN may be in it, or be it. */
export function holdsFloat(type: Type): boolean {
  if (type.kind === 'array') return holdsFloat(type.element)
  return type.kind === 'row' ? type.fields.some((field) => holdsFloat(field.type)) : type.kind === 'real' || type.kind === 'double'
}
