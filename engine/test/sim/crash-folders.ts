/** Folder of the checkpoints of a simulated job. */
export const CHECKPOINT_FOLDER = '/checkpoints'

/** Folder of its file sink; it does not exist at first, nor the one above. */
export const OUTPUT_FOLDER = '/data/output'
