import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemAlert } from './ProblemAlert';

/** A form in a dialog: its fields, what the API refused, and one button. */
export function FormDialog({ opened, onClose, title, submit, pending, error, shown, onSubmit, children, size = 'md', readOnly = false }: {
  opened: boolean;
  onClose: () => void;
  title: string;
  submit: string;
  pending: boolean;
  error: unknown;
  shown?: string[];
  onSubmit: () => void;
  children: ReactNode;
  size?: string;
  /** Shows without a way to submit. */
  readOnly?: boolean;
}) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <Stack>
          {children}
          <ProblemAlert error={error} shown={shown} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{readOnly ? 'Close' : 'Cancel'}</Button>
            {!readOnly && <Button type="submit" loading={pending}>{submit}</Button>}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
