import type { PolicyReplayAnswer } from '@sallyport/client/answers';
import { GoTo } from '../go-to.tsx';
import { Instant } from '../instant.tsx';
import { Word } from '../word.tsx';

const SHOWN = 5;

const People = ({ title, changed }: { readonly title: string; readonly changed: PolicyReplayAnswer['newlyDenied'] }) =>
  changed.people === 0 ? null : (
    <>
      <p>
        <Word tone="warn">{title}</Word> {changed.people === 1 ? 'one person' : `${changed.people} people`}
      </p>
      <ul>
        {changed.list.slice(0, SHOWN).map(({ id, login, times, lastAt, lastEvent, rule }) => (
          <li key={id}>
            {login ?? id}, {times === 1 ? 'once' : `${times} times`}, last{' '}
            <GoTo href={`/log/${lastEvent}`}>
              <Instant at={lastAt} as="relative" />
            </GoTo>
            <span className="sp-quiet">; {rule === null ? 'no rule decides' : `“${rule.name}” decides`}</span>
          </li>
        ))}
        {changed.people > SHOWN && <li className="sp-quiet">and {changed.people - SHOWN} more</li>}
      </ul>
    </>
  );

/** What a draft would have decided on the sign-ins of the last days. */
export const ReplayView = ({ replay }: { readonly replay: PolicyReplayAnswer }) => {
  const { signIns, before, after, days, newlyDenied, newlyAllowed } = replay;
  if (signIns === 0)
    return <p className="sp-quiet">Nobody came to this door in {days} days: there is nothing to try it on.</p>;
  return (
    <>
      <p>
        Of {replay.isComplete ? '' : 'the newest '}
        {signIns === 1 ? 'one sign-in' : `${signIns} sign-ins`} in {days} days, let in: <strong>{before.allow}</strong>{' '}
        → <strong>{after.allow}</strong>
        {newlyDenied.people + newlyAllowed.people === 0 && ', the same'}.
      </p>
      <People title="No longer let in" changed={newlyDenied} />
      <People title="Newly let in" changed={newlyAllowed} />
    </>
  );
};
