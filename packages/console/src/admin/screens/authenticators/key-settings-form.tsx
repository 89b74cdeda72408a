import { Button, NativeSelect, Switch, Textarea } from '@mantine/core';
import type { KeyMethodAnswer, KeySettings } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { getTagged } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ChangesTable } from '../../ui/changes-table.tsx';
import { Section } from '../../ui/page.tsx';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Stale } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import {
  AT_SIGN_IN,
  ATTACHMENT,
  groupsText,
  LABELS,
  readGroups,
  VERIFICATION,
  valueWords,
} from './key-setting-words.ts';
import { SaveKeySettings } from './save-key-settings.tsx';

interface Tagged {
  readonly body: KeyMethodAnswer;
  readonly etag: string;
}
type Draft = Partial<KeySettings>;
interface Editing {
  readonly base: Tagged;
  readonly draft: Draft;
  /** As typed: what is no list yet is kept, too. */
  readonly groups: string | null;
}

const manage = 'okta.authenticators.manage';
const NOTHING: Draft = {};
const FIELDS = Object.keys(LABELS) as (keyof KeySettings)[];
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Only what differs is sent: what somebody else changed beside it stays theirs. */
const differences = (base: KeySettings, draft: Draft): Draft =>
  Object.fromEntries(
    Object.entries(draft).filter(([field, value]) => !isSame(base[field as keyof KeySettings], value)),
  );

const changeRows = (from: KeySettings, to: Draft) =>
  FIELDS.filter((field) => to[field] !== undefined && !isSame(from[field], to[field])).map((field) => ({
    what: LABELS[field],
    from: valueWords(field, from[field]),
    to: valueWords(field, to[field]),
  }));

