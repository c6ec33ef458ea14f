/** Most results that are kept; a query has few. */
const MOST = 1000

/** Results by their text, for what a query gives as constants. */
export function remembered<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    let result = known.get(text)
    if (result === undefined) {
      result = make(text)
      if (known.size >= MOST) known.clear()
      known.set(text, result)
    }
    return result
  }
}
