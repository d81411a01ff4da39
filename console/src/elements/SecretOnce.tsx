import { ActionIcon, Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

/** A secret of the server, shown this once. Closing needs the button, so that nobody loses it by a stray click. */
export function SecretOnce({ title, secret, children, onClose }: { title: string; secret: string | undefined; children: string; onClose: () => void }) {
  return (
    <Modal opened={secret !== undefined} onClose={onClose} title={title} withCloseButton={false} closeOnClickOutside={false} closeOnEscape={false} size="lg">
      {secret !== undefined && (
        <Stack>
          <Text size="sm">{children} It is shown now and never again.</Text>
          <Group wrap="nowrap" align="flex-start">
            <Code block tabIndex={0} role="region" aria-label="Secret" data-secret style={{ flex: 1, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{secret}</Code>
            <CopyButton value={secret}>
              {({ copied, copy }) => (
                <ActionIcon variant="default" size="lg" onClick={copy} aria-label={copied ? 'Copied' : 'Copy'}>
                  {copied ? <IconCheck aria-hidden size={18} /> : <IconCopy aria-hidden size={18} />}
                </ActionIcon>
              )}
            </CopyButton>
          </Group>
          <Group justify="flex-end"><Button onClick={onClose}>I have stored it</Button></Group>
        </Stack>
      )}
    </Modal>
  );
}
