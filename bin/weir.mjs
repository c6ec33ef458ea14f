#!/usr/bin/env node
// Plain JavaScript that any Node version can parse: it checks the version before anything else is loaded, because the
// native SQLite binding crashes under older ones instead of failing.
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'

const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    `weir needs Node.js 24 or newer; this is ${process.version}. Install it from https://nodejs.org or with your version manager.\n`,
  )
  if (existsSync(new URL('../node_modules/.bin/node', import.meta.url)))
    process.stderr.write('This checkout has one already: npx weir and npm run weir -- use it.\n')
  process.exit(2)
}

// Compiled code is kept beside the package, where only its owner writes: a start takes a third less time (a checkout: half). Where that
// folder cannot be written Node goes on without. Named in the environment, it serves the kernel's process too.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/weir', import.meta.url))
nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE)

// A published package holds one bundle; a checkout runs the TypeScript sources directly.
const bundle = new URL('../dist/main.mjs', import.meta.url)
const sources = new URL('../src/main.ts', import.meta.url)
const { main } = await import(existsSync(sources) ? sources.href : bundle.href)
process.exitCode = await main(process.argv.slice(2))
