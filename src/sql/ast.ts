/**
 * The syntax tree: what was written, before any name or type is known. Every node carries where it begins (`at`).
 * Readonly plain objects; functions over them live beside (walk.ts, printer.ts).
 */
import type { Position } from '#src/common/errors'

/** `value` is folded to lower case unless it was quoted; `written` is the spelling in the text where folding changed it. */
export interface Identifier {
  readonly kind: 'identifier'
  readonly value: string
  readonly written?: string
  readonly quoted: boolean
  readonly at: Position
}

/** One to three parts: `[[catalog.]schema.]name`. */
export interface QualifiedName {
  readonly parts: readonly Identifier[]
  readonly at: Position
}

// ---------------------------------------------------------------- types as written

/** `integer`, `decimal(10, 2)`, `array(bigint)`, `row(a bigint, varchar)`, `timestamp(3) with time zone`, `interval day to second`, `double precision`. */
export type TypeName =
  | { readonly kind: 'generic-type'; readonly name: string; readonly arguments: readonly TypeArgument[]; readonly at: Position }
  | {
      readonly kind: 'row-type'
      readonly fields: readonly { readonly name: Identifier | undefined; readonly type: TypeName }[]
      readonly at: Position
    }
  | {
      readonly kind: 'datetime-type'
      readonly base: 'time' | 'timestamp'
      readonly precision: number | undefined
      readonly withTimeZone: boolean
      readonly at: Position
    }
  | { readonly kind: 'interval-type'; readonly from: IntervalUnit; readonly to: IntervalUnit; readonly at: Position }

export type TypeArgument = number | TypeName

export type IntervalUnit = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'

// ---------------------------------------------------------------- expressions

export type Expression =
  | Identifier
  | NullLiteral
  | BooleanLiteral
  | NumberLiteral
  | StringLiteral
  | BinaryLiteral
  | GenericLiteral
  | IntervalLiteral
  | Parameter
  | Dereference
  | Star
  | Measure
  | Arithmetic
  | Sign
  | Comparison
  | QuantifiedComparison
  | Logical
  | Not
  | Between
  | InList
  | InSubquery
  | Like
  | IsNull
  | DistinctFrom
  | Exists
  | ScalarSubquery
  | Case
  | Cast
  | Extract
  | AtTimeZone
  | CurrentValue
  | FunctionCall
  | Lambda
  | RowConstructor
  | ArrayConstructor
  | Subscript
  | Trim
  | JsonFunction
  | Grouping

export interface NullLiteral {
  readonly kind: 'null'
  readonly at: Position
}
export interface BooleanLiteral {
  readonly kind: 'boolean-literal'
  readonly value: boolean
  readonly at: Position
}
/**
 * The spelling decides the type: `1` integer or bigint, `1.5` decimal, `1e5` double; hex/octal/binary/underscores are kept in `text`.
 * As in Trino a minus directly before the digits belongs to the literal: `-9223372036854775808` is one node with that text. The parser
 * has checked that an integer fits bigint.
 */
