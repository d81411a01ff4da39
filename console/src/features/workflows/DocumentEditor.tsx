import { Textarea } from '@mantine/core';
import type { DocumentFormat } from '../../api/schema';

/** The text of a workflow document. */
export function DocumentEditor({ value, onChange, readOnly = false, rows = 22 }: { value: string; onChange?: (value: string) => void; readOnly?: boolean; rows?: number }) {
  return (
    <Textarea
      label="Document"
      description={readOnly ? 'What is published. Open a draft to change it.' : 'YAML or JSON.'}
      value={value}
      onChange={(event) => onChange?.(event.currentTarget.value)}
      readOnly={readOnly}
      rows={rows}
      spellCheck={false}
      autoComplete="off"
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13, lineHeight: 1.5, whiteSpace: 'pre', overflowX: 'auto' } }}
    />
  );
}

/** A JSON document begins with a brace; YAML has no need to. */
export const formatOf = (document: string): DocumentFormat => (document.trimStart().startsWith('{') ? 'json' : 'yaml');
