#!/usr/bin/env node
// Plain JavaScript that any Node version can parse: it checks the version before anything else is loaded, because the
// native SQLite binding crashes under older ones instead of failing.
import { existsSync } from 'node:fs'

const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    `weir needs Node.js 24 or newer; this is ${process.version}. Install it from https://nodejs.org or with your version manager.\n`,
  )
  if (existsSync(new URL('../node_modules/.bin/node', import.meta.url)))
    process.stderr.write('This checkout has one already: npx weir and npm run weir -- use it.\n')
  process.exit(2)
}

// A published package holds one bundle; a checkout runs the TypeScript sources directly.
const bundle = new URL('../dist/main.mjs', import.meta.url)
const sources = new URL('../src/main.ts', import.meta.url)
const { main } = await import(existsSync(sources) ? sources.href : bundle.href)
process.exitCode = await main(process.argv.slice(2))
