import { Button, Group, Modal, Text, type ButtonProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemAlert } from './ProblemAlert';

/** A button for what cannot be taken back: it asks first, and says what will happen. */
export function ConfirmButton({ action, label, children, ...button }: ButtonProps & {
  action: Pick<UseMutationResult<unknown, Error, void>, 'mutate' | 'isPending' | 'error' | 'reset'>;
  label: string;
  children: ReactNode;
}) {
  const [opened, dialog] = useDisclosure();
  const close = () => {
    action.reset();
    dialog.close();
  };
  return (
    <>
      <Button variant="default" size="xs" {...button} onClick={dialog.open}>{label}</Button>
      <Modal opened={opened} onClose={close} title={`${label}?`} closeButtonProps={{ 'aria-label': 'Close' }}>
        <Text size="sm" mb="md">{children}</Text>
        <ProblemAlert error={action.error} />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close}>Keep as it is</Button>
          <Button color="red" loading={action.isPending} onClick={() => action.mutate(undefined, { onSuccess: close })}>{label}</Button>
        </Group>
      </Modal>
    </>
  );
}
