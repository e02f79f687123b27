import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { utf8Decoder } from '../../base/text-codec.ts'
import type { ConfigValues } from '../../core/config/configuration.ts'
import type { FileSystem } from '../../env/file-system.ts'

/** No sensible configuration is larger. */
const CONFIG_SIZE_BYTES_MAX = 1_048_576

/**
 * Reads a configuration file: JSON, with keys as they are (`"parallelism.default": 4`) or nested
 * (`"parallelism": { "default": 4 }`).
 *
 * @throws FILE_NOT_FOUND if there is no such file
 * @throws INVALID_CONFIG if it is not an object in JSON, or larger than 1 MiB
 */
export async function readConfigFile(fileSystem: FileSystem, path: string): Promise<ConfigValues> {
  const file = await fileSystem.openRead(path)
  try {
    const bytes = await file.read(0, CONFIG_SIZE_BYTES_MAX + 1)
    if (bytes.length > CONFIG_SIZE_BYTES_MAX) throw invalid(path, 'it is larger than 1 MiB')
    return flatten(path, parse(path, bytes), '')
  } finally {
    await file.close()
  }
}

function parse(path: string, bytes: Uint8Array): object {
  let value: unknown
  try {
    value = JSON.parse(utf8Decoder.decode(bytes))
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error))
  }
  if (isObject(value)) return value
  throw invalid(path, 'it holds no object')
}

function flatten(path: string, value: object, prefix: string): ConfigValues {
  const values: Record<string, unknown> = {}
  for (const [name, entry] of Object.entries(value)) {
    const key = prefix + name
    const nested = isObject(entry) ? flatten(path, entry, `${key}.`) : { [key]: entry }
    for (const [full, found] of Object.entries(nested)) {
      if (full in values) throw invalid(path, `it gives '${full}' twice`)
      values[full] = found
    }
  }
  return values
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(path: string, reason: string): EngineError {
  return new EngineError(
    ErrorCode.INVALID_CONFIG,
    `the configuration file ${path} cannot be used: ${reason}; it must be JSON such as ` +
      '{ "parallelism.default": 4 }',
  )
}
