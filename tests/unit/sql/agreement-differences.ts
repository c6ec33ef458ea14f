/**
 * Where our parser and dt-sql-parser's Trino grammar differ on purpose. That grammar was made from Trino 450's and knows no checks that
 * Trino makes after parsing; we follow Trino 476 and add Athena's Hive DDL. A difference that no line here explains fails the test.
 */
export interface Difference {
  /** Which of the two accepts the statement. */
  readonly accepts: 'ours' | 'theirs'
  readonly statement: RegExp
  readonly reason: string
}

const HIVE_WORDS = /\b(EXTERNAL|DATABASES?|MSCK|UNLOAD|TBLPROPERTIES|OVERWRITE|EXTENDED|FORMATTED|PARTITIONED|CLUSTERED|STORED|LOCATION)\b/i

export const DIFFERENCES: readonly Difference[] = [
  { accepts: 'ours', statement: HIVE_WORDS, reason: 'Hive DDL of Athena: no part of Trino' },
  { accepts: 'ours', statement: /\bROW FORMAT\b/i, reason: 'Hive DDL of Athena: ROW FORMAT' },
  { accepts: 'ours', statement: /^ALTER TABLE .*\bPARTITION\s*\(/is, reason: 'Hive DDL of Athena: partitions' },
  { accepts: 'ours', statement: /^ALTER TABLE .*\bCOLUMNS\s*\(/is, reason: 'Hive DDL of Athena: ADD and REPLACE COLUMNS' },
  { accepts: 'ours', statement: /^SHOW PARTITIONS\b/i, reason: 'Hive DDL of Athena: SHOW PARTITIONS' },
  { accepts: 'ours', statement: /^SHOW TABLES( (FROM|IN) \S+)? '/i, reason: 'Hive DDL of Athena: a pattern without LIKE' },
  { accepts: 'ours', statement: /^CREATE SCHEMA .* COMMENT /is, reason: 'Hive DDL of Athena: CREATE SCHEMA … COMMENT' },
  { accepts: 'ours', statement: /\bCORRESPONDING\b/i, reason: 'CORRESPONDING is of Trino 475' },
  { accepts: 'ours', statement: /WITH SESSION\b/i, reason: 'WITH SESSION is of Trino 475' },
  { accepts: 'ours', statement: /\$\$/, reason: 'AS $$…$$ of routines in other languages is of Trino 462' },
  { accepts: 'ours', statement: /\b(FIRST|LAST|AFTER\s+\S+)\s*$/i, reason: 'ADD COLUMN … FIRST | LAST | AFTER is of Trino 469' },
  { accepts: 'ours', statement: /\bDROP ROLE IF EXISTS\b/i, reason: 'DROP ROLE IF EXISTS is of Trino 453' },
  { accepts: 'ours', statement: /(?<![\w)\]"])\s*\[/, reason: '[a, b] without ARRAY is of Trino 476' },
  {
    accepts: 'ours',
    statement: /\ball\b/i,
    reason: 'ALL is a column where nothing follows that it could quantify; theirs commits to the quantifier',
  },
  { accepts: 'ours', statement: /\bEXECUTE\b/i, reason: 'EXECUTE is not reserved since Trino 463' },
  { accepts: 'ours', statement: /^ALTER .*\bSET AUTHORIZATION\b/is, reason: 'SET AUTHORIZATION takes any kind of entity since Trino 467' },
  { accepts: 'ours', statement: /\bAUTO\b/i, reason: 'GROUP BY AUTO is of Trino 475' },
  { accepts: 'ours', statement: /\bROW\s*\(.*\bAS\b/is, reason: 'ROW(1 AS name) is of a later Trino' },
  { accepts: 'ours', statement: /;\s*$/, reason: 'one semicolon may end a statement' },
  { accepts: 'ours', statement: /\bDEFAULT\b/i, reason: 'DEFAULT of a column is of a later Trino' },
  { accepts: 'theirs', statement: /\bTRIM\s*\(\s*FROM\b/i, reason: 'Trino refuses TRIM(FROM x) after parsing' },
  {
    accepts: 'theirs',
    statement: /^(GRANT|REVOKE)\b/i,
    reason: 'Trino refuses a privilege in the place of a role after parsing',
  },
  { accepts: 'theirs', statement: /`/, reason: 'Trino refuses backquoted names after parsing' },
  { accepts: 'theirs', statement: /(?<![\w'".])\d\w*[A-Za-z_]/, reason: 'Trino refuses names that begin with a digit after parsing' },
  { accepts: 'theirs', statement: /""/, reason: 'Trino refuses empty names after parsing' },
  { accepts: 'theirs', statement: /\d{19}/, reason: 'Trino refuses integers beyond bigint after parsing' },
  { accepts: 'theirs', statement: /\bx\s+'/i, reason: 'Trino refuses a space between X and the hexadecimal string after parsing' },
  { accepts: 'theirs', statement: /\bx'/i, reason: "Trino checks the digits of X'…' after parsing" },
  {
    accepts: 'theirs',
    statement: /\b(EXTRACT|CUBE|ROLLUP|GROUPING)\b/i,
    reason: 'Trino checks the field of EXTRACT and refuses empty sets after parsing',
  },
  {
    accepts: 'theirs',
    statement: /\b(if|nullif|coalesce|try|format)\s*\(/i,
    reason: 'Trino checks the arguments of its built-in forms after parsing',
  },
  { accepts: 'theirs', statement: /\bU&'/i, reason: 'Trino checks Unicode escapes after parsing' },
  { accepts: 'theirs', statement: /\barray\s*\[\s*\d+\s*\]/i, reason: 'Trino refuses array types with a size after parsing' },
  {
    accepts: 'theirs',
    statement: /\b(INITIAL|SEEK|SUBSET|DEFINE|MEASURES|AFTER MATCH)\b/i,
    reason: 'a frame with clauses of a pattern but no PATTERN: Trino refuses it in its analyzer',
  },
  {
    accepts: 'theirs',
    statement: /\b(ADD COLUMN|CREATE)\b.*\.\s*\w+/is,
    reason: 'a nested field as a column definition has no place in the syntax tree: refused as NOT_SUPPORTED',
  },
  {
    accepts: 'theirs',
    statement: /\b(TIME|TIMESTAMP)\s*\(\s*[A-Za-z]/i,
    reason: 'a type variable as precision is for function signatures only',
  },
]
