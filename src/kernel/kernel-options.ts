/** How a kernel is set up, and what follows from it for the database's configuration. */
import { realpathSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'

export interface KernelOptions {
  /** Where units lie; the kernel opens no file outside of it and of `spillFolder`. */
  readonly cacheFolder: string
  /** Where sorts, joins and groups spill and result files are made; emptied by its owner, not by the kernel. */
  readonly spillFolder: string
  /** Default: 80 % of the machine's memory less 2 GB, at least 512 MB. */
  readonly memoryBytes?: number
  /** Default: the machine's cores. */
  readonly threads?: number
  /** Queries that may run at once (admission is not the kernel's). Default 64. */
  readonly maxQueries?: number
  /** A client that takes no frame for so long ends its query. Default 60 s. */
  readonly stallMs?: number
  /** A canceled query that does not end for so long costs its kernel. Default 2 s. */
  readonly cancelMs?: number
  /** The kernel process's module; default: beside this one, as source or as `kernel-process.mjs` of a bundle. */
  readonly entry?: string
  /** Kernel texts, for the server's log only. */
  readonly onOutput?: (text: string) => void
}

const GIGABYTE = 1024 ** 3
const SMALLEST_MEMORY = 512 * 1024 ** 2

function defaultMemoryBytes(): number {
  return Math.max(SMALLEST_MEMORY, Math.floor((totalmem() - 2 * GIGABYTE) * 0.8))
}

export function defaultEntry(): string {
  const here = import.meta.url
  return fileURLToPath(new URL(here.endsWith('.ts') ? './process/entry.ts' : './kernel-process.mjs', here))
}

/** Options of the database itself, by name. */
export function databaseSettings(options: KernelOptions): Record<string, string> {
  return {
    // Reads of a unit's holes would stay in this cache after they are filled.
    enable_external_file_cache: 'false',
    // Sorted results keep their order without it, see print/plan.ts; large results need it off to stay small in memory.
    preserve_insertion_order: 'false',
    memory_limit: `${Math.floor((options.memoryBytes ?? defaultMemoryBytes()) / 1024)}KiB`,
    threads: String(options.threads ?? availableParallelism()),
    temp_directory: options.spillFolder,
    autoload_known_extensions: 'false',
    autoinstall_known_extensions: 'false',
    allow_community_extensions: 'false',
    default_null_order: 'nulls_last',
    duckdb_api: 'weir',
  }
}

/** The folders as the kernel will see them named: as given, and with links resolved. */
export function allowedFolders(options: KernelOptions): string[] {
  const given = [options.cacheFolder, options.spillFolder]
  return [...new Set([...given, ...given.map((folder) => realpathSync(folder))])].map((folder) =>
    folder.endsWith('/') ? folder : `${folder}/`,
  )
}
