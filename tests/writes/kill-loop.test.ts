import { describe, it } from 'vitest'
import { killLoop } from './kill-loop.ts'
import { LAKES } from './lakes.ts'

/** 20 kills in all; `WEIR_KILLS` gives another number for each place (npm run soak:writes). */
const KILLS: Readonly<Record<string, number>> = { folder: 8, MinIO: 7, 'fake-gcs-server': 5 }

for (const { name, missing, open } of LAKES) {
  describe.concurrent(`writes that are killed: ${name}`, () => {
    // Together: most of the time is spent waiting for the silence of the dead to be noticed.
    it('leave old or new, run once a key, and leave nothing behind the sweep', { timeout: 3_600_000 }, async ({ expect, skip }) => {
      if (missing !== undefined) {
        if (process.env.CI) throw new Error(missing)
        skip(missing)
      }
      const lake = await open()
      try {
        const kills = Number(process.env.WEIR_KILLS ?? KILLS[name])
        const report = await killLoop(lake, kills, Math.random)
        console.info(`${name}: ${JSON.stringify(report)}`)
        expect(report.wrong).toEqual([])
        expect(report.reads).toBeGreaterThan(0)
        expect(report.overwrites).toBeGreaterThan(0)
      } finally {
        await lake.close()
      }
    })
  })
}
