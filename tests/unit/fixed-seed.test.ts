/** Property tests that anybody may run have fixed seeds; others are for `npm run soak:*`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

it('every test file that uses fast-check fixes its seed', () => {
  const random = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .filter((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      return text.includes("from 'fast-check'") && !text.includes("import '#tests/support/fixed-seed'")
    })
  expect(random).toEqual([])
})
