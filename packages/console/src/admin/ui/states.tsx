import { Button, Skeleton } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { ActionNotDone } from '../../browser/action-proof.ts';
import { describeFailure } from '../api.ts';
import { CliFor, CopyId } from './copyable.tsx';
import { GoTo } from './go-to.tsx';
import { durationWords } from './time-words.ts';

const useAfter = (seconds: number): boolean => {
  const [isPast, setIsPast] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsPast(true), seconds * 1000);
    return () => clearTimeout(timer);
  }, [seconds]);
  return isPast;
};

/** Nothing here yet: what it is, one action, one command. */
export const Empty = ({
  title,
  children,
  action,
  command,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly command?: string;
}) => (
  <div className="sp-state">
    <h2>{title}</h2>
    {children !== undefined && <p>{children}</p>}
    {action}
    {command !== undefined && <CliFor command={command} />}
  </div>
);

/** Nothing matches: says so, shows what was asked for, offers to clear it. */
export const EmptyByFilter = ({
  what,
  filters,
  onClear,
}: {
  readonly what: string;
  readonly filters: readonly string[];
  readonly onClear: () => void;
}) => (
  <div className="sp-state">
    <h2>No {what} match</h2>
    <p>
      Asked for:{' '}
      {filters.map((filter) => (
        <code key={filter}>{filter}</code>
      ))}
    </p>
    <Button variant="default" onClick={onClear}>
      Clear the filters
    </Button>
  </div>
);

const WIDTHS = ['96%', '79%', '88%', '71%', '92%', '66%', '84%', '75%'];

/** The shape of what comes, after 300 ms; after four seconds a sentence and a way out. */
export const Loading = ({
  what,
  rows = 5,
  onCancel,
}: {
  readonly what: string;
  readonly rows?: number;
  readonly onCancel?: () => void;
}) => {
  const isShown = useAfter(0.3);
  const isSlow = useAfter(4);
  return (
    <div className="sp-loading" aria-busy="true">
      <p role="status" className={isSlow ? 'sp-quiet' : 'sp-unseen'}>
        {isShown && (isSlow ? `Still loading ${what}…` : `Loading ${what}…`)}{' '}
      </p>
      {isSlow && onCancel !== undefined && (
        <Button size="xs" variant="default" onClick={onCancel}>
          Cancel
        </Button>
      )}
      {isShown && WIDTHS.slice(0, rows).map((width) => <Skeleton key={width} height={18} mt={12} width={width} />)}
    </div>
  );
};

/** Of nobody's answer, or one of a proxy that had none, nobody knows what was done before it. */
const changeWords = (status: number): string =>
  [0, 502, 504].includes(status)
    ? 'Whether anything was changed is not known: look before you do it again.'
    : 'Nothing was changed.';

/** What failed, whether anything changed, the reference, and the way on. */
export const Failure = ({
  what,
  error,
  wasChange = false,
  onRetry,
}: {
  readonly what: string;
  readonly error: unknown;
  readonly wasChange?: boolean;
  readonly onRetry?: () => void;
}) => {
  // The person's own no, or a second one's, is no fault.
  if (error instanceof ActionNotDone)
    return (
      <p className="sp-state slim" role="status">
        {error.message}
      </p>
    );
  const { text, causes, reference, status, proofReason, retryAfterSeconds } = describeFailure(error);
  // A refusal that gives its reason is no lack of a role.
  if (status === 403 && proofReason === null && causes.length === 0)
    return <Forbidden what={`${what}.`} reference={reference} />;
  return (
    <div className="sp-state bad" role="alert">
      <h2>{what}</h2>
      <p>
        {proofReason === null ? text : 'The proof of your key does not count for it.'}{' '}
        {wasChange && changeWords(status)}
      </p>
      {causes.length > 0 && (
        <ul>
          {causes.map((cause) => (
            <li key={cause}>{cause}</li>
          ))}
        </ul>
      )}
      {proofReason === 'no-key-qualifies' && (
        <p>
          <a href="/me/keys">Your keys</a>
        </p>
      )}
      {retryAfterSeconds !== null && <p>It works again in {durationWords(retryAfterSeconds)}.</p>}
      {(onRetry !== undefined || reference !== null) && (
        <p className="sp-actions">
          {onRetry !== undefined && (
            <Button variant="default" onClick={onRetry}>
              Try again
            </Button>
          )}
          {reference !== null && <CopyId id={reference} label="reference" />}
        </p>
      )}
    </div>
  );
};

/** What is missing, and who can give it. */
export const Forbidden = ({
  what,
  permission,
  reference = null,
}: {
  readonly what: string;
  readonly permission?: string;
  readonly reference?: string | null;
}) => (
  <div className="sp-state">
    <h2>You may not see this</h2>
    <p>
      {what}{' '}
      {permission === undefined ? (
        'It needs a role that a super administrator can assign you.'
      ) : (
        <>
          It needs the permission <code>{permission}</code>. A super administrator can assign you a role that holds it.
        </>
      )}
    </p>
    <p>
      <GoTo href="/requests" isOnlyLink>
        See what you can ask for
      </GoTo>
    </p>
    {reference !== null && <CopyId id={reference} label="reference" />}
  </div>
);

/** Somebody else saved while this was being edited: both versions, and nothing is lost. */
export const Stale = ({
  what,
  children,
  onTakeTheirs,
  onKeepMine,
}: {
  readonly what: string;
  readonly children?: ReactNode;
  readonly onTakeTheirs: () => void;
  readonly onKeepMine: () => void;
}) => (
  <div className="sp-state warn" role="alert">
    <h2>{what} was changed while you were editing</h2>
    {children}
    <p className="sp-actions">
      <Button variant="default" onClick={onTakeTheirs}>
        Take what is saved
      </Button>
      <Button variant="default" onClick={onKeepMine}>
        Put my change on top
      </Button>
    </p>
  </div>
);

/** There is something, but not all. */
export const Partial = ({ children }: { readonly children: ReactNode }) => (
  <p className="sp-state warn slim" role="status">
    {children}
  </p>
);

/** The server does not answer; what is shown is from before. */
export const Offline = ({ sinceSeconds, onRetry }: { readonly sinceSeconds: number; readonly onRetry: () => void }) => (
  <div className="sp-banner warn" role="alert">
    <span>The server has not answered for {durationWords(sinceSeconds)}. What you see is from before.</span>
    <Button size="xs" variant="default" onClick={onRetry}>
      Try again
    </Button>
  </div>
);
