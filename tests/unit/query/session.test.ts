import { describe, expect, it } from 'vitest'
import { createQueryIds } from '#src/query/query-id'
import { sessionZone } from '#src/query/session'

describe('sessionZone', () => {
  it.each([
    ['UTC', 'UTC'],
    ['z', 'UTC'],
    ['Europe/Paris', 'Europe/Paris'],
    ['asia/tokyo', 'Asia/Tokyo'],
    ['+05:30', '+05:30'],
    ['-3', '-03:00'],
    ['UTC+2', '+02:00'],
    ['+00:00', 'UTC'],
  ])('%s → %s', (text, zone) => {
    expect(sessionZone(text)).toBe(zone)
  })
  it.each(['Mars/Olympus', '+15:00', '+01:75', '', 'UTC; DROP'])('%s is refused', (text) => {
    expect(() => sessionZone(text)).toThrow(`Time zone not supported: ${text}`)
  })
})

describe('query ids', () => {
  it("have Trino's form and never repeat", () => {
    const next = createQueryIds(() => new Date('2026-11-22T06:07:08.900Z'))
    const [first, second] = [next(), next()]
    expect(first).toMatch(/^20261122_060708_00000_[a-z2-9]{5}$/)
    expect(second).toBe(first.replace('_00000_', '_00001_'))
  })
})
