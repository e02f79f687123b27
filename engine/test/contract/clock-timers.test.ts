import { clockTimersContract } from './clock-timers.ts'
import { nodeEnvironment, simEnvironment, webEnvironment } from './environments.ts'

clockTimersContract(nodeEnvironment)
clockTimersContract(webEnvironment)
clockTimersContract(simEnvironment('simulated'))
clockTimersContract(simEnvironment('simulated, late timers', { timerLatenessMsMax: 0.9 }))
