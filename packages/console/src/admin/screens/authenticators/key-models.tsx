import type { KeyModelAnswer, KeyModelsAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { del, get } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CopyId } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { KeyModelForm } from './key-model-form.tsx';

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

type Asking =
  | { readonly kind: 'form'; readonly model: KeyModelAnswer | null }
  | { readonly kind: 'delete'; readonly model: KeyModelAnswer }
  | null;

/** Models of the keys that people have, and what is known of them; administrators add those that the file does not know. */
export const KeyModels = ({ path }: { readonly path: string }) => {
  const client = useQueryClient();
  const mayManage = useMay('okta.authenticators.manage');
  const [asking, setAsking] = useState<Asking>(null);
  const query = useQuery({
    queryKey: ['authenticators', 'models'],
    queryFn: () => get<KeyModelsAnswer>('/sallyport/v1/authenticators/models'),
  });
  const close = (): void => setAsking(null);
  const done = (words: string): void => {
    close();
    toast(words);
    void client.invalidateQueries({ queryKey: ['authenticators'] });
  };
  const change: Column<KeyModelAnswer> = {
    key: 'change',
    head: 'Change',
    cell: (model) =>
      NO_MODEL.test(model.aaguid) || model.source === 'metadata' ? (
        <span className="sp-quiet">–</span>
      ) : (
        <span className="sp-actions">
          <ProtectedButton
            action="authenticator.update"
            variant="default"
            size="xs"
            aria-label={model.source === null ? `Add it… ${model.aaguid}` : `Change ${nameOf(model)}…`}
            onClick={() => setAsking({ kind: 'form', model })}
          >
            {model.source === null ? 'Add it…' : 'Change…'}
          </ProtectedButton>
          {model.source === 'custom' && (
            <ProtectedButton
              action="authenticator.update"
              color="red"
              variant="outline"
              size="xs"
              aria-label={`Take away ${nameOf(model)}…`}
              onClick={() => setAsking({ kind: 'delete', model })}
            >
              Take away…
            </ProtectedButton>
          )}
        </span>
      ),
  };
  return (
    <Section
      title="Models of keys"
      lead="What model a key is of is its own claim, until certificates of its maker show it."
      tools={
        mayManage && (
          <ProtectedButton
            action="authenticator.update"
            variant="default"
            onClick={() => setAsking({ kind: 'form', model: null })}
          >
            Add a model…
          </ProtectedButton>
        )
      }
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
                ...(mayManage ? [change] : []),
              ]}
            />
          </div>
        )}
      </QueryView>
      {asking?.kind === 'form' && (
        <KeyModelForm
          path={path}
          model={asking.model}
          onClose={close}
          onDone={(name) => done(`${name} is known now.`)}
        />
      )}
      {asking?.kind === 'delete' && (
        <ConfirmDialog
          title={`Take ${nameOf(asking.model)} away?`}
          confirmLabel="Take away"
          protectedAction="authenticator.update"
          action={() => del(`${path}/${encodeURIComponent(asking.model.aaguid)}`)}
          onClose={close}
          onDone={() => done(`${nameOf(asking.model)} is taken away.`)}
        >
          <p>Keys of this model count as claimed only, unless the metadata file knows it.</p>
        </ConfirmDialog>
      )}
    </Section>
  );
};
