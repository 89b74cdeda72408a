import { Button } from '@mantine/core';
import { useState } from 'react';
import { CopyLine } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Word } from '../../ui/word.tsx';
import type { StepProps } from './setup-answer.ts';

/** Wrong trust in proxies makes binding worthless, and only a person knows whether an address is theirs. */
export const NetworkStep = ({ setup, onDone, isBusy }: StepProps) => {
  const { address, name, chain, trustedProxies, configuredProxies, header, untrustedHeaders } = setup.network;
  const [isWrong, setIsWrong] = useState(false);
  const nearest = chain.at(-1);
  // What is seen as the person is the next proxy, if it is not the person.
  const toTrust = address ?? nearest ?? '<address of the proxy>';
  const through =
    trustedProxies === 0 ? 'directly' : `through ${trustedProxies} ${trustedProxies === 1 ? 'proxy' : 'proxies'}`;
  return (
    <>
      <p className="sp-seen">
        I see you as <strong>{address ?? 'an address that cannot be made out'}</strong>, {name}, {through}.
      </p>
      <dl className="sp-facts">
        <dt>Hops, from you to here</dt>
        <dd>{chain.length === 0 ? 'none' : chain.join(' → ')}</dd>
        <dt>Trusted proxies</dt>
        <dd>{configuredProxies.length === 0 ? 'none' : configuredProxies.join(', ')}</dd>
        <dt>Read from</dt>
        <dd>{header}</dd>
      </dl>
      {configuredProxies.length === 0 && untrustedHeaders > 0 && (
        <p className="sp-state warn slim">
          <span>
            <Word tone="warn">Probably not.</Word> Requests come with {header}, which only a proxy writes, but none is
            trusted: everybody seems to come from {nearest ?? 'one address'}.
          </span>
        </p>
      )}
      <p>Is that your own address, as others on the internet, or in your network, see you?</p>
      <div className="sp-actions">
        <Button loading={isBusy} onClick={() => onDone(`${address ?? 'unknown'} is right`)}>
          Yes, that is right
        </Button>
        <Button variant="default" aria-expanded={isWrong} onClick={() => setIsWrong(!isWrong)}>
          No
        </Button>
      </div>
      {isWrong && (
        <div className="sp-state warn" role="status">
          <h3>Name the proxies in front of this server</h3>
          <p>
            If {toTrust} is a proxy of yours, start the server with it, and with every further proxy between it and
            people. What they write into {header} is believed then; what anybody else writes is not.
          </p>
          <CopyLine
            text={`SALLYPORT_TRUSTED_PROXIES=${[...configuredProxies, toTrust].join(',')} npm start`}
            label="variable"
          />
          <p>
            If your proxy writes the other header, set <code>SALLYPORT_CLIENT_HEADER</code>. Sessions that began at the
            wrong address end; then come back to this step. The <GoTo href="/ip-test">address test</GoTo> shows which
            hop counts, and why.
          </p>
        </div>
      )}
    </>
  );
};
