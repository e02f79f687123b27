export { taskInfo } from '../../src/testing/kit/kit-task-info.ts'
