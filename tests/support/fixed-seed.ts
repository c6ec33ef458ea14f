/**
 * Property tests look at the same cases each time, so that a change is judged by what it changes; `SEED` gives others, and
 * `SEED=random` new ones at each run (npm run soak:lakes).
 */
import fc from 'fast-check'

const DEFAULT_SEED = 1

const given = process.env.SEED ?? String(DEFAULT_SEED)
if (given !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(given) })