export interface NumberLiteral {
  readonly kind: 'number'
  readonly form: 'integer' | 'decimal' | 'double'
  readonly text: string
  readonly at: Position
}
/** 'it''s' and U&'…' alike; `value` is decoded. */
export interface StringLiteral {
  readonly kind: 'string'
  readonly value: string
  readonly at: Position
}
/** X'…'; `hex` without spaces. */
export interface BinaryLiteral {
  readonly kind: 'binary'
  readonly hex: string
  readonly at: Position
}
/** `date '…'`, `decimal '1.2'`, `json '…'`, `bigint '1'`, `timestamp '…'`, `double precision '…'`. */
export interface GenericLiteral {
  readonly kind: 'generic-literal'
  readonly type: TypeName
  readonly value: string
  readonly at: Position
}
export interface IntervalLiteral {
  readonly kind: 'interval'
  readonly sign: '+' | '-'
  readonly value: string
  readonly from: IntervalUnit
  readonly to: IntervalUnit | undefined
  readonly at: Position
}
/** `?`, numbered from 0 in order of text. */
export interface Parameter {
  readonly kind: 'parameter'
  readonly index: number
  readonly at: Position
}
/** `base.field`: a qualified column or a row's field; the analyzer tells which. `at` is where `base` begins. */
export interface Dereference {
  readonly kind: 'dereference'
  readonly base: Expression
  readonly field: Identifier
  readonly at: Position
}
/** Only as an argument of count(*); select items have a form of their own. `label` is A in MATCH_RECOGNIZE's count(A.*). */
export interface Star {
  readonly kind: 'star'
  readonly label?: Identifier
  readonly at: Position
}
/** `name OVER w`: a measure of row pattern recognition in that window. */
export interface Measure {
  readonly kind: 'measure'
  readonly name: Identifier
  readonly over: WindowSpecification | Identifier
  readonly at: Position
}
/** `at` of a binary node is where its left operand begins; `operatorAt` is the operator's place, which Trino's type errors name. */
export interface Arithmetic {
  readonly kind: 'arithmetic'
  readonly operator: '+' | '-' | '*' | '/' | '%' | '||'
  readonly left: Expression
  readonly right: Expression
  readonly at: Position
  readonly operatorAt: Position
}
export interface Sign {
  readonly kind: 'sign'
  readonly sign: '+' | '-'
  readonly value: Expression
  readonly at: Position
}
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>='
export interface Comparison {
  readonly kind: 'comparison'
  readonly operator: ComparisonOperator
  readonly left: Expression
  readonly right: Expression
  readonly at: Position
  readonly operatorAt: Position
}
export interface QuantifiedComparison {
  readonly kind: 'quantified'
  readonly operator: ComparisonOperator
  readonly quantifier: 'all' | 'any'
  readonly value: Expression
  readonly query: Query
  readonly at: Position
  readonly operatorAt: Position
}
/** Two or more terms, flattened: `a AND b AND c` is one node. */
export interface Logical {
  readonly kind: 'logical'
  readonly operator: 'and' | 'or'
  readonly terms: readonly Expression[]
  readonly at: Position
}
export interface Not {
  readonly kind: 'not'
  readonly value: Expression
  readonly at: Position
}
/** NOT BETWEEN, NOT IN, NOT LIKE, IS NOT NULL, IS NOT DISTINCT FROM set `negated`. `operatorAt` is the place of NOT/BETWEEN/IN/LIKE/IS. */
export interface Between {
  readonly kind: 'between'
  readonly value: Expression
  readonly low: Expression
  readonly high: Expression
  readonly negated: boolean
  readonly at: Position
  readonly operatorAt: Position
}
export interface InList {
  readonly kind: 'in-list'
  readonly value: Expression
  readonly items: readonly Expression[]
  readonly negated: boolean
  readonly at: Position
  readonly operatorAt: Position
}
export interface InSubquery {
  readonly kind: 'in-subquery'
  readonly value: Expression
  readonly query: Query
  readonly negated: boolean
  readonly at: Position
  readonly operatorAt: Position
}
export interface Like {
  readonly kind: 'like'
  readonly value: Expression
  readonly pattern: Expression
  readonly escape: Expression | undefined
  readonly negated: boolean
  readonly at: Position
  readonly operatorAt: Position
}
export interface IsNull {
  readonly kind: 'is-null'
  readonly value: Expression
  readonly negated: boolean
  readonly at: Position
  readonly operatorAt: Position
}
export interface DistinctFrom {
  readonly kind: 'distinct-from'
  readonly left: Expression
  readonly right: Expression
  readonly negated: boolean
  readonly at: Position
  readonly operatorAt: Position
}
export interface Exists {
  readonly kind: 'exists'
  readonly query: Query
  readonly at: Position
}
export interface ScalarSubquery {
  readonly kind: 'subquery'
  readonly query: Query
  readonly at: Position
}
/** Simple CASE has an `operand`, searched CASE has none. */
export interface Case {
  readonly kind: 'case'
  readonly operand: Expression | undefined
  readonly whens: readonly { readonly when: Expression; readonly then: Expression; readonly at: Position }[]
  readonly otherwise: Expression | undefined
  readonly at: Position
}
export interface Cast {
  readonly kind: 'cast'
  readonly value: Expression
  readonly type: TypeName
  readonly safe: boolean
  readonly at: Position
}
export interface Extract {
  readonly kind: 'extract'
  readonly field: Identifier
  readonly value: Expression
  readonly at: Position
}
export interface AtTimeZone {
  readonly kind: 'at-time-zone'
  readonly value: Expression
  readonly zone: Expression
  readonly at: Position
}
export interface CurrentValue {
  readonly kind: 'current'
  readonly name:
    | 'current_date'
    | 'current_time'
    | 'current_timestamp'
    | 'localtime'
    | 'localtimestamp'
    | 'current_user'
    | 'current_catalog'
    | 'current_schema'
    | 'current_path'
  readonly precision: number | undefined
  readonly at: Position
}
/**
 * Every call by name. IF, COALESCE, NULLIF, TRY, CONCAT, SUBSTRING(x FROM a FOR b), POSITION(a IN b), NORMALIZE(x, NFD),
 * CEIL, LISTAGG and FORMAT come as ordinary calls too (POSITION as `strpos` with swapped arguments; NORMALIZE's form as a string).
 */
export interface FunctionCall {
  readonly kind: 'call'
  readonly name: QualifiedName
  readonly arguments: readonly Expression[]
  readonly distinct: boolean
  /** ORDER BY inside the parentheses, or WITHIN GROUP's. */
  readonly orderBy: readonly SortItem[]
  readonly filter: Expression | undefined
  readonly nulls: 'ignore' | 'respect' | undefined
  readonly over: WindowSpecification | Identifier | undefined
  /** RUNNING / FINAL of row pattern recognition. */
  readonly processing: 'running' | 'final' | undefined
  /** listagg's ON OVERFLOW clause. */
  readonly overflow: ListaggOverflow | undefined
  readonly at: Position
}
export type ListaggOverflow =
  | { readonly kind: 'error' }
  | { readonly kind: 'truncate'; readonly filler: string | undefined; readonly withCount: boolean }
