/**
 * The kernel's error texts as our errors. What printed SQL raises carries its name (src/functions/kernel-error.ts); the
 * kernel's own errors are known by their texts. What is not known becomes GENERIC_INTERNAL_ERROR with the text as its
 * cause: the kernel's words never reach a user.
 */
import { ERRORS, type ErrorName, QueryError } from '#src/common/errors'
import { KERNEL_ERROR_MARK } from '#src/functions/kernel-error'

interface Translation {
  readonly pattern: RegExp
  readonly error: (match: RegExpExecArray) => readonly [name: ErrorName, message: string]
}

const INTEGER_NAMES: Readonly<Record<string, string>> = { INT8: 'tinyint', INT16: 'smallint', INT32: 'integer', INT64: 'bigint' }
const OPERATIONS: Readonly<Record<string, string>> = {
  addition: 'addition',
  subtraction: 'subtraction',
  multiplication: 'multiplication',
}

const TRANSLATIONS: readonly Translation[] = [
  {
    pattern: /Overflow in (addition|subtraction|multiplication) of (INT8|INT16|INT32|INT64) \((.*?)\)!/,
    error: ([, operation = '', type = '', operands = '']) => [
      'NUMERIC_VALUE_OUT_OF_RANGE',
      `${INTEGER_NAMES[type]} ${OPERATIONS[operation]} overflow: ${operands}`,
    ],
  },
  {
    pattern: /Overflow in (?:addition|subtract|subtraction|multiplication|division) of (?:DECIMAL|HUGEINT|INT128)/,
    error: () => ['NUMERIC_VALUE_OUT_OF_RANGE', 'Decimal overflow'],
  },
  {
    pattern: /Overflow in HUGEINT|Overflow in multiplication of decimals?/i,
    error: () => ['NUMERIC_VALUE_OUT_OF_RANGE', 'Decimal overflow'],
  },
  {
    pattern: /Overflow in division of (-?\d+ \/ -?\d+)/,
    error: ([, operands = '']) => ['NUMERIC_VALUE_OUT_OF_RANGE', `Division overflow: ${operands}`],
  },
  { pattern: /Overflow in negation/, error: () => ['NUMERIC_VALUE_OUT_OF_RANGE', 'Negation overflow'] },
  { pattern: /Overflow on abs/, error: () => ['NUMERIC_VALUE_OUT_OF_RANGE', 'Value is out of range for abs'] },
  {
    pattern: /Type INT128 with value \S+ can't be cast because the value is out of range for the destination type INT64/,
    error: () => ['NUMERIC_VALUE_OUT_OF_RANGE', 'bigint addition overflow'],
  },
  {
    pattern: /Type \S+ with value (\S+) can't be cast .* the destination type (INT8|INT16|INT32|INT64)/,
    error: ([, value = '', type = '']) => ['NUMERIC_VALUE_OUT_OF_RANGE', `Out of range for ${INTEGER_NAMES[type]}: ${value}`],
  },
  {
    pattern: /Could not cast value \S+ (?:to|from \S+ to) DECIMAL\(\d+, ?\d+\)/,
    error: () => ['NUMERIC_VALUE_OUT_OF_RANGE', 'Decimal overflow'],
  },
  {
    pattern: /Casting value ".*?" to type DECIMAL\(\d+, ?\d+\) failed/,
    // Casts that were asked for fail in words of our own: this one is a step of arithmetic.
    error: () => ['NUMERIC_VALUE_OUT_OF_RANGE', 'Decimal overflow'],
  },
  {
    pattern: /Could not convert string "?'?(.*?)'?"? to (\w+)/,
    error: ([, text = '', type = '']) => [
      'INVALID_CAST_ARGUMENT',
      `Cannot cast '${text}' to ${INTEGER_NAMES[type]?.toUpperCase() ?? type}`,
    ],
  },
  {
    pattern: /invalid \w+ field format|timestamp field value/i,
    error: () => ['INVALID_CAST_ARGUMENT', 'Value cannot be cast to timestamp'],
  },
  {
    pattern:
      /not in timestamp range|Date out of range|Overflow exception in date|Timestamp.*out of range|INTERVAL value is out of range|Could not convert date/i,
    error: () => ['INVALID_FUNCTION_ARGUMENT', 'Date or timestamp is out of range'],
  },
  { pattern: /Map keys must be unique/, error: () => ['INVALID_FUNCTION_ARGUMENT', 'Duplicate map keys are not allowed'] },
  { pattern: /Map keys can ?not be NULL/i, error: () => ['INVALID_FUNCTION_ARGUMENT', 'map key cannot be null'] },
  {
    pattern: /could not convert blob to UTF8/,
    error: () => ['NOT_SUPPORTED', 'Text of bytes that are not valid UTF-8 is not supported'],
  },
  { pattern: /Malformed JSON/, error: () => ['INVALID_FUNCTION_ARGUMENT', 'Cannot convert value to JSON'] },
  { pattern: /Unknown TimeZone '(.*?)'/, error: ([, zone = '']) => ['INVALID_FUNCTION_ARGUMENT', `'${zone}' is not a valid time zone`] },
  {
    pattern: /More than one row returned by a subquery/,
    error: () => ['SUBQUERY_MULTIPLE_ROWS', 'Scalar sub-query has returned multiple rows'],
  },
  {
    pattern: /Out of Memory Error|failed to (?:allocate|pin)|could not allocate/i,
    error: () => ['EXCEEDED_LOCAL_MEMORY_LIMIT', 'Query exceeded the memory limit of the execution kernel'],
  },
  {
    pattern: /max_temp_directory_size|temp directory.*(?:full|limit)|No space left on device/i,
    error: () => ['EXCEEDED_SPILL_LIMIT', 'Query exceeded the disk space for spilling'],
  },
  { pattern: /INTERRUPT Error|Interrupted!/, error: () => ['USER_CANCELED', 'Query was canceled'] },
  {
    pattern: /Maximum recursion depth exceeded|Max expression depth limit/i,
    error: () => ['STACK_OVERFLOW', 'Query is nested too deeply'],
  },
]

/** @param message the kernel's whole text */
export function translateKernelError(message: string): QueryError {
  const own = message.indexOf(KERNEL_ERROR_MARK)
  if (own >= 0) {
    const [name = '', ...rest] = message.slice(own + KERNEL_ERROR_MARK.length).split('|')
    if (name in ERRORS) return new QueryError(name as ErrorName, rest.join('|'))
  }
  for (const { pattern, error } of TRANSLATIONS) {
    const match = pattern.exec(message)
    if (match === null) continue
    const [name, text] = error(match)
    return new QueryError(name, text, { cause: new Error(message) })
  }
  return new QueryError('GENERIC_INTERNAL_ERROR', 'The execution kernel failed; the server log has the details under this query id', {
    cause: new Error(message),
  })
}
