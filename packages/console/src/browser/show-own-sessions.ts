import { element } from './dom.ts';
import { END_REASONS } from './end-reasons.ts';
import type { LastEnded, OwnAction, OwnKey, OwnSession, SessionEnd } from './own-sessions.ts';

const LOCAL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** An instant in the viewer's language and zone; UTC for whoever has to compare it with a log. */
const timeOf = (iso: string): HTMLTimeElement =>
  element('time', { datetime: iso, title: `${iso} (UTC)` }, LOCAL.format(new Date(iso)));

const fact = (name: string, ...value: (Node | string)[]): HTMLElement =>
  element('div', {}, element('dt', {}, name), element('dd', {}, ...value));

const badge = (text: string, kind = ''): HTMLElement => element('span', { class: `badge ${kind}` }, text);

const card = (
  heading: string,
  badges: readonly HTMLElement[],
  facts: readonly HTMLElement[],
  action?: HTMLElement,
): HTMLLIElement =>
  element(
    'li',
    { class: 'card' },
    element(
      'div',
      { class: 'card-head' },
      element('div', { class: 'card-title' }, element('h3', {}, heading), ...badges),
      ...(action === undefined ? [] : [action]),
    ),
    element('dl', { class: 'facts' }, ...facts),
  );

const place = (session: OwnSession): HTMLElement[] => (session.place === null ? [] : [fact('Place', session.place)]);

/** A session that lives, with a button to end it. */
export const showSession = (session: OwnSession, end: (button: HTMLButtonElement) => void): HTMLLIElement => {
  const button = element(
    'button',
    { class: 'button small', type: 'button', 'data-key': `end ${session.id}` },
    'End',
    element(
      'span',
      { class: 'unseen' },
      ` ${session.isCurrent ? 'this session' : 'the session'} (${session.device}, ${session.address})`,
    ),
  );
  button.addEventListener('click', () => end(button));
  return card(
    session.device,
    [
      ...(session.isCurrent ? [badge('This session', 'good')] : []),
      ...(session.hasConsole ? [badge('Admin Console')] : []),
    ],
    [
      fact('Address', element('span', { class: 'address' }, session.address)),
      fact('Network', session.network.name),
      ...place(session),
      fact('Signed in with', session.authenticator),
      fact('Started', timeOf(session.createdAt)),
      fact('Last active', timeOf(session.lastActivityAt)),
      fact('Expires if idle', timeOf(session.idleEndsAt)),
      fact('Expires at the latest', timeOf(session.endsAt)),
    ],
    button,
  );
};

/** A session that ended, and why. */
export const showEndedSession = (session: OwnSession, { at, reason }: SessionEnd): HTMLLIElement =>
  card(
    session.device,
    [
      badge(
        END_REASONS.get(reason ?? '')?.short ?? 'Ended',
        reason === 'client-roaming' || reason === 'token-reused' ? 'bad' : '',
      ),
    ],
    [
      fact('Address', element('span', { class: 'address' }, session.address)),
      fact('Network', session.network.name),
      ...place(session),
      fact('Started', timeOf(session.createdAt)),
      fact('Ended', timeOf(at)),
    ],
  );

/** A key, and what is known about it. Without a verified attestation its make is only its own claim. */
export const showKey = (key: OwnKey): HTMLLIElement =>
  card(
    key.name,
    key.kind === 'webauthn'
      ? [
          key.isDeviceBound ? badge('Stays on the device', 'good') : badge('Synced'),
          badge(key.attested === 'attested' ? 'Attested' : 'Claimed'),
        ]
      : [badge('One-time codes')],
    [
      fact('Registered', timeOf(key.createdAt)),
      fact('Last used', key.lastUsedAt === null ? 'Never' : timeOf(key.lastUsedAt)),
    ],
  );

/** A protected action that was done with the account, and the way to the page that undoes what can be undone. */
export const showAction = ({ id, words, at, address, network, device }: OwnAction): HTMLLIElement =>
  card(
    words,
    [],
    [
      fact('When', timeOf(at)),
      fact('Address', element('span', { class: 'address' }, address ?? 'unknown')),
      ...(network === null ? [] : [fact('Network', network)]),
      fact('With', device === '' ? 'an unknown browser' : device),
    ],
    element(
      'a',
      { class: 'button small', href: `/me/actions/${encodeURIComponent(id)}`, 'data-key': `action ${id}` },
      'That wasn’t me…',
      element('span', { class: 'unseen' }, ` (${words})`),
    ),
  );

/** Both sides of the mismatch, to the owner and nobody else. */
export const roamedSentence = ({ endedAt, from, to }: LastEnded): (Node | string)[] => [
  'Your last session was ended on ',
  timeOf(endedAt),
  ` because its ${from.network === to.network ? 'address' : 'network'} changed from `,
  element('strong', {}, `${from.network} (${from.address})`),
  ' to ',
  element('strong', {}, `${to.network} (${to.address})`),
  '.',
];
