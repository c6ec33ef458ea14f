/** JSON as the kernel's readers of JSON files need it. */
import { macro } from './macro.ts'

export const JSON_MACROS = [macro(`weir_json_member(j, name) := json_extract(j, '/' || replace(replace(name, '~', '~0'), '/', '~1'))`)]
