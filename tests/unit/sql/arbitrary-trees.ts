/** Syntax trees made by chance: every one is a tree that the parser could have built. */
import fc, { type Arbitrary } from 'fast-check'
import type {
  Expression,
  FunctionCall,
  Identifier,
  Query,
  QueryBody,
  Relation,
  RowPatternNode,
  SelectItem,
  SortItem,
  TypeName,
  WindowSpecification,
} from '#src/sql/ast'

const at = { line: 1, column: 1 }

/** One count for all kinds of nodes inside each other; at the end of it, the first choice of each is a leaf. */
const DEPTH = { maxDepth: 5, depthSize: 'small', depthIdentifier: 'tree', withCrossShrink: true } as const

const NAMES = 'a b c1 _d t date year value first count filter position limit offset row time zone type key nulls range text'.split(' ')

const identifier: Arbitrary<Identifier> = fc.oneof(
  { arbitrary: fc.constantFrom(...NAMES).map((value): Identifier => ({ kind: 'identifier', value, quoted: false, at })), weight: 5 },
  {
    arbitrary: fc
      .constantFrom('Abc', 'X_1')
      .map((written): Identifier => ({ kind: 'identifier', value: written.toLowerCase(), written, quoted: false, at })),
    weight: 1,
  },
  {
    arbitrary: fc
      .constantFrom('Select', 'a b', 'x"y', '1', 'é', "'")
      .map((value): Identifier => ({ kind: 'identifier', value, quoted: true, at })),
    weight: 1,
  },
)
const plain = fc.constantFrom('p', 'q', 'r').map((value): Identifier => ({ kind: 'identifier', value, quoted: false, at }))
const name = fc.array(identifier, { minLength: 1, maxLength: 3 }).map((parts) => ({ parts, at }))
const maybe = <T>(arbitrary: Arbitrary<T>): Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 2 })
const list = <T>(arbitrary: Arbitrary<T>, minLength = 0): Arbitrary<T[]> => fc.array(arbitrary, { minLength, maxLength: minLength + 2 })
const string = fc.constantFrom('', 'x', "it's", '%_', 'a\nb', '\u{1F600}', '--', '/*')
const unit = fc.constantFrom('year', 'month', 'day', 'hour', 'minute', 'second')

export const typeName: Arbitrary<TypeName> = fc.letrec<{ type: TypeName }>((tie) => ({
  type: fc.oneof(
    DEPTH,
    fc
      .constantFrom('bigint', 'varchar', 'double', 'json', 'My Type')
      .map((typeText): TypeName => ({ kind: 'generic-type', name: typeText, arguments: [], at })),
    fc.record({
      kind: fc.constant('generic-type'),
      name: fc.constantFrom('decimal', 'map', 'array'),
      arguments: list(fc.oneof(fc.nat(38), tie('type')), 1),
      at: fc.constant(at),
    }),
    fc.record({
      kind: fc.constant('row-type'),
      fields: list(fc.record({ name: maybe(plain), type: tie('type') }), 1),
      at: fc.constant(at),
    }),
    fc.record({
      kind: fc.constant('datetime-type'),
      base: fc.constantFrom('time', 'timestamp'),
      precision: maybe(fc.nat(12)),
      withTimeZone: fc.boolean(),
      at: fc.constant(at),
    }),
    fc.record({ kind: fc.constant('interval-type'), from: unit, to: unit, at: fc.constant(at) }),
  ) as Arbitrary<TypeName>,
})).type

interface Trees {
  expression: Expression
  query: Query
  relation: Relation
  pattern: RowPatternNode
}

const NUMBERS = ['0', '1', '-1', '1_000', '0x1F', '1.5', '-.5', '1.', '1e5', '-2.5E-3'] as const
const formOf = (text: string) =>
  (/^-?0x/.test(text) ? 'integer' : /e/i.test(text) ? 'double' : text.includes('.') ? 'decimal' : 'integer') as
    | 'integer'
    | 'decimal'
    | 'double'

