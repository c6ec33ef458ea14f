/** The SQL/JSON path language as a tree. */
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'

export interface JsonPath {
  readonly lax: boolean
  readonly root: PathNode
}

export type PathNode =
  | { readonly kind: 'literal'; readonly type: Type; readonly value: Value }
  | { readonly kind: 'null' | 'context' | 'last' | 'current-item' }
  | { readonly kind: 'variable'; readonly name: string }
  /** Without a name all members. */
  | { readonly kind: 'member'; readonly base: PathNode; readonly name: string | undefined }
  | { readonly kind: 'descendants'; readonly base: PathNode; readonly name: string }
  /** Without subscripts all elements. */
  | { readonly kind: 'elements'; readonly base: PathNode; readonly subscripts: readonly Subscript[] | undefined }
  | { readonly kind: 'filter'; readonly base: PathNode; readonly predicate: PathPredicate }
  | { readonly kind: 'method'; readonly base: PathNode; readonly name: PathMethod }
  | { readonly kind: 'sign'; readonly sign: '+' | '-'; readonly base: PathNode }
  | { readonly kind: 'arithmetic'; readonly operator: PathOperator; readonly left: PathNode; readonly right: PathNode }

export type PathOperator = '+' | '-' | '*' | '/' | '%'
export type PathMethod = 'type' | 'size' | 'double' | 'ceiling' | 'floor' | 'abs' | 'keyvalue' | 'datetime'

export interface Subscript {
  readonly from: PathNode
  readonly to: PathNode | undefined
}

export type PathComparison = '==' | '<>' | '<' | '<=' | '>' | '>='

export type PathPredicate =
  | { readonly kind: 'comparison'; readonly operator: PathComparison; readonly left: PathNode; readonly right: PathNode }
  | { readonly kind: 'and' | 'or'; readonly left: PathPredicate; readonly right: PathPredicate }
  | { readonly kind: 'not' | 'is-unknown'; readonly predicate: PathPredicate }
  | { readonly kind: 'exists'; readonly path: PathNode }
  | { readonly kind: 'starts-with'; readonly value: PathNode; readonly prefix: PathNode }
  | { readonly kind: 'like-regex'; readonly value: PathNode; readonly pattern: string }