export interface Lambda {
  readonly kind: 'lambda'
  readonly parameters: readonly Identifier[]
  readonly body: Expression
  readonly at: Position
}
/** `(a, b)` and `ROW(a, b)`; `ROW(1 AS x)` names its fields. */
export interface RowConstructor {
  readonly kind: 'row'
  readonly fields: readonly { readonly name: Identifier | undefined; readonly value: Expression }[]
  readonly at: Position
}
export interface ArrayConstructor {
  readonly kind: 'array'
  readonly items: readonly Expression[]
  readonly at: Position
}
export interface Subscript {
  readonly kind: 'subscript'
  readonly base: Expression
  readonly index: Expression
  readonly at: Position
}
export interface Trim {
  readonly kind: 'trim'
  readonly side: 'both' | 'leading' | 'trailing'
  readonly characters: Expression | undefined
  readonly value: Expression
  readonly at: Position
}
/** JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT, JSON_ARRAY with the clauses that each has. */
export type JsonFunction =
  | (JsonPathCall & { readonly name: 'json_exists'; readonly onError: 'true' | 'false' | 'unknown' | 'error' | undefined })
  | (JsonPathCall & {
      readonly name: 'json_value'
      readonly returning: TypeName | undefined
      readonly onEmpty: JsonValueBehaviour | undefined
      readonly onError: JsonValueBehaviour | undefined
    })
  | (JsonPathCall & {
      readonly name: 'json_query'
      readonly returning: TypeName | undefined
      readonly returningFormat: JsonFormat | undefined
      readonly wrapper: 'without' | 'conditional' | 'unconditional' | undefined
      readonly quotes: 'keep' | 'omit' | undefined
      readonly onEmpty: JsonQueryBehaviour | undefined
      readonly onError: JsonQueryBehaviour | undefined
    })
  | {
      readonly kind: 'json'
      readonly name: 'json_object'
      readonly members: readonly { readonly key: Expression; readonly value: Expression; readonly format: JsonFormat | undefined }[]
      readonly nulls: 'null' | 'absent' | undefined
      readonly uniqueKeys: boolean
      readonly returning: TypeName | undefined
      readonly returningFormat: JsonFormat | undefined
      readonly at: Position
    }
  | {
      readonly kind: 'json'
      readonly name: 'json_array'
      readonly items: readonly { readonly value: Expression; readonly format: JsonFormat | undefined }[]
      readonly nulls: 'null' | 'absent' | undefined
      readonly returning: TypeName | undefined
      readonly returningFormat: JsonFormat | undefined
      readonly at: Position
    }
export interface JsonPathCall {
  readonly kind: 'json'
  readonly input: Expression
  readonly inputFormat: JsonFormat | undefined
  readonly path: string
  readonly pathAt: Position
  readonly pathName: Identifier | undefined
  readonly passing: readonly { readonly value: Expression; readonly format: JsonFormat | undefined; readonly name: Identifier }[]
  readonly at: Position
}
export type JsonFormat = 'json' | 'utf8' | 'utf16' | 'utf32'
export type JsonValueBehaviour =
  | { readonly kind: 'null' }
  | { readonly kind: 'error' }
  | { readonly kind: 'default'; readonly value: Expression }
export type JsonQueryBehaviour = 'null' | 'error' | 'empty array' | 'empty object'
export interface Grouping {
  readonly kind: 'grouping'
  readonly columns: readonly Expression[]
  readonly at: Position
}

export interface SortItem {
  readonly value: Expression
  readonly descending: boolean
  readonly nulls: 'first' | 'last' | undefined
  readonly at: Position
}

// ---------------------------------------------------------------- windows and row patterns

export interface WindowSpecification {
  readonly kind: 'window'
  /** `OVER (w PARTITION BY …)`: the window that this one extends. */
  readonly base: Identifier | undefined
  readonly partitionBy: readonly Expression[]
  readonly orderBy: readonly SortItem[]
  /** Of the keyword ORDER. */
  readonly orderByAt?: Position | undefined
  readonly frame: WindowFrame | undefined
  readonly at: Position
}
export interface WindowFrame {
  readonly unit: 'rows' | 'range' | 'groups'
  readonly start: FrameBound
  readonly end: FrameBound | undefined
  readonly exclusion: 'current row' | 'group' | 'ties' | 'no others' | undefined
  /** MEASURES, AFTER MATCH SKIP, PATTERN… inside OVER. */
  readonly pattern: RowPattern | undefined
  readonly at: Position
}
export interface FrameBound {
  readonly kind: 'unbounded preceding' | 'preceding' | 'current row' | 'following' | 'unbounded following'
  readonly value: Expression | undefined
  readonly at: Position
}
export interface RowPattern {
  readonly measures: readonly { readonly value: Expression; readonly name: Identifier }[]
  /** `at` is that of the word SKIP. */
  readonly skip:
    | { readonly kind: 'next row' | 'past last row'; readonly at: Position }
    | { readonly kind: 'to first' | 'to last'; readonly variable: Identifier; readonly at: Position }
    | undefined
  readonly mode: { readonly kind: 'initial' | 'seek'; readonly at: Position } | undefined
  /** Only a window frame may lack it: to be refused. */
  readonly pattern: RowPatternNode | undefined
  readonly subsets: readonly { readonly name: Identifier; readonly members: readonly Identifier[] }[]
  readonly definitions: readonly { readonly name: Identifier; readonly condition: Expression }[]
}
export type RowPatternNode =
  | { readonly kind: 'variable'; readonly name: Identifier }
  | { readonly kind: 'empty' | 'start' | 'end' }
  | { readonly kind: 'sequence' | 'alternation' | 'permutation'; readonly items: readonly RowPatternNode[] }
  | { readonly kind: 'exclusion'; readonly item: RowPatternNode }
  /** `max` undefined = unbounded. */
  | {
      readonly kind: 'quantified'
      readonly item: RowPatternNode
      readonly min: number
      readonly max: number | undefined
      /** Of the quantifier. */
      readonly at: Position
      readonly greedy: boolean
    }

