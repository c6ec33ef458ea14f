/**
 * Order of two keys in UTF-8 bytes, the order every store lists in. JavaScript compares UTF-16 code units, which differs
 * for characters above U+FFFF: their surrogates (D800–DFFF) sort before U+E000–U+FFFF, though their UTF-8 sorts after.
 */
export function compareKeys(left: string, right: string): number {
  const shared = Math.min(left.length, right.length)
  for (let at = 0; at < shared; at++) {
    const a = left.charCodeAt(at)
    const b = right.charCodeAt(at)
    if (a !== b) return rank(a) - rank(b)
  }
  return left.length - right.length
}

function rank(codeUnit: number): number {
  if (codeUnit < 0xd800) return codeUnit
  return codeUnit < 0xe000 ? codeUnit + 0x2000 : codeUnit - 0x800
}
