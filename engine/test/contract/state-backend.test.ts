import { HeapKeyedStateBackend } from '../../src/state/heap/heap-keyed-state-backend.ts'
import { stateBackendContract } from './state-backend-contract.ts'

stateBackendContract('heap', (options) => new HeapKeyedStateBackend(options))