// ---------------------------------------------------------------- queries

export interface Query {
  readonly kind: 'query'
  readonly functions: readonly InlineFunction[]
  readonly with: With | undefined
  readonly body: QueryBody
  readonly orderBy: readonly SortItem[]
  /** Of the words ORDER BY. */
  readonly orderByAt?: Position | undefined
  readonly offset: Expression | undefined
  /** Of the word OFFSET. */
  readonly offsetAt?: Position | undefined
  readonly limit: Limit | undefined
  readonly at: Position
}
/** One function of `WITH FUNCTION …`. */
export interface InlineFunction {
  readonly text: string
  readonly name: QualifiedName
  readonly parameters: readonly FunctionParameter[]
  readonly returns: TypeName
  /** Of the word RETURNS. */
  readonly returnsAt: Position
  readonly characteristics: readonly FunctionCharacteristic[]
  readonly body: FunctionBody
  readonly at: Position
}
export interface FunctionParameter {
  readonly name: Identifier | undefined
  readonly type: TypeName
  readonly at: Position
}
export type FunctionCharacteristic =
  | { readonly kind: 'language'; readonly language: Identifier }
  | { readonly kind: 'null input'; readonly called: boolean }
  | { readonly kind: 'deterministic'; readonly deterministic: boolean }
  | { readonly kind: 'security'; readonly at: Position }
  | { readonly kind: 'comment' }
  | { readonly kind: 'properties' }
/** `return`: RETURN alone; `block`: BEGIN … END; `other`: any other statement. */
export type FunctionBody =
  | RoutineReturn
  | RoutineBlock
  | { readonly kind: 'other'; readonly at: Position }
  | { readonly kind: 'definition'; readonly at: Position }
export interface RoutineReturn {
  readonly kind: 'return'
  readonly value: Expression
  readonly at: Position
}
export interface RoutineBlock {
  readonly kind: 'block'
  readonly declarations: readonly {
    readonly names: readonly Identifier[]
    readonly type: TypeName
    readonly default: Expression | undefined
    readonly at: Position
  }[]
  readonly body: readonly RoutineStatement[]
  readonly at: Position
}
/** Statements of functions. `condition` of `repeat` is that of UNTIL. */
export type RoutineStatement =
  | RoutineReturn
  | RoutineBlock
  | { readonly kind: 'set'; readonly name: Identifier; readonly value: Expression; readonly at: Position }
  | {
      readonly kind: 'if'
      readonly branches: readonly { readonly condition: Expression; readonly body: readonly RoutineStatement[] }[]
      readonly otherwise: readonly RoutineStatement[] | undefined
      readonly at: Position
    }
  | {
      readonly kind: 'case'
      readonly operand: Expression | undefined
      readonly whens: readonly { readonly when: Expression; readonly body: readonly RoutineStatement[] }[]
      readonly otherwise: readonly RoutineStatement[] | undefined
      readonly at: Position
    }
  | {
      readonly kind: 'loop' | 'while' | 'repeat'
      readonly label: Identifier | undefined
      readonly condition: Expression | undefined
      readonly body: readonly RoutineStatement[]
      readonly at: Position
    }
  | { readonly kind: 'iterate' | 'leave'; readonly label: Identifier; readonly at: Position }
export interface With {
  readonly recursive: boolean
  readonly queries: readonly WithQuery[]
  readonly at: Position
}
export interface WithQuery {
  readonly name: Identifier
  readonly columns: readonly Identifier[] | undefined
  readonly query: Query
  readonly at: Position
}
export type Limit =
  | { readonly kind: 'limit'; readonly count: Expression; readonly at: Position }
  | { readonly kind: 'limit all'; readonly at: Position }
  /** FETCH FIRST [n] ROWS {ONLY | WITH TIES}; a missing count is 1. */
  | { readonly kind: 'fetch'; readonly count: Expression | undefined; readonly withTies: boolean; readonly at: Position }

export type QueryBody = Select | SetOperation | Values | TableQuery | SubqueryBody
export interface SetOperation {
  readonly kind: 'set-operation'
  readonly operator: 'union' | 'intersect' | 'except'
  readonly all: boolean
  /** CORRESPONDING [BY (columns)] matches columns by name: a list, `all` without one, undefined by position. */
  readonly corresponding: readonly Identifier[] | 'all' | undefined
  readonly left: QueryBody
  readonly right: QueryBody
  readonly at: Position
  readonly operatorAt: Position
}
/** A row of one column need not be a RowConstructor: `VALUES 1, 2`. */
export interface Values {
  readonly kind: 'values'
  readonly rows: readonly Expression[]
  readonly at: Position
}
export interface TableQuery {
  readonly kind: 'table'
  readonly name: QualifiedName
  readonly at: Position
}
export interface SubqueryBody {
  readonly kind: 'subquery-body'
  readonly query: Query
  readonly at: Position
}
export interface Select {
  readonly kind: 'select'
  readonly distinct: boolean
  readonly items: readonly SelectItem[]
  /** Comma-separated relations are a cross join. Undefined: one row without columns. */
  readonly from: Relation | undefined
  readonly where: Expression | undefined
  readonly groupBy: GroupBy | undefined
  readonly having: Expression | undefined
  readonly windows: readonly { readonly name: Identifier; readonly window: WindowSpecification }[]
  readonly at: Position
}
export type SelectItem =
  | { readonly kind: 'expression'; readonly value: Expression; readonly alias: Identifier | undefined; readonly at: Position }
  /** `*`, `t.*`, `(row).* AS (a, b)`. */
  | { readonly kind: 'all'; readonly target: Expression | undefined; readonly aliases: readonly Identifier[]; readonly at: Position }