const trees = fc.letrec<Trees>((tie) => {
  const value = tie('expression') as Arbitrary<Expression>
  const query = tie('query') as Arbitrary<Query>
  const node = <K extends string, R extends object>(kind: K, fields: { [P in keyof R]: Arbitrary<R[P]> }) =>
    fc.record({ kind: fc.constant(kind), ...fields, at: fc.constant(at) } as never) as unknown as Arbitrary<never>
  const binary = { left: value, right: value, operatorAt: fc.constant(at) }
  const predicate = { value, negated: fc.boolean(), operatorAt: fc.constant(at) }
  // `IN ((SELECT 1))` is a list of one item.
  const operand = query.filter(
    (item) =>
      item.with !== undefined ||
      item.body.kind !== 'subquery-body' ||
      item.orderBy.length > 0 ||
      item.limit !== undefined ||
      item.offset !== undefined,
  )
  const sortItem: Arbitrary<SortItem> = fc.record({
    value,
    descending: fc.boolean(),
    nulls: fc.constantFrom(undefined, 'first', 'last'),
    at: fc.constant(at),
  })
  const bound = fc.oneof(
    fc.constantFrom('unbounded preceding', 'current row', 'unbounded following').map((kind) => ({ kind, value: undefined, at })),
    fc.record({ kind: fc.constantFrom('preceding', 'following'), value, at: fc.constant(at) }),
  )
  const rowPattern = fc.record({
    measures: list(fc.record({ value, name: plain })),
    skip: fc.oneof(
      fc.constantFrom(undefined, { kind: 'next row', at }, { kind: 'past last row', at }),
      fc.record({ kind: fc.constantFrom('to first', 'to last'), variable: plain, at: fc.constant(at) }),
    ),
    mode: fc.constantFrom(undefined, { kind: 'initial', at }, { kind: 'seek', at }),
    pattern: tie('pattern'),
    subsets: list(fc.record({ name: plain, members: list(plain, 1) })),
    definitions: list(fc.record({ name: plain, condition: value }), 1),
  })
  const frame = fc.record({
    unit: fc.constantFrom('rows', 'range', 'groups'),
    start: bound,
    end: maybe(bound),
    exclusion: fc.constant(undefined),
    pattern: fc.oneof({ arbitrary: fc.constant(undefined), weight: 5 }, { arbitrary: rowPattern, weight: 1 }),
    at: fc.constant(at),
  })
  const window = fc.record({
    kind: fc.constant('window'),
    base: maybe(plain),
    partitionBy: list(value),
    orderBy: list(sortItem),
    frame: maybe(frame),
    at: fc.constant(at),
  }) as Arbitrary<WindowSpecification>
  const over = fc.oneof(plain, window)
  const call = fc
    .record({
      name: fc.oneof(
        name,
        fc
          .constantFrom('listagg', 'if', 'coalesce')
          .map((text) => ({ parts: [{ kind: 'identifier', value: text, quoted: false, at } as const], at })),
      ),
      arguments: fc.oneof(
        { arbitrary: list(value), weight: 4 },
        {
          arbitrary: maybe(plain).map((label): Expression[] => [label === undefined ? { kind: 'star', at } : { kind: 'star', label, at }]),
          weight: 1,
        },
      ),
      distinct: fc.boolean(),
      orderBy: list(sortItem),
      filter: maybe(value),
      nulls: fc.constantFrom(undefined, 'ignore', 'respect'),
      over: maybe(over),
      processing: fc.constantFrom(undefined, undefined, 'running', 'final'),
      overflow: fc.constantFrom(
        undefined,
        { kind: 'error' },
        { kind: 'truncate', filler: '…', withCount: true },
        { kind: 'truncate', filler: undefined, withCount: false },
      ),
    })
    .map((fields) => possibleCall({ kind: 'call', ...fields, at } as FunctionCall))
  const format = fc.constantFrom(undefined, 'json', 'utf8', 'utf16')
  const path = {
    kind: fc.constant('json'),
    input: value,
    inputFormat: format,
    path: string,
    pathName: maybe(plain),
    passing: list(fc.record({ value, format, name: plain })),
    at: fc.constant(at),
  }
  const valueBehaviour = fc.oneof(
    fc.constantFrom(undefined, { kind: 'null' }, { kind: 'error' }),
    fc.record({ kind: fc.constant('default'), value }),
  )
  const queryBehaviour = fc.constantFrom(undefined, 'null', 'error', 'empty array', 'empty object')
  const returning = fc.oneof(
    fc.constant({ returning: undefined, returningFormat: undefined }),
    fc.record({ returning: typeName, returningFormat: format }),
  )
  const wrapper = fc.constantFrom(undefined, 'without', 'conditional', 'unconditional')
  const json = fc.oneof(
    fc.record({ ...path, name: fc.constant('json_exists'), onError: fc.constantFrom(undefined, 'true', 'false', 'unknown', 'error') }),
    fc.record({ ...path, name: fc.constant('json_value'), returning: maybe(typeName), onEmpty: valueBehaviour, onError: valueBehaviour }),
    fc
      .tuple(
        fc.record({
          ...path,
          name: fc.constant('json_query'),
          wrapper,
          quotes: fc.constantFrom(undefined, 'keep', 'omit'),
          onEmpty: queryBehaviour,
          onError: queryBehaviour,
        }),
        returning,
      )
      .map(([fields, type]) => ({ ...fields, ...type })),
    fc
      .tuple(
        fc.record({
          kind: fc.constant('json'),
          name: fc.constant('json_object'),
          members: list(fc.record({ key: value, value, format }), 1),
          nulls: fc.constantFrom(undefined, 'null', 'absent'),
          uniqueKeys: fc.boolean(),
          at: fc.constant(at),
        }),
        returning,
      )
      .map(([fields, type]) => ({ ...fields, ...type })),
    fc
      .tuple(
        fc.record({
          kind: fc.constant('json'),
          name: fc.constant('json_array'),
          items: list(fc.record({ value, format }), 1),
          nulls: fc.constantFrom(undefined, 'null', 'absent'),
          at: fc.constant(at),
        }),
        returning,
      )
      .map(([fields, type]) => ({ ...fields, ...type })),
  )
  const leaf: Arbitrary<Expression> = fc.oneof(
    identifier,
    fc.constantFrom<Expression>({ kind: 'null', at }, { kind: 'parameter', index: 0, at }, { kind: 'binary', hex: '0AFF', at }),
    fc.boolean().map((truth): Expression => ({ kind: 'boolean-literal', value: truth, at })),
    fc.constantFrom(...NUMBERS).map((text): Expression => ({ kind: 'number', form: formOf(text), text, at })),
    string.map((text): Expression => ({ kind: 'string', value: text, at })),
    fc
      .constantFrom('date', 'decimal', 'double', 'x')
      .map(
        (text): Expression => ({ kind: 'generic-literal', type: { kind: 'generic-type', name: text, arguments: [], at }, value: '1', at }),
      )
      .filter((item) => item.kind === 'generic-literal' && item.type.kind === 'generic-type' && item.type.name !== 'x'),
    fc.constant<Expression>({
      kind: 'generic-literal',
      type: { kind: 'datetime-type', base: 'timestamp', precision: undefined, withTimeZone: false, at },
      value: '2024-01-01',
      at,
    }),
    fc.record({
      kind: fc.constant('interval'),
      sign: fc.constantFrom('+', '-'),
      value: string,
      from: unit,
      to: maybe(unit),
      at: fc.constant(at),
    }) as Arbitrary<Expression>,
    fc.constantFrom<Expression>(
      { kind: 'current', name: 'current_date', precision: undefined, at },
      { kind: 'current', name: 'localtime', precision: 3, at },
    ),
  )
  const zone = fc.oneof(
    string.map((text) => ({ kind: 'string', value: text, at })),
    fc.constant({ kind: 'interval', sign: '-', value: '1', from: 'hour', to: undefined, at }),
  )
  const expression = fc.oneof(
    DEPTH,
    { arbitrary: leaf, weight: 6 },
    node('dereference', { base: value, field: identifier }),
    node('subscript', { base: value, index: value }),
    node('measure', { name: plain, over }),
    node('arithmetic', { operator: fc.constantFrom('+', '-', '*', '/', '%', '||'), ...binary }),
    node('sign', { sign: fc.constantFrom('+', '-'), value }),
    node('comparison', { operator: fc.constantFrom('=', '<>', '<', '<=', '>', '>='), ...binary }),
    node('quantified', {
      operator: fc.constantFrom('=', '<'),
      quantifier: fc.constantFrom('all', 'any'),
      value,
      query: operand,
      operatorAt: fc.constant(at),
    }),
    node('logical', { operator: fc.constantFrom('and', 'or'), terms: list(value, 2) }),
    node('not', { value }),
    node('between', { ...predicate, low: value, high: value }),
    node('in-list', { ...predicate, items: list(value, 1) }),
    node('in-subquery', { ...predicate, query: operand }),
    node('like', { ...predicate, pattern: value, escape: maybe(value) }),
    node('is-null', predicate),
    node('distinct-from', { ...binary, negated: fc.boolean() }),
    node('exists', { query }),
    node('subquery', { query: query }),
    node('case', {
      operand: maybe(value),
      // biome-ignore lint/suspicious/noThenProperty: the word of the language; nobody awaits a syntax tree
      whens: list(fc.record({ when: value, then: value, at: fc.constant(at) }), 1),
      otherwise: maybe(value),
    }),
    node('cast', { value, type: typeName, safe: fc.boolean() }),
    node('extract', {
      field: fc.constantFrom('year', 'dow').map((text) => ({ kind: 'identifier', value: text, quoted: false, at })),
      value,
    }),
    node('at-time-zone', { value, zone }),
    call,
    node('lambda', { parameters: list(plain), body: value }),
    node('row', { fields: list(fc.record({ name: maybe(identifier), value }), 1) }),
    node('array', { items: list(value) }),
    node('trim', { side: fc.constantFrom('both', 'leading', 'trailing'), characters: maybe(value), value }),
    json as never,
    node('grouping', { columns: list(identifier, 1) }),
  ) as Arbitrary<Expression>

  // ---------------------------------------------------------------- queries
  const selectItem = fc.oneof(
    fc.record({ kind: fc.constant('expression'), value, alias: maybe(identifier), at: fc.constant(at) }),
    fc.record({ kind: fc.constant('all'), target: fc.constant(undefined), aliases: fc.constant([]), at: fc.constant(at) }),
    fc.record({ kind: fc.constant('all'), target: value, aliases: list(identifier), at: fc.constant(at) }),
  ) as Arbitrary<SelectItem>
  const set = list(value)
  const grouping = fc.record({
    quantifier: fc.constantFrom('all', 'distinct'),
    auto: fc.boolean(),
    elements: list(
      fc.oneof(
        fc.record({ kind: fc.constant('simple'), columns: set, at: fc.constant(at) }),
        fc.record({ kind: fc.constantFrom('rollup', 'cube', 'sets'), sets: list(set, 1), at: fc.constant(at) }),
      ),
      1,
    ),
    at: fc.constant(at),
  })
  const from = list(tie('relation') as Arbitrary<Relation>, 1).map((relations) =>
    relations.reduce((left, right): Relation => ({ kind: 'join', type: 'implicit', left, right, criteria: undefined, at })),
  )
  const select = fc.record({
    kind: fc.constant('select'),
    distinct: fc.boolean(),
    items: list(selectItem, 1),
    from: maybe(from),
    where: maybe(value),
    groupBy: maybe(grouping),
    having: maybe(value),
    windows: list(fc.record({ name: plain, window })),
    at: fc.constant(at),
  }) as Arbitrary<QueryBody>
  const inner = query.filter((item) => item.with === undefined)
  const primary: Arbitrary<QueryBody> = fc.oneof(
    DEPTH,
    { arbitrary: select, weight: 4 },
    { arbitrary: fc.record({ kind: fc.constant('values'), rows: list(value, 1), at: fc.constant(at) }) as Arbitrary<QueryBody>, weight: 1 },
    { arbitrary: fc.record({ kind: fc.constant('table'), name, at: fc.constant(at) }) as Arbitrary<QueryBody>, weight: 1 },
    { arbitrary: fc.record({ kind: fc.constant('subquery-body'), query: inner, at: fc.constant(at) }) as Arbitrary<QueryBody>, weight: 1 },
  )
  const corresponding = fc.oneof(fc.constantFrom(undefined, undefined, 'all'), list(identifier, 1))
  const chain = (operators: readonly string[], item: Arbitrary<QueryBody>): Arbitrary<QueryBody> =>
    fc
      .tuple(
        item,
        fc.array(fc.record({ operator: fc.constantFrom(...operators), all: fc.boolean(), corresponding, right: item }), { maxLength: 2 }),
      )
      .map(([first, rest]) =>
        rest.reduce((left, fields) => ({ kind: 'set-operation', ...fields, left, at, operatorAt: at }) as QueryBody, first),
      )
  const body = fc.oneof(
    DEPTH,
    { arbitrary: primary, weight: 4 },
    { arbitrary: chain(['union', 'except'], chain(['intersect'], primary)), weight: 1 },
  )
  const rowCount = fc.constantFrom<Expression>({ kind: 'number', form: 'integer', text: '5', at }, { kind: 'parameter', index: 0, at })
  const limit = fc.oneof(
    fc.record({ kind: fc.constant('limit'), count: rowCount, at: fc.constant(at) }),
    fc.constant({ kind: 'limit all', at }),
    fc.record({ kind: fc.constant('fetch'), count: maybe(rowCount), withTies: fc.boolean(), at: fc.constant(at) }),
  )
  const withClause = fc.record({
    recursive: fc.boolean(),
    queries: list(fc.record({ name: identifier, columns: maybe(list(identifier, 1)), query, at: fc.constant(at) }), 1),
    at: fc.constant(at),
  })

  // ---------------------------------------------------------------- relations
  const relation = tie('relation') as Arbitrary<Relation>
  const criteria = fc.oneof(
    fc.record({ kind: fc.constant('on'), condition: value }),
    fc.record({ kind: fc.constant('using'), columns: list(identifier, 1) }),
    fc.constant({ kind: 'natural' }),
  )
  const version = maybe(fc.record({ kind: fc.constantFrom('version', 'timestamp'), value }))
  const tableArgument = fc.oneof(
    fc.record({ kind: fc.constant('table-reference'), name, version: fc.constant(undefined), at: fc.constant(at) }),
    fc.record({ kind: fc.constant('subquery-relation'), query, at: fc.constant(at) }),
  )
  const argument = fc.oneof(
    fc.record({ kind: fc.constant('expression'), value }),
    fc.record({ kind: fc.constant('descriptor'), columns: maybe(list(fc.record({ name: identifier, type: maybe(typeName) }), 1)) }),
    fc.record({
      kind: fc.constant('table'),
      relation: fc
        .tuple(tableArgument, maybe(identifier), maybe(list(identifier, 1)))
        .map(([item, alias, columns]) => (alias === undefined ? item : { kind: 'aliased', relation: item, alias, columns, at })),
      partitionBy: maybe(list(value)),
      prune: fc.constantFrom(undefined, 'prune', 'keep'),
      orderBy: list(sortItem),
    }),
  )
  const column = fc.oneof(
    fc.record({ kind: fc.constant('ordinality'), name: identifier }),
    fc.record({
      kind: fc.constant('value'),
      name: identifier,
      type: typeName,
      path: maybe(string),
      onEmpty: valueBehaviour,
      onError: valueBehaviour,
    }),
    fc.record({
      kind: fc.constant('query'),
      name: identifier,
      type: typeName,
      format: fc.constantFrom('json', 'utf32'),
      path: maybe(string),
      wrapper,
      quotes: fc.constantFrom(undefined, 'keep', 'omit'),
      onEmpty: queryBehaviour,
      onError: queryBehaviour,
    }),
  )
  const columns = list(
    fc.oneof(column, fc.record({ kind: fc.constant('nested'), path: string, pathName: maybe(plain), columns: list(column, 1) })),
    1,
  )
  const plan = fc.oneof(
    fc.constantFrom(
      undefined,
      { kind: 'default', parentChild: 'inner', siblings: undefined },
      { kind: 'default', parentChild: 'outer', siblings: 'cross' },
    ),
    plain.map((only) => ({ kind: 'name', name: only })),
    fc
      .tuple(plain, plain, plain, fc.constantFrom('union', 'cross'), fc.constantFrom('outer', 'inner'))
      .map(([first, second, third, siblings, parent]) => ({
        kind: parent,
        left: { kind: 'name', name: first },
        right: { kind: siblings, left: { kind: 'name', name: second }, right: { kind: 'name', name: third } },
      })),
  )
  const unaliased = relation.filter((item) => item.kind !== 'aliased')
  return {
    expression,
    query: fc.record({
      kind: fc.constant('query'),
      functions: fc.constant([]),
      with: fc.oneof(DEPTH, { arbitrary: fc.constant(undefined), weight: 5 }, { arbitrary: withClause, weight: 1 }),
      body,
      orderBy: list(sortItem),
      offset: maybe(rowCount),
      limit: maybe(limit),
      at: fc.constant(at),
    }) as Arbitrary<Query>,
    relation: fc.oneof(
      DEPTH,
      { arbitrary: fc.record({ kind: fc.constant('table-reference'), name, version, at: fc.constant(at) }) as Arbitrary<never>, weight: 4 },
      node('subquery-relation', { query: query }),
      node('lateral', { query }),
      node('unnest', { items: list(value, 1), ordinality: fc.boolean() }),
      node('join', { type: fc.constant('cross'), left: relation, right: relation, criteria: fc.constant(undefined) }),
      node('join', { type: fc.constantFrom('inner', 'left', 'right', 'full'), left: relation, right: relation, criteria }),
      node('aliased', { relation: unaliased, alias: identifier, columns: maybe(list(identifier, 1)) }),
      node('sampled', { relation, method: fc.constantFrom('bernoulli', 'system'), percentage: value }),
      node('table-function', {
        name,
        arguments: list(fc.record({ name: maybe(identifier), value: argument, at: fc.constant(at) })),
        copartition: fc.oneof(fc.constant([]), list(list(name, 2), 1)),
      }),
      node('match-recognize', {
        relation,
        partitionBy: list(value),
        orderBy: list(sortItem),
        rows: fc.constantFrom(undefined, 'one row', 'all rows', 'all rows show empty', 'all rows omit empty', 'all rows with unmatched'),
        pattern: rowPattern,
      }),
      node('json-table', { call: fc.record(path), columns, plan, onError: fc.constantFrom(undefined, 'empty', 'error') }),
    ) as Arbitrary<Relation>,
    pattern: fc.oneof(
      DEPTH,
      plain.map((variable) => ({ kind: 'variable', name: variable })),
      fc.constantFrom({ kind: 'empty' }, { kind: 'start' }, { kind: 'end' }),
      fc.record({ kind: fc.constantFrom('sequence', 'alternation'), items: list(tie('pattern'), 2) }),
      fc.record({ kind: fc.constant('permutation'), items: list(tie('pattern'), 1) }),
      fc.record({ kind: fc.constant('exclusion'), item: tie('pattern') }),
      fc.record({
        kind: fc.constant('quantified'),
        item: tie('pattern'),
        min: fc.nat(3),
        max: maybe(fc.integer({ min: 3, max: 9 })),
        greedy: fc.boolean(),
        at: fc.constant(at),
      }),
    ) as Arbitrary<RowPatternNode>,
  }
})

