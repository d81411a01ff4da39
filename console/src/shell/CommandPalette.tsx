import { ActionIcon, Modal, Text, TextInput, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconPlus, IconSearch, type Icon } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState, type KeyboardEvent } from 'react';
import type { MyOrganization } from '../api/schema';
import { may } from './me';
import type { Place } from './places';

interface Target {
  label: string;
  does: string;
  icon: Icon;
  go: () => void;
}

/** Every place by its name, from the keyboard: Ctrl-K opens it anywhere. */
export function CommandPalette({ places, organization }: { places: Place[]; organization: MyOrganization }) {
  const [opened, setOpened] = useState(false);
  useHotkeys([['mod+K', () => setOpened(true)]], []);
  const navigate = useNavigate();
  const params = { slug: organization.slug };
  const targets: Target[] = places.map((place) => ({ ...place, go: () => void navigate({ to: place.to, params }) }));
  if (may(organization, 'workflows:write'))
    targets.push({ label: 'New workflow', does: 'Paste JSON or YAML', icon: IconPlus, go: () => void navigate({ to: '/o/$slug/workflows/new', params }) });
  return (
    <>
      <Tooltip label="Go to… (Ctrl-K)">
        <ActionIcon variant="default" size="lg" onClick={() => setOpened(true)} aria-label="Go to… (Ctrl-K)"><IconSearch size={18} aria-hidden /></ActionIcon>
      </Tooltip>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Go to" closeButtonProps={{ 'aria-label': 'Close' }}>
        <Choice targets={targets} onChosen={() => setOpened(false)} />
      </Modal>
    </>
  );
}

/** The pattern "editable combobox with list" of the ARIA authoring practices: the focus stays in the text. */
function Choice({ targets, onChosen }: { targets: Target[]; onChosen: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const found = targets.filter((target) => `${target.label} ${target.does}`.toLowerCase().includes(text.trim().toLowerCase()));
  const choose = (target?: Target) => {
    if (!target) return;
    onChosen();
    target.go();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length > 0) setAt((at + step + found.length) % found.length);
    else if (event.key === 'Enter') choose(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        data-autofocus
        placeholder="Where to?"
        aria-label="Where to?"
        role="combobox"
        aria-expanded
        aria-controls="palette"
        aria-activedescendant={found[at] ? `palette-${at}` : undefined}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        mb="sm"
      />
      <div role="listbox" id="palette" aria-label="Places">
        {found.map((target, index) => (
          <div key={target.label} id={`palette-${index}`} role="option" aria-selected={index === at} className="fluxgate-option" onClick={() => choose(target)} onMouseMove={() => setAt(index)}>
            <target.icon size={20} aria-hidden />
            <div>
              <Text size="sm" fw={500}>{target.label}</Text>
              <Text size="xs" c="dimmed">{target.does}</Text>
            </div>
          </div>
        ))}
      </div>
      {found.length === 0 && <Text size="sm" c="dimmed" role="status">No such place.</Text>}
    </>
  );
}
