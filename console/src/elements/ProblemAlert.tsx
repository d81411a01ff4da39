import { Alert, List, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { ApiProblem, type ProblemField } from '../api/problem';

function where(field: ProblemField) {
  const position = field.line ? `line ${field.line}${field.column ? `, column ${field.column}` : ''}` : '';
  return [position, field.pointer].filter(Boolean).join(' · ');
}

/** Everything that is wrong with a text, each with its place. */
export function FieldFaults({ fields }: { fields: ProblemField[] }) {
  return (
    <List size="sm" spacing={4} listStyleType="none" mt="xs">
      {fields.map((field) => (
        <List.Item key={`${field.pointer} ${field.line} ${field.code}`}>
          <Text span size="sm" ff="monospace" fw={600} me={6}>{where(field)}</Text> {field.message}
        </List.Item>
      ))}
    </List>
  );
}

/** What went wrong, in the words of the problem document. `shown` names the fields whose fault stands at their input. */
export function ProblemAlert({ error, shown = [] }: { error: unknown; shown?: string[] }) {
  if (!error) return null;
  const problem = error instanceof ApiProblem ? error : undefined;
  const others = problem?.fields.filter((field) => !shown.some((pointer) => field.pointer === pointer)) ?? [];
  return (
    <Alert role="alert" color="red" icon={<IconAlertCircle aria-hidden />} title={problem?.problem.title ?? 'The server cannot be reached'}>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{problem?.message ?? 'Check the connection and try again.'}</Text>
      {others.length > 0 && <FieldFaults fields={others} />}
    </Alert>
  );
}
