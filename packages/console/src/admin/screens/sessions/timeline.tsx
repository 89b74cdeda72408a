import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { type Tone, Word } from '../../ui/word.tsx';
import { eventLink, logOf } from './log-links.ts';
import type { SessionDetail, TimelineEvent } from './session-types.ts';

const toneOf = ({ outcome, severity }: TimelineEvent): Tone =>
  outcome.result === 'DENY' || outcome.result === 'FAILURE' ? 'bad' : severity === 'WARN' ? 'warn' : 'good';

/** What happened to and by the session, the newest first, each line with its event. */
export const Timeline = ({ session }: { readonly session: SessionDetail }) => (
  <Section
    title="Timeline"
    tools={session.timeline !== null && <a href={logOf(session)}>All {session.counts.events} events in the log</a>}
  >
    {session.timeline === null ? (
      <p>
        {session.counts.events} events tell of this session. Reading them needs the permission{' '}
        <code>okta.logs.read</code>.
      </p>
    ) : session.timeline.length === 0 ? (
      <p>No event of this session is in the log any more.</p>
    ) : (
      <ol className="sp-timeline">
        {session.timeline.map((event) => (
          <li key={event.uuid}>
            <Instant at={event.published} />
            <div className="sp-two">
              <span>
                <Word tone={toneOf(event)}>{event.outcome.result.toLowerCase()}</Word>{' '}
                <a href={eventLink(event.uuid)}>{event.message}</a>
              </span>
              <span className="sp-quiet">
                {[
                  event.eventType,
                  event.actor.id === session.user.id ? null : `by ${event.actor.name}`,
                  event.address,
                  event.network,
                  event.outcome.reason,
                ]
                  .filter((part) => part !== null)
                  .join(' · ')}
              </span>
            </div>
          </li>
        ))}
      </ol>
    )}
  </Section>
);
