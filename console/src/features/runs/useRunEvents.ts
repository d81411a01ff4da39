import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { openEvents } from '../../api/events';
import type { JournalEntry, Run } from '../../api/schema';
import { useOrganization } from '../../shell/organization';
import { sentences } from './runEvents';
import { isFinal } from './runStatus';

/** A stream that the server refuses, such as one too many, is asked for again after this. */
const askAgainAfter = 5_000;

/** Events come in groups; the run with its data, which is read under audit, is read once for all of a group. */
const gatherFor = 250;

interface Happened {
  position: number;
  entry: JournalEntry;
}

/** What has happened in a run and goes on to; what is shown of the run itself is read anew with it. */
export function useRunEvents(id: string): JournalEntry[] {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const [happened, setHappened] = useState<Happened[]>([]);
  useEffect(() => {
    let source: EventSource | undefined;
    let reading: number | undefined;
    let asking: number | undefined;
    let ended = false;

    const readRun = () => {
      reading = undefined;
      const known = client.getQueryData<Run>([slug, 'run', id]);
      if (!known || !isFinal(known.status)) void client.invalidateQueries({ queryKey: [slug, 'run', id] });
    };
    const close = () => {
      source?.close();
      source = undefined;
      window.clearTimeout(asking);
    };
    const open = () => {
      const opened = openEvents('/v1/runs/{id}/events', id);
      source = opened;
      for (const kind of Object.keys(sentences)) {
        opened.addEventListener(kind, ({ data, lastEventId }: MessageEvent<string>) => {
          const next = { position: Number(lastEventId), entry: JSON.parse(data) as JournalEntry };
          // A stream that is opened anew begins at the beginning.
          setHappened((before) => (next.position > (before.at(-1)?.position ?? 0) ? [...before, next] : before));
          reading ??= window.setTimeout(readRun, gatherFor);
        });
      }
      opened.addEventListener('end', () => {
        ended = true;
        close();
      });
      opened.addEventListener('error', () => {
        // The browser comes back by itself, but not after a refusal; what refused the stream tells the page why.
        if (opened.readyState !== EventSource.CLOSED || source !== opened) return;
        readRun();
        asking = window.setTimeout(open, askAgainAfter);
      });
    };
    // A browser has few connections to one server: pages that nobody sees hold none.
    const follow = () => {
      close();
      if (document.visibilityState === 'visible' && !ended) open();
    };
    document.addEventListener('visibilitychange', follow);
    follow();
    return () => {
      document.removeEventListener('visibilitychange', follow);
      window.clearTimeout(reading);
      close();
    };
  }, [client, slug, id]);
  return happened.map(({ entry }) => entry);
}
