/** A process that takes a folder's lock and holds it until it is killed. */
import { lockFolder } from '#src/scan/folder-lock'

const lock = lockFolder(process.argv[2] as string)
process.send?.(lock === undefined ? 'refused' : 'held')
process.on('disconnect', () => process.exit())
setInterval(() => lock, 1000)
