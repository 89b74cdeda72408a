import { Button } from '@mantine/core';
import type { AccessRequestDetailAnswer } from '@sallyport/client/answers';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { Word } from '../../ui/word.tsx';
import { counted } from './request-answer.ts';

const NOTHING: Readonly<Record<AccessRequestDetailAnswer['entitlement']['kind'], string>> = {
  bundle: 'The bundle gives nothing any more.',
  group: 'Membership in the group, and what apps and policies make of it. It gives no admin role.',
  app: 'The app. It gives no admin role.',
  'service-account': 'The account holds no admin role.',
};

/** What would be gained by it, and what less there is. */
export const WouldGain = ({
  request,
  onSuggest,
}: {
  readonly request: AccessRequestDetailAnswer;
  /** Null for whoever does not decide on it. */
  readonly onSuggest: ((name: string) => void) | null;
}) => {
  const { roles, permissions, smaller } = request.gains;
  const isNew = permissions.filter(({ isHeld }) => !isHeld);
  const power = isNew.filter(({ isSensitive }) => isSensitive).length;
  return (
    <Section title={request.status === 'PENDING' ? 'Would gain' : 'What it gives'}>
      {request.entitlement.kind === 'service-account' && (
        <p>Whoever has its key or password signs in as it until the end, where a rule of a policy names it.</p>
      )}
      {permissions.length === 0 ? (
        <p>{NOTHING[request.entitlement.kind]}</p>
      ) : (
        <>
          <p>
            <strong>+{counted(isNew.length, 'permission')}</strong>
            {power > 0 && (
              <>
                , <Word tone="warn">{power} that reach the power of others</Word>
              </>
            )}
          </p>
          <p className="sp-quiet">
            {roles.join(', ')}
            {isNew.length < permissions.length &&
              `; ${counted(permissions.length - isNew.length, 'permission')} of it they hold anyway`}
          </p>
          <details>
            <summary>List all {permissions.length}</summary>
            <ul>
              {permissions.map(({ name, words, isSensitive, isHeld }) => (
                <li key={name}>
                  {words} {isSensitive && <Word tone="warn">power over others</Word>}
                  {isHeld && <span className="sp-quiet"> (held anyway)</span>}
                </li>
              ))}
            </ul>
          </details>
        </>
      )}
      {smaller.length > 0 && (
        <>
          <p>Less than this can be asked for too:</p>
          <ul>
            {smaller.map((one) => (
              <li key={one.id}>
                {one.name}, {counted(one.permissions, 'permission')}{' '}
                {onSuggest !== null && (
                  <Button size="xs" variant="default" onClick={() => onSuggest(one.name)}>
                    Suggest {one.name} instead…
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
};

/** Who is it that asks, and from where? */
export const AboutAsker = ({ request: { requestedBy, about } }: { readonly request: AccessRequestDetailAnswer }) => {
  const { past, session } = about;
  return (
    <Section title={`About ${requestedBy.name}`}>
      <p>
        {past.asked === 1
          ? `The only request in ${past.days} days.`
          : `${past.asked}${past.isMore ? ' or more' : ''} requests in ${past.days} days, this one among them: ${past.approved} approved, ${past.denied} denied, ${past.given} given.`}
      </p>
      {session === null ? (
        <p className="sp-quiet">
          No session is shown: from which one it was asked is told to whoever decides, and an API token has none.
        </p>
      ) : (
        <dl className="sp-facts">
          <dt>Asked from</dt>
          <dd>
            {session.device}, since <Instant at={session.since} />
          </dd>
          <dt>Network</dt>
          <dd>
            {session.network}
            {session.place !== null && `, ${session.place}`}
          </dd>
          <dt>Signed in with</dt>
          <dd>{session.authenticator}</dd>
        </dl>
      )}
    </Section>
  );
};
