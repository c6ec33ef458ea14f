/** Tokens of a path. Words are case-sensitive. */

export interface PathToken {
  /** A symbol or word as it is written, or what kind of token it is. */
  readonly type: string
  /** Of a string its value, of a name without the `$`. */
  readonly text: string
  /** Place in the path, from 0. */
  readonly at: number
}

/** What is not a token, or not at its place. */
export class PathSyntaxError extends Error {
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

const TOKEN =
  /([ \n\r\t]+)|(\$[A-Za-z_]\w*)|([A-Za-z_]\w*)|((?:\d+\.?\d*|\.\d+)[eE][+-]?\d+)|(\d+\.\d*|\.\d+)|(\d+)|"((?:[^"]|"")*)"|(\.\.|==|<>|!=|<=|>=|&&|\|\||[$@.,*/%+\-?()[\]<>!])/y

/** The tokens and one of type `end`. @throws PathSyntaxError */
export function readTokens(path: string): readonly PathToken[] {
  const tokens: PathToken[] = []
  let at = 0
  while (at < path.length) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(path)
    if (match === null) throw new PathSyntaxError(`mismatched input '${path[at]}'`, at)
    const [whole, blanks, variable, word, double, decimal, integer, string, symbol] = match
    if (variable !== undefined) tokens.push({ type: 'variable', text: variable.slice(1), at })
    else if (word !== undefined) tokens.push({ type: 'word', text: word, at })
    else if (double !== undefined) tokens.push({ type: 'double', text: double, at })
    else if (decimal !== undefined) tokens.push({ type: 'decimal', text: decimal, at })
    else if (integer !== undefined) tokens.push({ type: 'integer', text: integer, at })
    else if (string !== undefined) tokens.push({ type: 'string', text: string.replaceAll('""', '"'), at })
    else if (blanks === undefined) tokens.push({ type: symbol ?? whole, text: whole, at })
    at += whole.length
  }
  return [...tokens, { type: 'end', text: '<EOF>', at }]
}
