import { Table, Text } from '@mantine/core';
import { JsonView } from './JsonView';

const label = (key: string) => key.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase());

function Value({ value, name }: { value: unknown; name: string }) {
  if (value === null || value === undefined || value === '') return <Text span size="sm" c="dimmed">none</Text>;
  if (typeof value === 'object') return <JsonView value={value} label={name} />;
  const text = typeof value === 'number' ? value.toLocaleString() : typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
  return <Text span size="sm" dir="auto" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{text}</Text>;
}

/** Data for people: a row for each member; what is nested stays JSON. */
export function ContentTable({ content, caption }: { content: unknown; caption: string }) {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return <JsonView value={content} label={caption} />;
  return (
    <Table layout="fixed" verticalSpacing="xs" aria-label={caption}>
      <Table.Tbody>
        {Object.entries(content).map(([key, value]) => (
          <Table.Tr key={key}>
            <Table.Th scope="row" w="34%" fw={500} style={{ verticalAlign: 'top', overflowWrap: 'anywhere' }}>{label(key)}</Table.Th>
            <Table.Td><Value value={value} name={key} /></Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
