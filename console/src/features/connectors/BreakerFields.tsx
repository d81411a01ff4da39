import { Group, NumberInput, Stack, Text } from '@mantine/core';
import type { BreakerSetting } from '../../api/schema';

const fields = [
  { name: 'failure_threshold', label: 'Failed steps in a row', max: 1000, suffix: '' },
  { name: 'open_seconds', label: 'Time without calls', max: 3600, suffix: ' s' },
  { name: 'trials', label: 'Calls tried then', max: 100, suffix: '' },
] as const;

/** When the circuit breaker opens and closes; an empty field is as the installation has it. */
export function BreakerFields({ value, onChange }: { value: BreakerSetting; onChange: (next: BreakerSetting) => void }) {
  return (
    <Stack gap={4}>
      <Text fw={500} size="sm">Circuit breaker</Text>
      <Group gap="xs" grow>
        {fields.map(({ name, label, max, suffix }) => (
          <NumberInput
            key={name} label={label} placeholder="default" min={1} max={max} suffix={suffix} allowDecimal={false} hideControls
            value={value[name] ?? ''} onChange={(number) => onChange({ ...value, [name]: number === '' ? null : Number(number) })}
          />
        ))}
      </Group>
    </Stack>
  );
}
