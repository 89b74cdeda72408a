import type { KeyModelAnswer, KeyModelsAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api.ts';
import { CopyId } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Word } from '../../ui/word.tsx';

const MetadataFile = ({ metadata }: { readonly metadata: KeyModelsAnswer['metadata'] }) => {
  if (metadata === null)
    return (
      <p>
        There is no metadata file. Put FIDO’s file as <code>metadata/blob.jwt</code> into the data folder of the server,
        and keys can prove what model they are. The server downloads nothing by itself.
      </p>
    );
  const { number, nextUpdate, models, isSignatureChecked, modifiedAt, problem } = metadata;
  return (
    <>
      {problem !== null && (
        <p role="alert">
          <strong>The metadata file cannot be read.</strong> {problem}. What was known before goes on counting.
        </p>
      )}
      <dl className="sp-facts">
        <dt>Metadata file</dt>
        <dd>
          {number === null ? 'none that was read' : `number ${number}, with ${models} models`}
          {modifiedAt !== null && (
            <>
              , put there <Instant at={modifiedAt} />
            </>
          )}
        </dd>
        <dt>Its next issue is due</dt>
        <dd>{nextUpdate ?? 'unknown'}</dd>
        <dt>Its own signature</dt>
        <dd>
          {isSignatureChecked ? (
            <Word tone="good">checked against root.pem</Word>
          ) : (
            <Word tone="warn">not checked: no root.pem lies beside it</Word>
          )}
        </dd>
      </dl>
    </>
  );
};

/** WebAuthn Level 3 §6.5.1: U2F keys, and keys that were asked for nothing, have zeros. */
const NO_MODEL = /^[0-]+$/;
const nameOf = ({ name, aaguid }: KeyModelAnswer): string => name ?? (NO_MODEL.test(aaguid) ? 'tells no model' : '–');

const known = ({ source, isCompromised }: KeyModelAnswer) => {
  if (source === null) return <Word tone="quiet">not known</Word>;
  if (isCompromised === true) return <Word tone="bad">known to be broken</Word>;
  return <Word tone="good">{source === 'custom' ? 'added here' : 'from the file'}</Word>;
};

/** Models of the keys that people have, and what is known of them. */
export const KeyModels = () => {
  const query = useQuery({
    queryKey: ['authenticators', 'models'],
    queryFn: () => get<KeyModelsAnswer>('/sallyport/v1/authenticators/models'),
  });
  return (
    <Section
      title="Models of keys"
      lead="What model a key is of is its own claim, until certificates of its maker show it."
    >
      <QueryView query={query} what="the models" rows={3}>
        {({ metadata, models }) => (
          <div className="sp-stack">
            <MetadataFile metadata={metadata} />
            <DataTable
              caption="Models of keys"
              rows={models}
              rowKey={({ aaguid }) => aaguid}
              columns={[
                { key: 'name', head: 'Model', cell: nameOf },
                { key: 'aaguid', head: 'AAGUID', cell: ({ aaguid }) => <CopyId id={aaguid} /> },
                { key: 'known', head: 'Known', cell: known },
                { key: 'attested', head: 'Attested keys', isNumeric: true, cell: ({ attestedKeys }) => attestedKeys },
                { key: 'claimed', head: 'Claimed keys', isNumeric: true, cell: ({ claimedKeys }) => claimedKeys },
              ]}
            />
          </div>
        )}
      </QueryView>
    </Section>
  );
};