/** GROUP BY AUTO is `auto`. */
export interface GroupBy {
  readonly quantifier: 'all' | 'distinct'
  readonly auto: boolean
  readonly elements: readonly GroupingElement[]
  readonly at: Position
}
export type GroupingElement =
  | { readonly kind: 'simple'; readonly columns: readonly Expression[]; readonly at: Position }
  | { readonly kind: 'rollup' | 'cube' | 'sets'; readonly sets: readonly (readonly Expression[])[]; readonly at: Position }

export type Relation =
  | TableReference
  | SubqueryRelation
  | Lateral
  | Unnest
  | Join
  | AliasedRelation
  | SampledRelation
  | TableFunction
  | MatchRecognize
  | JsonTable
export interface TableReference {
  readonly kind: 'table-reference'
  readonly name: QualifiedName
  /** FOR VERSION / TIMESTAMP AS OF. */
  readonly version: { readonly kind: 'version' | 'timestamp'; readonly value: Expression; readonly at: Position } | undefined
  readonly at: Position
}
export interface SubqueryRelation {
  readonly kind: 'subquery-relation'
  readonly query: Query
  readonly at: Position
}
export interface Lateral {
  readonly kind: 'lateral'
  readonly query: Query
  readonly at: Position
}
export interface Unnest {
  readonly kind: 'unnest'
  readonly items: readonly Expression[]
  readonly ordinality: boolean
  readonly at: Position
}
export interface Join {
  readonly kind: 'join'
  /** `implicit` is a comma. */
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross' | 'implicit'
  readonly left: Relation
  readonly right: Relation
  readonly criteria:
    | { readonly kind: 'on'; readonly condition: Expression }
    | { readonly kind: 'using'; readonly columns: readonly Identifier[] }
    | { readonly kind: 'natural' }
    | undefined
  readonly at: Position
}
export interface AliasedRelation {
  readonly kind: 'aliased'
  readonly relation: Relation
  readonly alias: Identifier
  readonly columns: readonly Identifier[] | undefined
  readonly at: Position
}
export interface SampledRelation {
  readonly kind: 'sampled'
  readonly relation: Relation
  readonly method: 'bernoulli' | 'system'
  readonly percentage: Expression
  readonly at: Position
}
export interface TableFunction {
  readonly kind: 'table-function'
  readonly name: QualifiedName
  readonly arguments: readonly TableFunctionArgument[]
  readonly copartition: readonly (readonly QualifiedName[])[]
  readonly at: Position
}
export interface TableFunctionArgument {
  readonly name: Identifier | undefined
  readonly value:
    | { readonly kind: 'expression'; readonly value: Expression }
    | {
        readonly kind: 'descriptor'
        readonly columns: readonly { readonly name: Identifier; readonly type: TypeName | undefined }[] | undefined
      }
    | {
        readonly kind: 'table'
        readonly relation: Relation
        readonly partitionBy: readonly Expression[] | undefined
        readonly prune: 'prune' | 'keep' | undefined
        readonly orderBy: readonly SortItem[]
      }
  readonly at: Position
}
export interface MatchRecognize {
  readonly kind: 'match-recognize'
  readonly relation: Relation
  readonly partitionBy: readonly Expression[]
  readonly orderBy: readonly SortItem[]
  readonly rows: 'one row' | 'all rows show empty' | 'all rows omit empty' | 'all rows with unmatched' | 'all rows' | undefined
  readonly pattern: RowPattern
  readonly at: Position
}
export interface JsonTable {
  readonly kind: 'json-table'
  readonly call: JsonPathCall
  readonly columns: readonly JsonTableColumn[]
  readonly plan: JsonTablePlan | undefined
  readonly onError: 'empty' | 'error' | undefined
  readonly at: Position
}
export type JsonTableColumn =
  | { readonly kind: 'ordinality'; readonly name: Identifier }
  | {
      readonly kind: 'value'
      readonly name: Identifier
      readonly type: TypeName
      readonly path: string | undefined
      readonly pathAt: Position
      readonly onEmpty: JsonValueBehaviour | undefined
      readonly onError: JsonValueBehaviour | undefined
    }
  | {
      readonly kind: 'query'
      readonly name: Identifier
      readonly type: TypeName
      readonly format: JsonFormat
      readonly path: string | undefined
      readonly pathAt: Position
      readonly wrapper: 'without' | 'conditional' | 'unconditional' | undefined
      readonly quotes: 'keep' | 'omit' | undefined
      readonly onEmpty: JsonQueryBehaviour | undefined
      readonly onError: JsonQueryBehaviour | undefined
    }
  | {
      readonly kind: 'nested'
      readonly path: string
      readonly pathAt: Position
      readonly pathName: Identifier | undefined
      readonly columns: readonly JsonTableColumn[]
    }
