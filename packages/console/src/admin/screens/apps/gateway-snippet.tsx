import { TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, withQuery } from '../../api.ts';
import { CopyBlock } from '../../ui/copyable.tsx';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';

interface Snippet {
  readonly snippet: string;
  readonly includes: readonly { readonly name: string; readonly text: string }[];
  readonly notes: string;
}

const UPSTREAM = /^[A-Za-z0-9.:[\]-]{1,255}$/;

/** What to write into nginx, filled in for this app, and the files that it includes. */
export const GatewaySnippet = ({ appId }: { readonly appId: string }) => {
  const [upstream, setUpstream] = useState('127.0.0.1:3000');
  const isReadable = UPSTREAM.test(upstream);
  const asked = isReadable ? upstream : '127.0.0.1:3000';
  const path = withQuery(`/sallyport/v1/apps/${encodeURIComponent(appId)}/gateway-snippet`, { upstream: asked });
  const query = useQuery({ queryKey: [path], queryFn: () => get<Snippet>(path), placeholderData: keepPreviousData });
  return (
    <Section
      title="nginx"
      lead="The proxy asks Sallyport before every request. Bind the application to loopback, so that nobody reaches it beside the proxy."
    >
      <TextInput
        label="Where the proxy reaches the application"
        value={upstream}
        onChange={(event) => setUpstream(event.currentTarget.value.trim())}
        error={isReadable ? null : 'Host and port, for example 127.0.0.1:3000'}
        autoComplete="off"
      />
      <QueryView query={query} what="the snippet">
        {({ snippet, includes, notes }) => (
          <div className="sp-stack">
            <p className="sp-quiet">{notes}</p>
            <CopyBlock text={snippet} label="snippet" />
            {includes.map(({ name, text }) => (
              <details key={name}>
                <summary>{name}</summary>
                <CopyBlock text={text} label={name} />
              </details>
            ))}
          </div>
        )}
      </QueryView>
    </Section>
  );
};