/** What is asked of keys: a draft, its difference, a last look with whom it would stop, saving. */
export const KeySettingsForm = ({ path }: { readonly path: string }) => {
  const client = useQueryClient();
  const mayManage = useMay(manage);
  const query = useQuery({
    queryKey: ['authenticators', 'keys'],
    queryFn: () => getTagged<KeyMethodAnswer>(path),
  });
  const [editing, setEditing] = useState<Editing | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  return (
    <Section
      title="What is asked of keys"
      lead="It counts at every registration and at every sign-in, also for keys that people have already."
    >
      <QueryView query={query} what="the settings" rows={6}>
        {(saved) => {
          const { base, draft, groups } = editing ?? { base: saved, draft: NOTHING, groups: null };
          const before = base.body.settings;
          const read = groups === null ? null : readGroups(groups);
          const error = read !== null && 'error' in read ? read.error : null;
          const typed: Draft = read !== null && 'groups' in read ? { ...draft, aaguidGroups: read.groups } : draft;
          const mine = differences(before, typed);
          const shown: KeySettings = { ...before, ...typed };
          const isChanged = Object.keys(mine).length > 0 || error !== null;
          const isStale = isChanged && saved.etag !== base.etag;
          const edit = (part: Draft): void => setEditing({ base, draft: { ...draft, ...part }, groups });
          const needsProof = shown.certBasedAttestationValidation ? null : 'Needs the switch above.';
          if (!mayManage)
            return (
              <>
                <p className="sp-quiet">
                  You may read this. Changing it needs the permission <code>{manage}</code>, which super administrators
                  hold.
                </p>
                <dl className="sp-facts">
                  {FIELDS.map((field) => [
                    <dt key={field}>{LABELS[field]}</dt>,
                    <dd key={`${field} value`}>{valueWords(field, before[field])}</dd>,
                  ])}
                </dl>
              </>
            );
          const toggle = (field: keyof KeySettings & ('hardwareProtected' | 'fipsCompliant'), description: string) => (
            <Switch
              label={LABELS[field]}
              description={needsProof ?? description}
              disabled={needsProof !== null && !shown[field]}
              checked={shown[field]}
              onChange={(event) => edit({ [field]: event.currentTarget.checked })}
            />
          );
          return (
            <div className="sp-stack">
              {isStale && (
                <Stale
                  what="What is asked of keys"
                  onTakeTheirs={() => setEditing(null)}
                  onKeepMine={() => setEditing({ base: saved, draft: mine, groups })}
                >
                  <h3>They saved</h3>
                  <ChangesTable caption="What somebody else saved" changes={changeRows(before, saved.body.settings)} />
                  <h3>You meant to</h3>
                  <ChangesTable caption="What you were about to save" changes={changeRows(before, mine)} />
                </Stale>
              )}
              <BeforeSaving action="authenticator.update" />
              <div className="sp-columns">
                <NativeSelect
                  label={LABELS.userVerification}
                  description="Keys of administrators always verify the person."
                  data={[...VERIFICATION]}
                  value={shown.userVerification}
                  onChange={(event) =>
                    edit({ userVerification: event.currentTarget.value as KeySettings['userVerification'] })
                  }
                />
                <NativeSelect
                  label={LABELS.userVerificationForVerify}
                  description="Required as soon as it is when a key is registered."
                  data={[...AT_SIGN_IN]}
                  disabled={shown.userVerification === 'REQUIRED'}
                  value={shown.userVerification === 'REQUIRED' ? 'REQUIRED' : shown.userVerificationForVerify}
                  onChange={(event) =>
                    edit({
                      userVerificationForVerify: event.currentTarget.value as KeySettings['userVerificationForVerify'],
                    })
                  }
                />
                <NativeSelect
                  label={LABELS.attachment}
                  description="By what is known of the model, else by what the browser said."
                  data={[...ATTACHMENT]}
                  value={shown.attachment}
                  onChange={(event) => edit({ attachment: event.currentTarget.value as KeySettings['attachment'] })}
                />
                <NativeSelect
                  label={LABELS.residentKeyRequirement}
                  description="Asked when a key is registered. Whoever finds such a key may learn whose it is."
                  data={[...VERIFICATION]}
                  value={shown.residentKeyRequirement}
                  onChange={(event) =>
                    edit({ residentKeyRequirement: event.currentTarget.value as KeySettings['residentKeyRequirement'] })
                  }
                />
              </div>
              <Switch
                label={LABELS.allowSyncablePasskeys}
                description="Passkeys that can be copied to a cloud account. Never taken from administrators."
                checked={shown.allowSyncablePasskeys}
                onChange={(event) => edit({ allowSyncablePasskeys: event.currentTarget.checked })}
              />
              <Switch
                label={LABELS.certBasedAttestationValidation}
                description="By certificates of their maker, up to a root that is known for the model."
                checked={shown.certBasedAttestationValidation}
                onChange={(event) => edit({ certBasedAttestationValidation: event.currentTarget.checked })}
              />
              {toggle('hardwareProtected', 'By what the metadata file says of the model.')}
              {toggle('fipsCompliant', 'By what the metadata file says of the model.')}
              <Textarea
                label={LABELS.aaguidGroups}
                description={
                  needsProof === null
                    ? 'One list a line: a name, an equals sign, AAGUIDs. Empty takes every model.'
                    : 'Needs the switch “Take only keys that prove their model”: a list of claims would keep nobody out.'
                }
                disabled={needsProof !== null && shown.aaguidGroups.length === 0 && groups === null}
                rows={3}
                spellCheck={false}
                value={groups ?? groupsText(before.aaguidGroups)}
                error={error}
                onChange={(event) => setEditing({ base, draft, groups: event.currentTarget.value })}
              />
              {isChanged && !isStale && (
                <div className="sp-state warn" role="status">
                  <h3>Not saved yet</h3>
                  <ChangesTable caption="What would change" changes={changeRows(before, mine)} />
                  <p className="sp-actions">
                    <Button variant="default" onClick={() => setEditing(null)}>
                      Discard
                    </Button>
                    <ProtectedButton
                      action="authenticator.update"
                      disabled={error !== null}
                      onClick={() => setIsAsking(true)}
                    >
                      Review and save…
                    </ProtectedButton>
                  </p>
                </div>
              )}
              {isAsking && !isStale && (
                <SaveKeySettings
                  path={path}
                  settings={mine}
                  etag={base.etag}
                  onClose={() => {
                    setIsAsking(false);
                    // A refusal because somebody else was faster is answered with their version.
                    void query.refetch();
                  }}
                  onSaved={() => {
                    setIsAsking(false);
                    setEditing(null);
                    toast('Saved. It counts from the next sign-in on.');
                    void client.invalidateQueries({ queryKey: ['authenticators'] });
                  }}
                />
              )}
            </div>
          );
        }}
      </QueryView>
    </Section>
  );
};
