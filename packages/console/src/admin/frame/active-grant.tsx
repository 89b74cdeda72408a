import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { EndGrantDialog } from '../ui/grants/end-grant-dialog.tsx';
import { ExtendLink } from '../ui/grants/extend-link.tsx';
import { Countdown } from '../ui/instant.tsx';
import { meQuery, useMe } from './me.ts';
import { useAhead } from './server-time.ts';

/** Timers of browsers overflow beyond some 24 days; `me` is read more often anyway. */
const TIMER_MAX = 86_400_000;

/** What the person has for a while, the first to end: how long still, and the way to be done with it. */
export const ActiveGrant = () => {
  const client = useQueryClient();
  const me = useMe();
  const ahead = useAhead();
  const [isAsking, setIsAsking] = useState(false);
  const [first, ...more] = me?.grants ?? [];
  const endsAt = first === undefined ? null : Date.parse(first.endsAt) + ahead;
  // At that instant other rights hold, whether or not the server could say so.
  useEffect(() => {
    if (endsAt === null) return;
    const timer = setTimeout(
      () => void client.invalidateQueries(meQuery),
      Math.min(Math.max(endsAt - Date.now(), 0) + 250, TIMER_MAX),
    );
    return () => clearTimeout(timer);
  }, [client, endsAt]);
  if (first === undefined || endsAt === null) return null;
  return (
    <div className="sp-grant">
      <Link to="/me/access" className="sp-grant-link">
        <span className="sp-grant-name">{first.name}</span> <Countdown until={endsAt} />
        {more.length > 0 && <span className="sp-quiet"> and {more.length} more</span>}
      </Link>
      {/* Of a service account whoever asked has it made longer, and not whoever is in. */}
      {first.kind !== 'service-account' && <ExtendLink id={first.id} name={first.name} />}
      <Button size="xs" variant="default" aria-label={`End now: ${first.name}…`} onClick={() => setIsAsking(true)}>
        End now…
      </Button>
      {isAsking && (
        <EndGrantDialog
          id={first.id}
          kind={first.kind}
          name={first.name}
          who={null}
          onClose={() => setIsAsking(false)}
          onDone={() => {
            setIsAsking(false);
            void client.invalidateQueries();
          }}
        />
      )}
    </div>
  );
};
