import { JsonInput } from '@mantine/core';
import { useState } from 'react';
import { FormDialog } from './FormDialog';

/** A form of one field that takes JSON; what is not JSON stays in the form with its fault. */
export function JsonDialog({ title, submit, label, description, initial, pending, error, onClose, onSubmit }: {
  title: string;
  submit: string;
  label: string;
  description: string;
  initial: string;
  pending: boolean;
  error: unknown;
  onClose: () => void;
  onSubmit: (value: unknown) => void;
}) {
  const [text, setText] = useState(initial);
  const [fault, setFault] = useState<string>();
  const send = () => {
    const parsed = parseJson(text);
    setFault(parsed.fault);
    if (!parsed.fault) onSubmit(parsed.value);
  };
  return (
    <FormDialog opened onClose={onClose} title={title} submit={submit} pending={pending} error={error} onSubmit={send} size="lg">
      <JsonInput label={label} description={description} value={text} onChange={setText} error={fault} autosize minRows={8} maxRows={20} data-autofocus spellCheck={false} />
    </FormDialog>
  );
}

function parseJson(text: string): { value?: unknown; fault?: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : 'This is not JSON.' };
  }
}
