import type { RunStatus } from '../../api/schema';

const final: RunStatus[] = ['succeeded', 'failed', 'cancelled', 'timed_out'];

export const isFinal = (status: RunStatus) => final.includes(status);
