import { expect, it } from 'vitest'
import { columnNames, withRenamed } from '#catalog/column-names'

const table = (properties: Readonly<Record<string, string>>) => ({ properties })

it('names are the oldest first, whatever way the property tells them', () => {
  expect(columnNames(table({}), 'a')).toEqual(['a'])
  expect(columnNames(table({ 'renamed.b': 'A' }), 'b')).toEqual(['a', 'b'])
  expect(columnNames(table({ 'renamed.c': '["a","b"]' }), 'c')).toEqual(['a', 'b', 'c'])
  expect(columnNames(table({ 'renamed.a': '["a","b"]' }), 'a')).toEqual(['a', 'b'])
  // A name that only looks like a list.
  expect(columnNames(table({ 'renamed.b': '[x' }), 'b')).toEqual(['[x', 'b'])
})

it('a rename remembers all names under the new one', () => {
  const once = withRenamed(table({ other: '1' }), 'a', 'b')
  expect(once).toEqual({ other: '1', 'renamed.b': 'a' })
  const twice = withRenamed(table(once), 'b', 'c')
  expect(twice).toEqual({ other: '1', 'renamed.c': '["a","b"]' })
  const back = withRenamed(table(twice), 'c', 'a')
  expect(columnNames(table(back), 'a')).toEqual(['a', 'b', 'c'])
  const listed = withRenamed(table({}), '["x"]', 'y')
  expect(columnNames(table(listed), 'y')).toEqual(['["x"]', 'y'])
})