/** The text of PLAN (…) as a tree of names and operators. */
export type JsonTablePlan =
  | { readonly kind: 'name'; readonly name: Identifier; readonly at: Position }
  | {
      readonly kind: 'outer' | 'inner' | 'union' | 'cross'
      readonly left: JsonTablePlan
      readonly right: JsonTablePlan
      readonly at: Position
    }
  | { readonly kind: 'default'; readonly parentChild: 'outer' | 'inner' | undefined; readonly siblings: 'union' | 'cross' | undefined }

// ---------------------------------------------------------------- statements

export type Statement =
  | QueryStatement
  | Explain
  | ShowStatement
  | SessionStatement
  | PreparedStatement
  | CatalogStatement
  | WriteStatement
  | SecurityStatement

export interface QueryStatement {
  readonly kind: 'query-statement'
  /** WITH SESSION name = value, …: properties for this statement alone. */
  readonly session: readonly { readonly name: QualifiedName; readonly value: Expression }[]
  readonly query: Query
  readonly at: Position
}
export interface Explain {
  readonly kind: 'explain'
  readonly analyze: boolean
  readonly verbose: boolean
  readonly type: 'logical' | 'distributed' | 'validate' | 'io' | undefined
  readonly format: 'text' | 'graphviz' | 'json' | undefined
  readonly statement: Statement
  readonly at: Position
}
interface LikePattern {
  readonly pattern: string
  readonly escape: string | undefined
  /** Hive's pattern: `*` is any text, `|` stands between alternatives. */
  readonly hive?: true
}
export type ShowStatement =
  | { readonly kind: 'show-catalogs'; readonly like: LikePattern | undefined; readonly at: Position }
  | {
      readonly kind: 'show-schemas'
      readonly catalog: Identifier | undefined
      readonly like: LikePattern | undefined
      readonly at: Position
    }
  | {
      readonly kind: 'show-tables'
      readonly schema: QualifiedName | undefined
      readonly like: LikePattern | undefined
      readonly at: Position
    }
  /** SHOW COLUMNS FROM t, DESCRIBE t, DESC t; Hive's DESCRIBE [EXTENDED|FORMATTED]. */
  | {
      readonly kind: 'show-columns'
      readonly table: QualifiedName
      readonly like: LikePattern | undefined
      readonly detail: 'extended' | 'formatted' | undefined
      readonly at: Position
    }
  | {
      readonly kind: 'show-create'
      readonly object: 'table' | 'view' | 'materialized view' | 'schema' | 'function'
      readonly name: QualifiedName
      readonly at: Position
    }
  | { readonly kind: 'show-stats'; readonly target: QualifiedName | Query; readonly at: Position }
  | {
      readonly kind: 'show-functions'
      readonly schema: QualifiedName | undefined
      readonly like: LikePattern | undefined
      readonly at: Position
    }
  | { readonly kind: 'show-session'; readonly like: LikePattern | undefined; readonly at: Position }
  | {
      readonly kind: 'show-partitions'
      readonly table: QualifiedName
      readonly partition: PartitionSpec | undefined
      readonly at: Position
    }
  | { readonly kind: 'show-tblproperties'; readonly table: QualifiedName; readonly property: string | undefined; readonly at: Position }
  | {
      readonly kind: 'show-roles'
      readonly which: 'ROLES' | 'CURRENT ROLES' | 'ROLE GRANTS'
      readonly catalog: Identifier | undefined
      readonly at: Position
    }
  | { readonly kind: 'show-grants'; readonly object: GrantObject | undefined; readonly at: Position }
export type SessionStatement =
  | { readonly kind: 'use'; readonly catalog: Identifier | undefined; readonly schema: Identifier; readonly at: Position }
  | { readonly kind: 'set-session'; readonly name: QualifiedName; readonly value: Expression; readonly at: Position }
  | { readonly kind: 'reset-session'; readonly name: QualifiedName; readonly at: Position }
  /** `zone` undefined = LOCAL. */
  | { readonly kind: 'set-time-zone'; readonly zone: Expression | undefined; readonly at: Position }
  | { readonly kind: 'set-path'; readonly path: readonly QualifiedName[]; readonly at: Position }
  | {
      readonly kind: 'start-transaction'
      readonly isolation: string | undefined
      readonly access: 'read only' | 'read write' | undefined
      readonly at: Position
    }
  | { readonly kind: 'commit' | 'rollback'; readonly at: Position }
  | {
      readonly kind: 'set-role'
      readonly role: Identifier | 'all' | 'none'
      readonly catalog: Identifier | undefined
      readonly at: Position
    }
  | { readonly kind: 'set-session-authorization'; readonly user: string; readonly at: Position }
  | { readonly kind: 'reset-session-authorization'; readonly at: Position }
export type PreparedStatement =
  /** `text` is the prepared statement's own text. */
  | { readonly kind: 'prepare'; readonly name: Identifier; readonly statement: Statement; readonly text: string; readonly at: Position }
  | { readonly kind: 'execute'; readonly name: Identifier; readonly arguments: readonly Expression[]; readonly at: Position }
  | { readonly kind: 'execute-immediate'; readonly text: StringLiteral; readonly arguments: readonly Expression[]; readonly at: Position }
  | { readonly kind: 'deallocate'; readonly name: Identifier; readonly at: Position }
  | { readonly kind: 'describe-input' | 'describe-output'; readonly name: Identifier; readonly at: Position }

