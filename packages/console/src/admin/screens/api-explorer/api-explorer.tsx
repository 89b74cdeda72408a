import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { get } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { EmptyByFilter } from '../../ui/states.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { type OpenApiDocument, type Operation, operationsOf } from './operation.ts';
import { TryOperation } from './try-operation.tsx';

const DOCUMENT = '/sallyport/v1/openapi.json';

const matches = ({ operationId, path, summary }: Operation, q: string): boolean =>
  `${operationId} ${path} ${summary}`.toLowerCase().includes(q.toLowerCase());

const linkTo = (q: string | undefined, op: string): string =>
  `/api-explorer?${new URLSearchParams({ ...(q === undefined ? {} : { q }), op }).toString()}`;

/** By noun; closed until somebody searches, as there are many. */
const Nouns = ({ operations, q }: { readonly operations: readonly Operation[]; readonly q: string | undefined }) => (
  <div className="sp-card">
    {[...Map.groupBy(operations, ({ tags }) => tags[0] ?? '')].map(([noun, ofNoun]) => (
      <details key={`${noun} ${q === undefined}`} open={q !== undefined}>
        <summary>
          {noun} <span className="sp-quiet">({ofNoun.length})</span>
        </summary>
        <ul className="sp-keys sp-operations">
          {ofNoun.map(({ operationId, method, path, summary }) => (
            <li key={operationId}>
              <GoTo href={linkTo(q, operationId)}>{summary}</GoTo>
              <br />
              <code className="sp-quiet sp-path">
                {method} {path}
              </code>
            </li>
          ))}
        </ul>
      </details>
    ))}
  </div>
);

/** What can this server be asked, and what does it answer to me? */
export const ApiExplorer = () => {
  const { search, set } = useUrlState();
  const { q, op } = search;
  const query = useQuery({
    queryKey: [DOCUMENT],
    queryFn: async () => operationsOf(await get<OpenApiDocument>(DOCUMENT)),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const find = useCallback((text: string) => set({ q: text === '' ? undefined : text }, 'replace'), [set]);
  return (
    <Page
      title="API"
      lead="Everything that this server can be asked, from the table that it works by."
      command={<CliFor command={`sallyport api GET ${DOCUMENT}`} />}
    >
      {/* Not beside a chosen one: what is still being typed would close it. */}
      {op === undefined && (
        <search className="sp-filters">
          <SearchBox label="Noun, path or words" value={q ?? ''} onChange={find} />
        </search>
      )}
      <QueryView query={query} what="the description of the API">
        {(operations) => {
          const chosen = operations.find(({ operationId }) => operationId === op);
          const found = q === undefined ? operations : operations.filter((one) => matches(one, q));
          if (chosen !== undefined)
            return (
              <div className="sp-stack">
                <p>
                  <GoTo
                    href={q === undefined ? '/api-explorer' : `/api-explorer?${new URLSearchParams({ q }).toString()}`}
                  >
                    All operations
                  </GoTo>
                </p>
                <TryOperation key={chosen.operationId} operation={chosen} />
              </div>
            );
          return found.length === 0 ? (
            <EmptyByFilter what="operations" filters={[q ?? '']} onClear={() => set({ q: undefined })} />
          ) : (
            <div className="sp-stack">
              <p role="status">
                {found.length} of {operations.length} operations
              </p>
              <Nouns operations={found} q={q} />
            </div>
          );
        }}
      </QueryView>
    </Page>
  );
};
