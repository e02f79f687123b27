import { nodeEnvironment, simEnvironment, webEnvironment } from './environments.ts'
import { fileSystemContract } from './file-system.ts'

fileSystemContract(nodeEnvironment)
fileSystemContract(webEnvironment)
fileSystemContract(simEnvironment('simulated'))
