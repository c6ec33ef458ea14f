/**
 * Builds the published package: one bundle of our own code beside the launcher. The manifest leaves out what only a
 * checkout needs, above all the Node binaries among the optional dependencies.
 *
 * Usage: node scripts/pack.ts [folder for the tarball]; prints the tarball's path.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')
const staging = join(root, 'build', 'package')
const target = resolve(process.argv[2] ?? join(root, 'build'))

rmSync(staging, { recursive: true, force: true })
mkdirSync(staging, { recursive: true })
mkdirSync(target, { recursive: true })

await build({
  entryPoints: {
    main: join(root, 'src/main.ts'),
    'kernel-process': join(root, 'src/kernel/process/entry.ts'),
    'password-worker': join(root, 'src/server/auth/password-worker.ts'),
  },
  outdir: join(staging, 'dist'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  chunkNames: 'chunk-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node24',
  external: Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies).flatMap((name) => [name, `${name}/*`]),
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
})

const {
  scripts: _scripts,
  devDependencies: _dev,
  optionalDependencies: _node,
  imports: _imports,
  ...manifest
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
writeFileSync(
  join(staging, 'package.json'),
  `${JSON.stringify({ ...manifest, files: ['bin', 'dist', 'openapi.yaml', 'CHANGELOG.md'] }, null, 2)}\n`,
)
for (const file of ['bin', 'openapi.yaml', 'README.md', 'CHANGELOG.md', 'LICENSE'])
  cpSync(join(root, file), join(staging, file), { recursive: true })

const output = execFileSync('npm', ['pack', '--json', '--pack-destination', target], {
  cwd: staging,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
})
const report = JSON.parse(output) as readonly { readonly filename: string }[] | Record<string, { readonly filename: string }>
const [packed] = Object.values(report)
process.stdout.write(`${join(target, (packed as { filename: string }).filename)}\n`)