/** `DEFAULT` is undefined. */
export interface Property {
  readonly name: Identifier
  readonly value: Expression | undefined
  readonly at: Position
}
export interface ColumnDefinition {
  readonly kind: 'column'
  readonly name: Identifier
  readonly type: TypeName
  readonly nullable: boolean
  readonly default: Expression | undefined
  readonly comment: string | undefined
  readonly properties: readonly Property[]
  readonly at: Position
}
export interface LikeClause {
  readonly kind: 'like-clause'
  readonly table: QualifiedName
  readonly properties: 'including' | 'excluding' | undefined
  readonly at: Position
}
/** `PARTITION (dt = '2024-01-01', h)`; a key without a value is dynamic. `operator` other than '=' only in DROP PARTITION. */
export interface PartitionSpec {
  readonly values: readonly { readonly key: Identifier; readonly operator: ComparisonOperator; readonly value: Expression | undefined }[]
  readonly at: Position
}
/** Hive's ROW FORMAT clause; the delimiters are decoded ('\t' is a tab). */
export type RowFormat =
  | {
      readonly kind: 'delimited'
      readonly fields: string | undefined
      readonly escaped: string | undefined
      readonly collectionItems: string | undefined
      readonly mapKeys: string | undefined
      readonly lines: string | undefined
      readonly nullDefinedAs: string | undefined
    }
  | { readonly kind: 'serde'; readonly name: string; readonly properties: readonly HiveProperty[] }
export interface HiveProperty {
  readonly key: string
  readonly value: string
}
export interface HiveCreateTable {
  readonly kind: 'hive-create-table'
  readonly name: QualifiedName
  readonly external: boolean
  readonly ifNotExists: boolean
  readonly columns: readonly ColumnDefinition[]
  readonly comment: string | undefined
  readonly partitionedBy: readonly ColumnDefinition[]
  readonly clusteredBy: { readonly columns: readonly Identifier[]; readonly buckets: number } | undefined
  readonly rowFormat: RowFormat | undefined
  /** Upper case: PARQUET, TEXTFILE, …; or INPUTFORMAT/OUTPUTFORMAT class names. */
  readonly storedAs: string | { readonly input: string; readonly output: string } | undefined
  readonly location: string | undefined
  readonly properties: readonly HiveProperty[]
  readonly at: Position
}
export type CatalogStatement =
  | {
      readonly kind: 'create-schema'
      readonly name: QualifiedName
      readonly ifNotExists: boolean
      readonly authorization: Principal | undefined
      readonly properties: readonly Property[]
      readonly location: string | undefined
      readonly comment: string | undefined
      readonly at: Position
    }
  | {
      readonly kind: 'drop-schema'
      readonly name: QualifiedName
      readonly ifExists: boolean
      readonly cascade: boolean
      readonly at: Position
    }
  | { readonly kind: 'rename-schema'; readonly name: QualifiedName; readonly to: Identifier; readonly at: Position }
  | {
      readonly kind: 'create-table'
      readonly name: QualifiedName
      readonly replace: boolean
      readonly ifNotExists: boolean
      readonly elements: readonly (ColumnDefinition | LikeClause)[]
      readonly comment: string | undefined
      readonly properties: readonly Property[]
      readonly at: Position
    }
  | HiveCreateTable
  | { readonly kind: 'drop-table'; readonly name: QualifiedName; readonly ifExists: boolean; readonly at: Position }
  | {
      readonly kind: 'create-view'
      readonly name: QualifiedName
      readonly replace: boolean
      readonly materialized: boolean
      readonly ifNotExists: boolean
      readonly columns: readonly Identifier[] | undefined
      readonly comment: string | undefined
      readonly security: 'definer' | 'invoker' | undefined
      readonly gracePeriod: Expression | undefined
      readonly properties: readonly Property[]
      readonly query: Query
      readonly queryText: string
      readonly at: Position
    }
  | {
      readonly kind: 'drop-view'
      readonly name: QualifiedName
      readonly materialized: boolean
      readonly ifExists: boolean
      readonly at: Position
    }
  | { readonly kind: 'refresh-view'; readonly name: QualifiedName; readonly at: Position }
  | {
      readonly kind: 'alter'
      readonly object: 'table' | 'view' | 'materialized view' | 'schema'
      readonly name: QualifiedName
      readonly ifExists: boolean
      readonly action: AlterAction
      readonly at: Position
    }
  | {
      readonly kind: 'comment-on'
      readonly object: 'table' | 'view' | 'column'
      readonly name: QualifiedName
      readonly comment: string | undefined
      readonly at: Position
    }
  | {
      readonly kind: 'msck-repair'
      readonly table: QualifiedName
      readonly mode: 'add' | 'drop' | 'sync'
      /** Only partitions that satisfy these comparisons. */
      readonly partition: PartitionSpec | undefined
      readonly at: Position
    }
  | {
      readonly kind: 'call-procedure'
      readonly name: QualifiedName
      readonly arguments: readonly { readonly name: Identifier | undefined; readonly value: Expression }[]
      readonly at: Position
    }
  | { readonly kind: 'analyze'; readonly table: QualifiedName; readonly properties: readonly Property[]; readonly at: Position }
