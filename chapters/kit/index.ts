// What exercises and their tests import as `#kit`. Nothing in here touches Node, so that it runs
// in a browser too.

export { TodoError, todo } from './todo.ts'
export { MAX_WATERMARK_MS, type WatermarkMerger } from './watermark-merger.ts'
