import { useQuery } from '@tanstack/react-query';
import { get } from '../../api.ts';
import { useActionWords } from '../../ui/action-picker.tsx';
import { CopyId } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { Word } from '../../ui/word.tsx';
import type { App, ServiceSettings } from './app-answer.ts';
import { networkWords } from './network-words.ts';

const ZONES = '/api/v1/zones?limit=200';

const Network = ({ app, network }: { readonly app: App; readonly network: ServiceSettings['network'] }) => {
  const zones = useQuery({
    queryKey: [ZONES],
    queryFn: () => get<readonly { readonly id: string; readonly name: string }[]>(ZONES),
    enabled: network.connection === 'ZONE',
  });
  const nameOf = (id: string): string => zones.data?.find((zone) => zone.id === id)?.name ?? id;
  if (network.connection !== 'ANYWHERE') return <>{networkWords(network, nameOf)}</>;
  return (
    <>
      <Word tone="warn">anywhere</Word>{' '}
      <span className="sp-quiet">{app.settings.app?.networkReason ?? 'Nobody said why.'}</span>
    </>
  );
};

/** What a machine is, and when and from where it was last here. */
export const MachineFacts = ({ app }: { readonly app: App }) => {
  const settings = app.settings.oauthClient;
  const actions = app.settings.app?.protectedActions ?? [];
  const wordsOf = useActionWords();
  const from = app.lastUsedFrom ?? null;
  const events = new URLSearchParams({ filter: `actor.id eq "${app.id}" or target.id eq "${app.id}"` });
  return (
    <Section title="The machine">
      <dl className="sp-facts">
        <dt>Client id</dt>
        <dd>
          <CopyId id={app.id} label="client id" />
        </dd>
        <dt>Status</dt>
        <dd>
          {app.status === 'ACTIVE' ? (
            <Word tone="good">on</Word>
          ) : (
            <Word tone="quiet">switched off: it gets no token</Word>
          )}
        </dd>
        {settings !== undefined && (
          <>
            <dt>Usable from</dt>
            <dd>
              <Network app={app} network={settings.network} />
            </dd>
            <dt>Tokens</dt>
            <dd>
              {settings.dpop_bound_access_tokens
                ? 'of an hour, bound to its key'
                : 'of an hour; whoever copies one can use it'}
            </dd>
          </>
        )}
        <dt>Last used</dt>
        <dd>
          <Instant at={app.lastUsed ?? null} as="relative" />
          {from !== null && (
            <span className="sp-quiet">
              {' '}
              from {from.address} {from.network ?? ''}
            </span>
          )}
        </dd>
        <dt>Does by itself</dt>
        <dd>
          {actions.length === 0
            ? 'no protected action; for each it asks in the inbox'
            : actions.map(wordsOf).join(', ')}
        </dd>
        <dt>What happened</dt>
        <dd>
          <GoTo href={`/log?${events.toString()}`}>System Log, as actor or target</GoTo>
        </dd>
      </dl>
    </Section>
  );
};
