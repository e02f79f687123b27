import { expect, test } from 'vitest'
import { nodeEnvironment, simEnvironment, webEnvironment } from './environments.ts'
import { transportContract } from './transport.ts'

transportContract(nodeEnvironment)
transportContract(simEnvironment('simulated'))

test('the browser has no connections and says so', () =>
  webEnvironment.run(async ({ transport }) => {
    const at = { host: 'db', port: 1 }
    await expect(transport.connect(at)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await expect(transport.listen(at, () => {})).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  }))
