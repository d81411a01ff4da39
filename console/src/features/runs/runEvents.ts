import type { JournalEntry } from '../../api/schema';

/** What is said of each kind of event. A browser hears only of those that it listens for, so a new kind belongs in here. */
export const sentences: Record<string, (entry: JournalEntry) => string> = {
  run_started: () => 'The run started',
  key_values_read: () => 'Read the key-value store',
  step_started: (entry) => (entry.attempt && entry.attempt > 1 ? `Attempt ${entry.attempt} began` : 'Began'),
  outcome_unknown: () => 'Its server died: somebody has to say how it went',
  step_succeeded: (entry) => (entry.port && entry.port !== 'out' ? `Done, took ${entry.port}` : 'Done'),
  step_failed: (entry) => (entry.until ? `Attempt ${entry.attempt} failed; there will be another` : 'Failed'),
  step_taken_over: () => 'Its result was kept from the run before',
  step_filtered: () => 'Filtered: its condition is false',
  step_delayed: () => 'Waits',
  review_requested: () => 'Waits for a decision',
  signal_awaited: () => 'Waits for a signal',
  signal_received: () => 'A signal came',
  child_requested: (entry) => (entry.attempt && entry.attempt > 1 ? `Attempt ${entry.attempt}: called a workflow` : 'Called a workflow'),
  child_awaited: () => 'Waits for the called run',
  items_started: () => 'Its items begin',
  item_started: (entry) => `Item ${entry.item} began`,
  item_finished: (entry) => (entry.error ? `Item ${entry.item} failed` : `Item ${entry.item} is done`),
  items_finished: () => 'All items are done',
  event_emitted: () => 'Emitted an event',
  responded: () => 'Answered the sender',
  run_claimed: () => 'A server took the run up again',
  run_finished: (entry) => (entry.error ? 'The run ended with an error' : 'The run ended'),
};
