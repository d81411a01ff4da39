import { Code } from '@mantine/core';

/** JSON as text. It scrolls in itself, so it takes the focus. */
export function JsonView({ value, label, maxHeight = 360 }: { value: unknown; label: string; maxHeight?: number }) {
  return (
    <Code block tabIndex={0} role="region" aria-label={label} fz="xs" style={{ maxHeight, overflow: 'auto', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {JSON.stringify(value, null, 2)}
    </Code>
  );
}