/** The call without the clauses that cannot stand together. */
function possibleCall(call: FunctionCall): FunctionCall {
  const keyword = call.name.parts.length === 1 && call.name.parts[0]?.quoted === false ? call.name.parts[0].value : ''
  const star = call.arguments[0]?.kind === 'star'
  const filler: Expression = { kind: 'null', at }
  switch (keyword) {
    case 'listagg':
      return {
        ...call,
        arguments: [star ? filler : (call.arguments[0] ?? filler)],
        orderBy: [{ value: filler, descending: true, nulls: undefined, at }],
        nulls: undefined,
        processing: undefined,
      }
    case 'if':
    case 'coalesce':
      return {
        ...call,
        arguments: [filler, filler],
        distinct: false,
        orderBy: [],
        filter: undefined,
        nulls: undefined,
        over: undefined,
        processing: undefined,
        overflow: undefined,
      }
    // These words have a syntax of their own before a parenthesis.
    case 'row':
    case 'position':
      return possibleCall({ ...call, name: { parts: [{ kind: 'identifier', value: 'f', quoted: false, at }], at } })
  }
  const distinct = call.distinct && call.arguments.length > 0 && !star
  const nulls = call.over === undefined || star ? undefined : call.nulls
  return { ...call, distinct, orderBy: star ? [] : call.orderBy, nulls, overflow: undefined }
}

export const expression = trees.expression as Arbitrary<Expression>
export const query = trees.query as Arbitrary<Query>
