/** Bytes, their texts and digests. */
import { scalar } from '../definition.ts'
import { raise } from '../kernel-error.ts'

export const binaryFunctions = [
  scalar('length(varbinary) -> bigint', 'Number of bytes', 'CAST(octet_length($1) AS BIGINT)'),
  scalar('md5(varbinary) -> varbinary', 'MD5 digest', 'from_hex(md5($1))'),
  scalar('sha1(varbinary) -> varbinary', 'SHA-1 digest', 'from_hex(sha1($1))'),
  scalar('sha256(varbinary) -> varbinary', 'SHA-256 digest', 'from_hex(sha256($1))'),
  scalar('to_hex(varbinary) -> varchar', 'Hexadecimal text', 'hex($1)'),
  scalar(
    ['from_hex(varchar) -> varbinary'],
    'Bytes of a hexadecimal text',
    `CASE WHEN regexp_full_match($1, '([0-9A-Fa-f]{2})*') THEN from_hex($1) WHEN $1 IS NOT NULL THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'Invalid hexadecimal text')} END`,
  ),
  scalar('to_base64(varbinary) -> varchar', 'Base64 text', 'to_base64($1)'),
  scalar(
    'from_base64(varchar) -> varbinary',
    'Bytes of a base64 text',
    `CASE WHEN regexp_full_match($1, '([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?') THEN from_base64($1) WHEN $1 IS NOT NULL THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'Invalid base64 text')} END`,
  ),
].flat()