export type AlterAction =
  | { readonly kind: 'rename'; readonly to: QualifiedName }
  | {
      readonly kind: 'add-column'
      readonly column: ColumnDefinition
      readonly ifNotExists: boolean
      readonly position: { readonly kind: 'first' | 'last' } | { readonly kind: 'after'; readonly column: Identifier } | undefined
    }
  | { readonly kind: 'hive-add-columns' | 'hive-replace-columns'; readonly columns: readonly ColumnDefinition[] }
  | { readonly kind: 'drop-column'; readonly column: QualifiedName; readonly ifExists: boolean }
  | { readonly kind: 'rename-column'; readonly column: QualifiedName; readonly to: Identifier; readonly ifExists: boolean }
  | { readonly kind: 'set-column-type'; readonly column: QualifiedName; readonly type: TypeName }
  | { readonly kind: 'drop-not-null' | 'set-not-null'; readonly column: Identifier }
  | { readonly kind: 'set-properties'; readonly properties: readonly Property[] }
  | { readonly kind: 'set-tblproperties'; readonly properties: readonly HiveProperty[] }
  | { readonly kind: 'unset-tblproperties'; readonly names: readonly string[]; readonly ifExists: boolean }
  | { readonly kind: 'set-location'; readonly location: string; readonly partition: PartitionSpec | undefined }
  | { readonly kind: 'set-authorization'; readonly principal: Principal }
  | {
      readonly kind: 'execute'
      readonly procedure: Identifier
      readonly arguments: readonly { readonly name: Identifier | undefined; readonly value: Expression }[]
      readonly where: Expression | undefined
    }
  | {
      readonly kind: 'add-partitions'
      readonly ifNotExists: boolean
      readonly partitions: readonly { readonly spec: PartitionSpec; readonly location: string | undefined }[]
    }
  | { readonly kind: 'drop-partitions'; readonly ifExists: boolean; readonly partitions: readonly PartitionSpec[] }
  | { readonly kind: 'rename-partition'; readonly from: PartitionSpec; readonly to: PartitionSpec }
export type WriteStatement =
  | {
      readonly kind: 'create-table-as'
      readonly name: QualifiedName
      readonly replace: boolean
      readonly ifNotExists: boolean
      readonly columns: readonly Identifier[] | undefined
      readonly comment: string | undefined
      readonly properties: readonly Property[]
      readonly query: Query
      readonly withData: boolean
      readonly at: Position
    }
  | {
      readonly kind: 'insert'
      readonly table: QualifiedName
      readonly overwrite: boolean
      readonly partition: PartitionSpec | undefined
      readonly columns: readonly Identifier[] | undefined
      readonly query: Query
      readonly at: Position
    }
  | { readonly kind: 'delete'; readonly table: QualifiedName; readonly where: Expression | undefined; readonly at: Position }
  | {
      readonly kind: 'update'
      readonly table: QualifiedName
      readonly assignments: readonly { readonly column: Identifier; readonly value: Expression }[]
      readonly where: Expression | undefined
      readonly at: Position
    }
  | {
      readonly kind: 'merge'
      readonly target: Relation
      readonly source: Relation
      readonly on: Expression
      readonly cases: readonly MergeCase[]
      readonly at: Position
    }
  | { readonly kind: 'truncate'; readonly table: QualifiedName; readonly at: Position }
  | {
      readonly kind: 'unload'
      readonly query: Query
      readonly location: string
      readonly properties: readonly Property[]
      readonly at: Position
    }
export type MergeCase =
  | {
      readonly kind: 'update'
      readonly condition: Expression | undefined
      readonly assignments: readonly { readonly column: Identifier; readonly value: Expression }[]
    }
  | { readonly kind: 'delete'; readonly condition: Expression | undefined }
  | {
      readonly kind: 'insert'
      readonly condition: Expression | undefined
      readonly columns: readonly Identifier[] | undefined
      readonly values: readonly Expression[]
    }
/** Who owns or is granted something: name, USER name, ROLE name. */
export interface Principal {
  /** As written, with USER or ROLE. */
  readonly text: string
  readonly kind: 'user' | 'role'
  readonly name: Identifier
}

/** Statements about roles and privileges; the text is what was written. */
export type SecurityStatement =
  | {
      readonly kind: 'change-roles'
      readonly change: 'CREATE ROLE' | 'DROP ROLE' | 'GRANT ROLE' | 'REVOKE ROLE'
      readonly roles: readonly Identifier[]
      readonly catalog: Identifier | undefined
      readonly ifExists: boolean
      readonly text: string
      readonly at: Position
    }
  | {
      readonly kind: 'change-privileges'
      readonly change: 'GRANT' | 'REVOKE' | 'DENY'
      /** Empty: all of them. */
      readonly privileges: readonly string[]
      readonly object: GrantObject
      readonly text: string
      readonly at: Position
    }
  /** Catalogs and stored functions: recognised, kept as text, refused by the analyzer. */
  | { readonly kind: 'unsupported-statement'; readonly name: string; readonly text: string; readonly at: Position }

/** `TABLE t`, `SCHEMA s`, `t`. */
export interface GrantObject {
  /** In lower case; undefined: a table. */
  readonly entity: string | undefined
  readonly name: QualifiedName
}
