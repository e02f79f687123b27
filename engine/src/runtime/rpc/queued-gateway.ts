import type { JobMasterGateway, TaskManagerGateway } from './gateways.ts'
import type { RpcQueue } from './rpc-queue.ts'

/** A TaskManager whose calls go through a queue. */
export function queuedTaskManager(target: TaskManagerGateway, queue: RpcQueue): TaskManagerGateway {
  return {
    deploy: (deployment) => queue.send(() => target.deploy(deployment)),
    cancel: (id) => queue.send(() => target.cancel(id)),
    finish: (id) => queue.send(() => target.finish(id)),
    triggerCheckpoint: (id, trigger) => queue.send(() => target.triggerCheckpoint(id, trigger)),
    notifyCheckpointComplete: (id, checkpointId) =>
      queue.send(() => target.notifyCheckpointComplete(id, checkpointId)),
    notifyCheckpointAborted: (id, checkpointId) =>
      queue.send(() => target.notifyCheckpointAborted(id, checkpointId)),
    addSplits: (id, operatorId, splits) =>
      queue.send(() => target.addSplits(id, operatorId, splits)),
    signalNoMoreSplits: (id, operatorId) =>
      queue.send(() => target.signalNoMoreSplits(id, operatorId)),
    releaseExchanges: (edgeIds) => queue.send(() => target.releaseExchanges(edgeIds)),
    alignWatermark: (id, operatorId, groupWatermarkMs) =>
      queue.send(() => target.alignWatermark(id, operatorId, groupWatermarkMs)),
  }
}

/** A JobMaster whose calls go through a queue; `target` is looked up at each call. */
export function queuedJobMaster(target: () => JobMasterGateway, queue: RpcQueue): JobMasterGateway {
  return {
    updateExecutionState: (id, state, error, report) =>
      queue.send(() => target().updateExecutionState(id, state, error, report)),
    reportEndOfData: (id) => queue.send(() => target().reportEndOfData(id)),
    acknowledgeCheckpoint: (id, acknowledgement) =>
      queue.send(() => target().acknowledgeCheckpoint(id, acknowledgement)),
    declineCheckpoint: (id, checkpointId, reason) =>
      queue.send(() => target().declineCheckpoint(id, checkpointId, reason)),
    requestSplit: (id, operatorId) => queue.send(() => target().requestSplit(id, operatorId)),
    reportWatermark: (id, operatorId, watermarkMs) =>
      queue.send(() => target().reportWatermark(id, operatorId, watermarkMs)),
  }
}
