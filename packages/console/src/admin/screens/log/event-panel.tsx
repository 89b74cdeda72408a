import { Button, Drawer } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EventDetails } from './event-details.tsx';
import type { LogEvent } from './log-api.ts';

/** One event beside the list; `[` and `]` go to the one before and after, Esc back to the row. */
export const EventPanel = ({
  event,
  onStep,
  onClose,
}: {
  readonly event: LogEvent | null;
  readonly onStep: (step: 1 | -1) => void;
  readonly onClose: () => void;
}) => (
  <Drawer
    opened={event !== null}
    onClose={onClose}
    title={event?.displayMessage ?? ''}
    size="lg"
    onKeyDown={(pressed) => {
      if (pressed.key === '[') onStep(-1);
      else if (pressed.key === ']') onStep(1);
    }}
  >
    {event !== null && (
      <>
        <p className="sp-actions log-panel-tools">
          <Button size="compact-sm" variant="default" onClick={() => onStep(-1)}>
            Newer <kbd>[</kbd>
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => onStep(1)}>
            Older <kbd>]</kbd>
          </Button>
          <Link to="/log/$uuid" params={{ uuid: event.uuid }}>
            Open as a page
          </Link>
        </p>
        <EventDetails key={event.uuid} event={event} />
      </>
    )}
  </Drawer>
);
