import { Button } from '@mantine/core';
import { useActionWords } from '../../ui/action-picker.tsx';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Word } from '../../ui/word.tsx';
import type { Token } from './token-answer.ts';

const list = (values: readonly string[], none: string): string => (values.length === 0 ? none : values.join(', '));

/** What a token may, what it was used for, and whether a service app could do its work. */
export const TokenDetails = ({ token, onClose }: { readonly token: Token; readonly onClose: () => void }) => {
  const wordsOf = useActionWords();
  const { use, serviceApp, network, protectedActions, oldSecret } = token;
  return (
    <Dialog title={token.name} onClose={onClose} size="lg">
      <dl className="sp-facts">
        <dt>Id</dt>
        <dd>
          <CopyId id={token.id} />
        </dd>
        <dt>Owner</dt>
        <dd>
          <GoTo href={`/admins/${token.owner.id}`}>{token.owner.name}</GoTo>, with whose rights it acts
        </dd>
        <dt>Works from</dt>
        <dd>
          {network.words}
          {network.isAnywhere && `: ${network.anywhereReason ?? 'nobody said why'}`}
        </dd>
        <dt>Protected actions by itself</dt>
        <dd>
          {protectedActions === 'all' ? (
            <Word tone="warn">all</Word>
          ) : protectedActions.length === 0 ? (
            'none: a person approves each'
          ) : (
            <ul>
              {protectedActions.map((name) => (
                <li key={name}>{wordsOf(name)}</li>
              ))}
            </ul>
          )}
        </dd>
        <dt>Networks seen</dt>
        <dd>{list(use.networks, 'none yet')}</dd>
        {use.secondNetworks.length > 0 && (
          <>
            <dt>From two networks within the hour</dt>
            <dd>
              <ul>
                {use.secondNetworks.map(({ network: second, at }) => (
                  <li key={second}>
                    <Word tone="warn">{second}</Word> <Instant at={at} />
                  </li>
                ))}
              </ul>
              Somebody may have copied its secret.{' '}
              <GoTo
                href={`/log?${new URLSearchParams({ filter: `eventType eq "sallyport.credential.second_network" and target.id eq "${token.id}"` }).toString()}`}
              >
                From where to where
              </GoTo>
            </dd>
          </>
        )}
        <dt>Programs seen</dt>
        <dd>{list(use.programs, 'none yet')}</dd>
        <dt>Permissions used</dt>
        <dd>{list(use.permissions, 'none yet')}</dd>
        <dt>Expires</dt>
        <dd>
          <Instant at={token.expiresAt} />
          {token.isSliding && ': 30 days after its last use'}
        </dd>
        {oldSecret !== null && (
          <>
            <dt>Old secret</dt>
            <dd>
              works until <Instant at={oldSecret.endsAt} />
              {oldSecret.lastUsedAt === null
                ? ', not used since'
                : `, last used from ${oldSecret.lastUsedAddress ?? 'an unknown address'}`}
            </dd>
          </>
        )}
        <dt>As a service app</dt>
        <dd>
          {serviceApp.could && <strong>It could be one. </strong>}
          {serviceApp.why}
        </dd>
      </dl>
      <p>
        <GoTo
          href={`/log?${new URLSearchParams({ filter: `transaction.detail.requestApiTokenId eq "${token.id}"` }).toString()}`}
        >
          What it did, in the log
        </GoTo>
      </p>
      <CliFor command={`sallyport token show ${token.id}`} />
      <div className="sp-dialog-actions">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  );
};
