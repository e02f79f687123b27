import { FileCheckpointStorage } from '../../src/state/checkpoint/file-checkpoint-storage.ts'
import { MemoryCheckpointStorage } from '../../src/state/checkpoint/memory-checkpoint-storage.ts'
import { checkpointStorageContract, type WithStorage } from './checkpoint-storage-contract.ts'
import {
  type Environment,
  nodeEnvironment,
  simEnvironment,
  webEnvironment,
} from './environments.ts'

function onFiles(environment: Environment): WithStorage {
  return (main) =>
    environment.run((env, folder) => {
      const { fileSystem, faultPoint } = env
      const root = `${folder}/deep/checkpoints/`
      return main(new FileCheckpointStorage({ fileSystem, root, directory: 'job-1', faultPoint }))
    })
}

checkpointStorageContract('files of node', onFiles(nodeEnvironment))
checkpointStorageContract('files of web', onFiles(webEnvironment))
checkpointStorageContract('simulated files', onFiles(simEnvironment('simulated')))
checkpointStorageContract('memory', (main) => main(new MemoryCheckpointStorage()))
