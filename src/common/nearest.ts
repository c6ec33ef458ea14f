/** The names that a mistyped one may have meant. */

/**
 * At most `limit` names, nearest first, by edit distance (a swap of neighbours counts one), within a third of the
 * word's length. Case is ignored.
 */
export function nearestNames(wanted: string, names: Iterable<string>, limit = 3): string[] {
  const word = wanted.toLowerCase()
  const bound = Math.max(1, Math.floor(word.length / 3))
  const near: { readonly name: string; readonly distance: number }[] = []
  for (const name of names) {
    if (Math.abs(name.length - word.length) > bound) continue
    const distance = editDistance(word, name.toLowerCase())
    if (distance <= bound) near.push({ name, distance })
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
  return near.slice(0, limit).map((entry) => entry.name)
}

function editDistance(a: string, b: string): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(substitution, (previous[j] as number) + 1, (current[j - 1] as number) + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] as number) + 1)
      current.push(best)
    }
    before = previous
    previous = current
  }
  return previous[b.length] as number
}
