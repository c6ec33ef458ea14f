/** What the functions of SQL/JSON are told beside their input, as constant JSON. Variables' values come as texts. */

/** How a JSON value is passed: as text, or as the hexadecimal digits of its bytes. */
export type JsonInput = 'text' | 'utf8' | 'utf16' | 'utf32'

export interface PathVariableSpec {
  readonly name: string
  /** Text of the SQL type; undefined for JSON. */
  readonly type?: string
  readonly input?: JsonInput
}

export interface PathSpec {
  readonly path: string
  readonly input: JsonInput
  readonly variables: readonly PathVariableSpec[]
}

export interface ExistsSpec extends PathSpec {
  readonly onError: 'true' | 'false' | 'unknown' | 'error'
}

export interface ValueSpec extends PathSpec {
  readonly returning: string
  readonly onEmpty: 'null' | 'error' | 'default'
  readonly onError: 'null' | 'error' | 'default'
}

export type QueryBehaviour = 'null' | 'error' | 'empty array' | 'empty object'

export interface QuerySpec extends PathSpec {
  readonly wrapper: 'without' | 'conditional' | 'unconditional'
  readonly omitQuotes: boolean
  readonly onEmpty: QueryBehaviour
  readonly onError: QueryBehaviour
}

/** Of JSON_OBJECT and JSON_ARRAY. */
export interface MembersSpec {
  readonly values: readonly { readonly type?: string; readonly input?: JsonInput }[]
  readonly nulls: 'null' | 'absent'
  readonly uniqueKeys: boolean
}

/** Of JSON_TABLE: `path`, which alone has variables, gives the items of the root. */
export interface TableSpec extends PathSpec {
  readonly width: number
  readonly errorOnError: boolean
  readonly root: TableNode
}

/** What is read of each item of a sequence. Items that `child` finds nothing in are kept when it is `outer`. */
export interface TableNode {
  readonly columns: readonly TableColumn[]
  readonly child: TableChild | undefined
  readonly outer: boolean
}

export type TableChild =
  | { readonly kind: 'nested'; readonly path: string; readonly node: TableNode }
  | { readonly kind: 'union' | 'cross'; readonly parts: readonly TableChild[] }

/** `index`: the column's place in the rows. */
export type TableColumn =
  | { readonly kind: 'ordinality'; readonly index: number }
  | { readonly kind: 'value'; readonly index: number; readonly spec: ValueSpec }
  | { readonly kind: 'query'; readonly index: number; readonly spec: QuerySpec }
